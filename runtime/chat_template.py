"""A chat template as transformers renders it, without importing transformers, which takes seconds.

Source: `render_jinja_template` in transformers/utils/chat_template_utils.py, 5.24.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError
from jinja2.utils import Namespace

FILES = ("chat_template.jinja", "chat_template.json")
SETTINGS = "tokenizer_config.json"  # where older models have it
LARGEST_SETTINGS = 32_000_000  # bytes; tens of thousands of tokens may be described there
SAFE = (3, 1, 6)  # the sandbox of older ones can be left


def render(state: Any, template: str, variables: Mapping[str, Any]) -> dict[str, str]:
    """`{"text": ...}`, or `{"refusal": ...}` where the template itself refuses.

    Raises ImportError for a jinja2 that is too old.
    """
    if tuple(map(int, jinja2.__version__.split(".")[:3])) < SAFE:
        raise ImportError(f"chat templates need jinja2 3.1.6, and this is {jinja2.__version__}")
    try:
        return {"text": _environment().from_string(template).render(variables)}
    except jinja2.TemplateError as error:
        return {"refusal": str(error)}


def has_template(folder: Path) -> bool:
    """Whether the model in `folder` has a chat template, by its files."""
    if any((folder / name).is_file() for name in FILES):
        return True
    try:
        if (folder / SETTINGS).stat().st_size > LARGEST_SETTINGS:
            return False
        settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(settings, dict) and bool(settings.get("chat_template"))


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    made.filters["tojson"] = _tojson
    functions: dict[str, Any] = made.globals
    functions.update(
        raise_exception=_raise_exception,
        strftime_now=_now,
        dict=_Dict(),
        namespace=_Namespace,
    )
    return made


class _Generation(Extension):
    """`{% generation %}`: marks what the model wrote, for training; here it changes nothing."""

    tags = {"generation"}

    def parse(self, parser: Any) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body).set_lineno(line)


class _Dict:
    """`dict` without its other attributes."""

    def __call__(self, *pairs: Any, **named: Any) -> dict:
        return dict(*pairs, **named)

    def fromkeys(self, *arguments: Any) -> dict:
        return dict.fromkeys(*arguments)


class _Namespace(Namespace):
    """`namespace` that stores no private attributes."""

    def __init__(*arguments: Any, **named: Any) -> None:
        self, rest = arguments[0], arguments[1:]
        stored = dict(*rest, **named)
        for name in stored:
            _refuse_private(name)
        Namespace.__init__(self, stored)

    def __setitem__(self, name: str, value: Any) -> None:
        _refuse_private(name)
        super().__setitem__(name, value)


def _refuse_private(name: Any) -> None:
    if isinstance(name, str) and name.startswith("_"):
        raise SecurityError(f"a namespace holds no {name!r}")


def _raise_exception(message: str) -> None:
    raise jinja2.TemplateError(message)


def _now(format: str) -> str:
    return datetime.now().strftime(format)


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: Any = None,
    separators: Any = None,
    sort_keys: bool = False,
) -> str:
    """Without the escapes of HTML that jinja2's own has."""
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )
