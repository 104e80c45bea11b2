"""The call again, on this page by its API, or in transformers without it."""

import json
from pathlib import Path
from typing import Any

from tasks.base import Task

COPY = "# Run it in a copy of this project: "


def gradio_python(address: str, name: str, values: dict) -> str:
    """The page's API function `name`, by gradio's client for Python."""
    files = any(isinstance(value, Path) for value in values.values())
    arguments = "".join(f"    {key}={_py(value)},\n" for key, value in values.items())
    return (
        f"# pip install gradio_client\n"
        f"from gradio_client import Client{', handle_file' if files else ''}\n\n"
        f'client = Client("{address}")\n'
        f"answer = client.predict(\n{arguments}"
        f'    api_name="/{name}",\n)\nprint(answer)\n'
    )


def without_page(task: Task, model: str, inputs: dict, call: dict) -> str:
    """The same in transformers alone, or why it takes a copy of this project.

    A file is read first, as the task's medium has it.
    """
    medium, packages, reading = task.medium, "transformers torch", ""
    for file in (value for value in inputs.values() if isinstance(value, Path)):
        packages, reading = f"{packages} {medium.packages}", medium.reading.format(file=file.name)
    literals = [medium.argument if isinstance(v, Path) else repr(v) for v in inputs.values()]
    arguments = ", ".join(literals)
    arguments += "".join(f", {key}={value!r}" for key, value in call.items())
    made = _ours(task.pipeline_class, model) if task.pipeline_class else _transformers(task, model)
    imports, pipe = made
    if model.startswith("samples/"):
        imports = f"{COPY}{model} is a folder of it, in no package.\n{imports}"
    return f"# pip install {packages}\n{imports}{reading}\n{pipe}print(pipe({arguments}))\n"


def _transformers(task: Task, model: str) -> tuple[str, str]:
    pipe = f'pipe = pipeline("{task.id}", model={model!r})\n'
    return "from transformers import pipeline\n", pipe


def _ours(pipeline_class: str, model: str) -> tuple[str, str]:
    """Our own, where transformers has none; it needs no page either."""
    module, _, name = pipeline_class.rpartition(".")
    imports = f"{COPY}transformers 5 has no such pipeline.\nfrom {module} import {name}\n"
    return imports, f"pipe = {name}.from_pretrained({model!r})\n"


def gradio_javascript(address: str, name: str, values: dict) -> str:
    """The page's API function `name`, by gradio's client for JavaScript."""
    files = [value.name for value in values.values() if isinstance(value, Path)]
    lines = ",\n".join(
        f"  {key}: " + ("file" if isinstance(v, Path) else json.dumps(v, ensure_ascii=False))
        for key, v in values.items()
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
        f'const answer = await client.predict("/{name}", {{\n{lines}\n}});\n'
        "console.log(answer.data);\n"
        "globalThis.process?.exit(); // Node would wait for the open connection\n"
    )


def _py(value: Any) -> str:
    return f"handle_file({value.name!r})" if isinstance(value, Path) else repr(value)
