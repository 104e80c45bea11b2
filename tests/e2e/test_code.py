"""The code that the page shows for a call, run as a reader would against the app that answered."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tasks
from tabs.frame import code
from tabs.frame.code import Api
from tests import tiny_language_models
from tests.cases import cases
from tests.serving import Served, with_models

TASKS = tasks.discover()
CASES = cases(list(TASKS))


def written(served: Served, task_id: str, **change: Any) -> dict[str, str]:
    """The snippets for the task's own case."""
    task, case = TASKS[task_id], CASES[task_id]
    options = task.read_options({**case.options(task), **change})
    return snippets(served, task, case.model, case.inputs(task), options)


def snippets(
    served: Served, task: Any, model: str, inputs: dict, options: Any, converses: bool = False
) -> dict[str, str]:
    api = Api(served.url, f"/models/{model}/pipeline/{task.id}", has_token=converses)
    texts = code.snippets(api, task, model, model, inputs, options, converses=converses)
    return dict(zip(code.SNIPPETS, texts, strict=True))


def printed(python: str, folder: Path) -> str:
    """What it prints; run in this process, which has the libraries loaded."""
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(python, "snippet", "exec"), {"__name__": "__main__"})
    return output.getvalue()


def words(answer: Any) -> list[str]:
    """The texts in an answer, whatever they are nested in."""
    if isinstance(answer, dict):
        return [word for value in answer.values() for word in words(value)]
    if isinstance(answer, list):
        return [word for value in answer for word in words(value)]
    return [answer] if isinstance(answer, str) else []


@pytest.mark.parametrize("task_id", CASES)
def test_clients_and_curl_answer_the_same(served: Served, tmp_path: Path, task_id: str) -> None:
    for file in (CASES[task_id].given[name] for name in TASKS[task_id].file_inputs):
        shutil.copy(file, tmp_path)
    repeatable = {"temperature"} & TASKS[task_id].options.controls().keys()
    shown = written(served, task_id, **dict.fromkeys(repeatable, 0.0))
    assert shown["curl"].count("\n") == 1
    done = subprocess.run(
        ["bash", "-c", shown["curl"]], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert "error" not in answer
    said = printed(shown["Python"], tmp_path)
    assert said
    for word in words(answer):
        assert repr(word)[1:-1] in said or word in said


READ = f"""{sys.executable} -c 'import json, sys
print(json.load(sys.stdin)["choices"][0]["message"]["content"])'"""
ROWS = """text-generation:
  - {id: org/chat, about: -, languages: [en], licence: mit, size_mb: 1, source: hub}
"""


def test_a_conversation_goes_on_by_each_client(environ: dict[str, str], tmp_path: Path) -> None:
    """With a token, which programs must send here."""
    chat = tiny_language_models.gpt2(tmp_path / "chat", longest=512, chat=True)
    task = TASKS["text-generation"]
    inputs = {"text": [{"role": "user", "content": "It's me"}]}
    options = task.read_options({"max_new_tokens": 8, "temperature": 0.0})
    with with_models({**environ, "API_TOKEN": "s3cret"}, tmp_path, ROWS, chat=chat) as served:
        shown = snippets(served, task, "org/chat", inputs, options, converses=True)
        answers = {
            subprocess.run(
                command, env=os.environ | {"API_TOKEN": "s3cret"}, capture_output=True, text=True,
                check=True, timeout=300,
            ).stdout.strip()
            for command in (
                [sys.executable, "-c", shown["Python"]],
                [sys.executable, "-c", shown["OpenAI"]],
                ["bash", "-c", f"{shown['curl'].strip()} | {READ}"],
            )
        }  # fmt: skip
    assert len(answers) == 1
    assert answers.pop()
