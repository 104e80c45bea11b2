import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tabs
import tasks
from runtime.catalogue import Catalogue, Model, VisitorModel, read
from runtime.model_files import CONVERSIONS
from runtime.settings import ROOT
from runtime.yaml_file import BadYaml, YamlFile

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
    "number too large": ("12.5", "1e7000", "1e7000", f"{TASK}.0.size_mb", "finite number"),
    "number beyond all disks": ("12.5", "1e8", "1e8", f"{TASK}.0.size_mb", "less than or equal"),
    "infinity": ("12.5", ".inf", ".inf", f"{TASK}.0.size_mb", "finite number"),
    "infinity among inputs": (
        "size_mb: 12.5",
        "size_mb: 12.5\n    examples: [{text: [a, -.INF]}]",
        "INF",
        f"{TASK}.0.examples.0.text.1",
        "finite number",
    ),
    "no number": ("12.5", ".nan", ".nan", f"{TASK}.0.size_mb", "finite number"),
    "number that overflows": ("12.5", "1.0e+400", "e+400", f"{TASK}.0.size_mb", "finite number"),
    "minutes and seconds": ("12.5", "1:30", "1:30", f"{TASK}.0.size_mb", "put it in quotes"),
    "minutes and parts": ("12.5", "1:30.5", "1:30.5", f"{TASK}.0.size_mb", "put it in quotes"),
    "time as an option": ("top_k: 2", "top_k: 1:30", "1:30", f"{TASK}.1.options.top_k", "base 60"),
    "time as a task": (f"{TASK}:", "1:30:", "1:30", "1:30", "base 60"),
    "date": ("Good or bad.", "2024-01-31", "2024", f"{TASK}.0.about", "a timestamp in YAML"),
    "no date": ("Good or bad.", "2024-13-45", "2024", f"{TASK}.0.about", "a timestamp in YAML"),
    "endless integer": (
        "top_k: 2",
        "top_k: 2" + "0" * 5000,
        "top_k",
        f"{TASK}.1.options.top_k",
        "18 digits at most",
    ),
    "long integer": (
        "top_k: 2",
        "top_k: 0x" + "f" * 20,
        "top_k",
        f"{TASK}.1.options.top_k",
        "18 digits at most",
    ),
    "object": ("12.5", "!!python/object/apply:os.getcwd []", "getcwd", f"{TASK}.0.size_mb", "tag"),
    "tag of YAML's own": ("12.5", "!!bool maybe", "maybe", f"{TASK}.0.size_mb", "a tag"),
    "tag on an alias's text": ("[en]", "&l !!set {en}", "&l", f"{TASK}.0.languages", "a tag"),
    "list as a key": ("top_k: 2", "[top_k]: 2", "top_k", f"{TASK}.1.options.?", "written out"),
    "alias as a key": ("[en]", "&e []\n    *e : x", "*e", f"{TASK}.0.languages", "written out"),
    "line break in a key": (
        f"{TASK}:",
        '"a\\n\\e[31mb":',
        "a\\n",
        "a\\n\\x1b[31mb",
        "unknown task",
    ),
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
        ("a: " + "[" * 100_000, 1, "not valid YAML"),
        ("a: <<\n<<: 3\n", 2, "not valid YAML"),
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


LAUGHS = "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefghijklm", "bcdefghijklmn", strict=True)
)
LADDER = "".join(f"- &a{i + 1} [*a{i}]\n" for i in range(2000))
MERGES = "".join(f"- &m{i + 1} {{<<: [{', '.join([f'*m{i}'] * 10)}]}}\n" for i in range(12))


