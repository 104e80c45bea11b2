"""The parts that the routes share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Path
from fastapi.params import Depends

from backends.local import LocalBackend
from runtime.catalogue import Model
from serving.metrics import UNLISTED, Metrics
from serving.model_loader import ModelLoader
from serving.request_body import BodyBudget
from serving.runner import Runner
from serving.served_models import ServedModels
from tasks.base import Task
from web.json_limits import JsonLimits


@dataclass(frozen=True)
class ServiceContext:
    """What the routes share.

    `inference_dependencies`: FastAPI dependencies of routes that compute.
    `read_dependencies`: those of all other routes.

    `most_bytes`: of a request's body; `json_limits`: where it is JSON; `budget`: of all bodies.
    """

    served_models: ServedModels
    backend: LocalBackend
    model_loader: ModelLoader
    runner: Runner
    metrics: Metrics
    inference_dependencies: Sequence[Depends]
    read_dependencies: Sequence[Depends]
    most_bytes: int
    json_limits: JsonLimits
    budget: BodyBudget

    def metric_labels(self, task: Task, model: Model) -> tuple[str, str]:
        """As the metrics name them."""
        return task.id, model.id if model.listed else UNLISTED

    def model_path(self, task: Task | None = None) -> Any:
        """FastAPI's description of a model's name in an address, as a parameter's default.

        It lists the names of the catalogue, of `task` alone if one is given, where no other is
        served.
        """
        tasks = [task] if task else self.served_models.tasks
        names = sorted(
            {model.id for each_task in tasks for model in self.served_models.models(each_task)}
        )
        schema = {"enum": names} if self.served_models.only_listed else {}
        return Path(json_schema_extra=schema, examples=names[:1])
