"""Tables from foreign failures, by exception or HTTP status, to the errors that visitors read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from huggingface_hub.utils import parse_ratelimit_headers

from runtime.errors import BackendError
from runtime.messages import Message


class ErrorRow(NamedTuple):
    """A kind of error with its two sentences; names in braces are filled in by `error`."""

    kind: type[BackendError]
    what: str
    todo: str

    def error(self, **values: Any) -> BackendError:
        return self.kind(Message(self.what, **values), Message(self.todo, **values))


@dataclass(frozen=True)
class ErrorTable:
    """Rows for the exceptions of a library and the statuses of the server behind it.

    by_type: looked up by class, then by its bases in order, so that the special stands for itself.
    by_status: of an answer; 400 stands for every 4xx that has no row.
    trouble: for every other status.
    """

    trouble: ErrorRow
    by_type: Mapping[type[BaseException], ErrorRow] = field(default_factory=dict)
    by_status: Mapping[int, ErrorRow] = field(default_factory=dict)

    @property
    def types(self) -> tuple[type[BaseException], ...]:
        """What to catch: every exception that has a row, or a base with one."""
        return tuple(self.by_type)

    def for_exception(
        self, error: BaseException, but: tuple[type[BaseException], ...] = ()
    ) -> ErrorRow | None:
        """The row of the error's class or of its nearest base; rows of `but` do not count."""
        rows = {kind: self.by_type.get(kind) for kind in type(error).__mro__ if kind not in but}
        return next(filter(None, rows.values()), None)

    def for_status(self, status: int) -> ErrorRow:
        usual = self.by_status.get(400) if 400 <= status < 500 else None
        return self.by_status.get(status) or usual or self.trouble


def retry_time(headers: Mapping[str, str]) -> Message:
    """When to come back, from Retry-After in seconds or the Hub's RateLimit header."""
    seconds = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    limit = parse_ratelimit_headers(dict(headers))
    if seconds.isdigit():
        return Message("in {seconds} seconds", seconds=int(seconds))
    if limit:
        return Message("in {seconds} seconds", seconds=limit.reset_in_seconds)
    return Message("in a few minutes")
