import re
from collections.abc import Callable
from pathlib import Path

import pytest

import tabs
import tasks
from runtime.catalogue import Catalogue, Model, VisitorModel, read
from runtime.settings import ROOT
from runtime.weights import CONVERSIONS
from runtime.yaml_file import BadYaml

TASK = "text-classification"
OPTIONS = {task_id: task.options for task_id, task in tasks.discover().items()}
SHA256 = "0" * 64

GOOD = f"""\
{TASK}:
  - id: org/first
    about: Good or bad.
    languages: [en]
    licence: mit
    size_mb: 12.5

  - id: package/second
    about: Out of a package.
    languages: [zh, en]
    licence: mit
    size_mb: 3
    source: package
    options:
      top_k: 2
    package:
      modules: [some_module]
      convert: ctranslate2_whisper
      sha256: "{SHA256}"
      requirements: requirements.txt
      original: org/original
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Callable[[str], Catalogue]:
    """Reads that text as a file, with the real tasks, tabs and conversions."""

    def read_text(text: str, shown: tuple[str, ...] = tuple(OPTIONS)) -> Catalogue:
        path = tmp_path / "models.yaml"
        path.write_text(text, encoding="utf-8")
        return read(path, OPTIONS, shown, CONVERSIONS)

    return read_text


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


def test_the_project_s_own_catalogue_is_valid() -> None:
    found = read(ROOT / "models.yaml", OPTIONS, tabs.discover().keys(), CONVERSIONS)
    assert set(found.rows) == set(tabs.discover())
    for rows in found.rows.values():
        assert any(row.hardware == "cpu" for row in rows), "every task has a default on a CPU"


def test_rows_keep_their_order_and_can_be_found(catalogue: Callable[..., Catalogue]) -> None:
    found = catalogue(GOOD)
    first, second = found.rows[TASK]
    assert (first.id, first.source, first.hardware, first.size_mb) == (
        "org/first",
        "hub",
        "cpu",
        12.5,
    )
    assert second.package is not None
    assert second.package.modules == ["some_module"]
    assert second.options == {"top_k": 2}
    assert found.find(TASK, "package/second") is second
    assert found.find(TASK, "org/third") is None


def test_rows_to_preload_are_those_that_say_so(catalogue: Callable[..., Catalogue]) -> None:
    assert catalogue(GOOD).preloaded(TASK) == []
    marked = catalogue(GOOD.replace("size_mb: 3", "size_mb: 3\n    preload: true"))
    assert [row.id for row in marked.preloaded(TASK)] == ["package/second"]


def test_a_visitor_s_model_is_not_listed(catalogue: Callable[..., Catalogue]) -> None:
    assert not VisitorModel(id="org/unknown").listed
    assert all(row.listed for row in catalogue(GOOD).rows[TASK])


# What is put in place of what; a part of the wrong line; the key; what the text must say.
MISTAKES = {
    "unknown key": (
        "licence: mit\n    size_mb: 12.5",
        "licence: mit\n    color: red\n    size_mb: 12.5",
        "color: red",
        f"{TASK}.0.color",
        f"unknown key; allowed: {', '.join(Model.model_fields)}",
    ),
    "missing key": (
        "    about: Good or bad.\n",
        "",
        "id: org/first",
        f"{TASK}.0.about",
        "this key is missing",
    ),
    "blank text": ("Good or bad.", '"  "', '"  "', f"{TASK}.0.about", "at least 1 character"),
    "wrong type": ("12.5", "large", "large", f"{TASK}.0.size_mb", "valid number"),
    "number too small": ("12.5", "0", "size_mb: 0", f"{TASK}.0.size_mb", "greater than 0"),
    "no list": ("[en]", "en", "languages: en", f"{TASK}.0.languages", "valid list"),
    "empty list": ("[en]", "[]", "languages: []", f"{TASK}.0.languages", "at least 1 item"),
    "wrong item": ("[zh, en]", "[zh, 3]", "[zh, 3]", f"{TASK}.1.languages.1", "valid string"),
    "wrong word": (
        "source: package",
        "source: disk",
        "source: disk",
        f"{TASK}.1.source",
        "'hub', 'sample' or 'package'",
    ),
    "row is no mapping": (
        "  - id: package/second",
        "  - just a name\n  - id: package/second",
        "just a name",
        f"{TASK}.1",
        "valid dictionary",
    ),
    "section is no list": (GOOD, f"{TASK}: soon", "soon", TASK, "valid list"),
    "empty section": (GOOD, f"{TASK}: []", "[]", TASK, "at least 1 item"),
    "duplicate id": (
        "id: package/second",
        "id: org/first  # again",
        "# again",
        f"{TASK}.1.id",
        f"'org/first' stands twice under {TASK}",
    ),
    "unknown task": (
        f"{TASK}:",
        "text-clasification:",
        "text-clasification",
        "text-clasification",
        f"unknown task; allowed: {', '.join(sorted(OPTIONS))}",
    ),
    "task is no text": (f"{TASK}:", "7:", "7:", "7", "unknown task"),
    "repeated key": (
        "    licence: mit\n    size_mb: 12.5",
        "    licence: mit\n    licence: apache-2.0\n    size_mb: 12.5",
        "apache-2.0",
        f"{TASK}.0.licence",
        "this key stands twice",
    ),
    "package row without package": (
        "size_mb: 12.5",
        "size_mb: 12.5\n    source: package",
        "id: org/first",
        f"{TASK}.0",
        "rows with `source: package` need a `package`",
    ),
    "package without package row": (
        "source: package",
        "source: hub",
        "id: package/second",
        f"{TASK}.1",
        "and only they",
    ),
    "unknown conversion": (
        "ctranslate2_whisper",
        "magic",
        "magic",
        f"{TASK}.1.package.convert",
        f"no such conversion; allowed: {', '.join(CONVERSIONS)}",
    ),
    "unknown key in package": (
        "      original:",
        "      version: 1\n      original:",
        "version: 1",
        f"{TASK}.1.package.version",
        "unknown key; allowed: modules, convert, sha256, requirements, original",
    ),
    "missing key in package": (
        "      requirements: requirements.txt\n",
        "",
        "    package:",
        f"{TASK}.1.package.requirements",
        "this key is missing",
    ),
    "wrong checksum": (SHA256, "abc", "abc", f"{TASK}.1.package.sha256", "should match pattern"),
    "unknown option": (
        "top_k: 2",
        "top_n: 2",
        "top_n",
        f"{TASK}.1.options.top_n",
        f"unknown key; allowed: {', '.join(OPTIONS[TASK].model_fields)}",
    ),
    "wrong option": (
        "top_k: 2",
        "top_k: 0",
        "top_k: 0",
        f"{TASK}.1.options.top_k",
        "greater than or equal to 1",
    ),
    "wrong option word": (
        "top_k: 2",
        "function_to_apply: tanh",
        "tanh",
        f"{TASK}.1.options.function_to_apply",
        "'softmax', 'sigmoid' or 'none'",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_line_key_and_what_is_allowed(
    mistake: str, catalogue: Callable[..., Catalogue], tmp_path: Path
) -> None:
    old, new, wrong, key, allowed = MISTAKES[mistake]
    text = GOOD.replace(old, new, 1)
    with pytest.raises(BadYaml) as caught:
        catalogue(text)
    place = f"{tmp_path / 'models.yaml'}, line {line_of(text, wrong)}, {key}: "
    assert str(caught.value).startswith(place)
    assert allowed in str(caught.value)


def test_a_task_without_a_tab_is_refused(catalogue: Callable[..., Catalogue]) -> None:
    with pytest.raises(BadYaml, match=rf"line 1, {TASK}: this task has no tab; with one: a, b"):
        catalogue(GOOD, shown=("a", "b"))


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: [1,\nb: 2\n", 3, "not valid YAML"),
        ("a: 1\n  b: 2\n", 2, "not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "not valid YAML"),
        ("a: 1\n---\nb: 2\n", 2, "not valid YAML"),
        ("a: *nobody\n", 1, "not valid YAML"),
        ("", 1, "a mapping of task ids"),
        ("# nothing yet\n", 1, "a mapping of task ids"),
        ("- a\n- b\n", 1, "a mapping of task ids"),
        ("just words\n", 1, "a mapping of task ids"),
    ],
)
def test_what_is_no_catalogue_is_told_with_its_line(
    text: str, line: int, problem: str, catalogue: Callable[..., Catalogue], tmp_path: Path
) -> None:
    place = re.escape(str(tmp_path / "models.yaml"))
    with pytest.raises(BadYaml, match=rf"^{place}, line {line}\b.*{problem}"):
        catalogue(text)


@pytest.mark.parametrize("text", ["about: 2024-13-45\n", "a: \x01\n", "a: !!int one\n"])
def test_a_value_that_yaml_cannot_read_is_a_mistake_too(
    text: str, catalogue: Callable[..., Catalogue], tmp_path: Path
) -> None:
    with pytest.raises(BadYaml, match=re.escape(str(tmp_path / "models.yaml"))):
        catalogue(text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "absent.yaml"
    with pytest.raises(BadYaml, match=f"{re.escape(str(path))}: cannot be read .No such file"):
        read(path, OPTIONS, OPTIONS, CONVERSIONS)


def test_a_folder_is_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(BadYaml, match="cannot be read"):
        read(tmp_path, OPTIONS, OPTIONS, CONVERSIONS)


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "models.yaml"
    path.write_bytes("about: schön".encode("latin-1"))
    with pytest.raises(BadYaml, match="is not UTF-8 text"):
        read(path, OPTIONS, OPTIONS, CONVERSIONS)
