"""What the tests of endpoints ask for, and how they wait for it."""

import dataclasses
import threading
from typing import Any

from endpoints.base import Endpoint, Hardware, Spec, State
from endpoints.huggingface import HuggingFace


def cpu(provider: HuggingFace) -> Hardware:
    return next(h for h in provider.hardware() if h.id == "aws-us-east-1-intel-spr-x1")


def spec(provider: HuggingFace, **changes: Any) -> Spec:
    wish = Spec("org/model", "my-model", task="text-classification", hardware=cpu(provider))
    return dataclasses.replace(wish, **changes)


def see(provider: HuggingFace, name: str, state: State) -> Endpoint:
    """Look until it is in that state; the played service takes a step each time."""
    for _ in range(10):
        endpoint = provider.get(name)
        if endpoint.state is state:
            return endpoint
    raise AssertionError(f"{name} is {endpoint.state}, not {state}")


def until(condition: Any) -> None:
    """Wait for what another thread brings about."""
    tick = threading.Event()
    for _ in range(600):
        if condition():
            return
        tick.wait(0.05)
    raise AssertionError("it did not happen within 30 seconds")
