"""One request by plain HTTP, in Python, curl and JavaScript."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks import chat
from tasks.api_contract import Call
from tasks.base import Task
from tasks.media import TEXT

CHAT = "/v1/chat/completions"
JSON = "Content-Type: application/json"
CONTENT = "\x1acontent"  # stands in a body for a file's content, until the body is code


@dataclass(frozen=True)
class HttpCall:
    """`body` as JSON; `file` names the file that goes into it where CONTENT is, in base64.

    `token`: the environment variable that holds one; None where none is sent. `noun`: the variable
    that holds the file's content.
    """

    url: str
    body: dict[str, Any]
    file: str | None = None
    token: str | None = "HF_TOKEN"
    noun: str = TEXT.noun

    @classmethod
    def of(cls, url: str, task: Task, call: Call, token: str | None = "HF_TOKEN") -> "HttpCall":
        body, file = body_with_file(call)
        return cls(url, body, file, token, task.medium.noun)

    def python(self) -> str:
        lines = "".join(f"    {json.dumps(k)}: {v!r},\n" for k, v in self.body.items())
        modules, read, bearer = ["import os\n"] if self.token else [], "", ""
        if self.token:
            variable = f"os.environ['{self.token}']"
            bearer = f'    headers={{"Authorization": f"Bearer {{{variable}}}"}},\n'
        if self.file:
            modules = ["import base64\n", *modules, "from pathlib import Path\n"]
            read = f"{self.noun} = base64.b64encode(Path({self.file!r}).read_bytes()).decode()\n"
            lines = lines.replace(repr(CONTENT), self.noun, 1)
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
        return f"{encoded(self.file, self.body)} |\n{post}  -d @-\n"

    def javascript(self) -> str:
        body, read = json.dumps(self.body, ensure_ascii=False, indent=2), ""
        if self.file:
            read = (
                'import { readFile } from "node:fs/promises";\n\n'
                f'const {self.noun} = await readFile({json.dumps(self.file)}, "base64");\n'
            )
            body = body.replace(as_json(CONTENT), self.noun, 1)
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


def body_with_file(call: Call) -> tuple[dict[str, Any], str | None]:
    """The body of a request with CONTENT in place of a file, and the name of that file."""
    inputs, files = call.inputs, files_of(call.inputs)
    if isinstance(inputs, Path):
        inputs = CONTENT
    elif files:
        inputs = {k: CONTENT if isinstance(v, Path) else v for k, v in inputs.items()}
    body = {"inputs": inputs, "parameters": call.parameters}
    return body, files[0].name if files else None


def files_of(inputs: Any) -> list[Path]:
    """The files among what a call is about."""
    values = inputs.values() if isinstance(inputs, Mapping) else [inputs]
    return [value for value in values if isinstance(value, Path)]


def encoded(file: str, body: dict[str, Any]) -> str:
    """Print `body` for curl, the file in base64 in place of CONTENT."""
    before, after = as_json(body).split(as_json(CONTENT), 1)
    content = f"$(base64 < {shlex.quote(file)} | tr -d '\\n')"
    parts = shlex.quote(f'{before}"'), f'"{content}"', shlex.quote(f'"{after}')
    return f"printf '%s' {' '.join(parts)}"


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
