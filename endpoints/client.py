"""HfApi with one visitor's token, for one account: every call can be stopped, and fails in words.

The token goes along explicitly, always: HfApi looks for one on this machine wherever it is left
out, and so does its `list_inference_endpoints("*")`. whoami is asked of huggingface.co itself,
whatever mirror HF_ENDPOINT names; huggingface_hub's addresses of the other two services are fixed.
"""

import logging
import re
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from huggingface_hub import HfApi

from endpoints.errors import NOT_UNDERSTOOD, TABLE, CallSubject, translate
from endpoints.polling import call
from runtime.errors import BackendError, BadInput, NotAuthorised
from runtime.messages import Message

T = TypeVar("T")
HUB = "https://huggingface.co"
# What may stand in a path of the API; older endpoints may have names that no new one can have.
SEGMENT = re.compile(r"[\w-][\w.-]*", re.ASCII)
TOKEN = re.compile(r"[!-~]+")
log = logging.getLogger(__name__)


class EndpointsClient:
    """`api` and, for each of its calls, `whose` it is. `seconds`: how long one may take.

    Raises NotAuthorised without a token, BadInput for what cannot be an account.
    """

    def __init__(self, token: str | None, account: str, seconds: float) -> None:
        if not SEGMENT.fullmatch(account):
            raise BadInput(
                Message("“{account}” is not an account.", account=account),
                Message("Choose one from the menu."),
            )
        self.token = checked(token)
        self.account = account
        self.seconds = seconds
        self.api = HfApi(endpoint=HUB, token=self.token)
        self.whose = {"namespace": account, "token": self.token}

    def ask(
        self,
        about: CallSubject,
        work: Callable[[], T],
        stop: threading.Event | None,
        seconds: float | None = None,
    ) -> T:
        """What `work` returns. Raises what `endpoints.errors` makes of its errors."""
        with translated(about):
            return call(work, stop, min(self.seconds, seconds or self.seconds))


@dataclass(frozen=True)
class Account:
    """Whom a token may act for. `pays`: whether it can, None where that is not told."""

    name: str
    is_user: bool
    pays: bool | None


def accounts(
    token: str | None, stop: threading.Event | None = None, seconds: float = 30.0
) -> tuple[Account, ...]:
    """The token's user first, then the organizations that the user belongs to."""
    valid = checked(token)
    about = CallSubject(Message("your account"))
    with translated(about):
        me = call(lambda: HfApi(endpoint=HUB, token=valid).whoami(token=valid), stop, seconds)
        user = Account(me["name"], True, me.get("canPay"))
        return (user, *(Account(o["name"], False, o.get("canPay")) for o in me.get("orgs", ())))


def checked(token: str | None) -> str:
    """The token. Raises NotAuthorised if there is none, or it cannot be one."""
    if not token:
        raise NotAuthorised(
            Message("Endpoints on Hugging Face need a token of yours."),
            Message(
                "Enter one that has the right to manage Inference Endpoints: "
                "https://huggingface.co/settings/tokens."
            ),
        )
    if not TOKEN.fullmatch(token):
        raise NotAuthorised(
            Message("This is not a token: it has spaces or other characters that no token has."),
            Message("Copy it once more from https://huggingface.co/settings/tokens."),
        )
    return token


def existing(name: str) -> str:
    """The name, if an endpoint may have it. Raises BadInput."""
    if not SEGMENT.fullmatch(name):
        raise BadInput(
            Message("There is no endpoint called “{name}”.", name=name),
            Message("Choose one from the list."),
        )
    return name


@contextmanager
def translated(about: CallSubject) -> Generator[None]:
    """BackendErrors for what huggingface_hub raises."""
    try:
        yield
    except BackendError:
        raise
    except TABLE.types as error:
        translated_error = translate(error, about)
        if translated_error.todo == NOT_UNDERSTOOD[2]:
            log.exception("an answer of Hugging Face's was not understood")
        raise translated_error from error
