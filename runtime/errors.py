"""Every error a visitor can meet, and nothing else.
from runtime.messages import Message

    BackendError            what happened, and what to do about it
    |-- BadInput            the text, recording or options cannot be used as they are
    |   `-- TooLarge        there is more of it than one request may bring
    |-- ModelNotFound       no such model, or not one that this task can use
    |-- NotAuthorised       the token is missing, wrong or not allowed here
    |   `-- Gated           the model's owner asks visitors to accept terms first
    |-- RateLimited         too many requests; later it works
    |-- ModelLoading        the other side is still loading the model
    |-- EndpointPaused      the endpoint exists and has to be resumed
    |-- OutOfMemory         the model or the request does not fit this device
    |-- DiskFull            there is no room for what would have to be kept
    |-- Unavailable         a server, a file or a package cannot be reached
    |   `-- Restarting      it has stopped, and comes back by itself
    `-- Cancelled           the visitor pressed Stop

The tree stands at the bottom of the import order because every layer raises from it;
foreign exceptions become one of these at the edge, in `backends/error_mapping.py`.
"""

from runtime.messages import Message


class BackendError(Exception):
    """`what` happened and what `todo`, each a sentence in the visitor's words."""

    title = Message("That did not work")

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(f"{what} {todo}".strip())
        self.what = what
        self.todo = todo

    def __reduce__(self) -> tuple:
        """Pickle as it is: BaseException's own way calls `__init__` with one argument."""
        return BaseException.__new__, (type(self), *self.args), self.__dict__


class BadInput(BackendError):
    title = Message("Please check the input")


class TooLarge(BadInput):
    title = Message("Too much at once")


class ModelNotFound(BackendError):
    title = Message("Model not found")


class NotAuthorised(BackendError):
    title = Message("Not allowed")


class Gated(NotAuthorised):
    title = Message("This model asks for your consent first")


class RateLimited(BackendError):
    title = Message("Too many requests")


class ModelLoading(BackendError):
    title = Message("The model is still loading")


class EndpointPaused(BackendError):
    title = Message("The endpoint is paused")


class OutOfMemory(BackendError):
    title = Message("Not enough memory")


class DiskFull(BackendError):
    title = Message("The disk is full")


class Unavailable(BackendError):
    title = Message("Not reachable")


class Restarting(Unavailable):
    pass


class Cancelled(BackendError):
    title = Message("Stopped")

    def __init__(
        self,
        what: str = Message("Stopped."),
        todo: str = Message("What you entered is still there."),
    ) -> None:
        super().__init__(what, todo)
