"""How a request waits for another server: for its answer, and for a model that is not ready yet."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_chain,
    wait_exponential_jitter,
    wait_none,
)

from backends.error_mapping import not_established
from runtime.messages import Message
from runtime.watch import Progress


@dataclass(frozen=True)
class RetryPolicy:
    """Seconds: until a connection stands, for an answer, for a model to load or a machine to wake.

    `attempts`: how often a connection is tried; `pause_seconds`: before the second of them, and
    between questions whether a model is ready, longer each time.
    """

    connect_seconds: float = 10.0
    answer_seconds: float = 300.0
    loading_seconds: float = 600.0
    attempts: int = 3
    pause_seconds: float = 0.5


class ModelNotReady(Exception):
    """The other side is getting the model or its machine ready; `estimate` in seconds."""

    def __init__(self, waking: bool, estimate: float | None) -> None:
        super().__init__("not ready")
        self.waking = waking
        self.estimate = estimate


class WaitStatus:
    """Where one request stands, for the visitor to read; filled by one thread, read by another."""

    def __init__(self, host: str, model: str) -> None:
        self.host = host
        self._model = model
        self._began = time.monotonic()
        self._not_ready: tuple[float, ModelNotReady] | None = None

    def not_ready(self, error: ModelNotReady) -> None:
        """Counts from the first time that it was told; a later estimate is of what remains."""
        since = self._not_ready[0] if self._not_ready else time.monotonic()
        first = self._not_ready[1] if self._not_ready else error
        self._not_ready = since, first

    @property
    def last(self) -> ModelNotReady | None:
        """What the other side said, if the model was not ready."""
        return self._not_ready[1] if self._not_ready else None

    @property
    def loading(self) -> float:
        """Seconds since the model turned out not to be ready; 0 if it was."""
        return time.monotonic() - self._not_ready[0] if self._not_ready else 0.0

    @property
    def total(self) -> float:
        return time.monotonic() - self._began

    def progress(self, last: Progress | None) -> Progress:
        """What to show now; `last` is what the task itself reported, such as texts done."""
        if self._not_ready is None:
            text = Message(
                "Waiting for {host}, {seconds} s", host=self.host, seconds=int(self.total)
            )
            return Progress(text, last.done, last.total, last.unit) if last else Progress(text)
        so_far, why = int(self.loading), self._not_ready[1]
        if why.waking:
            return Progress(
                Message(
                    "The endpoint {host} is waking up, {seconds} s", host=self.host, seconds=so_far
                )
            )
        if why.estimate is None or so_far > why.estimate:
            return Progress(
                Message(
                    "{model} is still loading at {host}, {seconds} s",
                    model=self._model,
                    host=self.host,
                    seconds=so_far,
                )
            )
        text = Message("{model} is loading at {host}", model=self._model, host=self.host)
        return Progress(text, so_far, round(why.estimate), "s")


class GatewayFailed(Exception):
    """A gateway in between answered in place of the server; raised only where nothing changes."""


async def retry_connection(attempt: Callable[[], Awaitable[Any]], policy: RetryPolicy) -> Any:
    """`attempt`, again where no connection came about, for then nothing has been sent.

    And where it raises GatewayFailed. Nothing else is tried again: a POST may have been computed,
    and paid for.
    """

    async def once() -> Any:  # tenacity looks at the function before it decides to await
        return await attempt()

    retrying = AsyncRetrying(
        retry=retry_if_exception(not_established) | retry_if_exception_type(GatewayFailed),
        stop=stop_after_attempt(policy.attempts),
        wait=_pauses(policy),
        reraise=True,
    )
    return await retrying(once)


async def retry_until_ready(
    attempt: Callable[[float | None], Awaitable[Any]], policy: RetryPolicy, wait: WaitStatus
) -> Any:
    """`attempt`, again while it raises ModelNotReady, which is raised in the end.

    The first time it gets None, then the seconds for which the other side may hold the request.
    Stop ends each pause, for the task that waits is cancelled.
    """

    async def once() -> Any:
        hold_seconds = policy.loading_seconds - wait.loading if wait.loading else None
        try:
            return await attempt(hold_seconds and max(1.0, hold_seconds))
        except ModelNotReady as error:
            wait.not_ready(error)
            raise

    retrying = AsyncRetrying(
        retry=retry_if_exception_type(ModelNotReady),
        stop=stop_after_delay(policy.loading_seconds),
        wait=wait_chain(wait_none(), _pauses(policy)),
        reraise=True,
    )
    return await retrying(once)


def _pauses(policy: RetryPolicy) -> wait_exponential_jitter:
    pause = policy.pause_seconds
    return wait_exponential_jitter(multiplier=pause, max=20 * pause, jitter=pause)
