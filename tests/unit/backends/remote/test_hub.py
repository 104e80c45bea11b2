"""The Inference API by huggingface_hub's own client and addresses, played on this machine."""

import threading
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from backends.base import Backend, Result
from backends.destination import Destination
from backends.local import LocalBackend
from backends.provider_mapping import ProviderMapping
from backends.retries import RetryPolicy
from runtime.catalogue import Package
from runtime.errors import (
    BackendError,
    BadInput,
    Cancelled,
    Gated,
    ModelLoading,
    ModelNotFound,
    NotAuthorised,
    RateLimited,
    Unavailable,
)
from runtime.watch import Progress, Watch
from tasks.plain_json import PlainJson
from tests.elsewhere import Elsewhere
from tests.loopback_inference import HubApi, Played, event
from tests.serving import NO_HUB
from tests.unit.backends.remote import troubles
from tests.unit.backends.remote.conftest import QUICK, TASKS, TOKEN, backends, hosted, row

PATIENCE = 60.0  # seconds until a test that hangs fails
TASK = TASKS["text-classification"]
MODEL = row(hosted(TASK.id))
INPUTS = TASK.read_inputs({"text": "What a lovely day."})
OPTIONS = TASK.read_options({})
WRITING = TASKS["text-generation"]


@pytest.fixture
def backend(machine: LocalBackend, router: Played) -> Backend:
    return hub(machine)


def hub(machine: LocalBackend, patience: RetryPolicy = QUICK, provider: str = "auto") -> Backend:
    return backends(machine, patience).create(Destination("hub", provider=provider, token=TOKEN))


def run(backend: Backend, model: Any = MODEL) -> Result:
    return backend.run(TASK, model, INPUTS, OPTIONS)


class TestNotReady:
    def test_a_loading_model_is_asked_again_and_waited_for(
        self, backend: Backend, router: Played
    ) -> None:
        router.troubles.append(troubles.LOADING)
        result = run(backend)
        first, second = router.asked
        assert "x-wait-for-model" not in first.headers
        assert second.headers["x-wait-for-model"] == "true"
        assert result.timings.load > 0

    def test_the_wait_counts_against_the_estimate_and_stops(
        self, backend: Backend, router: Played
    ) -> None:
        silent, stop = troubles.Silent(), threading.Event()
        router.troubles += [troubles.LOADING, silent]
        events = backend.stream(TASK, MODEL, INPUTS, OPTIONS, stop)
        told = next(one for one in events if isinstance(one, Progress) and one.done == 1)
        assert (told.total, told.unit) == (20, "s")
        assert silent.begun.wait(PATIENCE)
        stop.set()
        with pytest.raises(Cancelled):
            list(events)
        assert silent.left.wait(PATIENCE)

    def test_what_never_gets_ready_ends(self, machine: LocalBackend, router: Played) -> None:
        router.troubles += [troubles.LOADING] * 1000
        with pytest.raises(ModelLoading, match="still loading at hf-inference"):
            run(hub(machine, RetryPolicy(loading_seconds=0.5, pause_seconds=0.01)))


FAILURES: list[tuple[Any, type[BackendError], str]] = [
    (troubles.LIMITED, RateLimited, "Try again in 77 seconds"),
    (troubles.refused(400), BadInput, "did not accept this for org/text-classification .because"),
    (troubles.refused(401), NotAuthorised, "does not accept the token"),
    (troubles.refused(402), NotAuthorised, "used up its credits"),
    (troubles.refused(403), NotAuthorised, "does not allow"),
    (troubles.refused(404), ModelNotFound, "does not serve"),
    (troubles.refused(413), BadInput, "Shorten"),
    (troubles.refused(422), BadInput, "cannot use this input"),
    (troubles.refused(500), Unavailable, "trouble of its own .because."),
    (troubles.refused(503), Unavailable, "trouble of its own .because."),
    (troubles.refused(504), Unavailable, "too long"),
    (troubles.WAKING, Unavailable, "503 Service Unavailable"),
    (troubles.HTML, Unavailable, "no JSON"),
    (troubles.WRONG_SHAPE, Unavailable, "no answer for text-classification"),
    (JSONResponse([[{"label": 7}]]), Unavailable, "no answer for text-classification"),
    (troubles.cut, Unavailable, "broke off"),
    (troubles.HUGE, Unavailable, "larger than 64 MB"),
    (troubles.sent_on("https://other.example/x"), Unavailable, "on to https://other.example,"),
    (JSONResponse({"error": "no"}, 403, {"X-Error-Code": "GatedRepo"}), Gated, "accept terms"),
]


