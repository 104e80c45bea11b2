"""The call again, at an endpoint: in the pipeline's contract, or as a conversation."""

from typing import Any

from tabs.frame.code.clients import openai_client
from tabs.frame.code.request import CHAT, HttpCall, conversation
from tasks.base import Task


def snippets(
    task: Task, model: str, inputs: dict, options: Any, url: str
) -> tuple[str, str, str, str]:
    """Python, OpenAI's client, curl, JavaScript. `url`: where the request went."""
    read, openai = task.read_inputs(inputs), ""
    if task.chats and url.endswith(CHAT):
        request = conversation(url, task, model, read, options)
        openai = openai_client(url, request.body)
    else:
        request = HttpCall.of(url, task, task.call(read, options))
    return request.python(), openai, request.curl(), request.javascript()
