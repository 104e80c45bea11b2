"""A YAML file whose mistakes are told with their line."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from yaml.reader import Reader

from runtime import yaml_bounds

# The same loader in C, ten times as quick, where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_BYTES = 1_000_000
LONGEST_KEY = 80  # characters of it that an error repeats
LONGEST_ERROR = 2000  # characters; a name in the file may be as long as the file


class BadYaml(ValueError):
    """The text, one line, says file, line, key and what is allowed."""

    def __init__(self, text: str) -> None:
        text = text if len(text) < LONGEST_ERROR else f"{text[:LONGEST_ERROR]}…"
        super().__init__("".join(c if c.isprintable() else repr(c)[1:-1] for c in text))


class YamlFile:
    """`data` as plain lists and dicts; places in it, such as ("tasks", 0, "id"), have lines.

    Raises BadYaml where the file cannot be read, is not YAML, says a key twice, holds values that
    JSON has not (dates, infinity, 1:30 for 90), or more than `yaml_bounds` allow.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = self._text()
            yaml_bounds.check(yaml.parse(text, Loader=LOADER))
            self._tree = yaml.compose(text, Loader=LOADER)
            for key_path, node in _nodes(self._tree):
                self._refuse(key_path, node)
            self.data: Any = yaml.load(text, Loader=LOADER)
        except yaml_bounds.OutOfBounds as error:
            raise self._at(error.line, error.keys, error.problem) from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise BadYaml(f"{path}, line {line}: not valid YAML: {error.problem}.") from None
        except yaml.YAMLError as error:
            raise BadYaml(f"{path}: not valid YAML: {error}.") from None

    def wrong(self, key_path: tuple, problem: str) -> BadYaml:
        """The error to raise for the place `key_path`."""
        return self._at(self._line(key_path), key_path, problem)

    def invalid(self, key_path: tuple, error: ValidationError, kind: type[BaseModel]) -> BadYaml:
        """The error to raise for the first thing that kept `key_path` from being a `kind`."""
        first = error.errors()[0]
        problem = first["msg"]
        if first["type"] == "extra_forbidden":
            problem = f"unknown key; allowed: {', '.join(_within(kind, first['loc']).model_fields)}"
        elif first["type"] == "missing":
            problem = "this key is missing"
        return self.wrong((*key_path, *first["loc"]), problem)

    def _text(self) -> str:
        """What the file holds. Raises BadYaml."""
        try:
            if not stat.S_ISREG(self.path.stat().st_mode):  # a pipe or a device may have no end
                raise BadYaml(f"{self.path}: cannot be read (it is not a file).")
            with self.path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise BadYaml(f"{self.path}: cannot be read ({error.strerror}).") from None
        if len(content) > MOST_BYTES:
            raise BadYaml(f"{self.path}: is larger than {MOST_BYTES // 10**6} MB.")
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise BadYaml(f"{self.path}, line {line}: is not UTF-8 text.") from None
        if found := Reader.NON_PRINTABLE.search(text):
            line = text.count("\n", 0, found.start()) + 1
            odd = f"the character U+{ord(found.group()):04X}"
            raise BadYaml(f"{self.path}, line {line}: not valid YAML: {odd} is not allowed.")
        return text

    def _refuse(self, key_path: tuple, node: yaml.Node) -> None:
        """Raise BadYaml for a mapping with two equal keys and for what JSON could not hold."""
        if isinstance(node, yaml.MappingNode):
            keys = set()  # PyYAML silently keeps the last of two
            for name, _ in node.value:
                if name.value in keys:
                    raise self.wrong((*key_path, name.value), "this key stands twice")
                keys.add(name.value)
        elif isinstance(node, yaml.ScalarNode) and (problem := yaml_bounds.problem(node)):
            raise self._at(yaml_bounds.line_number(node.start_mark), key_path, problem)

    def _at(self, line: int, key_path: tuple, problem: str) -> BadYaml:
        key = ".".join(str(part)[:LONGEST_KEY] for part in key_path) or "top level"
        return BadYaml(f"{self.path}, line {line}, {key}: {problem}.")

    def _line(self, key_path: tuple) -> int:
        """The line of the deepest part of `key_path` that the file has; 1 for an empty file."""
        node = self._tree
        line = node.start_mark.line + 1 if node else 1
        for part in key_path:
            if isinstance(node, yaml.MappingNode):
                found = [(k, v) for k, v in node.value if k.value == str(part)]
                if not found:
                    return line
                key, node = found[-1]
                line = key.start_mark.line + 1
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
                node = node.value[part]
                line = node.start_mark.line + 1
        return line


def _nodes(node: yaml.Node | None, key_path: tuple = ()) -> Iterator[tuple[tuple, yaml.Node]]:
    """Every node with its place, keys too, which have the place of their values."""
    if node is None:
        return
    yield key_path, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*key_path, key.value), key
            yield from _nodes(value, (*key_path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _nodes(value, (*key_path, index))


def _within(kind: type[BaseModel], loc: tuple) -> type[BaseModel]:
    """The model that the last part of `loc` is a key of."""
    for part in loc[:-1]:
        if part in kind.model_fields:
            annotation = kind.model_fields[part].annotation
            inner = [a for a in get_args(annotation) or (annotation,) if isinstance(a, type)]
            kind = next((a for a in inner if issubclass(a, BaseModel)), kind)
    return kind