# The text, the line and the key of its mistake, and what must be said of it.
EXPLOSIONS = {
    "list inside itself": ("a: &a [*a]\n", 1, "a.0", "inside of what it repeats"),
    "mapping inside itself": ("a: &a\n  b:\n    c: *a\n", 3, "a.b.c", "inside of what it repeats"),
    "merged into itself": ("a: &a\n  <<: *a\n", 2, "a.<<", "inside of what it repeats"),
    "everything inside": ("&a\n- 1\n- *a\n", 3, "1", "inside of what it repeats"),
    "billion laughs": (f"a: &a [lol]\n{LAUGHS}", 6, "f.3", "more than 100,000 values"),
    "billion merges": (f"- &m0 {{a: b}}\n{MERGES}", 6, "5.<<.1", "more than 100,000 values"),
    "ladder of aliases": (f"- &a0 [1]\n{LADDER}", 39, "38.0", "more than 40 levels"),
    "lists in lists": ("a: " + "[" * 200, 1, "a" + ".0" * 39, "more than 40 levels"),
    "mappings in mappings": ("{a: " * 1000, 1, ".".join("a" * 40), "more than 40 levels"),
    "dashes": ("- " * 100_000 + "\n", 1, ".".join("0" * 40), "more than 40 levels"),
    "many values": ("a: [" + "1," * 200_000 + "]", 1, "a.99997", "more than 100,000 values"),
}


@pytest.mark.parametrize("explosion", EXPLOSIONS)
def test_a_file_that_explodes_is_refused_with_line_and_key(
    explosion: str, catalogue: Callable[..., Catalogue], tmp_path: Path
) -> None:
    text, line, key, problem = EXPLOSIONS[explosion]
    with pytest.raises(BadYaml) as caught:
        catalogue(text)
    assert str(caught.value).startswith(f"{tmp_path / 'models.yaml'}, line {line}, {key}: ")
    assert problem in str(caught.value)


def test_anchors_and_merges_that_end_are_read(catalogue: Callable[..., Catalogue]) -> None:
    rows = catalogue(
        f"{TASK}:\n"
        "  - &first {id: a/b, about: &said One., languages: &l [en], licence: mit, size_mb: 1}\n"
        "  - {<<: *first, id: a/c, about: *said}\n"
        "  - {id: a/d, about: -, languages: *l, licence: mit, size_mb: 1_000}\n"
    ).rows[TASK]
    assert [(row.id, row.about, row.languages) for row in rows] == [
        ("a/b", "One.", ["en"]),
        ("a/c", "One.", ["en"]),
        ("a/d", "-", ["en"]),
    ]


@settings(deadline=None)
@given(st.text(st.sampled_from("ab&*[]{}:-,?!|>'\"% #~<\n\t0.1ï\x00"), max_size=60))
def test_any_text_is_a_file_or_a_mistake_told_in_one_line(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "models.yaml"
        path.write_text(text, encoding="utf-8", newline="")
        said = f"{path}:"
        try:
            json.dumps(YamlFile(path).data, allow_nan=False)
        except BadYaml as error:
            said = str(error)
        assert said.startswith(str(path))
        assert said.isprintable()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "absent.yaml"
    with pytest.raises(BadYaml, match=f"{re.escape(str(path))}: cannot be read .No such file"):
        read(path, OPTIONS, OPTIONS, CONVERSIONS)


@pytest.mark.parametrize("path", [Path("/"), Path("/dev/zero"), Path("/dev/stdin")])
def test_what_is_no_file_is_no_catalogue(path: Path) -> None:
    with pytest.raises(BadYaml, match=f"^{path}: cannot be read .it is not a file"):
        read(path, OPTIONS, OPTIONS, CONVERSIONS)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: 1\nabout: schön".encode("latin-1"), "line 2: is not UTF-8 text"),
        ("a: 1".encode("utf-16"), "line 1: is not UTF-8 text"),
        ("a: 1\n".encode("utf-16-le"), r"line 1: not valid YAML: the character U\+0000"),
        (b"a: 1\nb: \x00\n", r"line 2: not valid YAML: the character U\+0000 is not allowed"),
        (b"a: \x1b[31m", r"line 1: not valid YAML: the character U\+001B is not allowed"),
        (b"a" * 50_000_000, "is larger than 1 MB"),
        (b"# " + b"a" * 1_000_000, "is larger than 1 MB"),
    ],
    ids=["latin-1", "utf-16", "utf-16 unmarked", "NUL", "escape", "50 MB", "comment"],
)
def test_bytes_that_are_no_catalogue_are_told(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "models.yaml"
    path.write_bytes(content)
    with pytest.raises(BadYaml, match=f"{re.escape(str(path))}.*{said}"):
        read(path, OPTIONS, OPTIONS, CONVERSIONS)
