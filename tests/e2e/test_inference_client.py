"""Every method of huggingface_hub's client for our tasks, with every parameter that it has.

The lists are the client's own, read from its signatures and types: a parameter of a new version
fails here until somebody has said what it means.
"""

import asyncio
import inspect
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import httpx
import pytest
from gradio.media import get_audio
from huggingface_hub import AsyncInferenceClient, InferenceClient
from huggingface_hub.errors import BadRequestError, HfHubHTTPError
from huggingface_hub.inference._generated import types

import tasks
from tests.serving import Served

WAIT = {"X-Wait-For-Model": "true"}
HAPPY = "I am really happy today!"
NAMES = "Ada Lovelace met Charles Babbage in London on 5 June 1833."
CONTEXT = "The letter was written by Ada Lovelace in March 1833, on a rainy day in London."
TABLE = {"City": ["Rome", "Oslo"], "People": ["2800000", "700000"]}
ARTICLE = (
    "The library will stay open until ten. It closed at six before. Many readers had asked for "
    "it, and a trial of one year begins in October."
)
GAP = "I drink a [MASK] of coffee."
STORY = "It was a fine morning"


@dataclass(frozen=True)
class Refused:
    """A value that cannot be honoured: the error names its parameter."""

    value: Any


@dataclass(frozen=True)
class Method:
    """`given`: what it cannot do without. `values`: for each other parameter, one or several."""

    model: str
    given: dict[str, Any]
    values: dict[str, list] = field(default_factory=dict)


