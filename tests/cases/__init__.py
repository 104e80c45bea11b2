"""For each task all that tests know of it: a call that works, its answer, and calls that do not.

One module per task, named like the task's own. No other list of tasks is in the tests.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from gradio_client import handle_file
from huggingface_hub import InferenceClient
from pydantic import ConfigDict, TypeAdapter

from tasks.base import Task

EXACT = ConfigDict(extra="forbid", strict=True)  # the `__pydantic_config__` of an answer's dicts


@dataclass(frozen=True)
class Exchange:
    """Inputs, options that differ from the defaults, and an answer in the common shape.

    No model is asked: each is put into the contract of HTTP, and read back.
    """

    inputs: dict[str, Any]
    options: dict[str, Any]
    answer: Any


@dataclass(frozen=True)
class Case:
    """A call with inputs, options and model together by name, as in the page's API.

    given:     the call; a file is a Path, and the model runs without a Hub
    shape:     the type of the answer that transformers documents for the task
    bad:       what to change in `given`, and a pattern of the sentence that it gets
    exchanges: requests and answers; the first has the usual kind of inputs
    texts:     the inputs with text that must not be blank
    by_client: the call by huggingface_hub's client, of inputs and options, where its method takes
               other arguments
    """

    given: dict[str, Any]
    shape: Any
    bad: tuple[tuple[dict[str, Any], str], ...]
    exchanges: tuple[Exchange, ...]
    texts: tuple[str, ...] = ()
    by_client: Callable[[InferenceClient, dict[str, Any], dict[str, Any]], Any] | None = None

    @property
    def model(self) -> str:
        return self.given["model"]

    def inputs(self, task: Task) -> dict[str, Any]:
        return {name: self.given[name] for name in task.inputs.model_fields if name in self.given}

    def options(self, task: Task) -> dict[str, Any]:
        beside = {*task.inputs.model_fields, "model"}
        return {name: value for name, value in self.given.items() if name not in beside}

    def with_text(self, task: Task, text: str) -> dict[str, Any]:
        """The inputs with `text` wherever there is one."""
        inputs = self.inputs(task)
        changed = {n: [text] if isinstance(inputs[n], list) else text for n in self.texts}
        return {**inputs, **changed}

    def check(self, answer: Any) -> None:
        """Raises pydantic.ValidationError where the answer has another shape."""
        TypeAdapter(self.shape).validate_python(answer)


def cases(task_ids: list[str]) -> Mapping[str, Case]:
    """By task id. Raises ModuleNotFoundError for a task that has none."""
    names = {task_id: task_id.replace("-", "_") for task_id in task_ids}
    return {id: importlib.import_module(f"tests.cases.{name}").CASE for id, name in names.items()}


def for_page(given: Mapping[str, Any]) -> dict[str, Any]:
    """A call for gradio's client, which uploads the files."""
    return {k: handle_file(str(v)) if isinstance(v, Path) else v for k, v in given.items()}


def takes_lists(task: Task) -> bool:
    """Whether the first input may be a list of texts."""
    first = next(iter(task.inputs.model_fields.values()))
    return list[str] in get_args(first.annotation)
