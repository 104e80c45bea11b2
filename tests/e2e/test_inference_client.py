"""Every method of huggingface_hub's client for our tasks, with every parameter that it has.

The lists are the client's own, read from its signatures and types: a parameter of a new version
fails here until somebody has said what it means.
"""

import inspect
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from gradio.media import get_audio
from huggingface_hub import InferenceClient
from huggingface_hub.errors import BadRequestError

from tests.serving import Served

WAIT = {"X-Wait-For-Model": "true"}
HEATH = get_audio("heath_ledger.mp3")
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
    """A value that would change the answer and cannot be honoured: the error names its parameter."""

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
        {"top_k": [1, 2], "function_to_apply": ["sigmoid", "softmax", "none"]},
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
            "aggregation_strategy": ["none", "simple", "first", "average", "max"],
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
                Refused("Klingonese"),
            ],
            "tgt_lang": ["zh", "Chinese", "zh-CN", "zho_Hans", "zh_CN", Refused("Klingonese")],
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
            "typical_p": [0.9],
            "watermark": [False, Refused(True)],
        },
    ),
    "automatic_speech_recognition": Method(
        "package/whisper-base",
        {"audio": HEATH},
        {
            "extra_body": [
                {"language": "english", "chunk_length_s": 30, "return_timestamps": False},
                {"generate_kwargs": {"language": "en-US", "max_new_tokens": 128, "num_beams": 1}},
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
        assert name in caught.value.response.json()["error"]
        return
    answer = asked(client, served, method, **{name: value})
    assert answer is not None
    assert len(answer) if hasattr(answer, "__len__") else answer
