"""Code for the call that was just made, ready to paste: Python, curl, JavaScript."""

import json
from pathlib import Path
from typing import Any

from tasks.base import Task

# The name under which each snippet is shown, with the language it is coloured as.
SNIPPETS = {
    "Python": "python",
    "Python, without this page": "python",
    "curl": "shell",
    "JavaScript": "javascript",
}


def snippets(
    address: str, task: Task, model: str, name_elsewhere: str, inputs: dict, options: dict
) -> list[str]:
    """One text for each of SNIPPETS. `address`: this page's; `options`: those not at their default.

    `name_elsewhere` is the model for transformers. Files (a Path) are named, not contained: the
    reader puts theirs there.
    """
    name = task.id.replace("-", "_")
    given = {**inputs, "model": model, **options}
    return [
        _python(address, name, given),
        _transformers(task, name_elsewhere, inputs, options),
        _curl(address, name, given),
        _javascript(address, name, given),
    ]


def _python(address: str, name: str, given: dict) -> str:
    files = any(isinstance(value, Path) for value in given.values())
    arguments = "".join(f"    {key}={_py(value)},\n" for key, value in given.items())
    return (
        f"# pip install gradio_client\n"
        f"from gradio_client import Client{', handle_file' if files else ''}\n\n"
        f'client = Client("{address}")\n'
        f"answer = client.predict(\n{arguments}"
        f'    api_name="/{name}",\n)\nprint(answer)\n'
    )


def _transformers(task: Task, model: str, inputs: dict, options: dict) -> str:
    first, *others = inputs.items()
    value = repr(first[1].name) if isinstance(first[1], Path) else repr(first[1])
    arguments = "".join(f", {key}={value!r}" for key, value in [*others, *options.items()])
    return (
        f"# pip install transformers torch\n"
        f"from transformers import pipeline\n\n"
        f'pipe = pipeline("{task.id}", model={model!r})\n'
        f"print(pipe({value}{arguments}))\n"
    )


def _curl(address: str, name: str, given: dict) -> str:
    """Two steps, as gradio's queue wants it: post the call, then read its events."""
    upload = ""
    shown: dict[str, Any] = {}
    for key, value in given.items():
        if isinstance(value, Path):
            upload = (
                f"FILE=$(curl -s {address}/gradio_api/upload -F 'files=@{value.name}' "
                "| cut -d'\"' -f2)\n"
            )
            shown[key] = {"path": "$FILE", "meta": {"_type": "gradio.FileData"}}
        else:
            shown[key] = value
    body = json.dumps(shown, ensure_ascii=False).replace("'", "'\\''")
    body = body.replace('"$FILE"', "\"'$FILE'\"")
    return (
        f"{upload}ID=$(curl -s {address}/gradio_api/call/v2/{name} \\\n"
        f"  -H 'Content-Type: application/json' \\\n"
        f"  -d '{body}' | cut -d'\"' -f4)\n"
        f"curl -sN {address}/gradio_api/call/{name}/$ID\n"
    )


def _javascript(address: str, name: str, given: dict) -> str:
    files = [value.name for value in given.values() if isinstance(value, Path)]
    shown = ",\n".join(
        f"  {key}: " + ("file" if isinstance(v, Path) else json.dumps(v, ensure_ascii=False))
        for key, v in given.items()
    )
    read = ""
    if files:
        read = (
            'import { readFile } from "node:fs/promises";\n'
            f"const file = handle_file(new Blob([await readFile({json.dumps(files[0])})]));\n"
        )
    return (
        "// npm install @gradio/client\n"
        f'import {{ Client{", handle_file" if files else ""} }} from "@gradio/client";\n{read}\n'
        f'const client = await Client.connect("{address}");\n'
        f'const answer = await client.predict("/{name}", {{\n{shown}\n}});\n'
        "console.log(answer.data);\n"
        "globalThis.process?.exit(); // Node would wait for the open connection\n"
    )


def _py(value: Any) -> str:
    return f"handle_file({value.name!r})" if isinstance(value, Path) else repr(value)