@pytest.mark.parametrize(("trouble", "kind", "words"), FAILURES)
def test_each_failure_is_a_sentence_and_leaves_nothing_behind(
    trouble: Any,
    kind: type[BackendError],
    words: str,
    backend: Backend,
    router: Played,
    elsewhere: Elsewhere,
) -> None:
    router.troubles.append(trouble)
    with pytest.raises(BackendError, match=words) as caught:
        run(backend)
    assert type(caught.value) is kind
    assert len(router.asked) == 1, "a POST is never sent twice"
    assert set(elsewhere.asked) <= {"router.huggingface.co", "huggingface.co"}


def test_no_answer_in_time(machine: LocalBackend, router: Played) -> None:
    router.troubles.append(troubles.Silent())
    with pytest.raises(Unavailable, match="took too long"):
        run(hub(machine, RetryPolicy(answer_seconds=0.5)))


class TestOffers:
    def test_served_by_whom(self, machine: LocalBackend, hub_api: HubApi) -> None:
        mapping = [
            {"provider": "novita", "task": "conversational", "status": "staging"},
            {"provider": "together", "task": "conversational", "status": "live"},
        ]
        hub_api.offers = {MODEL.id: mapping}
        ours = backends(machine)
        told = ours.served(MODEL.id, Destination("hub"))
        assert told == [
            ProviderMapping("together", "conversational", "live"),
            ProviderMapping("novita", "conversational", "staging"),
        ]
        asked = len(hub_api.asked)
        assert ours.served(MODEL.id, Destination("hub")) == told
        assert len(hub_api.asked) == asked, "believed for some minutes"

    def test_nobody(self, machine: LocalBackend, hub_api: HubApi) -> None:
        hub_api.offers = {MODEL.id: []}
        assert backends(machine).served(MODEL.id, Destination("hub")) == []
        with pytest.raises(ModelNotFound, match="Nobody serves org/text-classification"):
            run(hub(machine))

    def test_for_something_else(
        self, machine: LocalBackend, hub_api: HubApi, router: Played
    ) -> None:
        hub_api.offers = {
            MODEL.id: [{"provider": "groq", "task": "conversational", "status": "live"}]
        }
        with pytest.raises(ModelNotFound, match=r"only for conversational \(groq\)"):
            run(hub(machine))
        assert router.asked == []

    def test_not_by_this_provider(self, machine: LocalBackend, router: Played) -> None:
        with pytest.raises(ModelNotFound, match="groq does not serve org/text-classification"):
            run(hub(machine, provider="groq"))
        assert router.asked == []

    def test_the_client_knows_no_such_provider(
        self, machine: LocalBackend, hub_api: HubApi
    ) -> None:
        hub_api.offers = {MODEL.id: [{"provider": "new-one", "task": TASK.id, "status": "live"}]}
        with pytest.raises(ModelNotFound, match="new-one does not serve"):
            run(hub(machine))

    def test_no_such_model(self, machine: LocalBackend, hub_api: HubApi) -> None:
        with pytest.raises(ModelNotFound, match="no public model org/none"):
            backends(machine).served("org/none", Destination("hub"))

    @pytest.mark.parametrize("name", ["http://127.0.0.1:9", "../../etc", "a/b/c", ""])
    def test_no_name(self, name: str, machine: LocalBackend, elsewhere: Elsewhere) -> None:
        with pytest.raises(ModelNotFound):
            backends(machine).served(name, Destination("hub"))
        with pytest.raises(ModelNotFound):
            run(hub(machine), row(name or "http://a"))
        assert elsewhere.asked == []

    def test_no_hub(self, machine: LocalBackend) -> None:
        with pytest.raises(Unavailable, match="not reachable"):
            backends(machine, HF_ENDPOINT=NO_HUB).served(MODEL.id, Destination("hub"))


