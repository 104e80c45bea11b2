"""What Hugging Face's API answers, in the shapes of `endpoints.base`.

The fields are those that huggingface_hub reads, and beside them `compute`, `provider` and `status`
as https://api.endpoints.huggingface.cloud/ describes them. A field of the latter that is missing is
not known; one of the former raises KeyError.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huggingface_hub import InferenceEndpoint, InferenceEndpointHardware

from endpoints import cost
from endpoints.base import BROKEN, Endpoint, Hardware, Quota, State, level
from runtime.messages import Message

# What makes a machine one and the same in a list of hardware and in an endpoint.
HardwareKey = tuple[str, str, str, str, str]

FAILED = Message(
    "Read its log at {log}. Most often its memory is too small for the model: "
    "delete it and choose a larger instance. To try it again as it is, pause and "
    "resume it."
)
UPDATE_FAILED = Message(
    "The change was not made. Read its log at {log}, and change it there again."
)


def hardware(raw: InferenceEndpointHardware) -> Hardware:
    return Hardware(
        id=raw.id,
        accelerator=raw.accelerator,
        instance_type=raw.instance_type,
        instance_size=raw.instance_size,
        vendor=raw.vendor,
        region=raw.region,
        about=raw.architecture,
        accelerators=raw.num_accelerators,
        cpus=raw.num_cpus,
        memory_gb=raw.memory_gb,
        accelerator_memory_gb=raw.gpu_memory_gb,
        price_per_hour=raw.price_per_hour,
        status=raw.status,
        quota=Quota(raw.used_accelerators, raw.max_accelerators),
    )


def key(machine: Hardware) -> HardwareKey:
    return (*machine.place, machine.instance_type, machine.instance_size)


def endpoint(
    answer: InferenceEndpoint, offered: Mapping[HardwareKey, Hardware], now: datetime
) -> Endpoint:
    """`offered` gives the price, which the answer does not; `now` is for what it has cost."""
    raw = answer.raw
    status: dict[str, Any] = raw["status"]
    scaling: dict[str, Any] = raw.get("compute", {}).get("scaling", {})
    least, most = scaling.get("minReplica", 1), scaling.get("maxReplica", 1)
    machine = _machine(raw, offered)
    price = machine.price_per_hour if machine else None
    state = _state(answer.status)
    dates = answer.created_at, answer.updated_at
    spent = None if price is None else cost.so_far(price, state, *dates, least, most, now)
    reason, todo = _trouble(answer, state)
    return Endpoint(
        name=answer.name,
        model=answer.repository,
        task=answer.task,
        state=state,
        created=answer.created_at,
        url=answer.url,
        hardware=machine,
        level=level(answer.type),
        revision=answer.revision,
        min_replicas=least,
        max_replicas=most,
        ready_replicas=status.get("readyReplica"),
        price_per_hour=price,
        cost=spent,
        reason=reason,
        todo=todo,
    )


def _state(word: str) -> State:
    return State(word) if word in list(State) else State.UNKNOWN


def _machine(raw: dict[str, Any], offered: Mapping[HardwareKey, Hardware]) -> Hardware | None:
    compute, provider = raw.get("compute", {}), raw.get("provider", {})
    names = ("accelerator", "instanceType", "instanceSize")
    accelerator, kind, size = (compute.get(name, "") for name in names)
    vendor, region = provider.get("vendor", ""), provider.get("region", "")
    if not kind:
        return None
    # Hardware that is no longer sold has no price any more.
    nameless = Hardware(compute.get("id", ""), accelerator, kind, size, vendor, region)
    return offered.get(key(nameless), nameless)


def _trouble(answer: InferenceEndpoint, state: State) -> tuple[str, str]:
    """Why it is broken, as the API says it, and what to do; empty for one that is not."""
    status = answer.raw["status"]
    if state not in BROKEN:
        return "", ""
    reason = status.get("errorMessage") or status.get("message") or ""
    page = f"https://endpoints.huggingface.co/{answer.namespace}/endpoints/{answer.name}"
    advice = FAILED if state is State.FAILED else UPDATE_FAILED
    return str(reason), advice.fill(log=f"{page}/logs")
