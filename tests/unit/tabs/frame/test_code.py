"""The code for calls made elsewhere, run as a reader would, against servers on this machine."""

import ast
import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tasks
from backends.destination import Destination
from tabs.frame import code
from tabs.frame.code import Api
from tests.elsewhere import Elsewhere
from tests.loopback_inference import Chat, HubApi, Played, Router, Serving, Toolkit

TASKS = tasks.discover()
MODEL = "org/model"
TOKEN = "hf_readers"
HOSTILE = "It's \"fine\", isn't it?\\ $HOME $(id) `id` 好"
SPEECH = Path("It's (mine); a,b.mp3")

# What is asked, and what a server that was asked exactly that answers.
CALLS: dict[str, tuple[dict[str, Any], dict[str, Any], Any]] = {
    "text-classification": (
        {"text": HOSTILE},
        {"top_k": 1},
        lambda inputs, options: [{"label": inputs.text, "score": 1.0 / options.top_k}],
    ),
    "zero-shot-classification": (
        {"text": HOSTILE, "labels": ["a'b", "c"]},
        {"multi_label": True},
        lambda inputs, options: {
            "sequence": inputs.text,
            "labels": inputs.labels,
            "scores": [0.5, 0.25] if options.multi_label else [0.0, 0.0],
        },
    ),
    "question-answering": (
        {"question": "Who?", "context": HOSTILE},
        {},
        lambda inputs, options: {
            "answer": inputs.context, "score": 1.0, "start": 0, "end": len(inputs.question),
        },
    ),
    "automatic-speech-recognition": (
        {"audio": SPEECH},
        {"language": "en"},
        lambda inputs, options: {"text": f"{inputs.audio.decode()} in {options.language}"},
    ),
    "text2text-generation": (
        {"text": HOSTILE},
        {"max_new_tokens": 7},
        lambda inputs, options: [{"generated_text": f"{inputs.text} {options.max_new_tokens}"}],
    ),
}  # fmt: skip


def answer(model: str, task: Any, inputs: Any, options: Any) -> Any:
    return CALLS[task.id][2](inputs, options)


def chatting(model: str, task: Any, inputs: Any, options: Any) -> list[dict[str, Any]]:
    said = {"role": "assistant", "content": f"{inputs.text[-1]['content']} at last"}
    return [{"generated_text": [*inputs.text, said]}]


def written(task_id: str, where: Destination) -> dict[str, str]:
    task = TASKS[task_id]
    inputs, options, _ = CALLS.get(task_id, ({"text": HOSTILE}, {"max_new_tokens": 9}, None))
    texts = code.snippets(
        Api("http://page"), task, MODEL, MODEL, inputs, task.read_options(options), where
    )
    return dict(zip(code.SNIPPETS, texts, strict=True))


def ran(command: list[str], folder: Path, environ: dict[str, str]) -> str:
    (folder / SPEECH).write_bytes(b"sound")
    environ = os.environ | {"HF_TOKEN": TOKEN, **environ}
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def bearers(played: Played) -> set[str]:
    return {asked.headers.get("authorization", "") for asked in played.asked}


@pytest.mark.parametrize("task_id", CALLS)
def test_the_code_for_an_endpoint_asks_it_the_same(task_id: str, tmp_path: Path) -> None:
    toolkit = Toolkit(answer, {MODEL: TASKS[task_id]})
    with Serving(toolkit) as serving:
        shown = written(task_id, Destination("endpoint", url=f"{serving.url}/"))
        said = ast.literal_eval(ran([sys.executable, "-c", shown["Python"]], tmp_path, {}))
        assert json.loads(ran(["bash", "-c", shown["curl"]], tmp_path, {})) == said
    assert str(said).count("sound" if task_id.startswith("automatic") else "isn") == 1
    assert bearers(toolkit) == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("task_id", CALLS)
def test_the_code_for_the_inference_api_asks_it_the_same(task_id: str, tmp_path: Path) -> None:
    models = {MODEL: TASKS[task_id]}
    router = Router(answer, models)
    hosts = {"router.huggingface.co": router, "huggingface.co": HubApi(answer, models)}
    with Elsewhere(hosts) as elsewhere:
        shown = written(task_id, Destination("hub", provider="hf-inference"))
        environ = {**elsewhere.environ, "HF_ENDPOINT": "https://huggingface.co"}
        environ["CURL_CA_BUNDLE"] = environ["REQUESTS_CA_BUNDLE"] = environ["SSL_CERT_FILE"]
        ran([sys.executable, "-c", shown["Python"]], tmp_path, environ)
        ran(["bash", "-c", shown["curl"]], tmp_path, environ)
    by_client, by_hand = (json.loads(asked.body)["inputs"] for asked in router.asked)
    assert by_client == by_hand
    sound = base64.b64encode(b"sound").decode()
    texts = by_hand.values() if isinstance(by_hand, dict) else [by_hand]
    assert (sound if task_id.startswith("automatic") else HOSTILE) in texts
    assert bearers(router) == {f"Bearer {TOKEN}"}


def test_a_conversation_goes_on_at_an_endpoint(tmp_path: Path) -> None:
    server = Chat(chatting, {MODEL: TASKS["text-generation"]})
    with Serving(server) as serving:
        where = Destination("endpoint", url=f"{serving.url}/v1/chat/completions")
        shown = written("text-generation", where)
        ran([sys.executable, "-c", shown["Python"].replace(".json()", ".text")], tmp_path, {})
        assert "at last" in _joined(ran(["bash", "-c", shown["curl"]], tmp_path, {}))
    first, second = (json.loads(asked.body) for asked in server.asked)
    assert first == second
    assert first["messages"] == [{"role": "user", "content": HOSTILE}]
    assert first["max_tokens"] == 9


