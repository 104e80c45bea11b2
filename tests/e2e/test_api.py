"""Each task as a function of the page's API, called by gradio's own client."""

import ast
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import psutil
import pytest
import soundfile
from gradio.media import get_audio
from gradio_client import Client, handle_file

import tasks
from tabs.frame import code
from tabs.frame.code import Api
from tests.serving import ROOT, Served

HEATH = get_audio("heath_ledger.mp3")


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


def test_text_classification_returns_the_pipelines_json(client: Client) -> None:
    answer = client.predict(text="I am really happy today!", api_name="/text_classification")
    assert [set(label) for label in answer] == [{"label", "score"}] * 2
    assert answer[0]["label"] == "POSITIVE"
    assert answer[0]["score"] + answer[1]["score"] == pytest.approx(1.0, abs=1e-4)


def test_options_and_model_go_by_name(client: Client) -> None:
    answer = client.predict(
        text=["这个餐馆太难吃了。", "今天天气真不错，我很开心！"],
        model="sample/sentiment-zh",
        top_k=1,
        api_name="/text_classification",
    )
    assert [labels[0]["label"] for labels in answer] == ["NEGATIVE", "POSITIVE"]


def test_automatic_speech_recognition_hears_the_sentence(client: Client) -> None:
    answer = client.predict(
        audio=handle_file(HEATH), language="en", api_name="/automatic_speech_recognition"
    )
    assert "never do it for free" in answer["text"]
    assert answer["chunks"][0]["timestamp"][0] == 0.0


@pytest.mark.parametrize(
    "named",
    [
        {"path": HEATH, "meta": {"_type": "gradio.FileData"}},
        {"path": HEATH},  # gradio looks no closer at what is not marked as a file
        HEATH,
    ],
)
def test_no_file_of_the_server_can_be_named_as_a_recording(served: Served, named: object) -> None:
    answer = call(served, "automatic_speech_recognition", {"audio": named})
    assert "event: error" in answer
    assert "free" not in answer


def call(served: Served, name: str, given: dict) -> str:
    """One call in curl's two steps; what the second one prints."""
    with httpx.Client(base_url=f"{served.url}/gradio_api", timeout=120) as http:
        event = http.post(f"/call/v2/{name}", json=given).json()["event_id"]
        return http.get(f"/call/{name}/{event}").text


def snippets(served: Served, task_id: str, inputs: dict, **options: object) -> dict[str, str]:
    """The code that the page shows for this call."""
    task = tasks.discover()[task_id]
    here, elsewhere = MODELS[task_id]
    api = Api(served.url, f"/models/{here}")
    written = code.snippets(api, task, here, elsewhere, inputs, task.read_options(options))
    return dict(zip(code.SNIPPETS, written, strict=True))


# For the app, and for transformers alone: the package's model has no folder that all clones share.
MODELS = {
    "text-classification": ("sample/sentiment-en", "samples/sentiment-en"),
    "automatic-speech-recognition": ("package/whisper-base", "whisper-base"),
}
HOSTILE = "It's \"fine\", isn't it?\\ $HOME $(id) `id` 好"


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def printed(text: str) -> object:
    """The Python value on the last line."""
    return ast.literal_eval(text.strip().splitlines()[-1])


@pytest.mark.parametrize("options", [{}, {"top_k": 1, "function_to_apply": "sigmoid"}])
def test_the_code_for_a_text_gives_the_same_answer(
    served: Served, client: Client, options: dict
) -> None:
    answer = client.predict(text=HOSTILE, **options, api_name="/text_classification")
    shown = snippets(served, "text-classification", {"text": HOSTILE}, **options)
    alone = printed(run([sys.executable, "-c", shown["transformers"]], ROOT))
    assert [x["label"] for x in alone] == [x["label"] for x in answer]
    assert [x["score"] for x in alone] == pytest.approx([x["score"] for x in answer], abs=1e-4)
    assert printed(run([sys.executable, "-c", shown["gradio_client"]], ROOT)) == answer
    assert json.loads(run(["bash", "-c", shown["curl"]], ROOT)) == [answer]


def test_the_code_for_a_recording_gives_the_same_answer(
    served: Served, client: Client, tmp_path: Path, cache_dir: Path
) -> None:
    name = "It's (mine); a,b.mp3"
    (tmp_path / name).write_bytes(Path(HEATH).read_bytes())
    answer = client.predict(
        audio=handle_file(HEATH), language="en", api_name="/automatic_speech_recognition"
    )
    converted = next(path for path in (cache_dir / "converted").iterdir() if path.is_dir())
    (tmp_path / "whisper-base").symlink_to(converted)
    shown = snippets(served, "automatic-speech-recognition", {"audio": Path(name)}, language="en")
    assert printed(run([sys.executable, "-c", shown["gradio_client"]], tmp_path)) == answer
    assert json.loads(run(["bash", "-c", shown["curl"]], tmp_path)) == answer
    alone = printed(run([sys.executable, "-c", shown["transformers"]], tmp_path))
    assert alone["text"] == answer["text"]


def test_a_caller_who_is_gone_does_not_keep_the_machine_busy(
    served: Served, tmp_path: Path
) -> None:
    samples, rate = soundfile.read(HEATH, dtype="float32")
    soundfile.write(tmp_path / "long.wav", np.concatenate([samples] * 200), rate)
    process = psutil.Process(served.process.pid)
    caller = subprocess.Popen(
        [sys.executable, "-c", CALL.format(url=served.url, file=str(tmp_path / "long.wav"))]
    )
    busy = (process.cpu_percent(interval=2) > 60 for _ in range(30))
    assert any(a and b for a, b in itertools.pairwise(busy)), "it has begun"
    caller.kill()
    caller.wait()
    assert any(process.cpu_percent(interval=2) < 20 for _ in range(20))


CALL = """
from gradio_client import Client, handle_file
client = Client({url!r}, verbose=False)
client.predict(audio=handle_file({file!r}), language="en", api_name="/automatic_speech_recognition")
"""


def test_a_rows_options_hold_until_the_caller_says_otherwise(opinionated: Served) -> None:
    client = Client(opinionated.url, verbose=False)
    assert len(client.predict(text="Fine.", api_name="/text_classification")) == 1
    assert len(client.predict(text="Fine.", top_k=2, api_name="/text_classification")) == 2
    client.close()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("run/text_classification", {"data": ["my own words"]}),
        ("call/text_classification", {"data": [["my own words"] * 100]}),
        ("run/text_classification", {"data": ["my own words", 1, None, "softmax"]}),
        ("run/automatic_speech_recognition", {"data": [{"path": "/my own words\0"}, *[None] * 9]}),
    ],
)
def test_what_a_visitor_enters_is_not_in_the_log(
    served: Served, path: str, body: dict[str, object]
) -> None:
    before = len(served.log())
    reply = httpx.post(f"{served.url}/gradio_api/{path}", json=body, timeout=60)
    if "event_id" in reply.text:
        httpx.get(f"{served.url}/gradio_api/{path}/{reply.json()['event_id']}", timeout=60)
    assert "my own words" not in served.log()[before:]
    assert "Traceback" not in served.log()[before:]
