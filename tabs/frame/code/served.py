"""The call again, by this app's addresses for programs: with clients that people have, and curl."""

import shlex
from dataclasses import dataclass
from typing import Any

from tabs.frame.code.clients import OS, inference_call, inference_chat, openai_client
from tabs.frame.code.request import (
    CHAT,
    HttpCall,
    as_json,
    body_with_file,
    conversation,
    encoded,
)
from tasks.base import Task

NONE = '"none",  # or the client would send your Hugging Face token here'
WAIT = {"X-Wait-For-Model": "true"}  # an answer instead of 503 while the model loads


@dataclass(frozen=True)
class Api:
    """Where a program reaches this app.

    address:   of the page, as the visitor's browser knows it
    path:      below it, of the model that answered; None where programs may not ask for that one
    has_token: whether programs must send API_TOKEN
    """

    address: str
    path: str | None = None
    has_token: bool = False

    @property
    def token(self) -> str:
        """Say in Python where the token comes from."""
        return 'os.environ["API_TOKEN"],' if self.has_token else NONE


def snippets(
    api: Api, task: Task, model: str, inputs: dict, options: Any, converses: bool
) -> tuple[str, str, str]:
    """InferenceClient, OpenAI's client, curl; empty where there is none."""
    if api.path is None:
        return "", "", ""
    read = task.read_inputs(inputs)
    if converses:
        request = conversation(api.address + CHAT, task, model, read, options)
        base = f"base_url={api.address + '/v1'!r}"
        return (
            _inference_client(api, base) + inference_chat(request.body),
            openai_client(request.url, request.body, api.token, WAIT),
            _curl(api, CHAT, shlex.quote(as_json(request.body))),
        )
    call = task.call(read, options)
    body, file = body_with_file(call)
    url = api.address + api.path
    python = inference_call(task, call, options, {})
    if python:
        python = _inference_client(api, f"model={url!r}") + python
    else:
        python = HttpCall.of(url, task, call, "API_TOKEN" if api.has_token else None).python()
    if file:
        return python, "", f"{encoded(file, body)} | {_curl(api, api.path, '@-')}"
    return python, "", _curl(api, api.path, shlex.quote(as_json(body)))


def _inference_client(api: Api, target: str) -> str:
    return (
        f"# pip install huggingface_hub\n{OS * api.has_token}"
        "from huggingface_hub import InferenceClient\n\n"
        f"client = InferenceClient(\n    {target},\n    headers={WAIT!r},\n"
        f"    token={api.token}\n)\n"
    )


def _curl(api: Api, path: str, data: str) -> str:
    bearer = ' -H "Authorization: Bearer $API_TOKEN"' * api.has_token
    wait = "".join(f"-H '{name}: {value}'" for name, value in WAIT.items())
    return (
        f"curl -s {shlex.quote(api.address + path)}{bearer} {wait} "
        f"-H 'Content-Type: application/json' -d {data}\n"
    )
