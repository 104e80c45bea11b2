"""The Hugging Face Hub, or a mirror of it: can it be reached, and what is on disk already."""

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx2
from huggingface_hub import constants, try_to_load_from_cache
from huggingface_hub.errors import HFValidationError, HTTPError
from huggingface_hub.utils import get_session, validate_repo_id

from runtime.errors import BadInput, ModelNotFound
from runtime.hub import snapshot
from runtime.hub.errors import translate
from runtime.jobs import Job
from runtime.messages import Message

log = logging.getLogger(__name__)
FINE_SECONDS = 300.0  # how long a "yes" is believed
FAILING_SECONDS = 30.0  # how long a "no" is believed: a network that comes back is noticed soon
# The hosts that a Hub token was issued for. A mirror is somebody else's machine.
TOKEN_HOSTS = ("huggingface.co", "hf.co")

# Git allows more in a branch name; this much cannot leave the cache folder.
REVISION = re.compile(r"(?!.*\.\.)[\w][\w.\-/]{0,200}", re.ASCII)

HOST = re.compile(r"[\w.\-]+|[0-9a-fA-F:.]+", re.ASCII)  # a name or an address


@dataclass
class _Attempt:
    deadline: float  # on time.monotonic
    job: Job[bool]

    def answer(self) -> bool:
        """What the server said; no where it has said nothing until the deadline."""
        return self.job.wait(max(0.0, self.deadline - time.monotonic())) and self.job.result()


class ReachabilityProbe:
    """`ask` runs in a thread of its own, because name resolution obeys no client's timeout.

    After `seconds` the answer is no, whatever `ask` is still waiting for. `clock` gives seconds
    and decides only how long an answer is believed. Safe to use from any thread.
    """

    def __init__(
        self,
        ask: Callable[[], bool],
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._attempt: _Attempt | None = None
        self._answer = False
        self._believed_until = float("-inf")

    def answer(self) -> bool:
        """The last answer while it is fresh; otherwise a new one, within `seconds`."""
        with self._lock:
            if self._clock() < self._believed_until:
                return self._answer
            if self._attempt is None:
                deadline = time.monotonic() + self._seconds
                self._attempt = _Attempt(deadline, Job(self._ask_server, "probe"))
            attempt = self._attempt
        answer = attempt.answer()
        with self._lock:
            if self._attempt is attempt:  # the first of those who waited writes it down
                self._attempt = None
                self._answer = answer
                believed = FINE_SECONDS if self._answer else FAILING_SECONDS
                self._believed_until = self._clock() + believed
            return self._answer

    def _ask_server(self) -> bool:
        try:
            return self._ask()
        except Exception:
            log.exception("whether the server answers could not be found out")
            return False


@dataclass(frozen=True)
class DownloadPolicy:
    """How a download bears with a bad line.

    `read_seconds`: silence after which a connection counts as lost. `attempts`: how many in a row
    may bring nothing before it gives up, `pause_seconds` apart.
    """

    attempts: int = 5
    pause_seconds: float = 1.0
    read_seconds: float = 10.0


class Hub:
    """One endpoint, one cache folder, one token; holds no connection and may be shared by threads.

    `cache_dir` None means huggingface_hub's own folder. `offline` is HF_HUB_OFFLINE. `clock` gives
    seconds, for how long a probe's answer is believed. Raises BadInput if `endpoint` is no address.
    """

    def __init__(
        self,
        endpoint: str,
        cache_dir: Path | None = None,
        token: str | None = None,
        offline: bool = False,
        probe_seconds: float = 2.0,
        patience: DownloadPolicy | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = endpoint.rstrip("/")
        self.endpoint = _presentable(self.url)
        self.cache_dir = cache_dir or Path(constants.HF_HUB_CACHE)
        self.offline = offline
        self.patience = patience or DownloadPolicy()
        self._token = token
        self._probe_seconds = probe_seconds
        self._probe = ReachabilityProbe(self._answers, probe_seconds, clock)

    def reachable(self) -> bool:
        """Whether the Hub answers; at once while the last answer is fresh, else `probe_seconds`."""
        return not self.offline and self._probe.answer()

    @property
    def state(self) -> Message:
        """For the status line, such as "reachable (https://huggingface.co)"; probes if it must."""
        if self.offline:
            return Message("offline by HF_HUB_OFFLINE ({endpoint})", endpoint=self.endpoint)
        if self.reachable():
            return Message("reachable ({endpoint})", endpoint=self.endpoint)
        return Message("not reachable ({endpoint})", endpoint=self.endpoint)

    @property
    def token_for_endpoint(self) -> str | bool:
        """The token if this endpoint may see it.

        Otherwise False: with None, huggingface_hub would pick one up from the environment or the
        token file by itself and send it to a mirror.
        """
        address = urlsplit(self.url)
        host = address.hostname or ""
        ours = host in TOKEN_HOSTS or host.endswith(".huggingface.co")
        return self._token if self._token and ours and address.scheme == "https" else False

    def on_disk(
        self, repo_id: str, revision: str | None = None, allow_pickle: bool = True
    ) -> Path | None:
        """The snapshot folder if its config and all its weights are in the cache, without network.

        Other tools fill the same cache and may leave the tokenizer out; what `download` left there
        is whole, because it takes the weights last. Raises ModelNotFound for an impossible name.
        """
        check_names(repo_id, revision)
        config = try_to_load_from_cache(
            repo_id, "config.json", cache_dir=self.cache_dir, revision=revision
        )
        if not isinstance(config, str):
            return None
        folder = Path(config).parent
        return folder if snapshot.is_complete(folder, allow_pickle) else None

    def _answers(self) -> bool:
        try:
            response = get_session().head(
                self.url, timeout=self._probe_seconds, follow_redirects=False
            )
        except (HTTPError, OSError):
            return False
        return response.status_code < 500


def check_names(repo_id: str, revision: str | None) -> None:
    """Raise ModelNotFound unless this can be a repository on the Hub, and never a local path."""
    try:
        validate_repo_id(repo_id)
    except HFValidationError as error:
        raise translate(error, repo_id, "") from error
    if revision is not None and not REVISION.fullmatch(revision):
        raise ModelNotFound(
            Message("“{revision}” is not a version of a model.", revision=revision),
            Message("A version is a branch, a tag or a commit, such as main."),
        )


def _presentable(url: str) -> str:
    """The address without a user name and password, which some mirrors ask for."""
    try:
        address = urlsplit(url)
        host = httpx2.URL(url).raw_host.decode()  # in ASCII, as it is sent
        host.encode("idna")  # which the socket does once more, with errors of its own
        usable = address.scheme in ("http", "https") and address.port != 0
        usable = usable and HOST.fullmatch(host) and not (address.query or address.fragment)
    except (ValueError, httpx2.InvalidURL):  # UnicodeError is a ValueError, so is a wrong port
        usable = False
    if not usable:
        raise BadInput(
            Message("HF_ENDPOINT is not the address of a Hub."),
            Message("Set it to one such as https://huggingface.co, or remove it."),
        )
    return urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2]))