GENERATION = {
    "clean_up_tokenization_spaces": [True, False],
    "truncation": ["do_not_truncate", "longest_first", "only_first", "only_second"],
    "generate_parameters": [
        {},
        {"max_length": 60, "do_sample": True, "temperature": 0.7, "top_k": 20, "seed": 3},
        {"max_new_tokens": 40, "num_beams": 2, "no_repeat_ngram_size": 3, "early_stopping": True},
    ],
}
METHODS = {
    "text_classification": Method(
        "sample/sentiment-en",
        {"text": HAPPY},
        {"top_k": [1, 2], "function_to_apply": ["sigmoid", "softmax", "none", "NONE"]},
    ),
    "zero_shot_classification": Method(
        "sample/zero-shot-en",
        {"text": HAPPY, "candidate_labels": ["joy", "sorrow"]},
        {"multi_label": [True, False], "hypothesis_template": ["This text is about {}."]},
    ),
    "token_classification": Method(
        "sample/ner-en",
        {"text": NAMES},
        {
            "aggregation_strategy": ["none", "simple", "first", "average", "max", "SIMPLE"],
            "ignore_labels": [["O", "PER"], []],
            "stride": [0, 16, 300],
        },
    ),
    "question_answering": Method(
        "sample/qa-en",
        {"question": "Who wrote the letter?", "context": CONTEXT},
        {
            "align_to_words": [True, False],
            "doc_stride": [0, 32],
            "handle_impossible_answer": [True, False],
            "max_answer_len": [5, 50],
            "max_question_len": [3, 100],
            "max_seq_len": [32, 5000],
            "top_k": [1, 3],
        },
    ),
    "table_question_answering": Method(
        "sample/table-qa",
        {"table": TABLE, "query": "Which city has the most people?"},
        {
            "padding": ["do_not_pad", "longest", "max_length"],
            "sequential": [True, False],
            "truncation": [True, False],
        },
    ),
    "fill_mask": Method(
        "sample/fill-mask-en", {"text": GAP}, {"targets": [["cup", "glass"]], "top_k": [3]}
    ),
    "feature_extraction": Method(
        "package/all-minilm-l6-v2",
        {"text": HAPPY},
        {
            "normalize": [True, False],
            "prompt_name": [Refused("query")],
            "truncate": [True, False],
            "truncation_direction": ["left", "right"],
            "dimensions": [100, Refused(9999)],
            "encoding_format": ["float", Refused("base64")],
        },
    ),
    "sentence_similarity": Method(
        "package/all-minilm-l6-v2",
        {"sentence": HAPPY, "other_sentences": ["Today is a joyful day.", "Interest rates rose."]},
    ),
    "translation": Method(
        "sample/translation-en-zh",
        {"text": "Good morning!"},
        {
            **GENERATION,
            "src_lang": [
                "en",
                "English",
                "EN",
                "en-US",
                "eng_Latn",
                "en_XX",
                Refused("Klingon"),
            ],
            "tgt_lang": ["zh", "Chinese", "zh-CN", "zho_Hans", "zh_CN", Refused("Klingon")],
        },
    ),
    "summarization": Method("sample/text2text-en", {"text": ARTICLE}, GENERATION),
    "text_generation": Method(
        "sample/text-generation-en",
        {"prompt": STORY},
        {
            "details": [True, False],
            "stream": [True, False],
            "adapter_id": [Refused("some/adapter")],
            "best_of": [1, Refused(3)],
            "decoder_input_details": [False],
            "do_sample": [True, False],
            "frequency_penalty": [0.0, 0.5],
            "grammar": [Refused({"type": "regex", "value": "a+"})],
            "max_new_tokens": [5, 1_000_000],
            "repetition_penalty": [1.0, 1.3],
            "return_full_text": [True, False],
            "seed": [7],
            "stop": [[], ["."], [" the", " and"]],
            "temperature": [0.5],
            "top_k": [10],
            "top_n_tokens": [2],
            "top_p": [0.9],
            "truncate": [3, 100],
            "typical_p": [0.9, 1.0],
            "watermark": [False, Refused(True)],
        },
    ),
    "automatic_speech_recognition": Method(
        "package/whisper-base",
        {"audio": get_audio("heath_ledger.mp3")},
        {
            "extra_body": [
                {"language": "english", "chunk_length_s": 30, "return_timestamps": False},
                Refused({"task": "sing"}),
                {
                    "generation_parameters": {
                        "max_length": 200,
                        "do_sample": False,
                        "use_cache": True,
                    }
                },
            ]
        },
    ),
}
# Always so short, where the length is not what is tried.
SHORT = {"text_generation": {"max_new_tokens": 12}}
# Of the client's, for what no model here does, or in a dialect of its own with its own tests.
OTHERS = {"chat_completion"}
ELSEWHERE = {
    "audio_classification", "audio_to_audio", "document_question_answering",
    "image_classification", "image_segmentation", "image_to_image", "image_to_text",
    "image_to_video", "object_detection", "tabular_classification", "tabular_regression",
    "text_to_image", "text_to_speech", "text_to_video", "visual_question_answering",
    "zero_shot_image_classification",
}  # fmt: skip
ABOUT_THE_SERVER = {"close", "get_endpoint_info", "health_check"}


def others_of(method: str) -> list[str]:
    """The parameters beside what a call cannot do without, and its address."""
    known = inspect.signature(getattr(InferenceClient, method)).parameters
    return [name for name in known if name not in {"self", "model", *METHODS[method].given}]


CALLS = [
    (method, name, value)
    for method, described in METHODS.items()
    for name in others_of(method)
    for value in described.values.get(name, [])
]


def shown(call: tuple) -> str:
    return "-".join(str(getattr(part, "value", part))[:24] for part in call)


def address(served: Served, method: str) -> str:
    return f"{served.url}/models/{METHODS[method].model}"


def asked(client: Any, served: Served, method: str, **more: Any) -> Any:
    given = {**METHODS[method].given, **SHORT.get(method, {}), **more}
    if method == "translation":  # the client wants both or none
        given |= {"src_lang": given.get("src_lang", "en"), "tgt_lang": given.get("tgt_lang", "zh")}
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the client warns where it leaves out what it was told
        answer = getattr(client, method)(**given, model=address(served, method))
        return list(answer) if isinstance(answer, Iterator) else answer


@pytest.fixture(scope="module")
def client(served: Served) -> InferenceClient:
    return InferenceClient(token="none", headers=WAIT)


