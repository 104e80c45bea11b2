"""OpenAI's own client against an app that knows no Hub, with tiny models in its cache."""

import asyncio
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from tests import tiny_language_models
from tests.cached import keep
from tests.serving import NO_HUB, Served, free_port

TOKEN = "a-token-of-nobody"
ROW = "  - {{id: {}, about: -, languages: [en], licence: mit, size_mb: 1, source: {}, {}}}\n"
COLD = "options: {temperature: 0.0}"
ROWS = "text-generation:\n" + "".join(
    ROW.format(*row)
    for row in (
        ("org/chat", "hub", COLD),
        ("org/silent", "hub", COLD),
        ("org/plain", "hub", COLD),
        ("org/away", "hub", COLD),
        ("sample/text-generation-en", "sample", COLD),
    )
)
ROWS += "fill-mask:\n" + ROW.format("sample/fill-mask-en", "sample", "options: {}")
HELLO = [{"role": "user", "content": "Hello"}]
LENGTH = 60
USUAL: dict[str, Any] = {"model": "org/chat", "messages": HELLO, "max_tokens": LENGTH}


@pytest.fixture(scope="module")
def app(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("openai")
    chat = tiny_language_models.gpt2(home / "chat", longest=2048, chat=True)
    keep(home / "hub", "org/chat", chat)
    keep(home / "hub", "org/silent", tiny_language_models.silent(home / "silent"))
    keep(home / "hub", "org/plain", tiny_language_models.gpt2(home / "plain"))
    (home / "models.yaml").write_text(ROWS)
    own = {
        "HF_ENDPOINT": NO_HUB,
        "HF_HUB_CACHE": str(home / "hub"),
        "CATALOGUE": str(home / "models.yaml"),
        "PORT": str(free_port()),
        "API_TOKEN": TOKEN,
    }
    running = Served({**environ, **own}, home / "app.log")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def client(app: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{app.url}/v1", api_key=TOKEN, max_retries=0) as connected:
        yield connected


@pytest.fixture(scope="module")
def free(client: openai.OpenAI) -> str:
    """What the model writes if nothing stops it. The first call: the client waits for the model."""
    answer = client.chat.completions.create(**USUAL)
    assert answer.choices[0].finish_reason == "length"
    return str(answer.choices[0].message.content)


def test_an_answer_is_whole_in_pieces_and_by_the_other_client_the_same(
    app: Served, client: openai.OpenAI, free: str
) -> None:
    raw = client.chat.completions.with_raw_response.create(**USUAL)
    whole = raw.parse()
    assert raw.status_code == 200
    assert raw.headers["x-compute-type"] == "cpu"
    assert (whole.object, whole.model) == ("chat.completion", "org/chat")
    assert whole.choices[0].message.role == "assistant"
    assert whole.choices[0].message.content == free
    assert whole.usage
    assert whole.usage.completion_tokens == LENGTH
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + LENGTH
    with client.chat.completions.create(
        **USUAL, stream=True, stream_options={"include_usage": True}
    ) as stream:
        chunks = list(stream)
    choices = [chunk.choices[0] for chunk in chunks if chunk.choices]
    assert "".join(choice.delta.content or "" for choice in choices) == free
    assert [choice.finish_reason for choice in choices if choice.finish_reason] == ["length"]
    assert chunks[-1].usage == whole.usage
    assert {chunk.object for chunk in chunks} == {"chat.completion.chunk"}

    async def ask() -> str | None:
        async with openai.AsyncOpenAI(base_url=f"{app.url}/v1", api_key=TOKEN) as other:
            answer = await other.chat.completions.create(**USUAL)
            return answer.choices[0].message.content

    assert asyncio.run(ask()) == free


def test_the_clients_helper_for_streams_reads_it(client: openai.OpenAI, free: str) -> None:
    stop = free[30:33]
    with client.chat.completions.stream(**USUAL, stop=stop) as stream:
        done = stream.get_final_completion()
    assert done.choices[0].message.content == free[: free.index(stop)]


NOTHING: dict[str, Any] = {
    "stop": [],
    "response_format": {"type": "text"},
    "tools": [],
    "tool_choice": "none",
    "logit_bias": {},
    "logprobs": False,
    "top_logprobs": 0,
    "metadata": {"a": "b"},
    "store": False,
    "service_tier": "auto",
    "parallel_tool_calls": True,
    "n": 1,
    "user": "somebody",
    "presence_penalty": 0,
    "frequency_penalty": 0,
    "modalities": ["text"],
    "reasoning_effort": "low",
    "verbosity": "medium",
    "safety_identifier": "a",
    "prompt_cache_key": "b",
    "prediction": {"type": "content", "content": "c"},
}


@pytest.mark.parametrize("name", [*NOTHING])
def test_a_field_that_asks_for_nothing_changes_nothing(
    client: openai.OpenAI, free: str, name: str
) -> None:
    answer = client.chat.completions.create(**USUAL, **{name: NOTHING[name]})
    assert answer.choices[0].message.content == free


def test_all_of_them_at_once(client: openai.OpenAI, free: str) -> None:
    answer = client.chat.completions.create(**USUAL, **NOTHING)
    assert answer.choices[0].message.content == free


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("length", [1, 3, 9])
def test_a_text_to_stop_at_is_never_shown(
    client: openai.OpenAI, free: str, stream: bool, length: int
) -> None:
    stop = free[30 : 30 + length]
    for said in (stop, ["never there", stop]):
        got = client.chat.completions.create(**USUAL, stop=said, stream=stream)
        choices = [one.choices[0] for one in got] if stream else got.choices
        texts = [one.delta.content if stream else one.message.content for one in choices]
        assert "".join(texts) == free[: free.index(stop)]
        assert choices[-1].finish_reason == "stop"


def test_a_text_to_stop_at_is_found_across_pieces(client: openai.OpenAI) -> None:
    """Pieces come every 0.2 s: of a long answer, the text to stop at begins in any of them."""
    asked = {**USUAL, "max_tokens": 1900}
    long = str(client.chat.completions.create(**asked).choices[0].message.content)
    stop = long[1500:1540]
    stream = client.chat.completions.create(**asked, stop=[stop], stream=True)
    texts = [chunk.choices[0].delta.content or "" for chunk in stream]
    assert len(texts) > 1, "it grows"
    assert "".join(texts) == long[: long.index(stop)]


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_a_length_beyond_the_limit_is_lowered(client: openai.OpenAI, name: str) -> None:
    answer = client.chat.completions.create(model="org/silent", messages=HELLO, **{name: 1_000_000})
    assert answer.choices[0].finish_reason == "stop"


def test_an_empty_answer_is_no_end(client: openai.OpenAI) -> None:
    messages: list[Any] = [{"role": "system", "content": ""}, *HELLO]
    for _ in range(2):
        answer = client.chat.completions.create(model="org/silent", messages=messages)
        assert answer.choices[0].message.content == ""
        messages += [answer.choices[0].message, *HELLO]
    messages += [{"role": "assistant", "content": None}, *HELLO]
    client.chat.completions.create(model="org/silent", messages=messages)
    with pytest.raises(openai.BadRequestError, match="no text to read"):
        client.chat.completions.create(
            model="org/silent", messages=[*messages, {"role": "user", "content": " "}]
        )


def test_roles_and_parts_of_the_newer_kind(client: openai.OpenAI, free: str) -> None:
    parts = [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]
    told = client.chat.completions.create(
        **{**USUAL, "messages": [{"role": "user", "content": parts}]}
    )
    assert told.choices[0].message.content == free
    for role in ("system", "developer"):
        messages = [{"role": role, "content": "Be kind."}, *HELLO]
        answer = client.chat.completions.create(**{**USUAL, "messages": messages})
        assert answer.choices[0].message.content != free


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tools", [{"type": "function", "function": {"name": "time"}}]),
        ("tool_choice", "required"),
        ("response_format", {"type": "json_object"}),
        ("logit_bias", {"50256": -100}),
        ("logprobs", True),
        ("n", 2),
        ("presence_penalty", 1.0),
        ("max_tokens", 0),
        ("temperature", 3),
        ("extra_body", {"nobody_knows": 1}),
        ("messages", "Hello"),
        ("messages", [{"role": "tool", "content": "7", "tool_call_id": "a"}]),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_done_is_refused_by_its_name(
    client: openai.OpenAI, field: str, value: Any, stream: bool
) -> None:
    named = "nobody_knows" if field == "extra_body" else field
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(**{**USUAL, field: value}, stream=stream)
    error = refused.value
    assert (error.type, str(error.param).partition("[")[0]) == ("invalid_request_error", named)
    assert named in error.body["message"]


def test_models_are_those_that_can_be_talked_to_now(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["org/chat", "org/silent"]
    assert client.models.retrieve("org/chat").id == "org/chat"
    for name, reason in (
        ("org/away", "is not on this machine, and the Hub cannot be reached"),
        ("org/plain", "goes on with a text"),
        ("sample/text-generation-en", "goes on with a text"),
        ("sample/fill-mask-en", "holds no conversations"),
        ("org/nobody", "is not served here"),
    ):
        with pytest.raises(openai.NotFoundError, match=reason) as refused:
            client.models.retrieve(name)
        assert refused.value.param == "model"


def test_other_addresses_say_what_there_is(client: openai.OpenAI) -> None:
    for ask in (
        lambda: client.completions.create(model="org/chat", prompt="Hello"),
        lambda: client.embeddings.create(model="org/chat", input="Hello"),
        lambda: client.responses.create(model="org/chat", input="Hello"),
        lambda: client.audio.transcriptions.create(model="org/chat", file=b"RIFF"),
        lambda: client.images.generate(model="org/chat", prompt="Hello"),
    ):
        with pytest.raises(openai.NotFoundError, match="/v1/chat/completions") as refused:
            ask()
        assert refused.value.type == "invalid_request_error"


def test_errors_are_the_clients_own(app: Served, client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as unknown:
        client.chat.completions.create(model="org/nobody", messages=HELLO)
    assert (unknown.value.param, unknown.value.status_code) == ("model", 404)
    with pytest.raises(openai.BadRequestError, match="cannot hold a conversation"):
        client.chat.completions.create(model="org/plain", messages=HELLO)
    stranger = openai.OpenAI(base_url=f"{app.url}/v1", api_key="no", max_retries=0)
    for ask in (
        stranger.models.list,
        lambda: stranger.chat.completions.create(model="org/chat", messages=HELLO),
    ):
        with pytest.raises(openai.AuthenticationError, match="token is wrong") as refused:
            ask()
        assert refused.value.code == "invalid_api_key"
