"""Files that a request names: only what was uploaded to this page, no other file of the server.

gradio checks this for files that are marked as such (by a "meta" key). A request made by hand can
leave the mark out, and gradio 6.31 then hands over whatever path it says.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from runtime.errors import BadInput
from runtime.messages import Message
from tasks.base import Task
from tasks.media import files_among


def uploaded(value: Any) -> Path:
    """The file behind gradio's FileData or a path. Raises BadInput unless it was uploaded here."""
    path = value.get("path") if isinstance(value, dict) else value
    folder = Path(get_upload_folder()).resolve()
    if not isinstance(path, str) or "\0" in path or not _is_below(folder, Path(path)):
        raise BadInput(
            Message("This is not a file that was uploaded here."),
            Message("Upload it, then try again."),
        )
    return Path(path)


def read_files(task: Task, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with the path of each input that is a file. Raises BadInput as `uploaded` does."""
    names = files_among(task.inputs, values)
    return {**values, **{name: uploaded(values.get(name)) for name in names}}


def refuse_other_files(value: Any) -> None:
    """Raise BadInput where the value of a component names a file that was not uploaded here.

    Call it before the component sees the value: gr.Image opens the file and keeps a copy.
    """
    for path in _paths(value):
        uploaded(path)


def _paths(value: Any) -> Iterator[Any]:
    """What stands as "path" in a value, however deep."""
    if isinstance(value, dict):
        if value.get("path") is not None:
            yield value["path"]
        yield from (path for part in value.values() for path in _paths(part))
    elif isinstance(value, list):
        yield from (path for part in value for path in _paths(part))


def _is_below(folder: Path, path: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError):  # a name that is too long, links in a circle
        return False
