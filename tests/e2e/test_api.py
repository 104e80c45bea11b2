"""Each task as a function of the page's API, called by gradio's own client."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from gradio.media import get_audio
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

import tasks
from tabs import code
from tests.conftest import ROOT, Served

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
    ("given", "said"),
    [
        ({"text": "  "}, "no text to read"),
        ({"text": "fine", "top_k": 0}, "'top_k'"),
        ({"text": "fine", "function_to_apply": "sum"}, "'function_to_apply'"),
        ({"text": "fine", "model": "nobody/nothing"}, "cannot be reached"),
        ({"text": "fine", "model": "../../etc/passwd"}, "etc/passwd"),
        ({"text": 7}, "'text'"),
    ],
)
def test_a_wrong_call_gets_its_own_sentence(client: Client, given: dict, said: str) -> None:
    with pytest.raises(AppError, match=said):
        client.predict(**given, api_name="/text_classification")


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


@pytest.fixture
def snippets(served: Served) -> dict[str, str]:
    task = tasks.discover()["text-classification"]
    text = "It's \"fine\", isn't it?\\ $HOME"
    written = code.snippets(
        served.url,
        task,
        "sample/sentiment-en",
        "samples/sentiment-en",
        {"text": text},
        {"top_k": 1},
    )
    return dict(zip(code.SNIPPETS, written, strict=True))


def run(command: list[str], folder: Path) -> str:
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, timeout=300
    ).stdout


def test_every_snippet_that_runs_here_gives_the_same_answer(
    snippets: dict[str, str], client: Client
) -> None:
    given = {"text": "It's \"fine\", isn't it?\\ $HOME", "top_k": 1}
    label = client.predict(**given, api_name="/text_classification")[0]["label"]
    for name in ("Python", "Python, without this page"):
        assert label in run([sys.executable, "-c", snippets[name]], ROOT)
    assert label in run(["bash", "-c", snippets["curl"]], ROOT)


def test_the_snippets_for_recordings_upload_them_first(
    served: Served, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "speech.mp3").write_bytes(Path(HEATH).read_bytes())
    task = tasks.discover()["automatic-speech-recognition"]
    written = code.snippets(
        served.url,
        task,
        "package/whisper-base",
        "openai/whisper-base",
        {"audio": Path("speech.mp3")},
        {"language": "en"},
    )
    named = dict(zip(code.SNIPPETS, written, strict=True))
    assert "never do it for free" in run([sys.executable, "-c", named["Python"]], tmp_path)
    events = run(["bash", "-c", named["curl"]], tmp_path)
    answer = json.loads(events.split("data: ", 1)[1])
    assert "never do it for free" in answer[0]["text"]
