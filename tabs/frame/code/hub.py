"""The call again, by the Inference API: with Hugging Face's own clients, and with curl."""

import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from backends.where import AUTO
from runtime.watch import Watch
from tabs.frame.code.request import CHAT, Request, as_json, conversation
from tasks import chat
from tasks.asking import accepted
from tasks.base import Task
from tasks.wire import Call

ROUTER = "https://router.huggingface.co"
DIALECT = (
    "# In the dialect of hf-inference; other providers have their own, which the clients know.\n"
)


def snippets(
    task: Task, model: str, inputs: dict, options: Any, provider: str
) -> tuple[str, str, str]:
    """Python, curl, JavaScript. A task that the clients have no method for is posted by hand."""
    read = task.read_inputs(inputs)
    if task.chats:
        suffix = "" if provider == AUTO else f":{provider}"
        by_hand = conversation(ROUTER + CHAT, task, model + suffix, read, options)
        said = chat.payload(read.text, options)
        return (
            _python(provider, _python_chat(model, said)),
            by_hand.curl(),
            _javascript(provider, "chatCompletion", {"model": model, **said}, None),
        )
    call = task.call(read, options)
    by_hand = Request.of(f"{ROUTER}/hf-inference/models/{model}", call)
    method = _method(task)
    if method is None:
        return by_hand.python(), DIALECT + by_hand.curl(), by_hand.javascript()
    given = {"inputs": call.inputs, "parameters": _without_none(call.parameters)}
    name = re.sub(r"-(\w)", lambda match: match[1].upper(), task.id)
    return (
        _python(provider, _python_call(method, model, call, options)),
        DIALECT + by_hand.curl(),
        _javascript(provider, name, {"model": model, **given}, call.inputs),
    )


def _method(task: Task) -> Callable | None:
    from huggingface_hub import InferenceClient

    return getattr(InferenceClient, task.id.replace("-", "_"), None)


def _python(provider: str, call: str) -> str:
    return (
        "# pip install huggingface_hub\nimport os\n\n"
        "from huggingface_hub import InferenceClient\n\n"
        f'client = InferenceClient(provider={provider!r}, api_key=os.environ["HF_TOKEN"])\n{call}'
    )


def _python_chat(model: str, said: Mapping[str, Any]) -> str:
    takes = inspect.signature(_chat_method()).parameters
    told = {name: value for name, value in said.items() if name in takes}
    if more := {name: value for name, value in said.items() if name not in takes}:
        told["extra_body"] = more
    return (
        f"answer = client.chat_completion(\n{_arguments({'model': model, **told})})\n"
        "print(answer.choices[0].message.content)\n"
    )


def _chat_method() -> Callable:
    from huggingface_hub import InferenceClient

    return InferenceClient.chat_completion


def _python_call(method: Callable, model: str, call: Call, options: Any) -> str:
    """Most methods take one text: several go one after the other."""
    told = _without_none(accepted(method, call.parameters, options, Watch()))
    if "extra_body" in inspect.signature(method).parameters:
        told["extra_body"] = call.parameters
    name = method.__name__
    if isinstance(call.inputs, Mapping):
        given = _arguments({**call.inputs, "model": model, **told})
        return f"print(\n{_indented(f'client.{name}({chr(10)}{given})')})\n"
    rest = _arguments({"model": model, **told})
    several = isinstance(call.inputs, list)
    value = call.inputs.name if isinstance(call.inputs, Path) else call.inputs
    shown = "text" if several else repr(value)
    asked = f"answer = client.{name}(\n    {shown},\n{rest})\nprint(answer)\n"
    return f"for text in {call.inputs!r}:\n{_indented(asked)}" if several else asked


def _javascript(provider: str, method: str, given: dict[str, Any], inputs: Any) -> str:
    read, loop, end, step = "", "", "", ""
    told = {"provider": provider, **given}
    if isinstance(inputs, Path):
        read = 'import { readFile } from "node:fs/promises";\n'
        told = {("data" if k == "inputs" else k): v for k, v in told.items()}
    elif isinstance(inputs, list):
        loop, end, step = f"for (const inputs of {as_json(inputs)}) {{\n", "}\n", "  "
    lines = "".join(f"  {key}: {_shown(key, value, inputs)},\n" for key, value in told.items())
    call = f"const answer = await client.{method}({{\n{lines}}});\nconsole.log(answer);\n"
    body = "".join(f"{step}{line}\n" for line in call.splitlines())
    return (
        f"// npm install @huggingface/inference\n{read}import {{ InferenceClient }} from "
        '"@huggingface/inference";\n\n'
        f"const client = new InferenceClient(process.env.HF_TOKEN);\n{loop}{body}{end}"
    )


def _shown(key: str, value: Any, inputs: Any) -> str:
    if isinstance(value, Path):
        return f"new Blob([await readFile({as_json(value.name)})])"
    return "inputs" if key == "inputs" and isinstance(inputs, list) else as_json(value)


def _arguments(given: Mapping[str, Any]) -> str:
    return "".join(f"    {key}={value!r},\n" for key, value in given.items())


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def _without_none(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value is not None}