def test_every_method_and_every_parameter_is_tried() -> None:
    methods = {
        name
        for name, one in inspect.getmembers(InferenceClient, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == {*METHODS, *OTHERS, *ELSEWHERE, *ABOUT_THE_SERVER}
    for method, described in METHODS.items():
        assert set(described.values) == set(others_of(method)), method


@pytest.mark.parametrize("method", METHODS)
def test_a_method_works_without_any_parameter(
    client: InferenceClient, served: Served, method: str
) -> None:
    answer = asked(client, served, method)
    documented = {
        "question_answering": lambda one: one.answer == "Ada Lovelace",
        "sentence_similarity": lambda two: two[0] > 0.5 > two[1],
        "text_generation": lambda text: isinstance(text, str),
        "feature_extraction": lambda vector: vector.shape == (384,),
        "translation": lambda one: one.translation_text,
        "summarization": lambda one: one.summary_text,
        "automatic_speech_recognition": lambda one: "free" in one.text,
        "table_question_answering": lambda one: one.answer,
    }
    assert documented.get(method, lambda several: several[0].score > 0)(answer)


@pytest.mark.parametrize("call", CALLS, ids=shown)
def test_a_parameter_is_honoured_or_refused_by_its_name(
    client: InferenceClient, served: Served, call: tuple
) -> None:
    method, name, value = call
    if isinstance(value, Refused):
        with pytest.raises(BadRequestError) as caught:
            asked(client, served, method, **{name: value.value})
        told = "'task'" if name == "extra_body" else name
        assert told in caught.value.response.json()["error"]
        return
    answer = asked(client, served, method, **{name: value})
    assert answer is not None
    assert len(answer) if hasattr(answer, "__len__") else answer


def test_an_error_lists_the_parameters_there_are(client: InferenceClient, served: Served) -> None:
    with pytest.raises(BadRequestError) as caught:
        asked(client, served, "summarization", generate_parameters={"max_lenght": 9})
    said = caught.value.response.json()["error"]
    assert "'max_lenght'" in said
    for name in ("max_length", "min_length", "num_beams", "truncation"):
        assert name in said


# What a parameter does, where it is not only taken.


def test_text_generation_gives_what_is_new_alone(client: InferenceClient, served: Served) -> None:
    full, new = (
        asked(client, served, "text_generation", seed=1, return_full_text=full)
        for full in (True, False)
    )
    assert full == STORY + new
    assert new


def test_a_text_stops_before_what_it_is_to_stop_at(client: InferenceClient, served: Served) -> None:
    call = {"seed": 1, "max_new_tokens": 60, "return_full_text": False}
    whole = asked(client, served, "text_generation", **call)
    stop = whole[10:14]
    short = asked(client, served, "text_generation", **call, stop=[stop])
    assert short == whole[: whole.index(stop)]


def test_details_tell_each_token(client: InferenceClient, served: Served) -> None:
    call = {"seed": 1, "details": True, "top_n_tokens": 2, "return_full_text": False}
    answer = asked(client, served, "text_generation", **call)
    details = answer.details
    assert (details.finish_reason, details.generated_tokens, details.seed) == ("length", 12, 1)
    assert "".join(token.text for token in details.tokens) == answer.generated_text
    assert all(token.logprob <= 0 for token in details.tokens)
    assert [len(two) for two in details.top_tokens] == [2] * 12
    greedy = asked(client, served, "text_generation", **{**call, "do_sample": False})
    pairs = zip(greedy.details.tokens, greedy.details.top_tokens, strict=True)
    assert all(token.id == top[0]["id"] for token, top in pairs)  # the client leaves them dicts


def test_a_text_comes_token_by_token(client: InferenceClient, served: Served) -> None:
    call = {"seed": 1, "return_full_text": False}
    whole = asked(client, served, "text_generation", **call)
    assert "".join(asked(client, served, "text_generation", **call, stream=True)) == whole
    told = asked(client, served, "text_generation", **call, stream=True, details=True)
    assert len(told) == 12
    assert [one.generated_text for one in told] == [None] * 11 + [whole]
    assert told[-1].details.finish_reason == "length"
    assert told[-1].details.input_length > 0


def test_the_last_tokens_alone_are_read(client: InferenceClient, served: Served) -> None:
    call = {"details": True, "stream": True, "seed": 1}
    told = asked(client, served, "text_generation", **call, truncate=2)
    assert told[-1].details.input_length <= 3
    assert told[-1].generated_text.startswith(STORY)


def test_labels_are_left_out(client: InferenceClient, served: Served) -> None:
    every = {one.entity_group for one in asked(client, served, "token_classification")}
    some = asked(client, served, "token_classification", ignore_labels=["O", "PER"])
    assert "PER" in every
    assert {one.entity_group for one in some} == every - {"PER"}


def test_vectors_are_shorter_and_of_length_one(client: InferenceClient, served: Served) -> None:
    vector = asked(client, served, "feature_extraction", dimensions=100, normalize=True)
    assert vector.shape == (100,)
    assert float((vector**2).sum()) == pytest.approx(1.0, abs=1e-5)


def test_a_text_is_cut_on_the_side_that_is_said(client: InferenceClient, served: Served) -> None:
    long = "rain " * 600 + "sunshine"
    right, left = (
        asked(client, served, "feature_extraction", text=long, truncation_direction=side)
        for side in ("right", "left")
    )
    assert abs(right - left).max() > 1e-3
    with pytest.raises(BadRequestError, match="truncation"):
        asked(client, served, "feature_extraction", text=long, truncate=False)


def test_a_part_of_a_question_and_of_a_text_is_read(
    client: InferenceClient, served: Served
) -> None:
    long = {"context": f"{CONTEXT} {'It rained. ' * 60}"}
    for more in ({"max_seq_len": 32}, {"max_seq_len": 64, "doc_stride": 0}, {}):
        answer = asked(client, served, "question_answering", **long, **more)
        assert answer.answer == "Ada Lovelace", more
    with pytest.raises(BadRequestError, match="max_seq_len"):
        asked(client, served, "question_answering", **long, max_seq_len=24, doc_stride=256)


def test_limits_shorten_a_summary(client: InferenceClient, served: Served) -> None:
    usual = asked(client, served, "summarization").summary_text
    short = asked(client, served, "summarization", generate_parameters={"max_new_tokens": 3})
    assert len(short.summary_text) < len(usual)


def test_the_seed_decides_what_is_drawn(client: InferenceClient, served: Served) -> None:
    drawn = {"do_sample": True, "temperature": 1.8, "num_beams": 1, "seed": 4}
    first, second = (
        asked(client, served, "summarization", generate_parameters=drawn).summary_text
        for _ in range(2)
    )
    assert first == second


def test_the_asynchronous_client_gets_the_same(client: InferenceClient, served: Served) -> None:
    call = {"seed": 2, "max_new_tokens": 8, "return_full_text": False}

    async def gathered() -> tuple:
        async with AsyncInferenceClient(token="none", headers=WAIT) as http:
            where = {"model": address(served, "text_generation")}
            stream = await http.text_generation(STORY, **call, **where, stream=True)
            pieces = [piece async for piece in stream]
            whole = await http.text_generation(STORY, **call, **where)
            model = address(served, "text_classification")
            labels = await http.text_classification(HAPPY, model=model, top_k=1)
        return pieces, whole, labels

    pieces, whole, labels = asyncio.run(gathered())
    assert "".join(pieces) == whole == asked(client, served, "text_generation", **call)
    assert len(labels) == 1


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda c, url: c.text_to_image("a cat", model=url), "image/png"),
        (lambda c, url: c.image_classification(b"PNG", model=url), "JSON"),
        (lambda c, url: c.visual_question_answering(b"PNG", "what?", model=url), "'"),
        (lambda c, url: c.tabular_classification({"a": ["1"]}, model=url), '"inputs"'),
        (lambda c, url: c.text_to_speech("hi", model=url, max_new_tokens=9), "max_new_tokens"),
        (lambda c, url: c.fill_mask(GAP, model=f"{url}-other"), "one of the catalogue"),
        (lambda c, url: c.fill_mask(GAP, model=f"{url}/pipeline/image-to-text"), "fill-mask"),
    ],
)
def test_what_no_model_here_does_is_told(
    client: InferenceClient, served: Served, call: Callable, told: str
) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        call(client, address(served, "text_classification"))
    assert caught.value.response.status_code in (400, 404, 415)
    assert told in caught.value.response.json()["error"]


def test_the_clients_types_name_nothing_that_is_not_tried() -> None:
    """Types tell what is nested, such as the parameters of a generation."""
    nested = {
        "automatic-speech-recognition": "AutomaticSpeechRecognitionGenerationParameters",
        "text-generation": "TextGenerationInputGenerateParameters",
        "text2text-generation": "Text2TextGenerationParameters",
        "summarization": "SummarizationParameters",
        "translation": "TranslationParameters",
    }
    every = tasks.discover()
    for task_id, name in nested.items():
        known = {*every[task_id].parameter_names(), "generate_parameters"}
        told = {one.name for one in fields(getattr(types, name))}
        assert told <= known, task_id


# As the HTTP API has it, without the client.


@pytest.mark.parametrize(
    "more",
    [
        {"parameters": None, "options": None},
        {"options": {"wait_for_model": True, "use_cache": False, "use_gpu": False}},
        {"parameters": {"top_k": None}, "model": "anything"},
        {"stream": False},
    ],
)
def test_a_body_says_more_than_it_needs(served: Served, more: dict[str, Any]) -> None:
    url = address(served, "text_classification")
    reply = httpx.post(url, json={"inputs": HAPPY, **more}, headers=WAIT, timeout=120)
    assert reply.status_code == 200, reply.text
    assert len(reply.json()[0]) > 1


