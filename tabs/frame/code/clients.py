"""Calls of clients that people have, without what makes the client."""

import inspect
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from runtime.watch import Watch
from tabs.frame.code.request import CHAT
from tasks.api_contract import Call
from tasks.base import Task
from tasks.hub_client import supported_parameters

# What OpenAI's client takes of a conversation's body; the rest goes in `extra_body`.
# Source: https://platform.openai.com/docs/api-reference/chat/create
HF_KEY = 'os.environ["HF_TOKEN"],'
OS = "import os\n\n"
OPENAI = ("model", "messages", "max_tokens", "temperature", "top_p", "seed")


def inference_method(task: Task) -> Callable | None:
    """The method of huggingface_hub's client for this task, if it has one."""
    from huggingface_hub import InferenceClient

    return getattr(InferenceClient, task.id.replace("-", "_"), None)


def inference_call(task: Task, call: Call, options: Any, target: Mapping[str, Any]) -> str:
    """Call the method for one text; several go one after the other. Empty without a method.

    `target`: further arguments, such as the model.
    """
    method = inference_method(task)
    if method is None:
        return ""
    settings = without_none(supported_parameters(method, call.parameters, options, Watch()))
    if "extra_body" in inspect.signature(method).parameters:
        settings["extra_body"] = call.parameters
    name = task.id.replace("-", "_")
    if isinstance(call.inputs, Mapping):
        parameters = arguments({**call.inputs, **target, **settings})
        return f"print(\n{_indented(f'client.{name}({chr(10)}{parameters})')})\n"
    rest = arguments({**target, **settings})
    several = isinstance(call.inputs, list)
    argument = "text" if several else _python(call.inputs)
    program = f"answer = client.{name}(\n    {argument},\n{rest})\nprint(answer)\n"
    return f"for text in {call.inputs!r}:\n{_indented(program)}" if several else program


def inference_chat(body: Mapping[str, Any]) -> str:
    """`chat_completion` of huggingface_hub's client."""
    from huggingface_hub import InferenceClient

    names = inspect.signature(InferenceClient.chat_completion).parameters
    return _chat("chat_completion", body, names)


def openai_client(
    url: str,
    body: Mapping[str, Any],
    key: str = HF_KEY,
    headers: Mapping[str, str] | None = None,
) -> str:
    """The same by OpenAI's own client. `url` ends with CHAT; `key` says in Python what it sends."""
    base = url.removesuffix(CHAT) + "/v1"
    more = f"    default_headers={headers!r},\n" if headers else ""
    return (
        f"# pip install openai\n{OS * ('os.' in key)}from openai import OpenAI\n\n"
        f"client = OpenAI(\n    base_url={base!r},\n{more}    api_key={key}\n)\n"
        + _chat("chat.completions.create", body, OPENAI)
    )


def _chat(method: str, body: Mapping[str, Any], names: Collection[str]) -> str:
    values = {name: value for name, value in body.items() if name in names}
    if more := {name: value for name, value in body.items() if name not in names}:
        values["extra_body"] = more
    return (
        f"answer = client.{method}(\n{arguments(values)})\n"
        "print(answer.choices[0].message.content)\n"
    )


def arguments(values: Mapping[str, Any]) -> str:
    """One keyword argument a line."""
    return "".join(f"    {key}={_python(value)},\n" for key, value in values.items())


def _python(value: Any) -> str:
    """A value in Python; a file is its name."""
    return repr(value.name if isinstance(value, Path) else value)


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is None was not set."""
    return {key: value for key, value in values.items() if value is not None}


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
