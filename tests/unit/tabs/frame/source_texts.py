"""Every text that the source says to a visitor, read out of its syntax; `{}` for what varies."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from runtime import errors
from tests.serving import ROOT

FOLDERS = ("tasks", "tabs", "backends", "runtime", "endpoints")
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type)}
# Calls that say something, and which of their arguments it is.
SAYING: dict[str, slice] = {
    **dict.fromkeys(ERRORS, slice(0, 2)),
    **dict.fromkeys(
        ("note", "report", "Progress", "line", "placeholder", "download", "done", "waiting"),
        slice(0, 1),
    ),
    "problem": slice(0, 3),
    "table": slice(0, 1),
    "sentences": slice(None),
    **dict.fromkeys(("fact", "_fact"), slice(0, 1)),
    "_failed": slice(0, 3),
}

Names = dict[str, ast.AST]  # what a name was last set to


def said() -> dict[str, str]:
    """Text -> the file that says it."""
    return {
        text: str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        for text in _in_file(path)
    }


def source() -> str:
    """All strings of the source, and the catalogue."""
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    strings = [text for path in files for text in _strings(path)]
    return "\n".join([*strings, " ".join((ROOT / "models.yaml").read_text("utf-8").split())])


def _in_file(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for scope, inherited in _scopes(tree):
        names = {**inherited, **_assigned(scope)}
        for node in _within(scope):
            yield from filter(_tells, _said_by(node, names))


def _said_by(node: ast.AST, names: Names) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        for argument in node.args[SAYING[name]] if name in SAYING else ():
            yield from _texts(argument, names)
    # A row of a table that translates exceptions: ErrorRow(BadInput, what, todo).
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ErrorRow":
        texts = [text for e in node.args[-2:] for text in _texts(e, names)]
        yield from (re.sub(r"\{\w+\}", "{}", text) for text in texts)


def _scopes(tree: ast.Module) -> Iterator[tuple[ast.AST, Names]]:
    """The module and each function, with the names from around it."""
    yield tree, {}
    around = _assigned(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node, around


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """What belongs to a scope and to no function inside it."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.FunctionDef):
            yield node
            yield from _within(node)


def _assigned(scope: ast.AST) -> Names:
    return {
        target.id: node.value
        for node in _within(scope)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
            yield from (re.sub(r"\{\w+\}", "{}", text) for text in _texts(node, {}))


def _texts(node: ast.AST, names: Names) -> list[str]:
    """What an expression may be, as far as the syntax tells; `{}` where it does not."""
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.JoinedStr(values=parts):
            return _joined([_texts(part, names) for part in parts])
        case ast.FormattedValue(value=ast.IfExp() as value):
            return _texts(value, names)
        case ast.FormattedValue(value=ast.Name(id=name)):
            told = isinstance(names.get(name), ast.IfExp | ast.JoinedStr)
            return _texts(names[name], {}) if told else ["{}"]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([_texts(left, names), _texts(right, names)])
        case ast.IfExp(body=one, orelse=other):
            return [*_texts(one, names), *_texts(other, names)]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [text for part in parts for text in _texts(part, names)]
        case ast.Starred(value=value):
            return _texts(value, names)
        case ast.Name(id=name) if name in names:
            return _texts(names[name], {})
    return ["{}"]


def _joined(parts: list[list[str]]) -> list[str]:
    whole = [""]
    for texts in parts:
        whole = [before + text for before in whole for text in texts]
    return whole


def _tells(text: str) -> bool:
    """Whether there is a word to translate."""
    return any(letter.isalpha() for letter in text.replace("{}", ""))
