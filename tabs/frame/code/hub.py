"""The call again, by the Inference API: with Hugging Face's own clients, and with curl."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backends.destination import AUTO
from tabs.frame.code.clients import inference_call, inference_chat, openai_client, without_none
from tabs.frame.code.request import CHAT, HttpCall, as_json, conversation, files_of
from tasks import chat
from tasks.base import Task

ROUTER = "https://router.huggingface.co"
DIALECT = (
    "# In the dialect of hf-inference; other providers have their own, which the clients know.\n"
)


def snippets(
    task: Task, model: str, inputs: dict, options: Any, provider: str
) -> tuple[str, str, str, str]:
    """Python, OpenAI's client, curl, JavaScript.

    A task that the clients have no method for is posted by hand.
    """
    read = task.read_inputs(inputs)
    if task.chats:
        suffix = "" if provider == AUTO else f":{provider}"
        by_hand = conversation(ROUTER + CHAT, task, model + suffix, read, options)
        payload = chat.payload(read.text, options)
        return (
            _python(provider, inference_chat({"model": model, **payload})),
            openai_client(ROUTER + CHAT, by_hand.body),
            by_hand.curl(),
            _javascript(provider, "chatCompletion", {"model": model, **payload}, None),
        )
    call = task.call(read, options)
    by_hand = HttpCall.of(f"{ROUTER}/hf-inference/models/{model}", task, call)
    python = inference_call(task, call, options, {"model": model})
    if not python:
        return by_hand.python(), "", DIALECT + by_hand.curl(), by_hand.javascript()
    body = {"inputs": call.inputs, "parameters": without_none(call.parameters)}
    name = re.sub(r"-(\w)", lambda match: match[1].upper(), task.id)
    return (
        _python(provider, python),
        "",
        DIALECT + by_hand.curl(),
        _javascript(provider, name, {"model": model, **body}, call.inputs),
    )


def _python(provider: str, call: str) -> str:
    return (
        "# pip install huggingface_hub\nimport os\n\n"
        "from huggingface_hub import InferenceClient\n\n"
        f'client = InferenceClient(provider={provider!r}, api_key=os.environ["HF_TOKEN"])\n{call}'
    )


def _javascript(provider: str, method: str, values: dict[str, Any], inputs: Any) -> str:
    read, loop, end, step = "", "", "", ""
    fields = {"provider": provider, **values}
    if files_of(inputs):
        read = 'import { readFile } from "node:fs/promises";\n'
    if isinstance(inputs, Path):
        fields = {("data" if k == "inputs" else k): v for k, v in fields.items()}
    elif isinstance(inputs, list):
        loop, end, step = f"for (const inputs of {as_json(inputs)}) {{\n", "}\n", "  "
    lines = "".join(f"  {key}: {_literal(key, value, inputs)},\n" for key, value in fields.items())
    call = f"const answer = await client.{method}({{\n{lines}}});\nconsole.log(answer);\n"
    body = "".join(f"{step}{line}\n" for line in call.splitlines())
    return (
        f"// npm install @huggingface/inference\n{read}import {{ InferenceClient }} from "
        '"@huggingface/inference";\n\n'
        f"const client = new InferenceClient(process.env.HF_TOKEN);\n{loop}{body}{end}"
    )


def _literal(key: str, value: Any, inputs: Any) -> str:
    if isinstance(value, Path):
        return f"new Blob([await readFile({as_json(value.name)})])"
    if isinstance(value, Mapping) and files_of(value):
        pairs = ", ".join(
            f"{as_json(name)}: {_literal(name, v, None)}" for name, v in value.items()
        )
        return f"{{ {pairs} }}"
    return "inputs" if key == "inputs" and isinstance(inputs, list) else as_json(value)
