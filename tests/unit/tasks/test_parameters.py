"""The tables of parameters, and the page that tells them."""

import pytest

import tasks
from runtime.errors import BadInput
from tasks.api_contract import Call, from_base64
from tasks.languages import language_code
from tasks.parameters import NoEffect, OnlyValues, settings_of
from tasks.transcriber import spoken_code
from tools import parameters

TASKS = tasks.discover()


def test_the_page_tells_what_the_tables_say() -> None:
    """Else: .venv/bin/python -m tools.parameters."""
    assert parameters.FILE.read_text(encoding="utf-8") == parameters.document()


@pytest.mark.parametrize("task_id", TASKS)
def test_what_changes_nothing_is_taken_and_what_cannot_be_is_refused(task_id: str) -> None:
    for name, parameter in TASKS[task_id].parameters.items():
        if isinstance(parameter, NoEffect):
            assert settings_of(name, object(), TASKS[task_id].parameters, {}) == {}
        if isinstance(parameter, OnlyValues):
            for value in parameter.values:
                assert settings_of(name, value, TASKS[task_id].parameters, {}) == {}
            with pytest.raises(BadInput, match=f"'{name}' cannot be"):
                settings_of(name, "another", TASKS[task_id].parameters, {})


def test_true_is_not_one() -> None:
    table = {"best_of": OnlyValues((1,), "why")}
    with pytest.raises(BadInput, match="cannot be True"):
        settings_of("best_of", True, table, {})


def test_the_models_row_is_weaker_than_the_request_and_stronger_than_the_api() -> None:
    task = TASKS["question-answering"]
    call = Call({"question": "a", "context": "b"}, {})
    assert task.read_call(call, {})[1].top_k == 1
    assert task.read_call(call, {"top_k": 2})[1].top_k == 2
    asked = Call(call.inputs, {"topk": 5})
    assert task.read_call(asked, {"top_k": 2})[1].top_k == 5


def test_max_new_tokens_counts_before_max_length() -> None:
    for task_id in ("text2text-generation", "summarization"):
        sent = {"max_length": 500, "max_new_tokens": 7}
        options = TASKS[task_id].read_call(Call("a", sent), {})[1]
        assert options.max_new_tokens == 7


def test_a_limit_that_is_no_number_is_refused_beside_another() -> None:
    parameters = {"max_length": 500, "max_new_tokens": "many"}
    with pytest.raises(BadInput, match="max_new_tokens"):
        TASKS["summarization"].read_call(Call("a", parameters), {})


def test_no_sampling_is_the_likeliest_whatever_the_temperature() -> None:
    task = TASKS["text-generation"]
    sent = {"do_sample": False, "temperature": 1.5}
    assert task.read_call(Call("a", sent), {})[1].temperature == 0
    assert task.read_call(Call("a", {"do_sample": True}), {"temperature": 0})[1].temperature > 0


def test_page_controls_are_parameters_to_programs() -> None:
    said = "Choose “From” and “Into” under Options."
    told = TASKS["translation"].use_parameter_names(said)
    assert told == "Choose 'src_lang' and 'tgt_lang' among the parameters."


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *(("en", "en"), ("EN", "en"), ("English", "en"), ("en-US", "en"), ("en_XX", "en")),
        *(("eng_Latn", "en"), ("eng", "en"), ("zh-CN", "zh"), ("zh_CN", "zh"), ("Chinese", "zh")),
        *(("zho_Hans", "zh"), ("zho_Hant", "zh-Hant"), ("zh-TW", "zh-Hant"), ("简体中文", "zh")),
        *(("français", "fr"), ("fra_Latn", "fr"), ("German", "de"), ("kab_Latn", "kab_Latn")),
        *(("pt-BR", "pt"), ("cmn_Hans", "zh"), (None, None), ("zh-Hant", "zh-Hant")),
        *(("Chinese (Simplified)", "zh"), ("Chinese (Traditional)", "zh-Hant"), ("中文", "zh")),
    ],
)
def test_a_language_has_many_names(said: object, code: object) -> None:
    assert language_code(said) == code


@pytest.mark.parametrize("said", ["Klingon", "the language of Rome", "en/zh"])
def test_what_is_no_language_is_refused(said: str) -> None:
    with pytest.raises(BadInput, match="'tgt_lang'.*language"):
        TASKS["translation"].read_call(Call("Hi", {"tgt_lang": said}), {})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *(("english", "en"), ("EN", "en"), ("en-US", "en"), ("<|en|>", "en"), ("zh-CN", "zh")),
        *(("Mandarin", "zh"), ("castilian", "es"), ("yue", "yue"), ("zh-yue", "yue")),
        *(("nb-NO", "no"), ("deu", "de"), ("haitian creole", "ht"), ("nonsense", "nonsense")),
    ],
)
def test_a_spoken_language_too(said: str, code: str) -> None:
    assert spoken_code(said) == code


SOUND = bytes(range(256))


def encodings() -> dict[str, str]:
    import base64

    usual, safe = base64.b64encode(SOUND).decode(), base64.urlsafe_b64encode(SOUND).decode()
    lines = base64.encodebytes(SOUND).decode()
    quoted = usual.replace("+", "%2B").replace("/", "%2F")
    return {
        "usual": usual,
        "in lines": lines,
        "lines of Windows": lines.replace("\n", "\r\n"),
        "URL-safe": safe,
        "unpadded": usual.rstrip("="),
        "URL-safe and unpadded": safe.rstrip("="),
        "an address": f"data:audio/wav;base64,{usual}",
        "an address in lines": f"DATA:audio/wav;base64,{lines}",
        "a quoted address": f"data:audio/wav;base64,{quoted}",
    }


@pytest.mark.parametrize("kind", encodings())
def test_base64_of_all_kinds_is_the_same_file(kind: str) -> None:
    text = encodings()[kind]
    assert from_base64(text) == SOUND
    given, _ = TASKS["automatic-speech-recognition"].parse_call(Call(text, {}))
    assert given == {"audio": SOUND}


@pytest.mark.parametrize("text", ["/etc/passwd", "speech", "a" * 101, "data:audio/wav,!", "é"])
def test_what_is_none_is_no_file(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- binascii's own, or ours
        from_base64(text)
