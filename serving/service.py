"""The parts that the routes share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Path
from fastapi.params import Depends

from backends.local import LocalBackend
from runtime.catalogue import Model
from serving.bodies import BodyBudget
from serving.loads import Loads
from serving.metrics import UNLISTED, Metrics
from serving.runner import Runner
from serving.shelf import Shelf
from tasks.base import Task
from web.json_limits import JsonLimits


@dataclass(frozen=True)
class Service:
    """`asking`: what a request that computes must pass; `looking`: what any other must.

    `most_bytes`: of a request's body; `json_limits`: where it is JSON; `budget`: of all bodies.
    """

    shelf: Shelf
    backend: LocalBackend
    loads: Loads
    runner: Runner
    metrics: Metrics
    asking: Sequence[Depends]
    looking: Sequence[Depends]
    most_bytes: int
    json_limits: JsonLimits
    budget: BodyBudget

    def who(self, task: Task, model: Model) -> tuple[str, str]:
        """As the metrics name them."""
        return task.id, model.id if model.listed else UNLISTED

    def name(self, task: Task | None = None) -> Any:
        """The type of a model's name in an address: the names that there are, if they are few."""
        tasks = [task] if task else self.shelf.tasks
        names = sorted({model.id for each in tasks for model in self.shelf.models(each)})
        schema = {"enum": names} if self.shelf.only_listed else {}
        return Annotated[str, Path(json_schema_extra=schema, examples=names[:1])]
