"""Endpoints on one's own machines, by Ray Serve: https://docs.ray.io/en/latest/serve/index.html

Each is a Serve application at `/NAME` of the cluster's address. What there should be is written
down (`endpoints.store`); Ray is made to agree with it when it starts, also by itself after it
stopped, and after each change.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from endpoints import names, ray_status
from endpoints.base import Endpoint, Hardware, Spec
from endpoints.cluster import START_SECONDS, Cluster
from endpoints.polling import call
from endpoints.ray_status import cluster_gone, still_stopped, stopped
from endpoints.replica import FORGOTTEN_SECONDS, Application
from endpoints.store import FILE, Definition, DefinitionStore
from endpoints.validation import check_replicas, check_room
from runtime.catalogue import Model
from runtime.errors import BackendError, Cancelled, Restarting, Unavailable
from runtime.messages import Message
from tasks.base import Task

T = TypeVar("T")
log = logging.getLogger(__name__)
AGAIN_SECONDS = 10.0  # at most, between two tries to start Ray again
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

    name: str = Message("Your own machines")

    def __init__(
        self,
        cluster: Cluster,
        folder: Path,
        find: Find,
        usable: Callable[[Model], None],
        application: Application,
    ) -> None:
        self._cluster = cluster
        self._definitions = DefinitionStore(folder / FILE)
        self._find = find
        self._usable = usable
        self._application = application
        self._changing = threading.RLock()  # one change at a time; looks do not wait for it
        self._agrees = False  # Ray with the definitions, since it was last started
        self._restarting: Callable[[], Restarting] | None = None  # what is said meanwhile
        self._closed = threading.Event()
        cluster.lost = self._lost

    def start(self, stop: threading.Event | None = None) -> None:
        """Start Ray, and every endpoint that is defined and not paused. Any call does so first."""
        self._do(lambda: None, stop)

    def close(self) -> None:
        """Let go of Ray. On this machine its endpoints end with it; they are back at `start`."""
        self._closed.set()
        self._agrees = False
        self._cluster.stop()
        with self._changing:  # whoever was starting it is through
            self._cluster.stop()

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
        definition = Definition(
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
        make = self._one_by_one(lambda: self._make(definition))
        return self._do(make, stop, undo=lambda _: self.delete(spec.name))

    def list(self, stop: threading.Event | None = None) -> tuple[Endpoint, ...]:
        """See EndpointProvider. Where nothing is defined, Ray is not started to say so."""
        if not self._cluster.running and not self._restarting and not self._definitions.read():
            return ()

        def look() -> tuple[Endpoint, ...]:
            there, url = self._cluster.applications(), self._cluster.url
            definitions = self._definitions.read().values()
            found = [ray_status.endpoint(each, there.get(each.name), url) for each in definitions]
            return tuple(sorted(found, key=lambda endpoint: endpoint.created, reverse=True))

        return self._do(look, stop)

    def get(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        return self._do(lambda: self._look(name), stop)

    def pause(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        return self._do_change(lambda: self._change(name, paused=True, at_zero=False), stop)

    def resume(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        """Start a paused one, or wake one that is scaled to zero; one that runs stays as it is."""
        return self._do_change(lambda: self._wake(name), stop)

    def scale_to_zero(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        """Takes as long as Ray needs to forget what was asked before: that is not to wake it.

        Raises Cancelled if `stop` is set meanwhile; nothing has been changed then.
        """
        self.get(name, stop)
        if (stop or threading.Event()).wait(FORGOTTEN_SECONDS):
            raise Cancelled()
        return self._do_change(lambda: self._change(name, paused=False, at_zero=True), stop)

    def delete(self, name: str, stop: threading.Event | None = None) -> None:
        self._do_change(lambda: self._remove(name), stop)

    def _make(self, definition: Definition) -> Endpoint:
        names.check(definition.name, {*self._definitions.read(), *self._cluster.applications()})
        check_room(definition, self._cluster.machines())
        with self._definitions.change() as there:
            there[definition.name] = definition
        try:
            self._cluster.deploy(definition, self._application)
            return self._look(definition.name)
        except BaseException:
            self._remove(definition.name)
            raise

    def _look(self, name: str) -> Endpoint:
        definition = _defined(self._definitions.read(), name)
        app = self._cluster.applications().get(name)
        return ray_status.endpoint(definition, app, self._cluster.url)

    def _change(self, name: str, **update: bool) -> Endpoint:
        with self._definitions.change() as there:
            definition = there[name] = _defined(there, name).model_copy(update=update)
        if definition.paused:
            self._update_fallback()
            self._cluster.remove(name)
        else:
            self._cluster.deploy(definition, self._application)
            self._update_fallback()
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
        self._update_fallback()

    def _update_fallback(self) -> None:
        self._cluster.update_fallback(_paused(self._definitions.read()))

    def _ready(self) -> None:
        """Start Ray where it has not been. Raises Restarting while `_restart` starts it."""
        if self._up:
            return
        if self._agrees or self._restarting:  # the first, until `_lost` is called
            raise (self._restarting or self._stopped)()
        with self._changing:
            if not self._up:
                self._start()

    @property
    def _up(self) -> bool:
        return self._agrees and self._cluster.running

    @property
    def _stopped(self) -> Callable[[], Restarting]:
        return cluster_gone if self._cluster.elsewhere else stopped

    def _start(self) -> None:
        self._agrees = False
        definitions = self._definitions.read()
        try:
            self._cluster.start(_paused(definitions))
            there = self._cluster.applications(START_SECONDS)
            for definition in definitions.values():
                if not definition.paused and definition.name not in there:
                    self._deploy(definition)
        except BaseException:
            self._cluster.stop()
            raise
        self._agrees = True

    def _deploy(self, definition: Definition) -> None:
        """One that cannot be deployed is listed as failed and does not keep the others away."""
        try:
            self._cluster.deploy(definition, self._application)
        except Restarting:
            raise
        except Unavailable:
            log.exception("%s cannot be started again", definition.name)

    def _lost(self) -> None:
        self._restarting = self._stopped
        threading.Thread(target=self._restart, name="ray again", daemon=True).start()

    def _restart(self) -> None:
        """Try until Ray is there again, with what is defined by then."""
        pause = 1.0
        with self._changing:
            while not self._closed.is_set() and not self._up:
                try:
                    self._start()
                except BackendError as error:
                    log.warning("Ray is not back: %s", error)
                    self._restarting = cluster_gone if self._cluster.elsewhere else still_stopped
                except Exception:
                    log.exception("Ray could not be started again")
                    self._restarting = still_stopped
                else:
                    log.info("Ray is back, and so are the endpoints that ran")
                    break
                self._closed.wait(pause)
                pause = min(2 * pause, AGAIN_SECONDS)
            self._restarting = None

    def _one_by_one(self, work: Callable[[], T]) -> Callable[[], T]:
        def alone() -> T:
            with self._changing:
                self._ready()  # Ray may have stopped while this waited
                return work()

        return alone

    def _do_change(self, work: Callable[[], T], stop: threading.Event | None) -> T:
        return self._do(self._one_by_one(work), stop)

    def _do(
        self,
        work: Callable[[], T],
        stop: threading.Event | None,
        undo: Callable[[T], object] | None = None,
    ) -> T:
        def whole() -> T:
            self._ready()
            return work()

        return call(whole, stop, SECONDS, undo, "Ray")


def _defined(there: dict[str, Definition], name: str) -> Definition:
    if name not in there:
        raise BackendError(
            Message("There is no endpoint called {name}; it may have been deleted.", name=name),
            Message("Look at the list again."),
        )
    return there[name]


def _paused(there: dict[str, Definition]) -> tuple[str, ...]:
    return tuple(one.name for one in there.values() if one.paused)
