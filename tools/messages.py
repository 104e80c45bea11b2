"""Collect every text that a visitor can read, and bring the catalogues of the languages up to date.

Run `make messages` after any change of a text. New texts get an empty translation, changed ones
keep the old as a comment (`#~`); translate them in `tabs/frame/locale/*.po`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from runtime.settings import ROOT
from runtime.yaml_file import YamlFile
from tabs.frame.i18n import LOCALE

FOLDERS = ("runtime", "backends", "endpoints", "tasks", "tabs")
# Calls that make messages of their arguments, by number.
KEYWORDS: dict[str, tuple[int, ...]] = {"Message": (0,), "plural": (0, 1), "ErrorRow": (1, 2)}


def extract(root: Path = ROOT) -> dict[str, str]:
    """Return every template, each with the file that has it."""
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            for text in _templates(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(text, str(path.relative_to(root)))
    for text in _of_catalogue(YamlFile(root / "models.yaml").data):
        found.setdefault(text, "models.yaml")
    return found


def _templates(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        for number in KEYWORDS.get(name, ()):
            yield from (text for part in node.args[number : number + 1] for text in _texts(part))


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts that an argument may be; those of another call are its own."""
    match node:
        case ast.Constant(value=str() as text) if any(map(str.isalpha, text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one)
            yield from _texts(other)


def _of_catalogue(sections: dict) -> Iterator[str]:
    for rows in sections.values():
        for row in rows:
            yield from (row["about"], row["licence"], *row["languages"])


def update(path: Path, templates: dict[str, str]) -> None:
    """Write the catalogue at `path` with exactly these templates, sorted by file and text."""
    with path.open("rb") as stream:
        catalogue = read_po(stream)
    template = Catalog()
    for text, file in sorted(templates.items(), key=lambda item: (item[1], item[0])):
        template.add(text, locations=[(file, 0)])
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=100, sort_by_file=True, include_lineno=False)


def main() -> None:
    templates = extract()
    for path in sorted(LOCALE.glob("*.po")):
        update(path, templates)
        print(f"{path.relative_to(ROOT)}: {len(templates)} texts")


if __name__ == "__main__":
    main()
