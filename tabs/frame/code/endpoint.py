"""The call again, at an endpoint: in the pipeline's contract, or as a conversation."""

from typing import Any

from tabs.frame.code.request import CHAT, Request, conversation
from tasks.base import Task


def snippets(task: Task, model: str, inputs: dict, options: Any, url: str) -> tuple[str, str, str]:
    """Python, curl, JavaScript. `url`: where the request went."""
    read = task.read_inputs(inputs)
    if task.chats and url.endswith(CHAT):
        request = conversation(url, task, model, read, options)
    else:
        request = Request.of(url, task.call(read, options))
    return request.python(), request.curl(), request.javascript()
