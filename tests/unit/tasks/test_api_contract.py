"""Requests and answers in the Inference API's contract, for every task, there and back."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

import tasks
from runtime.errors import BadInput
from tasks import chat
from tasks.api_contract import Call
from tasks.media import TEXT
from tasks.plain_json import PlainJson
from tests.cases import Exchange, cases

TASKS = tasks.discover()
VECTOR = [0.6, 0.8]
TOKENS = [[[1.0, 0.0], [0.0, 1.0]]]
CONVERSATION = [{"role": "user", "content": "Hello"}]
CASES = cases(list(TASKS))
EXCHANGES = [
    pytest.param(task_id, exchange, id=f"{task_id}-{number}")
    for task_id, case in CASES.items()
    for number, exchange in enumerate(case.exchanges)
]
FILE_TASKS = [task_id for task_id, task in TASKS.items() if task.takes_media]
each = pytest.mark.parametrize(("task_id", "exchange"), EXCHANGES)


@pytest.mark.parametrize("task_id", TASKS)
def test_every_task_has_an_exchange_and_its_files_have_a_medium(task_id: str) -> None:
    assert CASES[task_id].exchanges
    assert (TASKS[task_id].medium is not TEXT) == bool(TASKS[task_id].file_inputs)


@each
@pytest.mark.parametrize("usual", [True, False])
def test_a_call_arrives_as_it_was_meant(task_id: str, exchange: Exchange, usual: bool) -> None:
    task = TASKS[task_id]
    inputs = task.read_inputs(exchange.inputs)
    options = task.read_options({} if usual else exchange.options)
    arrived, wanted = task.parse_call(task.call(inputs, options))
    assert task.read_inputs(arrived) == inputs
    assert task.read_options(wanted) == options


@each
def test_an_answer_arrives_in_the_common_shape(task_id: str, exchange: Exchange) -> None:
    task = TASKS[task_id]
    inputs, options = task.read_inputs(exchange.inputs), task.read_options(exchange.options)
    for reply in (exchange.answer, task.reply(exchange.answer, inputs)):
        parsed = task.parse(reply, inputs, options)
        assert near(parsed) == near(exchange.answer)


def near(value: Any) -> Any:
    """Numbers as close as float32 keeps them."""
    if isinstance(value, list):
        return [near(one) for one in value]
    return pytest.approx(value, rel=1e-6) if isinstance(value, float) else value


@pytest.mark.parametrize("task_id", TASKS)
@pytest.mark.parametrize("reply", [None, 7, "<html>", {"error": "x"}, [{"error": "x"}], [[7], 7]])
def test_a_wrong_shape_is_refused(task_id: str, reply: Any) -> None:
    task = TASKS[task_id]
    inputs = task.read_inputs(CASES[task_id].exchanges[0].inputs)
    with pytest.raises(ValueError):  # noqa: PT011 -- pydantic's and numpy's own say what
        task.parse(reply, inputs, task.options())


@pytest.mark.parametrize(
    ("task_id", "given", "reply", "answer"),
    [
        ("text-classification", {"text": "a"}, [[{"label": "A", "score": 1}]], None),
        (
            "text-classification",
            {"text": ["a"]},
            [{"label": "A", "score": 1}],
            [[{"label": "A", "score": 1}]],
        ),
        ("feature-extraction", {"text": "a"}, [VECTOR], VECTOR),
        ("feature-extraction", {"text": "a"}, TOKENS, [0.5, 0.5]),
        ("feature-extraction", {"text": ["a", "b"]}, [TOKENS, TOKENS], [[0.5, 0.5], [0.5, 0.5]]),
        ("text-generation", {"text": "Once"}, {"generated_text": " more"}, None),
        ("summarization", {"text": "a"}, {"summary_text": "b"}, [{"summary_text": "b"}]),
    ],
)
def test_other_servers_answers_are_understood(
    task_id: str, given: dict, reply: Any, answer: Any
) -> None:
    task = TASKS[task_id]
    parsed = task.parse(reply, task.read_inputs(given), task.options())
    expected = {
        "text-classification": [{"label": "A", "score": 1}],
        "text-generation": [{"generated_text": "Once more"}],
    }
    assert near(parsed) == near(answer if answer is not None else expected[task_id])


@pytest.mark.parametrize("reply", [[1e300], [None, 1.0], [float("nan")], [[1e39, 1.0]]])
def test_numbers_that_no_vector_holds_are_refused(reply: Any) -> None:
    task = TASKS["feature-extraction"]
    with pytest.raises(ValueError, match="numbers"):
        task.parse(reply, task.read_inputs({"text": "a"}), task.read_options({"normalize": True}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["label", "labels", "score", "generated_text", "text", "chunks", "a"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@each
@given(reply=JSON)
def test_any_json_is_an_answer_or_a_value_error(
    task_id: str, exchange: Exchange, reply: Any
) -> None:
    task = TASKS[task_id]
    with contextlib.suppress(ValueError):
        task.parse(reply, task.read_inputs(exchange.inputs), task.read_options(exchange.options))


def test_unknown_parameters_are_named() -> None:
    task = TASKS["question-answering"]
    call = Call({"question": "a", "context": "b"}, {"max_sequence": 9})
    with pytest.raises(BadInput, match="'max_sequence'.*Allowed: .*max_seq_len"):
        task.read_call(call, {})


@pytest.mark.parametrize("inputs", ["text", None, 7, ["a"]])
def test_several_inputs_must_be_an_object(inputs: Any) -> None:
    with pytest.raises(BadInput, match="question, context"):
        TASKS["question-answering"].parse_call(Call(inputs, {}))


@pytest.mark.parametrize("task_id", FILE_TASKS)
@pytest.mark.parametrize("inputs", [b"\x00RIFF", "AFJJRkY=", "data:audio/wav;base64,AFJJRkY="])
def test_a_file_arrives_as_its_content(task_id: str, inputs: Any) -> None:
    task = TASKS[task_id]
    given, _ = task.parse_call(Call(inputs, {}))
    read = dict(task.read_inputs({**CASES[task_id].inputs(task), **given}))
    assert read[task.file_inputs[0]] == b"\x00RIFF"


@pytest.mark.parametrize("task_id", FILE_TASKS)
@pytest.mark.parametrize("inputs", ["/etc/passwd", "speech.wav", "data:audio/wav,x!", 7, None, {}])
def test_a_text_is_never_taken_for_a_file_of_this_machine(task_id: str, inputs: Any) -> None:
    with pytest.raises(BadInput, match="base64|no file"):
        TASKS[task_id].read_call(Call(inputs, {}), {})


@pytest.mark.parametrize("task_id", [id for id, task in TASKS.items() if not task.file_inputs])
def test_tasks_of_texts_take_no_file(task_id: str) -> None:
    assert not TASKS[task_id].takes_media
    with pytest.raises(BadInput, match="no file|'inputs' does not fit"):
        TASKS[task_id].read_call(Call(b"RIFF\xff", {}), {})


@pytest.mark.parametrize("task_id", TASKS)
def test_what_is_nested_must_be_an_object(task_id: str) -> None:
    with pytest.raises(BadInput, match="generate_kwargs"):
        TASKS[task_id].options_of({"generate_kwargs": [7]})


@pytest.mark.parametrize("task_id", ["summarization", "text2text-generation", "text-generation"])
def test_a_length_beyond_all_numbers_is_the_longest_there_is(task_id: str) -> None:
    task = TASKS[task_id]
    name = "max_length" if task_id == "summarization" else "max_new_tokens"
    _, options = task.read_call(Call("a text", {name: 10**400}), {})
    assert 1000 <= options.max_new_tokens <= 1_000_000


@each
def test_a_request_is_as_described(task_id: str, exchange: Exchange) -> None:
    task = TASKS[task_id]
    fields = task.request_schema()["properties"]
    call = task.call(task.read_inputs(exchange.inputs), task.read_options(exchange.options))
    assert set(fields["parameters"]["properties"]) == set(task.parameter_names())
    if isinstance(call.inputs, dict):
        kinds = [fields["inputs"], *fields["inputs"].get("anyOf", [])]
        assert set(call.inputs) in [set(kind.get("properties", ())) for kind in kinds]
    elif isinstance(call.inputs, str):
        kinds = [fields["inputs"], *fields["inputs"].get("anyOf", [])]
        assert "string" in [kind.get("type") for kind in kinds]


@each
def test_a_reply_is_as_described(task_id: str, exchange: Exchange) -> None:
    task = TASKS[task_id]
    shape = TypeAdapter(task.reply_shape or task.answer_shape)
    shape.validate_python(task.reply(exchange.answer, task.read_inputs(exchange.inputs)))


def test_a_file_for_a_task_without_a_module_becomes_an_address_of_its_content() -> None:
    task = PlainJson("image-classification")
    given, _ = task.parse_call(Call(b"PNG", {}, "image/png"))
    assert given["inputs"] == "data:image/png;base64,UE5H"
    with pytest.raises(BadInput, match="Content-Type"):
        task.parse_call(Call(b"PNG", {}))


def test_what_was_said_in_a_conversation_is_found() -> None:
    assert chat.answer_text(chat.answer(CONVERSATION, "Hi")) == "Hi"
