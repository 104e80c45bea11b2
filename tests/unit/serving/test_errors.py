import json

import pytest

from runtime import errors as told
from runtime.errors import BackendError
from serving import errors


def kinds() -> list[type[BackendError]]:
    found = [BackendError]
    for kind in found:
        found += kind.__subclasses__()
    return [kind for kind in found if kind.__module__ == told.__name__]


@pytest.mark.parametrize("kind", kinds())
def test_every_error_has_its_status(kind: type[BackendError]) -> None:
    assert kind in errors.STATUS
    answer = errors.answer(kind("What happened.", "What to do."))
    assert answer.status_code == errors.STATUS[kind] >= 400
    assert json.loads(bytes(answer.body)) == {"error": "What happened. What to do."}


def test_every_status_is_explained() -> None:
    assert {status for status in errors.STATUS.values() if status != 499} <= set(errors.MEANING)


def test_a_kind_of_its_own_is_answered_as_what_it_derives_from() -> None:
    class Newer(told.OutOfMemory):
        pass

    assert errors.status_of(Newer("", "")) == 507


def test_a_model_on_its_way_says_when_it_comes() -> None:
    answer = errors.answer(errors.StillLoading("sample/x", 12.34))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "13"
    said = json.loads(bytes(answer.body))
    assert said == {"error": "Model sample/x is currently loading", "estimated_time": 12.3}
