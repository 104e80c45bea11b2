"""What each task looks like. One module per task, found by its presence here."""

import importlib
import pkgutil
from collections.abc import Mapping

from tabs.base import Tab


def discover() -> Mapping[str, Tab]:
    """Every tab of this package by its task's id: each module that defines TAB."""
    modules = (importlib.import_module(f"tabs.{m.name}") for m in pkgutil.iter_modules(__path__))
    found = (module.TAB for module in modules if hasattr(module, "TAB"))
    return {tab.task.id: tab for tab in found}
