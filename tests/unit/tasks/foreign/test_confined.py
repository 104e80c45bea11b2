"""Foreign models answer what listed ones do, and what their files may not do is ended."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tasks
from runtime.device import Device
from runtime.errors import BadInput, ModelNotFound
from runtime.settings import ROOT
from runtime.watch import Watch
from tasks import foreign
from tasks.base import Limits
from tests import tiny_language_models, tiny_models, tiny_translators

CPU = Device("cpu", "float32", "a test")
TASKS = tasks.discover()
WRITE = TASKS["text-generation"]
SAMPLES = ROOT / "samples"
TABLE = {"table": {"name": ["anna", "ben"], "age": ["31", "9"]}, "query": "how old is ben?"}
CAT = {"text": "The cat sleeps under the table."}
HELLO = [{"role": "user", "content": "hello"}]


def sample(name: str) -> Callable[[Path], Path]:
    return lambda _: SAMPLES / name


def answer(task_id: str, pipe: Any, inputs: dict, options: dict) -> Any:
    task = TASKS[task_id]
    given, watch = task.read_options(options), Watch()
    prepared = task.prepare(task.read_inputs(inputs), given, Limits(), watch)
    running = task.steps(pipe, prepared, given, watch)
    while True:
        try:
            next(running)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize(
    ("task_id", "make", "inputs", "options"),
    [
        ("text-classification", sample("sentiment-en"), {"text": ["good", "bad day " * 200]}, {}),
        ("token-classification", sample("ner-en"), {"text": "Anna Schmidt lives in Paris."}, {}),
        (
            "question-answering",
            sample("qa-en"),
            {"question": "Where does Anna live?", "context": "Anna lives in Paris. " * 30},
            {},
        ),
        ("fill-mask", sample("fill-mask-en"), {"text": "The cat [MASK] on the mat."}, {}),
        ("table-question-answering", tiny_models.tapas, TABLE, {}),
        ("summarization", tiny_models.t5, {"text": "word and other things " * 30}, {}),
        ("translation", sample("translation-en-zh"), CAT, {}),
        ("translation", tiny_translators.marian, CAT, {}),
        ("translation", tiny_translators.m2m100, CAT, {"src_lang": "en", "tgt_lang": "zh"}),
        ("translation", tiny_translators.nllb, CAT, {"src_lang": "en", "tgt_lang": "fr"}),
    ],
)
def test_the_answer_is_that_of_a_listed_model(
    task_id: str, make: Callable[[Path], Path], inputs: dict, options: dict, tmp_path: Path
) -> None:
    pipe = TASKS[task_id].load(make(tmp_path / "model"), CPU)
    listed = answer(task_id, pipe, inputs, options)
    foreign.confine(pipe, "org/foreign")
    assert answer(task_id, pipe, inputs, options) == listed


@pytest.fixture(scope="module")
def chatty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "chat"
    return tiny_language_models.gpt2(folder, longest=128, chat=True)


@pytest.fixture
def folder(chatty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(chatty, tmp_path / "doctored"))


def change(file: Path, **values: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def write(folder: Path, text: Any = HELLO) -> Any:
    pipe = WRITE.load(folder, CPU)
    foreign.confine(pipe, "org/foreign")
    return answer(WRITE.id, pipe, {"text": text}, {"max_new_tokens": 5, "temperature": 0})


@pytest.mark.parametrize(
    ("template", "ended"),
    [
        ("{{ 'a' * 10**10 }}", "needed more than 2 GB of memory"),
        ("{{ 'a' | center(10**10) }}", "needed more than 2 GB of memory"),
        ("{{ 'ab' * 10**6 }}", "wrote more than 1,000,000 characters"),
        ("{{ 'ab' * 10**8 }}", "made more than 32 MB out of this input"),
    ],
)
def test_a_template_that_takes_too_much_is_ended(folder: Path, template: str, ended: str) -> None:
    (folder / "chat_template.jinja").write_text(template)
    with pytest.raises(ModelNotFound) as told:
        write(folder)
    assert str(told.value) == (f"The chat template of org/foreign {ended}. Choose another model.")


def test_a_template_that_refuses_is_told_in_its_words(folder: Path) -> None:
    (folder / "chat_template.jinja").write_text("{{ raise_exception('Roles must alternate') }}")
    with pytest.raises(BadInput, match="does not take such a conversation: Roles must alternate"):
        write(folder)


def test_a_tokenizer_that_makes_much_of_little_is_ended(folder: Path) -> None:
    more = {"type": "Replace", "pattern": {"String": "e"}, "content": "e" * 10_000_000}
    change(folder / "tokenizer.json", normalizer=more)
    with pytest.raises(ModelNotFound, match="tokenizer of org/foreign"):
        write(folder)


def test_a_tokenizer_that_writes_much_for_little_is_ended(folder: Path) -> None:
    more = {"type": "Replace", "pattern": {"Regex": "."}, "content": "e" * 1_000_000}
    change(folder / "tokenizer.json", decoder=more)
    with pytest.raises(ModelNotFound, match="wrote more than 1,000,000 characters"):
        write(folder)


def test_a_pattern_that_its_library_gives_up_is_told(folder: Path) -> None:
    pattern = {"Regex": "(l|ll)+$"}
    split = {"type": "Split", "pattern": pattern, "behavior": "Isolated", "invert": False}
    change(folder / "tokenizer.json", pre_tokenizer=split)
    with pytest.raises(RuntimeError, match="org/foreign failed: PanicException: Onig"):
        write(folder, [{"role": "user", "content": "l" * 60 + "!"}])
