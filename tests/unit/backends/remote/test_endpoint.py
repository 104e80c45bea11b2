"""An endpoint in every state and with every failure, over real HTTP."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from backends.base import Backend, Result
from backends.destination import Destination
from backends.local import LocalBackend
from backends.retries import RetryPolicy
from runtime.errors import (
    BackendError,
    BadInput,
    Cancelled,
    EndpointPaused,
    ModelLoading,
    NotAuthorised,
    RateLimited,
    Unavailable,
)
from runtime.watch import Progress, Watch
from tests.loopback_inference import Chat, Serving, Toolkit, event
from tests.serving import free_port
from tests.unit.backends.remote import troubles
from tests.unit.backends.remote.conftest import QUICK, TASKS, backends, hosted, row

PATIENCE = 60.0  # seconds until a test that hangs fails
TASK = TASKS["text-classification"]
MODEL = row(hosted(TASK.id))
INPUTS = TASK.read_inputs({"text": "What a lovely day."})
OPTIONS = TASK.read_options({})
HELD = "x-scale-up-timeout"


@pytest.fixture
def backend(machine: LocalBackend, toolkit: tuple[Toolkit, str]) -> Backend:
    return at(machine, toolkit[1])


def at(machine: LocalBackend, url: str, patience: RetryPolicy = QUICK, token: str = "") -> Backend:
    return backends(machine, patience).create(
        Destination("endpoint", url=url, endpoint_token=token)
    )


def run(backend: Backend) -> Result:
    return backend.run(TASK, MODEL, INPUTS, OPTIONS)


def stream(backend: Backend, stop: threading.Event | None = None) -> Iterator[Progress | Result]:
    return backend.stream(TASK, MODEL, INPUTS, OPTIONS, stop)


class TestNotReady:
    def test_a_loading_model_is_asked_again_and_waited_for(
        self, backend: Backend, toolkit: tuple[Toolkit, str]
    ) -> None:
        toolkit[0].troubles.append(troubles.LOADING)
        result = run(backend)
        first, second = toolkit[0].asked
        assert "x-wait-for-model" not in first.headers
        assert second.headers["x-wait-for-model"] == "true"
        assert 0 < int(second.headers[HELD]) <= QUICK.loading_seconds
        assert result.done
        assert result.timings.load > 0

    def test_progress_counts_against_the_estimate(
        self, backend: Backend, toolkit: tuple[Toolkit, str]
    ) -> None:
        silent = troubles.Silent()
        toolkit[0].troubles += [troubles.LOADING, silent]
        events = stream(backend)
        told = [one for one in _until(events, lambda one: one.done == 2) if one.unit == "s"]
        assert [one.done for one in told][-2:] == [1, 2]
        assert {one.total for one in told} == {20}
        assert "loading" in told[-1].text
        events.close()
        assert silent.left.wait(PATIENCE)

    def test_a_sleeping_endpoint_says_that_it_wakes_up(
        self, backend: Backend, toolkit: tuple[Toolkit, str]
    ) -> None:
        silent = troubles.Silent()
        toolkit[0].troubles += [troubles.WAKING, silent]
        events = stream(backend)
        told = list(_until(events, lambda one: one.text.endswith("1 s")))
        assert "waking up" in told[-1].text
        events.close()

    def test_what_never_gets_ready_ends(
        self, machine: LocalBackend, toolkit: tuple[Toolkit, str]
    ) -> None:
        toolkit[0].troubles += [troubles.LOADING] * 1000
        patience = RetryPolicy(loading_seconds=0.3, pause_seconds=0.01)
        with pytest.raises(ModelLoading, match="still loading"):
            run(at(machine, toolkit[1], patience))

    def test_what_holds_the_request_for_ever_ends(
        self, machine: LocalBackend, toolkit: tuple[Toolkit, str]
    ) -> None:
        toolkit[0].troubles += [troubles.WAKING, troubles.Silent()]
        patience = RetryPolicy(loading_seconds=1, pause_seconds=0.01)
        with pytest.raises(ModelLoading, match="did not wake up"):
            run(at(machine, toolkit[1], patience))

    def test_stop_while_it_loads(self, backend: Backend, toolkit: tuple[Toolkit, str]) -> None:
        silent, stop = troubles.Silent(), threading.Event()
        toolkit[0].troubles += [troubles.LOADING, silent]
        events = stream(backend, stop)
        next(events)
        assert silent.begun.wait(PATIENCE)
        stop.set()
        with pytest.raises(Cancelled):
            list(events)
        assert silent.left.wait(PATIENCE)

    def test_stop_between_two_questions(
        self, machine: LocalBackend, toolkit: tuple[Toolkit, str]
    ) -> None:
        toolkit[0].troubles += [troubles.LOADING] * 3
        stop = threading.Event()
        events = stream(at(machine, toolkit[1], RetryPolicy(pause_seconds=PATIENCE)), stop)
        list(_until(events, lambda one: one.unit == "s"))
        stop.set()
        with pytest.raises(Cancelled):
            list(events)
        assert len(toolkit[0].troubles) >= 1


class TestStop:
    def test_the_server_sees_the_connection_close(
        self, backend: Backend, toolkit: tuple[Toolkit, str]
    ) -> None:
        silent, stop = troubles.Silent(), threading.Event()
        toolkit[0].troubles.append(silent)
        events = stream(backend, stop)
        told = list(_until(events, lambda one: one.text.endswith(" 2 s")))
        assert [one.text.rpartition(", ")[2] for one in told][-2:] == ["1 s", "2 s"]
        assert all("127.0.0.1" in one.text for one in told)
        stop.set()
        with pytest.raises(Cancelled):
            list(events)
        assert silent.left.wait(PATIENCE)

    def test_a_visitor_who_leaves_ends_the_request(
        self, backend: Backend, toolkit: tuple[Toolkit, str]
    ) -> None:
        silent = troubles.Silent()
        toolkit[0].troubles.append(silent)
        events = stream(backend)
        next(events)
        assert silent.begun.wait(PATIENCE)
        events.close()
        assert silent.left.wait(PATIENCE)

    def test_input_that_nobody_can_use_is_not_sent(
        self, backend: Backend, toolkit: tuple[Toolkit, str]
    ) -> None:
        with pytest.raises(BadInput):
            backend.run(TASK, MODEL, TASK.read_inputs({"text": " "}), OPTIONS)
        assert toolkit[0].asked == []


FAILURES: list[tuple[Any, type[BackendError], str]] = [
    (troubles.PAUSED, EndpointPaused, "resume it at https://endpoints.huggingface.co"),
    (troubles.LIMITED, RateLimited, "Try again in 77 seconds"),
    (troubles.refused(400), BadInput, "did not accept this .because."),
    (troubles.refused(401), NotAuthorised, "asks for a token"),
    (troubles.refused(402), NotAuthorised, "to be paid"),
    (troubles.refused(403), NotAuthorised, "does not allow"),
    (troubles.refused(413), BadInput, "Shorten"),
    (troubles.refused(415), BadInput, "kind of file"),
    (troubles.refused(422), BadInput, "cannot use this input"),
    (troubles.refused(500), Unavailable, "trouble of its own .because."),
    (troubles.refused(502), Unavailable, "trouble of its own"),
    (troubles.refused(504), Unavailable, "too long"),
    (troubles.HTML_503, Unavailable, "503 Service Unavailable"),
    (troubles.HTML, Unavailable, "no JSON"),
    (Response("", 200), Unavailable, "no JSON"),
    (troubles.WRONG_SHAPE, Unavailable, "no answer for text-classification"),
    (troubles.HUGE, Unavailable, "larger than 64 MB"),
    (troubles.cut, Unavailable, "broke off"),
    (troubles.sent_on("http://169.254.169.254/latest"), Unavailable, "http://169.254.169.254, "),
    (troubles.sent_on("http://[bad"), Unavailable, "sends requests on"),
    (JSONResponse({"error": {"message": "full"}}, 500), Unavailable, "full"),
    (JSONResponse({"detail": [{"msg": "no such field"}]}, 422), BadInput, "no such field"),
]


@pytest.mark.parametrize(("trouble", "kind", "words"), FAILURES)
def test_each_failure_is_a_sentence_and_leaves_nothing_behind(
    trouble: Any,
    kind: type[BackendError],
    words: str,
    backend: Backend,
    toolkit: tuple[Toolkit, str],
) -> None:
    toolkit[0].troubles.append(trouble)
    with pytest.raises(BackendError, match=words) as caught:
        run(backend)
    assert type(caught.value) is kind
    assert len(toolkit[0].asked) == 1, "a POST is never sent twice"
    assert run(backend).done


def test_nobody_there(machine: LocalBackend) -> None:
    with pytest.raises(Unavailable, match="refused"):
        run(at(machine, f"http://127.0.0.1:{free_port()}"))


def test_no_such_name(machine: LocalBackend) -> None:
    with pytest.raises(Unavailable, match="no server called nowhere.invalid"):
        run(at(machine, "http://nowhere.invalid"))


def test_plain_http_behind_https(machine: LocalBackend, toolkit: tuple[Toolkit, str]) -> None:
    with pytest.raises(Unavailable, match="cannot prove"):
        run(at(machine, toolkit[1].replace("http:", "https:")))


def test_no_answer_in_time(machine: LocalBackend, toolkit: tuple[Toolkit, str]) -> None:
    toolkit[0].troubles.append(troubles.Silent())
    with pytest.raises(Unavailable, match="took too long"):
        run(at(machine, toolkit[1], RetryPolicy(answer_seconds=0.3)))


def test_an_address_without_a_door_says_so(machine: LocalBackend, talker: tuple[Chat, str]) -> None:
    with pytest.raises(BadInput, match="nothing at this address that does text-classification"):
        run(at(machine, talker[1]))


def test_a_server_of_many_models_is_asked_by_name(
    machine: LocalBackend, toolkit: tuple[Toolkit, str]
) -> None:
    toolkit[0].troubles += [
        troubles.refused(405),
        JSONResponse([{"label": "A", "score": 0.5}]),
    ]
    assert run(at(machine, toolkit[1])).value == [{"label": "A", "score": 0.5}]
    path = "/models/org/text-classification/pipeline/text-classification"
    assert [one.path for one in toolkit[0].asked] == ["/", path]


class TestChat:
    task = TASKS["text-generation"]
    text = [{"role": "user", "content": "hello"}]

    def run(self, machine: LocalBackend, url: str) -> Any:
        inputs = self.task.read_inputs({"text": self.text})
        return at(machine, url).run(self.task, row("org/chat"), inputs, self.task.read_options({}))

    def test_a_stream_that_breaks_off_is_no_answer(
        self, machine: LocalBackend, talker: tuple[Chat, str]
    ) -> None:
        talker[0].troubles += [None, troubles.cut_events]
        with pytest.raises(Unavailable, match="broke off"):
            self.run(machine, talker[1])

    def test_an_error_within_the_stream_is_told(
        self, machine: LocalBackend, talker: tuple[Chat, str]
    ) -> None:
        told = event({"error": {"message": "out of blocks"}})
        talker[0].troubles += [None, Response(told, media_type="text/event-stream")]
        with pytest.raises(Unavailable, match="out of blocks"):
            self.run(machine, talker[1])

    def test_a_server_that_does_not_stream_is_understood(
        self, machine: LocalBackend, talker: tuple[Chat, str]
    ) -> None:
        whole = {"choices": [{"message": {"role": "assistant", "content": "Hi"}}]}
        talker[0].troubles += [None, JSONResponse(whole)]
        [told] = self.run(machine, talker[1]).value
        assert told["generated_text"] == [*self.text, {"role": "assistant", "content": "Hi"}]

    @pytest.mark.parametrize("wrong", [{}, {"choices": [{}]}, {"choices": [{"delta": 7}]}, []])
    def test_other_events_are_the_wrong_shape(
        self, wrong: Any, machine: LocalBackend, talker: tuple[Chat, str]
    ) -> None:
        talker[0].troubles += [None, Response(event(wrong), media_type="text/event-stream")]
        with pytest.raises(Unavailable, match="no answer for text-generation"):
            self.run(machine, talker[1])

    def test_the_toolkit_takes_a_conversation_too(self, machine: LocalBackend, answer: Any) -> None:
        with Serving(Toolkit(answer, {"org/chat": self.task})) as serving:
            [told] = self.run(machine, serving.url).value
        assert told["generated_text"][-1]["role"] == "assistant"


class TestIdentify:
    def named(self, machine: LocalBackend, url: str) -> str:
        return backends(machine, QUICK).identify(Destination("endpoint", url=url), Watch())

    def test_the_toolkit(self, machine: LocalBackend, toolkit: tuple[Toolkit, str]) -> None:
        assert "inference toolkit" in self.named(machine, toolkit[1])

    @pytest.mark.parametrize(
        ("owner", "name"),
        [("vllm", "vLLM"), ("llamacpp", "llama.cpp"), ("x", "A server for")],
    )
    def test_servers_of_conversations(
        self, owner: str, name: str, machine: LocalBackend, talker: tuple[Chat, str]
    ) -> None:
        talker[0].owner = owner
        told = self.named(machine, f"{talker[1]}/v1/chat/completions")
        assert told.startswith(name)
        assert told.endswith("answers, with org/chat.")

    @pytest.mark.parametrize(
        ("info", "name"),
        [
            ({"model_id": "org/m", "version": "3.3"}, "Text Generation Inference 3.3"),
            ({"model_id": "org/m", "model_type": {"e": 1}}, "Text Embeddings Inference"),
        ],
    )
    def test_text_inference(
        self, info: dict, name: str, machine: LocalBackend, talker: tuple[Chat, str]
    ) -> None:
        talker[0].troubles.append(JSONResponse(info))
        assert self.named(machine, talker[1]).startswith(name)

    def test_this_app(self, machine: LocalBackend, talker: tuple[Chat, str]) -> None:
        about = JSONResponse({"info": {"title": "Pipeline Playground"}})
        talker[0].troubles += [None, about]
        told = self.named(machine, talker[1])
        assert told == "Another instance of this app answers; among its models are org/chat."

    def test_a_web_page(self, machine: LocalBackend, toolkit: tuple[Toolkit, str]) -> None:
        toolkit[0].troubles += [troubles.HTML] * 9
        assert "does not know" in self.named(machine, toolkit[1])

    def test_a_gateway_that_fails_once(
        self, machine: LocalBackend, talker: tuple[Chat, str]
    ) -> None:
        talker[0].troubles.append(troubles.refused(502))
        assert self.named(machine, talker[1]).startswith("vLLM")

    def test_a_gateway_that_fails(self, machine: LocalBackend, talker: tuple[Chat, str]) -> None:
        talker[0].troubles += [troubles.refused(502)] * 3
        with pytest.raises(Unavailable, match="trouble of its own"):
            self.named(machine, talker[1])

    def test_a_sleeper(self, machine: LocalBackend, talker: tuple[Chat, str]) -> None:
        talker[0].troubles.append(troubles.WAKING)
        with pytest.raises(ModelLoading, match="asleep"):
            self.named(machine, talker[1])

    def test_nobody(self, machine: LocalBackend) -> None:
        with pytest.raises(Unavailable, match="refused"):
            self.named(machine, f"http://127.0.0.1:{free_port()}")


def _until(events: Iterator[Any], found: Any) -> Iterator[Progress]:
    """The progress up to and with the first that is looked for."""
    for one in events:
        assert isinstance(one, Progress)
        yield one
        if found(one):
            return
    raise AssertionError("it did not come")


class TestWhatNeedsNoModel:
    TRANSLATION = TASKS["translation"]
    MODEL = row(hosted("translation"))

    def run(self, backend: Backend, text: str) -> Result:
        inputs = self.TRANSLATION.read_inputs({"text": text})
        return backend.run(self.TRANSLATION, self.MODEL, inputs, self.TRANSLATION.read_options({}))

    def test_a_text_without_words_is_given_back_and_not_sent(
        self, backend: Backend, toolkit: tuple[Toolkit, str]
    ) -> None:
        result = self.run(backend, "12,50 €")
        assert result.value == [{"translation_text": "12,50 €"}]
        assert result.notes == ("There are no words in this: it is given back as it is.",)
        assert not toolkit[0].asked

    def test_numbers_that_got_lost_there_are_named(
        self, backend: Backend, toolkit: tuple[Toolkit, str]
    ) -> None:
        toolkit[0].troubles.append(JSONResponse([{"translation_text": "我出生于190年。"}]))
        result = self.run(backend, "I was born in 1990.")
        assert "Numbers of the text that are not in the answer: 1990. Check them." in result.notes
