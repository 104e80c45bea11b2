"""What clients of other servers send: lists, fields that ask for nothing, kinds of bodies."""

import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.media import get_audio

from tests.serving import Served

WAIT = {"X-Wait-For-Model": "true"}
GAPS = ["I drink a [MASK] of coffee.", "She reads a [MASK] in bed."]
WRITER, REWRITER = "sample/text-generation-en", "sample/text2text-en/pipeline/text2text-generation"


def post(served: Served, path: str, said: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{served.url}{path}", json=said, headers=WAIT, timeout=120)


def answer(served: Served, model: str, inputs: Any, **parameters: Any) -> Any:
    reply = post(served, f"/models/{model}", {"inputs": inputs, "parameters": parameters})
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.parametrize(
    ("model", "texts", "parameters", "flat"),
    [
        ("sample/fill-mask-en", GAPS, {"top_k": 2}, False),
        ("sample/zero-shot-en", GAPS, {"candidate_labels": ["coffee", "books"]}, False),
        (REWRITER, ["one", "two"], {"max_new_tokens": 5}, True),
        (WRITER, ["One day", "It was"], {"max_new_tokens": 5, "do_sample": False}, False),
    ],
)
def test_each_of_a_list_is_answered(
    served: Served, model: str, texts: list[str], parameters: dict, flat: bool
) -> None:
    each = [answer(served, model, text, **parameters) for text in texts]
    expected = [one for reply in each for one in reply] if flat else each
    assert answer(served, model, texts, **parameters) == expected
    assert (
        answer(served, model, texts[:1], **parameters)
        == expected[: 1 if not flat else len(each[0])]
    )


def test_so_is_each_question_of_a_list(served: Served) -> None:
    each = [
        {"question": "Who wrote it?", "context": "Ada wrote it."},
        {"question": "Where?", "context": "It was written in London."},
    ]
    one_by_one = [answer(served, "sample/qa-en", one) for one in each]
    assert answer(served, "sample/qa-en", each) == one_by_one
    many = [{**each[0], "context": "Ada wrote it. " * 1000}] * 2
    reply = post(served, "/models/sample/qa-en", {"inputs": many})
    assert (reply.status_code, "characters" in reply.text) == (400, True)


def test_of_a_list_the_input_that_cannot_be_read_is_named(served: Served) -> None:
    said = {"inputs": [GAPS[0], "No gap."]}
    reply = post(served, "/models/sample/fill-mask-en", said)
    assert reply.status_code == 400
    assert reply.json()["error"].startswith("Input 2 of 2: There is no gap")
    many = {"inputs": [GAPS[0]] * 500}
    assert "500 inputs" in post(served, "/models/sample/fill-mask-en", many).json()["error"]
    none = post(served, "/models/sample/fill-mask-en", {"inputs": []})
    assert none.status_code == 400


def test_notes_of_a_list_say_which_input_they_are_about(served: Served) -> None:
    said = {"inputs": [GAPS[0], GAPS[1] + " word" * 900], "parameters": {"top_k": 1}}
    reply = post(
        served,
        "/models/sample/fill-mask-en",
        said,
    )
    notes = json.loads(reply.headers["X-Notes"])
    assert any(note.startswith("Input 2 of 2: Only the first") for note in notes)


@pytest.mark.parametrize(
    "more",
    [
        *({"top_k": -1}, {"top_k": 0}, {"ignore_eos": False}, {"min_p": 0}, {"best_of": 1}),
        *({"n": 1}, {"logprobs": False}, {"user": "me"}, {"seed": 3}, {"echo": False}),
        *({"stop_token_ids": []}, {"logit_bias": {}}, {"skip_special_tokens": True}),
    ],
    ids=str,
)
def test_what_asks_for_nothing_passes(served: Served, more: dict) -> None:
    assert answer(served, WRITER, "One day", max_new_tokens=3, **more)
    assert answer(served, REWRITER, "One day", max_new_tokens=3, **more)
    assert answer(served, "sample/text2text-en", "One day " * 30, max_new_tokens=3, **more)


@pytest.mark.parametrize(
    "more",
    [
        *({"length_penalty": 1.0}, {"no_repeat_ngram_size": 0}, {"early_stopping": False}),
        *({"diversity_penalty": 0.0}, {"add_special_tokens": True}, {"suffix": ""}),
        *({"min_tokens": 0}, {"max_tokens": 3}, {"max_new_tokens": 1e9, "stop": ["."]}),
    ],
    ids=str,
)
def test_so_does_what_other_writers_know(served: Served, more: dict) -> None:
    assert answer(served, WRITER, "One day", **{"max_new_tokens": 3, **more})


@pytest.mark.parametrize("more", [{"ignore_eos": True}, {"n": 2}, {"min_p": 0.2}], ids=str)
def test_what_asks_for_more_is_refused(served: Served, more: dict) -> None:
    said = {"inputs": "One day", "parameters": {"max_new_tokens": 3, **more}}
    reply = post(served, f"/models/{WRITER}", said)
    assert (reply.status_code, next(iter(more)) in reply.text) == (400, True)


def test_limits_beyond_the_model_are_lowered(served: Served) -> None:
    inputs = {"question": "Who wrote it?", "context": "The letter was written by Ada in March."}
    usual = answer(served, "sample/qa-en", inputs)
    for more in ({"max_seq_len": 100_000}, {"max_answer_len": 5000}, {"max_question_len": 9999}):
        assert answer(served, "sample/qa-en", inputs, **more)["answer"] == usual["answer"]
    said = {"inputs": inputs, "parameters": {"max_seq_len": 100_000}}
    assert (
        "tokens are read at most" in post(served, "/models/sample/qa-en", said).headers["X-Notes"]
    )


def test_notes_name_what_a_caller_can_send(served: Served) -> None:
    said = {"inputs": "Tell me of the sea.", "parameters": {"max_new_tokens": 1}}
    notes = post(served, f"/models/{REWRITER}", said).headers["X-Notes"]
    assert "'max_new_tokens' allows more" in notes
    assert "Longest answer" not in notes


def test_a_stream_tells_its_notes(served: Served) -> None:
    said = {"inputs": "今天天气很好，我们去公园散步吧。", "parameters": {"max_new_tokens": 3}}
    reply = post(served, f"/models/{WRITER}", {**said, "stream": True})
    events = [json.loads(line[5:]) for line in reply.text.splitlines() if line.startswith("data:")]
    whole = post(served, f"/models/{WRITER}", said)
    assert events[-1]["notes"][-1] == json.loads(whole.headers["X-Notes"])[-1]
    assert "does not look like" in events[-1]["notes"][-1]


@pytest.mark.parametrize("encoding", ["gzip, identity", "identity, gzip", "GZIP", "gzip,"])
def test_identity_beside_gzip_is_nothing(served: Served, encoding: str) -> None:
    body = gzip.compress(json.dumps({"inputs": "I am happy."}).encode())
    headers = {**WAIT, "Content-Encoding": encoding, "Content-Type": "application/json"}
    url = f"{served.url}/models/sample/sentiment-en"
    assert httpx.post(url, content=body, headers=headers, timeout=60).status_code == 200


@pytest.mark.parametrize(
    "kind",
    [
        *("application/ogg", "binary/octet-stream", 'audio/x-m4a; codecs="mp4a.40.2"'),
        *("application/x-audio", "application/vnd.wave", "audio", "*/*", "application/mp4"),
        *("Audio/MPEG", "audio/mpeg;charset=x"),
    ],
)
def test_a_file_by_any_name_of_its_kind(served: Served, kind: str) -> None:
    headers = {**WAIT, "Content-Type": kind}
    url = f"{served.url}/models/package/whisper-base"
    content = Path(get_audio("heath_ledger.mp3")).read_bytes()
    reply = httpx.post(url, content=content, headers=headers, timeout=300)
    assert "do it for free" in reply.json()["text"]


@pytest.mark.parametrize("language", ["", "auto", None])
def test_no_language_named_is_the_models_own(served: Served, language: str | None) -> None:
    named = {"src_lang": language, "tgt_lang": "zh"}
    assert answer(served, "sample/translation-en-zh", "Good morning.", **named)


def test_a_provider_is_of_no_consequence(served: Served) -> None:
    said = {"inputs": "I am happy.", "provider": "hf-inference"}
    assert post(served, "/models/sample/sentiment-en", said).status_code == 200


def test_a_language_is_refused_in_plain_words(served: Served) -> None:
    said = {"inputs": "Hello.", "parameters": {"src_lang": "Klingon", "tgt_lang": "zh"}}
    reply = post(served, "/models/sample/translation-en-zh", said)
    assert reply.status_code == 400
    assert "Value error" not in reply.text
