"""One request by plain HTTP, in Python, curl and JavaScript."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks import chat
from tasks.base import Task
from tasks.wire import Call

CHAT = "/v1/chat/completions"
JSON = "Content-Type: application/json"
BEARER = "Authorization: Bearer $HF_TOKEN"


@dataclass(frozen=True)
class Request:
    """`body` as JSON; `file` names the recording that goes into it as "inputs", in base64."""

    url: str
    body: dict[str, Any]
    file: str | None = None

    @classmethod
    def of(cls, url: str, call: Call) -> "Request":
        body = {"inputs": call.inputs, "parameters": call.parameters}
        if isinstance(call.inputs, Path):
            return cls(url, {**body, "inputs": ""}, call.inputs.name)
        return cls(url, body)

    def python(self) -> str:
        lines = "".join(f"    {json.dumps(k)}: {v!r},\n" for k, v in self.body.items())
        imports, read = "import os\n\nimport requests\n", ""
        if self.file:
            imports = "import base64\nimport os\nfrom pathlib import Path\n\nimport requests\n"
            read = f"recording = base64.b64encode(Path({self.file!r}).read_bytes()).decode()\n"
            lines = lines.replace("\"inputs\": ''", '"inputs": recording', 1)
        return (
            f"# pip install requests\n{imports}\n{read}body = {{\n{lines}}}\n"
            f"answer = requests.post(\n    {self.url!r},\n"
            f'    headers={{"Authorization": f"Bearer {{os.environ[\'HF_TOKEN\']}}"}},\n'
            f"    json=body,\n    timeout=600,\n)\n"
            f"answer.raise_for_status()\nprint(answer.json())\n"
        )

    def curl(self) -> str:
        post = f"curl -s {shlex.quote(self.url)} \\\n  -H \"{BEARER}\" -H '{JSON}' \\\n"
        if not self.file:
            return f"{post}  -d {shlex.quote(as_json(self.body))}\n"
        rest = shlex.quote(as_json({k: v for k, v in self.body.items() if k != "inputs"})[1:])
        encoded = f"$(base64 < {shlex.quote(self.file)} | tr -d '\\n')"
        return f'printf \'{{"inputs": "%s", %s\' "{encoded}" {rest} |\n{post}  -d @-\n'

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
            "    Authorization: `Bearer ${process.env.HF_TOKEN}`,\n"
            '    "Content-Type": "application/json",\n  },\n'
            "  body: JSON.stringify(body),\n});\nconsole.log(await answer.json());\n"
        )


def conversation(url: str, task: Task, model: str, inputs: Any, options: Any) -> Request:
    """For a task that `chats`."""
    return Request(url, {"model": model, **chat.payload(inputs.text, options)})


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
