"""Every task through all three backends: the same answer in the same shape, over real HTTP."""

from typing import Any

import pytest
from huggingface_hub import AsyncInferenceClient

from backends.destination import Destination
from backends.local import LocalBackend
from runtime.errors import BadInput
from tasks.base import Task
from tasks.hub_client import HubClientMixin
from tests.cases import cases, takes_lists
from tests.elsewhere import Elsewhere
from tests.loopback_inference import Chat, Played, Serving, Toolkit
from tests.unit.backends.remote.conftest import TASKS, TOKEN, backends, hosted, row

CASES = cases(list(TASKS))
LISTS = [task_id for task_id, task in TASKS.items() if takes_lists(task)]


def asked(task_id: str, texts: bool = False) -> tuple[Any, Any]:
    task, case = TASKS[task_id], CASES[task_id]
    inputs = case.inputs(task)
    if texts:
        name, text = next(iter(inputs.items()))
        inputs[name] = [text, "The end."]
    return task.read_inputs(inputs), task.read_options(case.options(task))


def near(value: Any) -> Any:
    """Numbers as close as JSON and float32 keep them; tuples are lists on the wire."""
    if isinstance(value, dict):
        return {key: near(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [near(part) for part in value]
    return pytest.approx(value, rel=1e-4, abs=1e-6) if isinstance(value, float) else value


def has_method(task: Task) -> bool:
    """Whether huggingface_hub's client has one for the task, or the task knows another way."""
    other = type(task).ask_once is not HubClientMixin.ask_once
    return other or hasattr(AsyncInferenceClient, task.id.replace("-", "_"))


@pytest.mark.parametrize(
    ("task_id", "texts"),
    [*((task_id, False) for task_id in TASKS), *((task_id, True) for task_id in LISTS)],
)
def test_all_backends_answer_alike(
    task_id: str,
    texts: bool,
    machine: LocalBackend,
    offline_row: Any,
    answer: Any,
    elsewhere: Elsewhere,
) -> None:
    task, model = TASKS[task_id], row(hosted(task_id))
    inputs, options = asked(task_id, texts)
    local = machine.run(task, offline_row(model.id, task), inputs, options)
    ours = backends(machine)
    with Serving(Toolkit(answer, {model.id: task})) as serving:
        there = ours.create(Destination("endpoint", url=serving.url)).run(
            task, model, inputs, options
        )
    assert near(there.value) == near(local.value)
    if not has_method(task):
        with pytest.raises(BadInput, match=f"does not offer {task_id}"):
            ours.create(Destination("hub", token=TOKEN)).run(task, model, inputs, options)
        return
    hub = ours.create(Destination("hub", token=TOKEN)).run(task, model, inputs, options)
    assert near(hub.value) == near(local.value)
    assert (local.backend, hub.backend, there.backend) == ("local", "hub", "endpoint")
    assert hub.device == "hf-inference"
    assert there.device == serving.url.removeprefix("http://")
    assert set(elsewhere.asked) <= {"router.huggingface.co", "huggingface.co"}


def test_a_conversation_goes_to_chat_and_grows(
    machine: LocalBackend,
    offline_row: Any,
    talker: tuple[Chat, str],
    router: Played,
    hub_api: Any,
) -> None:
    task, model = TASKS["text-generation"], row("org/chat")
    conversation = [{"role": "user", "content": "hello"}]
    inputs = task.read_inputs({"text": conversation})
    options = task.read_options({"temperature": 0.0, "max_new_tokens": 20})
    local = machine.run(task, offline_row("org/chat", task), inputs, options).value
    hub_api.offers["org/chat"] = [
        {"provider": "novita", "task": "conversational", "status": "live"}
    ]
    ours = backends(machine)
    assert (
        ours.create(Destination("hub", token=TOKEN)).run(task, model, inputs, options).value
        == local
    )
    assert router.asked[-1].path == "/v1/chat/completions"
    events = list(
        ours.create(Destination("endpoint", url=talker[1])).stream(task, model, inputs, options)
    )
    assert events[-1].value == local
    assert [one.done for one in events if hasattr(one, "done") and hasattr(one, "value")][
        0
    ] is False


def test_a_text_goes_to_chat_where_there_is_nothing_else(
    machine: LocalBackend, offline_row: Any, talker: tuple[Chat, str]
) -> None:
    task, model = TASKS["text-generation"], row("org/another")
    inputs = task.read_inputs({"text": "hello"})
    options = task.read_options({"temperature": 0.0, "max_new_tokens": 5})
    result = (
        backends(machine)
        .create(Destination("endpoint", url=talker[1]))
        .run(task, model, inputs, options)
    )
    assert result.value == machine.run(task, offline_row("org/chat", task), inputs, options).value
    assert result.model == "org/chat"
    assert result.notes == ("The endpoint serves org/chat, whichever model is chosen.",)
