"""What each task is: inputs, options, result. One module per task, found by its presence here."""

import importlib
import pkgutil
from collections.abc import Mapping

from tasks.base import Task


def discover() -> Mapping[str, Task]:
    """Every task of this package by its Hub id: each module that defines TASK."""
    modules = (importlib.import_module(f"tasks.{m.name}") for m in pkgutil.iter_modules(__path__))
    instances = (module.TASK for module in modules if hasattr(module, "TASK"))
    return {task.id: task for task in instances}
