"""From another server's refusal or failure to the error that a visitor reads."""

import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from backends.error_messages import CAUSES, ENDPOINTS, EXCEPTIONS, PAUSED, TOKENS
from runtime.error_table import ErrorRow, ErrorTable, retry_time
from runtime.errors import BackendError
from runtime.messages import Message

MOST_REASON = 200  # characters of what a server says that are shown
LIBRARIES = ("huggingface_hub", "httpx2", "json", "builtins")  # pydantic has names like theirs


@dataclass(frozen=True)
class RequestInfo:
    """Who was asked for what; `secret` is the token that went along, to be kept out of texts."""

    host: str
    model: str
    task: str
    secret: str = ""

    def error(self, row: ErrorRow, reason: str = "", **more: Any) -> BackendError:
        """The row as an error, with the server's own reason made short and safe to show."""
        values = {"host": self.host, "model": self.model, "task": self.task, "wait": retry_time({})}
        values |= {"reason": self.safe(reason) or Message("no reason given"), **more}
        values |= {"tokens": TOKENS, "endpoints": ENDPOINTS}
        return row.error(**values)

    def safe(self, text: str) -> str:
        """The first line, without the token, cut."""
        text = text.replace(self.secret, "…") if self.secret else text
        line = (text.strip().splitlines() or [""])[0].strip()
        return line[:MOST_REASON].rstrip(". ")

    def refusal(
        self, table: ErrorTable, status: int, headers: Mapping[str, str], body: str
    ) -> BackendError:
        """The error for an answer with that status."""
        reason = server_message(body) or _standard(status)
        if _is_paused(reason):
            return self.error(PAUSED)
        return self.error(table.for_status(status), reason, wait=retry_time(headers))

    def failure(self, error: BaseException) -> BackendError | None:
        """The error for an exception of the HTTP client or huggingface_hub; None for others."""
        kinds = [kind for kind in type(error).__mro__ if kind.__module__.startswith(LIBRARIES)]
        names = [kind.__name__ for kind in kinds]
        row = next((EXCEPTIONS[name] for name in names if name in EXCEPTIONS), None)
        if row is None:
            return None
        if row is EXCEPTIONS["ConnectError"]:
            row = next((row for kind, row in CAUSES if _caused_by(error, kind)), row)
        return self.error(row, str(error) or type(error).__name__)


def server_message(body: str) -> str:
    """What a server gives as its reason, "" where there is none: `{"error": ...}` and its kin."""
    try:
        text = json.loads(body)
    except ValueError:
        return ""
    for key in ("error", "message", "detail", "errors"):
        text = text.get(key, text) if isinstance(text, dict) else text
    if isinstance(text, list) and text:
        text = text[0]
    if isinstance(text, dict):
        text = text.get("msg", "")
    return text if isinstance(text, str) else ""


def estimate(body: str) -> float | None:
    """The seconds that a loading model still needs, as the server thinks; None if not told."""
    try:
        seconds = json.loads(body).get("estimated_time")
    except (ValueError, AttributeError):
        return None
    usable = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return float(seconds) if usable and 0 <= seconds < 1e6 else None


def not_established(error: BaseException) -> bool:
    """Whether nothing was sent, so that trying again cannot do anything twice.

    A name that does not exist or a wrong certificate stays so.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    lasting = any(_caused_by(error, kind) for kind in (ssl.SSLError, socket.gaierror))
    return not names.isdisjoint({"ConnectError", "ConnectTimeout"}) and not lasting


def _standard(status: int) -> str:
    standard = status in HTTPStatus.__members__.values()
    return f"{status} {HTTPStatus(status).phrase}" if standard else str(status)


def _is_paused(reason: str) -> bool:
    """Inference Endpoints have no status of their own for it: 400 and this sentence."""
    return bool(re.search(r"endpoint is paused", reason, re.IGNORECASE))


def _caused_by(error: BaseException, kind: type[BaseException]) -> bool:
    return any(isinstance(cause, kind) for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):  # of the attempts by IPv4 and IPv6
            for member in error.exceptions:
                yield from _causes(member)
        error = error.__cause__ or error.__context__
