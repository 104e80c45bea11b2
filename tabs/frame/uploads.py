"""Files that a request names: only what was uploaded to this page, no other file of the server.

gradio checks this for files that are marked as such (by a "meta" key). A request made by hand can
leave the mark out, and gradio 6.31 then hands over whatever path it says.
"""

from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from runtime.errors import BadInput
from runtime.messages import Message


def uploaded(given: Any) -> Path:
    """The file behind gradio's FileData or a path. Raises BadInput unless it was uploaded here."""
    path = given.get("path") if isinstance(given, dict) else given
    folder = Path(get_upload_folder()).resolve()
    if not isinstance(path, str) or "\0" in path or not _is_below(folder, Path(path)):
        raise BadInput(
            Message("This is not a file that was uploaded here."),
            Message("Upload it, then try again."),
        )
    return Path(path)


def _is_below(folder: Path, path: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError):  # a name that is too long, links in a circle
        return False
