"""What Ray Serve tells of an application, as the page tells it."""

import json

import pytest
from ray.serve.schema import (
    ApplicationStatus,
    ApplicationStatusOverview,
    DeploymentStatus,
    DeploymentStatusOverview,
    DeploymentStatusTrigger,
)

from endpoints.base import State
from endpoints.ray_status import endpoint
from endpoints.replica import MARK
from runtime.messages import Message
from tests.unit.endpoints.test_store import definition

# Ray's own models are written for an older pydantic.
pytestmark = pytest.mark.filterwarnings("ignore:Using extra keyword arguments on `Field`")


def app(status: str, **replicas: int) -> ApplicationStatusOverview:
    told = DeploymentStatusOverview(
        DeploymentStatus.HEALTHY,
        DeploymentStatusTrigger.UNSPECIFIED,
        replicas,  # by plain words, as Ray Serve gives them
        "",
    )
    return ApplicationStatusOverview(ApplicationStatus(status), "", 0.0, {"Model": told})


@pytest.mark.parametrize(
    ("definition_", "there", "state"),
    [
        ({}, app("DEPLOYING"), State.PENDING),
        ({}, app("DEPLOYING", STARTING=1), State.INITIALIZING),
        ({}, app("DEPLOYING", RUNNING=1, STARTING=1), State.RUNNING),
        ({}, app("RUNNING", RUNNING=1), State.RUNNING),
        ({}, app("RUNNING"), State.SCALED_TO_ZERO),
        ({"at_zero": True}, app("DEPLOYING", RUNNING=1), State.UPDATING),
        ({"at_zero": True}, app("DEPLOYING", STOPPING=1), State.UPDATING),
        ({"at_zero": True}, app("RUNNING"), State.SCALED_TO_ZERO),
        ({"at_zero": True}, app("RUNNING", RUNNING=1), State.RUNNING),  # a request woke it
        ({"paused": True}, app("DELETING", STOPPING=1), State.PAUSED),
        ({"paused": True}, None, State.PAUSED),
        ({}, app("DEPLOY_FAILED"), State.FAILED),
        ({}, app("DELETING"), State.FAILED),
        ({}, None, State.FAILED),
    ],
)
def test_the_state_of_an_endpoint(
    definition_: dict, there: ApplicationStatusOverview | None, state: State
) -> None:
    assert endpoint(definition(**definition_), there, "http://127.0.0.1:8000").state is state


def test_why_a_replica_failed_is_a_message_again() -> None:
    what = Message("The sample {name} is missing.", name="sample/none")
    reason = json.dumps([Message.dump(what), Message.dump(Message("Choose another model."))])
    overview = app("DEPLOY_FAILED")
    overview.message = f"ray::Model.__init__() RuntimeError: {MARK}{reason}{MARK} (pid=7)"
    failed = endpoint(definition(), overview, "http://127.0.0.1:8000")
    assert (failed.state, failed.reason) == (State.FAILED, what)
    assert failed.reason.template == what.template
    assert failed.todo.startswith("Choose another model.")
