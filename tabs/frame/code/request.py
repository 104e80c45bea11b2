"""One request by plain HTTP, in Python, curl and JavaScript."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks import chat
from tasks.api_contract import Call
from tasks.base import Task

CHAT = "/v1/chat/completions"
JSON = "Content-Type: application/json"


@dataclass(frozen=True)
class HttpCall:
    """`body` as JSON; `file` names the recording that goes into it as "inputs", in base64.

    `token`: the environment variable that holds one; None where none is sent.
    """

    url: str
    body: dict[str, Any]
    file: str | None = None
    token: str | None = "HF_TOKEN"

    @classmethod
    def of(cls, url: str, call: Call, token: str | None = "HF_TOKEN") -> "HttpCall":
        body = {"inputs": call.inputs, "parameters": call.parameters}
        if isinstance(call.inputs, Path):
            return cls(url, {**body, "inputs": ""}, call.inputs.name, token)
        return cls(url, body, token=token)

    def python(self) -> str:
        lines = "".join(f"    {json.dumps(k)}: {v!r},\n" for k, v in self.body.items())
        modules, read, bearer = ["import os\n"] if self.token else [], "", ""
        if self.token:
            variable = f"os.environ['{self.token}']"
            bearer = f'    headers={{"Authorization": f"Bearer {{{variable}}}"}},\n'
        if self.file:
            modules = ["import base64\n", *modules, "from pathlib import Path\n"]
            read = f"recording = base64.b64encode(Path({self.file!r}).read_bytes()).decode()\n"
            lines = lines.replace("\"inputs\": ''", '"inputs": recording', 1)
        imports = "".join(modules) + "\n" * bool(modules) + "import requests\n"
        return (
            f"# pip install requests\n{imports}\n{read}body = {{\n{lines}}}\n"
            f"answer = requests.post(\n    {self.url!r},\n{bearer}"
            f"    json=body,\n    timeout=600,\n)\n"
            f"answer.raise_for_status()\nprint(answer.json())\n"
        )

    def curl(self) -> str:
        bearer = f'-H "Authorization: Bearer ${self.token}" ' * bool(self.token)
        post = f"curl -s {shlex.quote(self.url)} \\\n  {bearer}-H '{JSON}' \\\n"
        if not self.file:
            return f"{post}  -d {shlex.quote(as_json(self.body))}\n"
        rest = {key: value for key, value in self.body.items() if key != "inputs"}
        return f"{encoded(self.file, rest)} |\n{post}  -d @-\n"

    def javascript(self) -> str:
        body, read = json.dumps(self.body, ensure_ascii=False, indent=2), ""
        if self.file:
            read = (
                'import { readFile } from "node:fs/promises";\n\n'
                f'const recording = await readFile({json.dumps(self.file)}, "base64");\n'
            )
            body = body.replace('"inputs": ""', '"inputs": recording', 1)
        return (
            f"{read}const body = {body};\n"
            f"const answer = await fetch({json.dumps(self.url)}, {{\n"
            '  method: "POST",\n  headers: {\n'
            f"    Authorization: `Bearer ${{process.env.{self.token}}}`,\n"
            '    "Content-Type": "application/json",\n  },\n'
            "  body: JSON.stringify(body),\n});\nconsole.log(await answer.json());\n"
        )


def conversation(url: str, task: Task, model: str, inputs: Any, options: Any) -> HttpCall:
    """For a task that `chats`."""
    return HttpCall(url, {"model": model, **chat.payload(inputs.text, options)})


def encoded(file: str, rest: dict[str, Any]) -> str:
    """Print a body for curl: the file in base64 as "inputs", and `rest`."""
    content = f"$(base64 < {shlex.quote(file)} | tr -d '\\n')"
    return f'printf \'{{"inputs": "%s", %s\' "{content}" {shlex.quote(as_json(rest)[1:])}'


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
