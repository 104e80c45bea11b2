"""What a test file needs that takes seconds, read from its source before it is imported."""

import ast
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parent
MARKERS = {
    "app": "builds or starts the whole app, or starts Ray",
    "browser": "opens a page in Chromium",
    "model": "loads or trains a model, or imports what does",
}
FOLDERS = {
    "browser": {"app", "browser"},
    "e2e": {"app"},
    "unit/tasks/pipelines": {"model"},
    "unit/tasks/test_sample_names.py": {"model"},
}
# What a file imports, at its head or in a function, if its tests need this.
IMPORTS = {
    "app": {"app", "tests.serving.Served", "tests.unit.endpoints.own_machines"},
    "model": {
        "backends.local.LocalBackend",
        "tests.tiny_language_models",
        "tests.tiny_models",
        "tests.tiny_translators",
        "torch",
        "transformers",
    },
}


@cache
def find_markers(path: Path) -> frozenset[str]:
    """Return the names of the markers that every test in the file at `path` has."""
    place = path.relative_to(TESTS).as_posix()
    by_folder = [names for folder, names in FOLDERS.items() if Path(place).is_relative_to(folder)]
    imports = _find_imports(path)
    by_import = {name for name, modules in IMPORTS.items() if imports & modules}
    return frozenset(by_import.union(*by_folder))


def _find_imports(path: Path) -> set[str]:
    """Return the modules that the file imports, their packages, and names with their module."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names | {name.partition(".")[0] for name in names}