def test_an_empty_item_is_answered_with_nothing_or_named(served: Served) -> None:
    """As the pipelines do; of what they would make an answer up for, it is said which it is."""

    def post(method: str, inputs: Any) -> httpx.Response:
        body = {"inputs": inputs}
        return httpx.post(address(served, method), json=body, headers=WAIT, timeout=120)

    names = post("token_classification", ["Ada is in London.", "", "Charles is in Rome."]).json()
    assert names[1] == []
    assert names[0]
    assert names[2]
    lines = post("translation", ["Good morning!", " ", "Thank you."]).json()
    assert lines[1] == {"translation_text": " "}  # copied, as every line without words is
    assert all(lines[place]["translation_text"] for place in (0, 2))
    for method in ("text_classification", "feature_extraction"):
        refused = post(method, [HAPPY, HAPPY, ""])
        assert refused.status_code == 400
        assert "Text 3 of 3 is empty (index 2)" in refused.json()["error"]
    table = {"table": TABLE, "query": ["Which city?", ""]}
    assert "index 1" in post("table_question_answering", table).json()["error"]


def test_errors_name_what_was_sent(served: Served) -> None:
    cases = [
        ("text_classification", {"inputs": 7}, "'inputs'"),
        (
            "summarization",
            {"inputs": ARTICLE, "parameters": {"max_length": "nine"}},
            "'max_length'",
        ),
        ("translation", {"inputs": "Hi", "parameters": {"tgt_lang": 7}}, "'tgt_lang'"),
        ("zero_shot_classification", {"inputs": "a", "parameters": {"candidate_labels": 7}}, "'c"),
        ("text_generation", {"inputs": "a", "parameters": {"stop_sequences": 7}}, "'stop_seq"),
        ("text_classification", {"inputs": "a", "parameters": {"multi": 1}}, "'multi'"),
    ]
    for method, body, told in cases:
        reply = httpx.post(address(served, method), json=body, headers=WAIT, timeout=120)
        assert reply.status_code == 400, reply.text
        assert told in reply.json()["error"]
