"""A YAML file whose mistakes are told with their line."""

from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

# The same loader in C, ten times as quick, where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadYaml(ValueError):
    """The text says file, line, key and what is allowed."""


class YamlFile:
    """`data` as plain lists and dicts; places in it, such as ("tasks", 0, "id"), have lines.

    Raises BadYaml where the file cannot be read, is not YAML, or says a key twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
            self._tree = yaml.compose(text, Loader=LOADER)
            self._refuse_repeated_keys(self._tree)
            self.data: Any = yaml.load(text, Loader=LOADER)
        except OSError as error:
            raise BadYaml(f"{path}: cannot be read ({error.strerror}).") from None
        except UnicodeDecodeError:
            raise BadYaml(f"{path}: is not UTF-8 text.") from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise BadYaml(f"{path}, line {line}: not valid YAML: {error.problem}.") from None
        except yaml.YAMLError as error:
            raise BadYaml(f"{path}: not valid YAML: {error}.") from None
        except BadYaml:
            raise
        except ValueError as error:  # what looks like a date and is none, such as 2024-13-45
            raise BadYaml(f"{path}: not valid YAML: {error}.") from None

    def wrong(self, where: tuple, problem: str) -> BadYaml:
        """The error to raise for the place `where`."""
        key = ".".join(str(part) for part in where) or "top level"
        return BadYaml(f"{self.path}, line {self._line(where)}, {key}: {problem}.")

    def invalid(self, where: tuple, error: ValidationError, kind: type[BaseModel]) -> BadYaml:
        """The error to raise for the first thing that kept `where` from being a `kind`."""
        first = error.errors()[0]
        problem = first["msg"]
        if first["type"] == "extra_forbidden":
            problem = f"unknown key; allowed: {', '.join(_within(kind, first['loc']).model_fields)}"
        elif first["type"] == "missing":
            problem = "this key is missing"
        return self.wrong((*where, *first["loc"]), problem)

    def _refuse_repeated_keys(self, node: yaml.Node | None, where: tuple = ()) -> None:
        """PyYAML silently keeps the last of two equal keys; here that is a mistake."""
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            for key, value in node.value:
                if keys.count(key.value) > 1:
                    raise self.wrong((*where, key.value), "this key stands twice")
                self._refuse_repeated_keys(value, (*where, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._refuse_repeated_keys(value, (*where, index))

    def _line(self, where: tuple) -> int:
        """The line of the deepest part of `where` that the file has; 1 for an empty file."""
        node = self._tree
        line = node.start_mark.line + 1 if node else 1
        for part in where:
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


def _within(kind: type[BaseModel], loc: tuple) -> type[BaseModel]:
    """The model that the last part of `loc` is a key of."""
    for part in loc[:-1]:
        if part in kind.model_fields:
            annotation = kind.model_fields[part].annotation
            inner = [a for a in get_args(annotation) or (annotation,) if isinstance(a, type)]
            kind = next((a for a in inner if issubclass(a, BaseModel)), kind)
    return kind