class TestRows:
    def test_a_sample_is_nowhere_else(self, backend: Backend, elsewhere: Elsewhere) -> None:
        with pytest.raises(BadInput, match="exists only in this app"):
            run(backend, row("sample/sentiment-en", source="sample"))
        assert elsewhere.asked == []

    def test_a_package_has_its_original(self, backend: Backend, router: Played) -> None:
        package = Package(
            modules=["a"], convert="b", sha256="0" * 64, requirements="r", original=MODEL.id
        )
        assert run(backend, row("package/x", source="package", package=package)).model == MODEL.id

    def test_a_revision_is_told(self, backend: Backend) -> None:
        assert "newest version" in run(backend, row(MODEL.id, revision="v2")).notes[0]

    def test_options_that_cannot_be_told_are_noted(self, backend: Backend) -> None:
        task = TASKS["feature-extraction"]
        inputs, options = task.read_inputs({"text": "a"}), task.read_options({"pooling": "cls"})
        result = backend.run(task, row(hosted(task.id)), inputs, options)
        assert result.notes == ("The Inference API does not know these options: Pooling.",)


class TestWriting:
    def test_a_text_goes_on_where_chat_is_not_known(self, backend: Backend, router: Played) -> None:
        router.troubles.append(troubles.refused(404))
        inputs = WRITING.read_inputs({"text": "Once"})
        options = WRITING.read_options({"temperature": 0.0, "max_new_tokens": 3})
        result = backend.run(WRITING, row(hosted(WRITING.id)), inputs, options)
        assert result.value[0]["generated_text"].startswith("Once")
        assert [one.path.rpartition("/")[2] for one in router.asked] == [
            "completions",
            "text-generation",
        ]

    def test_why_a_conversation_was_refused_is_told(self, backend: Backend, router: Played) -> None:
        router.troubles.append(troubles.refused(400, "too many tokens"))
        inputs = WRITING.read_inputs({"text": [{"role": "user", "content": "Hello"}]})
        with pytest.raises(BadInput, match="too many tokens"):
            backend.run(WRITING, row(hosted(WRITING.id)), inputs, WRITING.read_options({}))

    def test_an_error_within_the_stream_is_told(self, backend: Backend, router: Played) -> None:
        told = event({"error": "overloaded", "error_type": "overloaded"})
        router.troubles.append(Response(told, media_type="text/event-stream"))
        inputs = WRITING.read_inputs({"text": [{"role": "user", "content": "Hello"}]})
        with pytest.raises(RateLimited):
            backend.run(WRITING, row(hosted(WRITING.id)), inputs, WRITING.read_options({}))


class TestPlainJson:
    """Tasks without a module here take any JSON, which must not lead the client astray."""

    @pytest.mark.parametrize(
        ("task_id", "inputs", "parameters", "words"),
        [
            ("depth-estimation", "some text", {}, "does not offer depth-estimation"),
            ("image-classification", "no file here", {}, "takes a file as image"),
            ("text-to-speech", "Hello", {"model": "http://127.0.0.1:9"}, "no 'model'"),
            ("document-question-answering", {"model": "other/one"}, {}, "no 'model'"),
            ("document-question-answering", {"page": 1}, {}, "takes other inputs"),
        ],
    )
    def test_what_the_client_cannot_take_is_told(
        self,
        task_id: str,
        inputs: Any,
        parameters: dict,
        words: str,
        backend: Backend,
        router: Played,
        hub_api: HubApi,
    ) -> None:
        hub_api.offers = {
            MODEL.id: [{"provider": "hf-inference", "task": task_id, "status": "live"}]
        }
        task = PlainJson(task_id)
        given = task.read_inputs({"inputs": inputs, "parameters": parameters})
        with pytest.raises(BadInput, match=words):
            backend.run(task, MODEL, given, task.read_options({}))
        assert router.asked == []


def test_who_is_asking(machine: LocalBackend, hub_api: HubApi) -> None:
    told = backends(machine).identify(Destination("hub", token=TOKEN), Watch())
    assert told == "The Inference API answers, for the account someone."


def test_a_token_that_is_not_accepted(machine: LocalBackend, hub_api: HubApi) -> None:
    hub_api.troubles.append(troubles.refused(401))
    with pytest.raises(NotAuthorised):
        backends(machine).identify(Destination("hub", token=TOKEN), Watch())