def of_this_app(url: str, task_id: str, inputs: dict[str, Any], **api: Any) -> dict[str, str]:
    task, converses = TASKS[task_id], task_id == "text-generation"
    texts = code.snippets(
        Api(url, "/", **api), task, MODEL, MODEL, inputs, task.options(),
        converses=converses,
    )  # fmt: skip
    return dict(zip(code.SNIPPETS, texts, strict=True))


@pytest.mark.parametrize(("has_token", "bearer"), [(False, "Bearer none"), (True, "Bearer mine")])
@pytest.mark.parametrize("task_id", ["text-generation", "text-classification"])
def test_this_app_is_sent_its_own_token_alone(
    task_id: str, has_token: bool, bearer: str, tmp_path: Path
) -> None:
    """Though the reader's environment holds one for Hugging Face, which the client would send."""
    server = Chat(chatting, {MODEL: TASKS[task_id]})
    environ = os.environ | {"HF_TOKEN": TOKEN, "API_TOKEN": "mine"}
    with Serving(server) as serving:
        shown = of_this_app(serving.url, task_id, {"text": HOSTILE}, has_token=has_token)
        for name in ("Python", "OpenAI"):
            command = [sys.executable, "-c", shown[name]]
            subprocess.run(command, env=environ, capture_output=True, timeout=120)
        subprocess.run(["bash", "-c", shown["curl"]], env=environ, capture_output=True, timeout=60)
    assert bearers(server) == ({bearer} if has_token else {bearer, ""})


def test_a_model_that_programs_may_not_ask_for_has_the_pages_own_function_alone() -> None:
    task = TASKS["text-classification"]
    texts = code.snippets(Api("http://page"), task, MODEL, MODEL, {"text": "a"}, task.options())
    shown = dict(zip(code.SNIPPETS, texts, strict=True))
    assert [name for name, text in shown.items() if text] == [
        "gradio_client", "transformers", "JavaScript",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("task_id", "model", "reason"),
    [
        ("text-classification", "samples/sentiment-en", "samples/sentiment-en is a folder of it"),
        ("translation", MODEL, "transformers 5 has no such pipeline"),
        ("text-classification", MODEL, None),
    ],
)
def test_what_needs_more_than_packages_says_so(
    task_id: str, model: str, reason: str | None
) -> None:
    task = TASKS[task_id]
    texts = code.snippets(Api(""), task, MODEL, model, {"text": "a"}, task.options())
    alone = dict(zip(code.SNIPPETS, texts, strict=True))["transformers"]
    assert (f"# Run it in a copy of this project: {reason}" in alone) == bool(reason)
    assert ("copy of this project" in alone) == bool(reason)


def _joined(events: str) -> str:
    told = [line[6:] for line in events.splitlines() if line.startswith("data: {")]
    return "".join(json.loads(one)["choices"][0]["delta"]["content"] for one in told)


@pytest.mark.skipif(not shutil.which("node"), reason="no node on this machine")
@pytest.mark.parametrize("task_id", [*CALLS, "text-generation"])
@pytest.mark.parametrize("kind", ["hub", "endpoint"])
def test_javascript_that_node_can_read(task_id: str, kind: str, tmp_path: Path) -> None:
    shown = written(task_id, Destination(kind, url="https://a.example/v1/chat/completions"))
    (tmp_path / "call.mjs").write_text(shown["JavaScript"], encoding="utf-8")
    ran(["node", "--check", "call.mjs"], tmp_path, {})


@pytest.mark.parametrize("task_id", [*CALLS, "text-generation"])
@pytest.mark.parametrize("kind", ["local", "hub", "endpoint"])
def test_no_code_holds_a_token(task_id: str, kind: str) -> None:
    where = Destination(
        kind, url="https://a.example/", token="hf_planted", endpoint_token="planted"
    )
    shown = written(task_id, where)
    assert "planted" not in "".join(shown.values())
    asks = [text for name, text in shown.items() if text and name != "transformers"]
    assert asks
    assert all(("HF_TOKEN" in text) == (kind != "local") for text in asks)


def test_several_texts_are_asked_one_after_the_other() -> None:
    task = TASKS["text-classification"]
    inputs = {"text": ["a", "b"]}
    texts = code.snippets(Api(""), task, MODEL, MODEL, inputs, task.options(), Destination("hub"))
    assert "for text in ['a', 'b']:" in texts[0]
    assert 'for (const inputs of ["a", "b"])' in texts[-1]


@pytest.mark.parametrize(
    "where", [Destination("local"), Destination("hub"), Destination("endpoint", url="http://e/")]
)
def test_code_that_leaves_out_what_rules_find_says_so(where: Destination) -> None:
    task, api = TASKS["token-classification"], Api("http://page", "/models/a")
    asking = {"local": "transformers", "hub": "JavaScript", "endpoint": "JavaScript"}[where.kind]
    for rules in (True, False):
        options = task.options(rules=rules)
        texts = code.snippets(api, task, MODEL, MODEL, {"text": "a"}, options, where)
        shown = dict(zip(code.SNIPPETS, texts, strict=True))
        noted = {name for name, text in shown.items() if "What rules find" in text}
        assert noted == ({"Python", "curl", asking} if rules else set())
        ast.parse(shown["Python"])
