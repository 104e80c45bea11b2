"""For each task a call that works, the shape of its answer, and calls that do not.

One module per task, named like the task's own; tests/e2e/test_every_task.py runs them all.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, TypeAdapter

EXACT = ConfigDict(extra="forbid", strict=True)  # the `__pydantic_config__` of an answer's dicts


@dataclass(frozen=True)
class Case:
    """Inputs and options go together by name, as in the page's API.

    shape: the type of the answer that transformers documents for the task.
    bad: what to change in `given`, and a pattern of the sentence that it gets.
    """

    given: dict[str, Any]
    shape: Any
    bad: tuple[tuple[dict[str, Any], str], ...]

    def check(self, answer: Any) -> None:
        """Raises pydantic.ValidationError where the answer has another shape."""
        TypeAdapter(self.shape).validate_python(answer)


def cases(task_ids: list[str]) -> Mapping[str, Case]:
    """By task id. Raises ModuleNotFoundError for a task that has none."""
    names = {task_id: task_id.replace("-", "_") for task_id in task_ids}
    return {id: importlib.import_module(f"tests.cases.{name}").CASE for id, name in names.items()}
