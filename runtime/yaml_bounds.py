"""What a YAML file may hold and how much, told before anything is built from it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

# Far above any catalogue that a page could show, and read in a tenth of a second.
MOST_VALUES = 100_000
MOST_LEVELS = 40
LONGEST_INTEGER = 18  # characters; Python reads longer ones, JSON and torch do not
TAG = "tag:yaml.org,2002:"
PLAIN = {TAG + name for name in ("str", "int", "float", "bool", "null", "merge")}


class OutOfBounds(ValueError):
    """`keys`: the keys and numbers that lead to the place; `line` counts from 1."""

    def __init__(self, keys: tuple, line: int, problem: str) -> None:
        super().__init__(problem)
        self.keys = keys
        self.line = line
        self.problem = problem


def check(events: Iterable[yaml.Event]) -> None:
    """Raise OutOfBounds at the first event that is too much; raises what the parser raises.

    An alias counts as much as what it stands for. Tags are refused: some make objects, and the
    rest of them only say what the text says already.
    """
    walk = _Walk()
    for event in events:
        walk.take(event)


def line_number(mark: yaml.Mark | None) -> int:
    """As editors count lines; 1 for what no file has."""
    return mark.line + 1 if mark else 1


def problem(node: yaml.ScalarNode) -> str:
    """Why JSON could not hold a single value, by YAML 1.1's idea of what it is; "" if it can."""
    kind = node.tag.removeprefix(TAG)
    if node.tag not in PLAIN:
        return f"this is a {kind} in YAML; put it in quotes"
    if kind in ("int", "float") and ":" in node.value:
        return "this is a number to base 60 in YAML; put it in quotes, or write it without a colon"
    if kind == "int" and len(node.value) > LONGEST_INTEGER:
        return f"a number has {LONGEST_INTEGER} digits at most; put it in quotes if it is a text"
    if kind == "float" and not math.isfinite(_float(node.value)):
        return "a finite number is needed"
    return ""


def _float(text: str) -> float:
    try:
        return float(text.replace("_", ""))
    except ValueError:  # .inf and .nan, which Python writes without the dot
        return math.nan


@dataclass
class _Open:
    """A list or mapping that is being read. `before`: the values up to it; `height`: its levels."""

    mapping: bool
    anchor: str | None
    before: int
    children: int = 0
    key: Any = "?"
    height: int = 1


class _Walk:
    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._values = 0
        self._anchors: dict[str, tuple[int, int]] = {}  # values and levels of what is complete

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.NodeEvent):
            self._step(event)
            size, height = self._measure(event)
            if self._values + size > MOST_VALUES:
                counted = f"more than {MOST_VALUES:,} values, each alias counted as what it repeats"
                raise self._error(event, counted)
            if len(self._open) + height > MOST_LEVELS:
                raise self._error(event, f"more than {MOST_LEVELS} levels, one inside the other")
            self._values += size
            if self._open:
                self._open[-1].height = max(self._open[-1].height, height + 1)
            if isinstance(event, yaml.CollectionStartEvent):
                mapping = isinstance(event, yaml.MappingStartEvent)
                self._open.append(_Open(mapping, event.anchor, self._values - 1))
            elif isinstance(event, yaml.ScalarEvent) and event.anchor:
                self._anchors[event.anchor] = (1, 1)

    def _step(self, event: yaml.NodeEvent) -> None:
        """Note where in its list or mapping the event is."""
        if not self._open:
            return
        parent = self._open[-1]
        if not parent.mapping:
            parent.key = parent.children
        elif parent.children % 2 == 0:
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error(event, "a key must be written out, as one text or number")
            parent.key = event.value
        parent.children += 1

    def _measure(self, event: yaml.NodeEvent) -> tuple[int, int]:
        """Values and levels that the event adds."""
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            if event.tag is not None:
                raise self._error(event, "a tag, which begins with !, is not allowed here")
            return 1, 1
        if any(parent.anchor == event.anchor for parent in self._open):
            raise self._error(event, f"*{event.anchor} stands inside of what it repeats")
        return self._anchors.get(event.anchor, (1, 1))  # the parser tells of unknown ones

    def _close(self) -> None:
        done = self._open.pop()
        if done.anchor:
            self._anchors[done.anchor] = (self._values - done.before, done.height)
        if self._open:
            self._open[-1].height = max(self._open[-1].height, done.height + 1)

    def _error(self, event: yaml.Event, problem: str) -> OutOfBounds:
        keys = tuple(parent.key for parent in self._open)
        return OutOfBounds(keys, line_number(event.start_mark), problem)
