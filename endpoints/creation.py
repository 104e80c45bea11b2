"""Making an endpoint, so that nothing nobody knows of is left behind to be paid for.

A journal on disk names those that are being created: a process that is killed leaves word of them.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote

from huggingface_hub import InferenceEndpoint
from huggingface_hub.errors import HfHubHTTPError, HTTPError

from endpoints import names
from endpoints.client import EndpointsClient, translated
from endpoints.errors import TABLE, CallSubject
from endpoints.polling import call
from runtime.errors import Unavailable
from runtime.messages import Message
from runtime.processes import has_ended, process_mark

log = logging.getLogger(__name__)

FOLDER = "endpoints-being-created"  # under CACHE_DIR
PARTS = "@"  # between account and name; neither can hold it once it is quoted


class CreationJournal:
    """One small file for each creation under way, with the mark of its process.

    Endpoints on a cloud cost money from the moment they are made, whether or not this app lives to
    hear of it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._active: set[tuple[str, str]] = set()

    def begin(self, account: str, name: str) -> None:
        """Before the request is sent. A disk that cannot be written is no reason not to send it."""
        self._active.add((account, name))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path(account, name).write_text(process_mark(), encoding="utf-8")
        except OSError as error:
            log.warning("The creation of %s is not written down: %s", name, error.strerror)

    def end(self, account: str, name: str) -> None:
        """Once it is known what has become of it, or a visitor was told of it."""
        try:
            self._path(account, name).unlink(missing_ok=True)
        except OSError as error:
            log.warning("The creation of %s stays written down: %s", name, error.strerror)
        self._active.discard((account, name))

    def unfinished(self) -> list[tuple[str, str]]:
        """Account and name of each whose process was ended meanwhile."""
        try:
            marks = {path.name: path.read_text("utf-8") for path in self._folder.iterdir()}
        except (OSError, UnicodeDecodeError):
            return []
        names = [name.split(PARTS) for name, mark in sorted(marks.items()) if has_ended(mark)]
        pairs = [(unquote(parts[0]), unquote(parts[1])) for parts in names if len(parts) == 2]
        return [pair for pair in pairs if pair not in self._active]

    def _path(self, account: str, name: str) -> Path:
        return self._folder / f"{quote(account, safe='')}{PARTS}{quote(name, safe='')}"


class CreationUnknown(Unavailable):
    """An endpoint may be there, and nobody could look."""


def make(
    client: EndpointsClient,
    about: CallSubject,
    post: Callable[[], InferenceEndpoint],
    stop: threading.Event | None,
    journal: CreationJournal | None = None,
) -> InferenceEndpoint:
    """What `post` has made under a name that was free before.

    If it is made after all when Stop or the time limit has ended the wait, it is deleted. If its
    answer is lost on the way and the endpoint is there, that is the answer; if that cannot be read,
    it is deleted. `journal` knows of it until then, for a process that is killed.
    Raises BadInput if the name is taken.
    """
    names.check(about.name)
    if client.ask(CallSubject(client.account, about.name), lambda: _exists(client, about), stop):
        names.check(about.name, [about.name])

    def work() -> InferenceEndpoint:
        if journal:
            journal.begin(client.account, about.name)
        try:
            return _posted(client, about, post)
        except BaseException as error:
            if not isinstance(error, CreationUnknown):
                end()  # there is none
            raise

    def undo(endpoint: InferenceEndpoint) -> None:
        _remove(client, about)
        end()

    def end() -> None:
        if journal:
            journal.end(client.account, about.name)

    endpoint = call(work, stop, client.seconds, undo)
    end()
    return endpoint


def _posted(
    client: EndpointsClient, about: CallSubject, post: Callable[[], InferenceEndpoint]
) -> InferenceEndpoint:
    try:
        with translated(about):
            return post()
    except Unavailable as error:
        return _found(client, about, error)


def _exists(client: EndpointsClient, about: CallSubject) -> bool:
    try:
        client.api.get_inference_endpoint(about.name, **client.whose)
    except HfHubHTTPError as error:
        if error.response.status_code == 404:
            return False
        raise
    return True


def _found(client: EndpointsClient, about: CallSubject, error: Unavailable) -> InferenceEndpoint:
    """The endpoint whose making ended in `error`, which is raised again if it was not made."""
    try:
        answer = client.api.get_inference_endpoint(about.name, **client.whose)
    except HfHubHTTPError as second:
        if second.response.status_code == 404:
            raise error from None
        raise _left(about) from second
    except HTTPError as second:
        raise _left(about) from second
    except TABLE.types:  # it is there, and nobody can tell what it is
        _remove(client, about)
        raise error from None
    if answer.repository != about.model:  # somebody else took the name in this very second
        raise error
    return answer


def _remove(client: EndpointsClient, about: CallSubject) -> None:
    try:
        client.api.delete_inference_endpoint(about.name, **client.whose)
    except HTTPError as error:
        raise _left(about) from error


def _left(about: CallSubject) -> CreationUnknown:
    return CreationUnknown(
        Message(
            "{name} may have been made, and Hugging Face does not answer as it should.",
            name=about.name,
        ),
        Message("It may cost money: look at the list before you try again."),
    )
