"""Which endpoints are being created now, on disk: a process that is killed leaves word of them."""

import logging
from pathlib import Path
from urllib.parse import quote, unquote

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
