# make run: the page. make test: everything that must hold. make check: what of it is quick.
# Each sets up what it needs, once.
SHELL := bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
PIP_ARGS ?=
VENV := .venv
BIN := $(VENV)/bin

# In two processes, one a core; each line says whose it is. After a failure the other goes on.
HALVES := @$(MAKE) --no-print-directory -j2 -k
QUICK := -m "not browser and not app and not model"

.PHONY: messages run test test-browser test-rest check check-tasks check-rest bench lint screenshots evaluate samples clean

run: $(VENV)/.run-ready
	$(BIN)/python app.py

ifdef ARGS
test: $(VENV)/.test-ready lint
	$(BIN)/python -m pytest $(ARGS)
else
# One half after the other: on two cores a page, Ray and a model at once make answers late.
test: $(VENV)/.test-ready lint
	@$(MAKE) --no-print-directory -k test-browser test-rest
endif

test-browser:
	@$(BIN)/python -m pytest tests/browser 2>&1 | sed -u 's/^/browser: /'

test-rest:
	@$(BIN)/python -m pytest tests --ignore=tests/browser 2>&1 | sed -u 's/^/rest: /'

# Lint, types, and the tests that load no model, start no app and open no browser.
check: $(VENV)/.test-ready
	$(HALVES) check-tasks check-rest lint

check-tasks:
	@$(BIN)/python -m pytest $(QUICK) tests/unit/tasks tests/unit/tabs 2>&1 | sed -u 's/^/tasks: /'

check-rest:
	@$(BIN)/python -m pytest $(QUICK) tests/unit --ignore=tests/unit/tasks \
	  --ignore=tests/unit/tabs 2>&1 | sed -u 's/^/rest: /'

lint: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/ty check

bench: $(VENV)/.test-ready
	$(BIN)/python -m benchmarks

# The tests of the recipes, and what the samples score on cases held out from training: ends with an
# error where a card says otherwise. With CORPORA=FOLDER on the corpora too.
evaluate: $(VENV)/.test-ready
	$(BIN)/python -m pytest training
	$(BIN)/python -m training.evaluate $(if $(CORPORA),--corpora $(CORPORA))

# Train every sample anew, for hours: make samples CORPORA=FOLDER (training/README.md says what of).
samples: $(VENV)/.samples-ready
	$(BIN)/python -m training.train $(if $(CORPORA),--corpora $(CORPORA))

# Bring the files of the languages in tabs/frame/locale/ up to date with the texts of the source.
messages: $(VENV)/.test-ready
	$(BIN)/python -m tools.messages

screenshots: $(VENV)/.test-ready
	$(BIN)/python -m tools.screenshots

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "The venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.run-ready: requirements.txt requirements-offline.txt | $(BIN)/python
	$(BIN)/python -m pip install -q $(PIP_ARGS) -r requirements.txt -r requirements-offline.txt
	@touch $@

$(VENV)/.test-ready: requirements-test.txt $(VENV)/.run-ready
	$(BIN)/python -m pip install -q $(PIP_ARGS) -r requirements-test.txt
	$(BIN)/python -m tests.browser.chromium
	@touch $@

$(VENV)/.samples-ready: training/pyproject.toml $(VENV)/.test-ready
	$(BIN)/python -m pip install -q $(PIP_ARGS) ./training
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache
