"""What the endpoints on one's own machines are meant to be, in one file that outlives the app."""

import contextlib
import json
import os
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from runtime import storage
from runtime.catalogue import Model, VisitorModel
from runtime.errors import Unavailable
from runtime.messages import Message

FILE = "endpoints.json"  # under CACHE_DIR


class Definition(BaseModel):
    """One endpoint. `row` is its model as the catalogue had it; `listed`, whether it did.

    `paused`: it has no replicas until it is resumed. `at_zero`: it was sent to zero by hand.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    task: str
    row: dict
    listed: bool
    min_replicas: int
    max_replicas: int
    scale_to_zero_minutes: int | None
    cpus: float
    gpus: float
    memory_gb: float | None
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    paused: bool = False
    at_zero: bool = False

    @property
    def model(self) -> Model:
        return (Model if self.listed else VisitorModel).model_validate(self.row)


_FILE = TypeAdapter(dict[str, Definition])


class DefinitionStore:
    """Kept at `path`, which is replaced as a whole; several processes may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Definition]:
        """By name. Raises Unavailable where the file cannot be read."""
        try:
            return _FILE.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            raise Unavailable(
                Message("The list of endpoints in {path} cannot be read.", path=str(self._path)),
                Message("Correct the file, or move it away to begin with none."),
            ) from error

    @contextlib.contextmanager
    def change(self) -> Generator[dict[str, Definition]]:
        """What is there, to be altered: written back at the end unless that is an error."""
        with _writing(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self._path}.lock"):
                there = self.read()
                yield there
                content = _FILE.dump_python(there, mode="json")
                unfinished = self._path.with_name(f"{self._path.name}.unfinished")
                try:
                    unfinished.write_text(json.dumps(content, indent=1), encoding="utf-8")
                    os.replace(unfinished, self._path)  # all of it or none
                finally:
                    unfinished.unlink(missing_ok=True)


@contextlib.contextmanager
def _writing(path: Path) -> Generator[None]:
    try:
        with storage.writing(Message("the list of endpoints"), path.parent, "CACHE_DIR"):
            yield
    except OSError as error:
        raise Unavailable(
            Message(
                "The list of endpoints in {path} cannot be written ({reason}).",
                path=str(path),
                reason=error.strerror,
            ),
            Message("Check CACHE_DIR, and try again."),
        ) from error
