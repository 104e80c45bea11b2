"""The rules of the tree: who may import whom, and what stays in one place."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tasks

ROOT = Path(__file__).resolve().parents[2]

# A module imports its own package and those below it; what shares a number stays apart.
LEVELS = {
    **{"runtime": 0, "tasks": 1, "web": 1, "backends": 2, "endpoints": 3, "serving": 4, "tabs": 4}
}
APP = 5
FRAME = "tabs/frame/"  # what all tabs share: no task is known there either
PIPELINES = "tasks/pipelines/"  # classes derived from transformers': imported with a model only
ASIDE = ("tests", "training", "benchmarks", "docs", "tools")  # not part of the running app
TASK_IDS = tuple(tasks.discover())


def sources() -> list[Path]:
    """Every module of the running app."""
    files = [path for package in LEVELS for path in (ROOT / package).rglob("*.py")]
    return sorted([*ROOT.glob("*.py"), *files])


def package_of(name: str) -> str:
    """ "tabs.menu", "tabs/menu.py" -> "tabs"; "app.py" -> "app"."""
    return name.replace("/", ".").removesuffix(".py").partition(".")[0]


def level(package: str) -> int:
    return LEVELS.get(package, APP)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"<relative>.{node.module}" if node.level else str(node.module)


def at_import_time(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes that run when the module is imported: all but the bodies of functions."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            waiting += ast.iter_child_nodes(node)


def docstrings(tree: ast.AST) -> set[int]:
    """The ids of the constants that are documentation."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, documented)]
    first = [body[0].value for body in bodies if body and isinstance(body[0], ast.Expr)]
    return {id(value) for value in first if isinstance(value, ast.Constant)}


def violations(path: str, source: str) -> list[str]:
    """What the module at `path` (relative to the root) does against the rules."""
    tree = ast.parse(source)
    home = package_of(path)
    ours = {*LEVELS, "app", *ASIDE}
    found = []
    for name in imported(tree):
        target = package_of(name)
        upward = target in ours and target != home and level(target) >= level(home)
        if upward or target in ASIDE or target == "<relative>":
            found.append(f"{path}: imports {name}")
        if target == "gradio" and home not in ("tabs", "app"):
            found.append(f"{path}: only tabs/ and app.py import gradio")
    for node in () if path.startswith(PIPELINES) else at_import_time(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            heavy = {package_of(name) for name in imported(node)} & {"torch", "transformers", "ray"}
            found += [f"{path}: imports {name} when it is imported" for name in sorted(heavy)]
    if home != "app":
        found += [f"{path}: reads the environment" for _ in environment(tree)]
    if home not in ("tabs", "tasks") or path.startswith(FRAME):
        found += [f"{path}: names the task {name}" for name in named_tasks(tree)]
    return found


def named_tasks(tree: ast.AST) -> Iterator[str]:
    """Tasks by their ids or as modules are called, in texts and names; prose may name them."""
    prose = docstrings(tree)
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in prose else None
        names = (text, getattr(node, "attr", None), getattr(node, "id", None))
        imported_from = getattr(node, "module", None) or getattr(node, "name", None)
        for name in (*names, imported_from):
            parts = re.split(r"[^\w-]", name.replace("_", "-")) if isinstance(name, str) else ()
            yield from (part for part in parts if part in TASK_IDS)


def environment(tree: ast.AST) -> Iterator[ast.AST]:
    names = ("environ", "getenv", "environb", "putenv")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            yield node
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            yield from (alias for alias in node.names if alias.name in names)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_module_keeps_the_rules(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    assert violations(name, path.read_text(encoding="utf-8")) == []


def test_every_package_of_the_app_has_its_level() -> None:
    packages = {path.parent.name for path in ROOT.glob("[!.]*/__init__.py")}
    assert packages - set(ASIDE) <= set(LEVELS)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("runtime/pool.py", "import tasks"),
        ("runtime/pool.py", "from tasks.base import Task"),
        ("tasks/base.py", "def late():\n    from backends import local"),
        ("backends/local.py", "import tabs.menu"),
        ("tabs/menu.py", "import app"),
        ("tabs/menu.py", "from serving import routes"),
        ("tabs/menu.py", "from . import api"),
        ("endpoints/cluster.py", "from ray import serve"),
        ("app.py", "from tests.loopback_hub import LoopbackHub"),
        ("backends/local.py", "import gradio as gr"),
        ("tasks/base.py", "def late():\n    import gradio.media"),
        ("runtime/device.py", "import torch.nn"),
        ("tabs/menu.py", "try:\n    from transformers import pipeline\nexcept ImportError: pass"),
        ("runtime/hub/client.py", "class Hub:\n    import torch"),
        ("runtime/settings.py", "import os\nhome = os.environ['HOME']"),
        ("tabs/menu.py", "from os import getenv"),
        ("runtime/device.py", "import os\nos.getenv('DEVICE')"),
        ("app.py", f"first = {TASK_IDS[0]!r}"),
        ("serving/inference.py", "import gradio"),
        ("serving/inference.py", "from tabs.base import Tab"),
        ("serving/inference.py", f"def f(task):\n    return task.id == {TASK_IDS[0]!r}"),
        ("backends/local.py", f"def f(task):\n    return task.id == {TASK_IDS[0]!r}"),
        ("serving/routes.py", f"path = '/pipeline/{TASK_IDS[0]}/now'"),
        ("endpoints/ray_serve.py", f"name = {TASK_IDS[0]!r}.replace('-', '_')"),
        ("tabs/frame/task_tab.py", f"def f(task):\n    return task.id == {TASK_IDS[0]!r}"),
        ("backends/local.py", f"from tasks import {TASK_IDS[0].replace('-', '_')}"),
        ("app.py", f"import tasks.{TASK_IDS[0].replace('-', '_')}"),
    ],
)
def test_a_violation_is_found(path: str, source: str) -> None:
    assert len(violations(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app.py", "import os, gradio, tabs, tasks, runtime.hub\nos.environ['A'] = 'b'"),
        ("tabs/menu.py", "import gradio\nfrom tabs.base import Tab\nfrom backends import base"),
        ("serving/chat.py", "import fastapi\nfrom backends.local import LocalBackend"),
        ("runtime/device.py", "def choose():\n    import torch"),
        ("endpoints/cluster.py", "def start():\n    import ray"),
        ("runtime/device.py", f'"""Serves {TASK_IDS[0]}."""'),
        ("tasks/pipelines/translation.py", "from transformers import Pipeline"),
        ("tasks/text_classification.py", f"id = {TASK_IDS[0]!r}"),
    ],
)
def test_what_is_allowed_passes(path: str, source: str) -> None:
    assert violations(path, source) == []
