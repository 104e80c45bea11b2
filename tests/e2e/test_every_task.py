"""Every task in the launched app, on real weights: the documented shape, and its own sentences."""

from collections.abc import Iterator
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

import tasks
from tests.cases import cases, for_page
from tests.serving import Served

CASES = cases(list(tasks.discover()))
BAD = [
    pytest.param(task_id, change, said, id=f"{task_id}: {said}")
    for task_id, case in CASES.items()
    for change, said in case.bad
]


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


def ask(client: Client, task_id: str, **change: Any) -> Any:
    given = for_page({**CASES[task_id].given, **change})
    return client.predict(**given, api_name=f"/{task_id.replace('-', '_')}")


@pytest.mark.parametrize("task_id", CASES)
def test_the_answer_has_the_documented_shape(client: Client, task_id: str) -> None:
    answer = ask(client, task_id)
    assert answer
    CASES[task_id].check(answer)


@pytest.mark.parametrize(("task_id", "change", "said"), BAD)
def test_each_wrong_call_gets_its_own_sentence(
    client: Client, task_id: str, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(AppError, match=said):
        ask(client, task_id, **change)


@pytest.mark.parametrize("task_id", CASES)
def test_a_model_that_cannot_be_had_is_told(client: Client, task_id: str) -> None:
    with pytest.raises(AppError, match="cannot be reached"):
        ask(client, task_id, model="nobody/nothing")


@pytest.mark.parametrize("task_id", CASES)
def test_a_sample_of_another_task_is_told(client: Client, task_id: str) -> None:
    here = CASES[task_id].model
    others = (case.model for case in CASES.values() if case.model.startswith("sample/"))
    other = next(model for model in others if model != here)
    with pytest.raises(AppError, match=f"no {other} here"):
        ask(client, task_id, model=other)
