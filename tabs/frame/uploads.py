"""Files that a request names: only what was uploaded to this page, no other file of the server.

gradio checks this for files that are marked as such (by a "meta" key). A request made by hand can
leave the mark out, and gradio 6.31 then hands over whatever path it says.
"""

from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder
from starlette.formparsers import MultiPartException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.errors import BadInput


def uploaded(given: Any) -> Path:
    """The file behind gradio's FileData or a path. Raises BadInput unless it was uploaded here."""
    path = given.get("path") if isinstance(given, dict) else given
    folder = Path(get_upload_folder()).resolve()
    if not isinstance(path, str) or not Path(path).resolve().is_relative_to(folder):
        raise BadInput("This is not a file that was uploaded here.", "Upload it, then try again.")
    return Path(path)


class BrokenUploads:
    """ASGI middleware: an upload that breaks off leaves no file behind.

    gradio 6.31 removes what has arrived where the form is wrong, but not where the caller goes
    away: that file would stay until somebody deletes it by hand. Here going away is a wrong form.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/upload"):
            await self._app(scope, receive, send)
            return
        whole = False

        async def receive_form() -> Message:
            nonlocal whole
            message = await receive()
            if message["type"] == "http.disconnect" and not whole:
                raise MultiPartException("The upload broke off.")
            whole = whole or not message.get("more_body", False)
            return message

        await self._app(scope, receive_form, send)
