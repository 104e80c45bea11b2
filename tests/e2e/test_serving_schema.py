"""Requests that nobody thought of, made from our own description: no 5xx, no hang, no surprise.

What a route answers has to be described there too: its statuses, its kinds, its shapes.
"""

import json
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.test_serving_tasks import CASES, TASKS, WAIT, body
from tests.serving import Served

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MODELS = {task_id: case.model for task_id, case in CASES.items()}
QUICK = settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PATIENCE = 60.0  # seconds for one answer


def described(served: Served) -> Any:
    return schemathesis.openapi.from_url(f"{served.url}/openapi.json")


def use_a_model_of_this_machine(case: Any) -> None:
    """In place of one of the Hub's, which nobody can reach here; and never long texts."""
    if "model" in (case.path_parameters or {}):
        task_id = case.path.rpartition("/")[2]
        case.path_parameters["model"] = MODELS.get(task_id, "sample/text-generation-en")
    case.headers = {**(case.headers or {}), **WAIT}
    if isinstance(case.body, dict):
        for part in (case.body, case.body.get("parameters")):
            for name in ("max_new_tokens", "max_tokens"):
                if isinstance(part, dict) and isinstance(part.get(name), int):
                    part[name] = min(part[name], 20)


def test_no_request_of_our_own_description_breaks_anything(served: Served) -> None:
    schema = described(served)
    asked: list[tuple[str, int]] = []
    for operation in (found.ok() for found in schema.get_all_operations()):

        @QUICK
        @given(case=operation.as_strategy())
        def hold(case: Any) -> None:
            use_a_model_of_this_machine(case)
            reply = case.call_and_validate(checks=CHECKS, timeout=PATIENCE)
            asked.append((case.path, reply.status_code))

        hold()
    assert {path for path, _ in asked} == set(schema)
    assert len({path for path, status in asked if status == 200}) > 8, "not only refusals"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("task_id", TASKS)
def test_no_json_breaks_a_task(served: Served, task_id: str) -> None:
    """Schemathesis keeps to what is described; here known names hold anything."""
    address = f"{served.url}/models/{MODELS[task_id]}/pipeline/{task_id}"
    described_body = described(served)["/models/{model}/pipeline/" + task_id][
        "POST"
    ].definition.raw["requestBody"]["content"]["application/json"]["schema"]
    right = {} if TASKS[task_id].takes_media else body(task_id)  # hearing takes too long here
    names = [
        *described_body["properties"]["parameters"]["properties"],
        "generate_kwargs",
        "max_length",
    ]

    @settings(QUICK, max_examples=12)
    @given(
        inputs=st.just(right.get("inputs")) | JSON,
        parameters=st.dictionaries(st.sampled_from(names), JSON, max_size=2),
    )
    def hold(inputs: Any, parameters: dict) -> None:
        said = {"inputs": inputs, "parameters": {**right.get("parameters", {}), **parameters}}
        reply = http.post(address, content=_json(said), headers=kind)
        assert reply.status_code in (200, 400), reply.text
        assert reply.status_code == 200 or set(reply.json()) == {"error"}

    kind = {**WAIT, "Content-Type": "application/json"}
    with httpx.Client(timeout=PATIENCE) as http:
        hold()


def _json(said: Any) -> bytes:
    return json.dumps(said).encode()  # with NaN, which is no JSON
