# make run: the page. make test: everything that must hold. Both set up what they need, once.
PYTHON ?= python3
PIP_ARGS ?=
VENV := .venv
BIN := $(VENV)/bin

.PHONY: messages run test bench lint screenshots evaluate samples clean

run: $(VENV)/.run-ready
	$(BIN)/python app.py

test: $(VENV)/.test-ready lint
	$(BIN)/python -m pytest $(ARGS)

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
