"""Endpoints on one's own machines, by Ray Serve: https://docs.ray.io/en/latest/serve/index.html

Each is a Serve application at `/NAME` of the cluster's address. What there should be is written
down (`endpoints.definitions`); Ray is made to agree with it when it starts, and after each change.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from endpoints import names, serve_states
from endpoints.base import Endpoint, Hardware, Spec
from endpoints.calls import call
from endpoints.check import check_replicas
from endpoints.cluster import Cluster
from endpoints.definitions import FILE, Definition, Definitions
from endpoints.ray_errors import translated
from endpoints.replica import FORGOTTEN_SECONDS, Application
from endpoints.room import check_room
from runtime.catalogue import Model
from runtime.errors import BackendError, Cancelled
from tasks.base import Task

T = TypeVar("T")
# For one call. The first starts Ray, which takes ten seconds at least and much more on a busy
# machine.
SECONDS = 180.0
# The task and the row of a model: (id, task id or None). Raises ModelNotFound.
Find = Callable[[str, str | None], tuple[Task, Model]]


class RayServe:
    """`find` says what a model is, `usable` raises a BackendError where it cannot be had, and
    `application` makes what a replica runs. `folder` keeps the definitions.

    Raises Unavailable where ray is not installed. Ray starts with the first call.
    """

    name = "Your own machines"

    def __init__(
        self,
        cluster: Cluster,
        folder: Path,
        find: Find,
        usable: Callable[[Model], None],
        application: Application,
    ) -> None:
        self._cluster = cluster
        self._definitions = Definitions(folder / FILE)
        self._find = find
        self._usable = usable
        self._application = application
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ray")  # see Cluster

    def start(self, stop: threading.Event | None = None) -> None:
        """Start Ray, and every endpoint that is defined and not paused. Any call does so first."""
        self._do(lambda: None, stop)

    def close(self) -> None:
        """Let go of Ray. On this machine its endpoints end with it; they are back at `start`."""
        self._thread.submit(self._cluster.stop).result()
        self._thread.shutdown()

    def hardware(self, stop: threading.Event | None = None) -> tuple[Hardware, ...]:
        """The cluster's machines; `cpus`, `accelerators` and `memory_gb` are all that one has."""
        return self._do(self._cluster.machines, stop)

    def create(self, spec: Spec, stop: threading.Event | None = None) -> Endpoint:
        names.check(spec.name)
        check_replicas(spec)
        task, model = self._find(spec.model, spec.task)
        if spec.revision:
            model = model.model_copy(update={"revision": spec.revision})
        self._usable(model)
        meant = Definition(
            name=spec.name,
            task=task.id,
            row=model.model_dump(),
            listed=model.listed,
            min_replicas=spec.min_replicas,
            max_replicas=spec.max_replicas,
            scale_to_zero_minutes=spec.scale_to_zero_minutes,
            cpus=1.0 if spec.cpus is None else spec.cpus,
            gpus=spec.gpus or 0.0,
            memory_gb=spec.memory_gb,
        )
        return self._do(lambda: self._make(meant), stop, undo=lambda _: self.delete(spec.name))

    def list(self, stop: threading.Event | None = None) -> tuple[Endpoint, ...]:
        """See EndpointProvider. Where nothing is defined, Ray is not started to say so."""
        if not self._cluster.running and not self._definitions.read():
            return ()

        def look() -> tuple[Endpoint, ...]:
            there, url = self._cluster.applications(), self._cluster.url
            meant = self._definitions.read().values()
            found = [serve_states.endpoint(one, there.get(one.name), url) for one in meant]
            return tuple(sorted(found, key=lambda endpoint: endpoint.created, reverse=True))

        return self._do(look, stop)

    def get(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        return self._do(lambda: self._look(name), stop)

    def pause(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        return self._do(lambda: self._change(name, paused=True, at_zero=False), stop)

    def resume(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        """Start a paused one, or wake one that is scaled to zero; one that runs stays as it is."""
        return self._do(lambda: self._wake(name), stop)

    def scale_to_zero(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        """Takes as long as Ray needs to forget what was asked before: that is not to wake it.

        Raises Cancelled if `stop` is set meanwhile; nothing has been changed then.
        """
        self.get(name, stop)
        if (stop or threading.Event()).wait(FORGOTTEN_SECONDS):
            raise Cancelled()
        return self._do(lambda: self._change(name, paused=False, at_zero=True), stop)

    def delete(self, name: str, stop: threading.Event | None = None) -> None:
        self._do(lambda: self._remove(name), stop)

    # What follows runs in the one thread.

    def _make(self, meant: Definition) -> Endpoint:
        names.check(meant.name, {*self._definitions.read(), *self._cluster.applications()})
        check_room(meant, self._cluster.machines())
        with self._definitions.change() as there:
            there[meant.name] = meant
        try:
            self._cluster.deploy(meant, self._application)
            return self._look(meant.name)
        except BaseException:
            self._remove(meant.name)
            raise

    def _look(self, name: str) -> Endpoint:
        meant = _defined(self._definitions.read(), name)
        app = self._cluster.applications().get(name)
        return serve_states.endpoint(meant, app, self._cluster.url)

    def _change(self, name: str, **update: bool) -> Endpoint:
        with self._definitions.change() as there:
            meant = there[name] = _defined(there, name).model_copy(update=update)
        if meant.paused:
            self._tell_door()
            self._cluster.remove(name)
        else:
            self._cluster.deploy(meant, self._application)
            self._tell_door()
        return self._look(name)

    def _wake(self, name: str) -> Endpoint:
        now = self._look(name)
        if now.ready_replicas:
            return now
        return self._change(name, paused=False, at_zero=False)

    def _remove(self, name: str) -> None:
        with self._definitions.change() as there:
            _defined(there, name)
            del there[name]
        if name in self._cluster.applications():
            self._cluster.remove(name)
        self._tell_door()

    def _tell_door(self) -> None:
        self._cluster.tell_door(_paused(self._definitions.read()))

    def _ready(self) -> None:
        """Start what is not running and should be."""
        if self._cluster.running:
            return
        meant = self._definitions.read()
        try:
            self._cluster.start(_paused(meant))
            there = self._cluster.applications()
            for one in meant.values():
                if not one.paused and one.name not in there:
                    self._cluster.deploy(one, self._application)
        except BaseException:
            self._cluster.stop()
            raise

    def _do(
        self,
        work: Callable[[], T],
        stop: threading.Event | None,
        undo: Callable[[T], object] | None = None,
    ) -> T:
        def whole() -> T:
            with translated():
                self._ready()
                return work()

        return call(lambda: self._thread.submit(whole).result(), stop, SECONDS, undo, "Ray")


def _defined(there: dict[str, Definition], name: str) -> Definition:
    if name not in there:
        raise BackendError(
            f"There is no endpoint called {name}; it may have been deleted.",
            "Look at the list again.",
        )
    return there[name]


def _paused(there: dict[str, Definition]) -> tuple[str, ...]:
    return tuple(one.name for one in there.values() if one.paused)
