"""What every provider of endpoints is, and what it takes and gives.

The states are those of Hugging Face's API, which another provider takes over as far as it has them:
https://huggingface.co/docs/inference-endpoints/guides/foundations#endpoint-states
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from runtime.messages import Message


class State(StrEnum):
    PENDING = "pending"
    INITIALIZING = "initializing"
    UPDATING = "updating"
    UPDATE_FAILED = "updateFailed"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    SCALED_TO_ZERO = "scaledToZero"
    UNKNOWN = "unknown"  # a state that the provider has learnt since this was written


class Action(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    SCALE_TO_ZERO = "scale to zero"
    DELETE = "delete"


class Level(StrEnum):
    """Who may call an endpoint; `endpoints.base` explains each."""

    PUBLIC = "public"
    AUTHENTICATED = "authenticated"
    PRIVATE = "private"


# On its way somewhere else; in every other state it stays until someone does something.
COMING = (State.PENDING, State.INITIALIZING, State.UPDATING)
BROKEN = (State.FAILED, State.UPDATE_FAILED)
# A failed endpoint is tried again by pausing and resuming it. Scaled to zero, Resume wakes it.
ALLOWED: dict[State, tuple[Action, ...]] = {
    **dict.fromkeys((*COMING, *BROKEN, State.UNKNOWN), (Action.PAUSE, Action.DELETE)),
    State.RUNNING: (Action.PAUSE, Action.SCALE_TO_ZERO, Action.DELETE),
    State.PAUSED: (Action.RESUME, Action.DELETE),
    State.SCALED_TO_ZERO: (Action.RESUME, Action.PAUSE, Action.DELETE),
}


@dataclass(frozen=True)
class Quota:
    """How many accelerators (or machines) of one kind an account uses and may use."""

    used: int
    limit: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)


@dataclass(frozen=True)
class Hardware:
    """One kind of machine for one replica. Memory in GB, price in US dollars a replica and hour.

    `accelerator`: cpu, gpu, neuron. `status`: available, or the provider's word for why not.
    `price_per_hour` and `quota` are None where there is no such thing, as on one's own machines,
    whose `vendor` and `region` are empty.
    """

    id: str
    accelerator: str
    instance_type: str
    instance_size: str
    vendor: str = ""
    region: str = ""
    about: str = ""
    accelerators: int = 0
    cpus: float | None = None
    memory_gb: float | None = None
    accelerator_memory_gb: float | None = None
    price_per_hour: float | None = None
    status: str = "available"
    quota: Quota | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        return self.vendor, self.region, self.accelerator


@dataclass(frozen=True)
class Spec:
    """An endpoint to be made. `cpus`, `gpus`, `memory_gb`: a replica's share of one's own machines;
    `hardware` and `level` are a cloud's. `scale_to_zero_minutes` None: it never goes by itself; on
    Hugging Face's cloud that takes `min_replicas` of at least 1.
    """

    model: str
    name: str
    task: str | None = None
    revision: str | None = None
    hardware: Hardware | None = None
    level: Level = Level.PRIVATE
    min_replicas: int = 1
    max_replicas: int = 1
    scale_to_zero_minutes: int | None = None
    cpus: float | None = None
    gpus: float | None = None
    memory_gb: float | None = None


@dataclass(frozen=True)
class Cost:
    """US dollars since it was made: between `low` and `high`, as far as its provider tells."""

    low: float
    high: float


@dataclass(frozen=True)
class Endpoint:
    """One endpoint as it is now. `reason` and `todo` are set when it is broken.

    `url` is None until it has one. `price_per_hour` is for one replica, in US dollars; it and
    `cost` are None where they are not known or there is none.
    """

    name: str
    model: str
    task: str | None
    state: State
    created: datetime
    url: str | None = None
    hardware: Hardware | None = None
    level: Level | None = None
    revision: str | None = None
    min_replicas: int = 1
    max_replicas: int = 1
    ready_replicas: int | None = None
    price_per_hour: float | None = None
    cost: Cost | None = None
    reason: str = ""
    todo: str = ""

    @property
    def allowed(self) -> tuple[Action, ...]:
        """What may be done with it now."""
        return ALLOWED[self.state]


class EndpointProvider(Protocol):
    """A place where endpoints can be made. An implementation has all methods.

    Each may take seconds, ends with Cancelled soon after `stop` is set, and raises a BackendError
    for whatever goes wrong.
    """

    name: str

    def hardware(self, stop: threading.Event | None = None) -> tuple[Hardware, ...]:
        """List all that an endpoint can run on, unavailable kinds included."""
        ...

    def create(self, spec: Spec, stop: threading.Event | None = None) -> Endpoint:
        """Create an endpoint, which comes up by itself. An error or Stop leaves nothing behind.

        Raises BadInput for a name that is taken or impossible and for hardware that is not offered.
        """
        ...

    def list(self, stop: threading.Event | None = None) -> tuple[Endpoint, ...]:
        """List all endpoints of this account, newest first."""
        ...

    def get(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        """Return the endpoint as it is now."""
        ...

    def pause(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        """Stop all replicas: no cost, and no answer to any request until it is resumed."""
        ...

    def resume(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        """Start a paused endpoint, or wake one that is scaled to zero."""
        ...

    def scale_to_zero(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        """Stop all replicas, at no cost, until the next request, which waits for the first one."""
        ...

    def delete(self, name: str, stop: threading.Event | None = None) -> None:
        """Delete the endpoint for good."""
        ...


NAMES: dict[Level, Message] = {
    Level.PRIVATE: Message("Private"),
    Level.AUTHENTICATED: Message("Authenticated"),
    Level.PUBLIC: Message("Public"),
}
ACCESS_LEVELS: dict[Level, Message] = {
    Level.PRIVATE: Message(
        "Only you, or members of the organization it belongs to, each with a token."
    ),
    Level.AUTHENTICATED: Message(
        "Anyone who has a Hugging Face account, with a token of their own; you pay for what they "
        "use."
    ),
    Level.PUBLIC: Message("Anyone on the internet, without a token; you pay for what they use."),
}
OLD_ACCESS_LEVELS = {"protected": Level.AUTHENTICATED}


def level(word: str | None) -> Level | None:
    """The level that the API's word means; None for one that is not known here."""
    return OLD_ACCESS_LEVELS.get(word or "") or (Level(word) if word in list(Level) else None)
