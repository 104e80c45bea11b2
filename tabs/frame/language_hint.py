"""A warning where a text is not in a language that the model reads, and a model that does."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from runtime.catalogue import Model
from runtime.messages import Message
from tasks.base import Task

NO_OTHER = Message("No other model that can run here reads it.")


@dataclass(frozen=True)
class LanguageHint:
    """`todo`: a sentence where there is no `better` model, by its id."""

    sentence: str
    todo: str
    better: str


def hint(
    task: Task, model: Model, rows: Iterable[Model], inputs: Any, options: Any
) -> LanguageHint | None:
    """What to tell the visitor; None where nothing is plainly wrong.

    Of `rows`, which can run, the first that names the language counts before one for any.
    """
    wrong = task.mismatch(model, inputs, options)
    if wrong is None:
        return None
    able = [row for row in rows if reads(task, row, wrong.scripts) and row.id != model.id]
    named = [row for row in able if task.languages_read(row, task.read_options(row.options))]
    better = next((row.id for row in [*named, *able]), "")
    return LanguageHint(wrong.sentence, "" if better else NO_OTHER, better)


def reads(task: Task, row: Model, scripts: frozenset[str]) -> bool:
    """Whether a row reads texts in `scripts`, with its own options."""
    return task.reads(row, task.read_options(row.options), scripts)
