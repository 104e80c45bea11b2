"""What every backend is: local, hub and endpoint answer alike, or raise a BackendError.

The error tree is drawn in `runtime/errors.py`.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from runtime.catalogue import Model
from runtime.watch import Progress
from tasks.base import Task


@dataclass(frozen=True)
class Timings:
    """Seconds spent waiting for the device, getting the model ready, and computing."""

    queue: float = 0.0
    load: float = 0.0
    compute: float = 0.0


@dataclass(frozen=True)
class Result:
    """`value` is the pipeline's documented output as lists and dicts; `done` if it is all of it.

    `figures`: see `Watch.figures`.
    `address`: where a request by plain HTTP went, as far as one did.
    """

    value: Any
    done: bool
    timings: Timings
    backend: str
    device: str
    model: str
    notes: tuple[str, ...] = ()
    figures: Mapping[str, int] = field(default_factory=dict)
    address: str = ""


class Backend(Protocol):
    """A place where tasks run. Implementations inherit it for `run`.

    Any object with a `name` and a `stream` of this kind is one, too.
    """

    name: str

    def stream(
        self,
        task: Task,
        model: Model,
        inputs: Any,
        options: Any,
        stop: threading.Event | None = None,
    ) -> Iterator[Progress | Result]:
        """Yield progress and growing results; the last item is the Result with `done`.

        Implement it in each backend. Setting `stop` or closing the iterator ends the work. Raises
        BackendError, and no exception of a library.
        """
        ...

    def run(
        self,
        task: Task,
        model: Model,
        inputs: Any,
        options: Any,
        stop: threading.Event | None = None,
    ) -> Result:
        """Return the whole answer. Raises BackendError. Not to be overridden."""
        *_, last = self.stream(task, model, inputs, options, stop)
        assert isinstance(last, Result)
        return last
