"""HTML of the Endpoints tab. Whatever comes from a provider or a visitor is escaped here."""

from collections.abc import Iterable, Mapping
from html import escape

from endpoints.base import BROKEN, COMING, Action, Endpoint, Hardware, State
from endpoints.cost import HOURS_A_DAY, Rate
from runtime.messages import Message
from tabs import draw

STATES: dict[State, str] = {
    State.PENDING: "Waiting for a machine",
    State.INITIALIZING: "Starting",
    State.UPDATING: "Changing",
    State.UPDATE_FAILED: "Change failed",
    State.RUNNING: "Running",
    State.PAUSED: "Paused",
    State.FAILED: "Failed",
    State.SCALED_TO_ZERO: "Scaled to zero",
    State.UNKNOWN: "In a state that this app does not know",
}
ACTIONS: dict[Action, str] = {
    Action.PAUSE: "Pause",
    Action.RESUME: "Resume",
    Action.SCALE_TO_ZERO: "Scale to zero",
    Action.DELETE: "Delete",
}
# Asked, it answers, even if it has to wake up first.
ANSWERING = (State.RUNNING, State.SCALED_TO_ZERO)


def dollars(amount: float) -> str:
    """$0.033 an hour, $24.09 a month: cents, and more where cents say nothing."""
    return f"${amount:,.2f}" if amount >= 0.1 or amount == 0 else f"${amount:.3f}"


def machine(hardware: Hardware) -> str:
    """An instance in the menu: what it has, and what it costs."""
    parts = [f"{hardware.instance_type} {hardware.instance_size}"]
    if hardware.cpus and hardware.accelerator == "cpu":
        parts.append(f"{hardware.cpus:g} CPU")
    parts += [f"{gb:g} GB" for gb in (hardware.accelerator_memory_gb or hardware.memory_gb,) if gb]
    if hardware.price_per_hour is not None:
        parts.append(f"{dollars(hardware.price_per_hour)}/h")
    return " · ".join(parts)


def costs(rates: tuple[Rate, Rate] | None, least: int) -> str:
    """What it will cost, before it is made."""
    if rates is None:
        return draw.line(Message("What it costs is not known."), "endpoint-cost")
    low, high = rates
    shown = [high] if low.replicas == high.replicas else [low, high]
    rows = [(_replicas(rate), dollars(rate.hour), dollars(rate.day), dollars(rate.month))
            for rate in shown if rate.replicas]  # fmt: skip
    table = draw.table(("Costs", "An hour", "A day", "A month"), rows)
    note = "" if least else draw.line(Message("Nothing while it is scaled to zero."), "note")
    return f'<div class="endpoint-cost">{table}{note}</div>'


def _replicas(rate: Rate) -> str:
    return "1 replica" if rate.replicas == 1 else f"{rate.replicas} replicas"


def grid(endpoints: Iterable[Endpoint], titles: Mapping[str, str]) -> str:
    """All of them; `titles`: each task's tab by the task's id."""
    items = "".join(card(each, titles.get(each.task or "")) for each in endpoints)
    return f'<ul class="endpoints">{items}</ul>'


def card(endpoint: Endpoint, title: str | None) -> str:
    """One endpoint: what it is, how it stands, what it costs, what can be done."""
    name = escape(endpoint.name)
    url = f'<p class="address"><code>{escape(endpoint.url)}</code></p>' if endpoint.url else ""
    trouble = ""
    if endpoint.reason or endpoint.todo:
        trouble = draw.problem(STATES[endpoint.state], _ended(endpoint.reason), endpoint.todo)
    return (
        f'<li class="endpoint"><div class="endpoint-head"><h3>{name}</h3>{_state(endpoint.state)}'
        f'</div><p class="facts">{"".join(_facts(endpoint, title))}</p>{url}'
        f'<p class="used">{"".join(_money(endpoint))}</p>{trouble}{_buttons(endpoint, title)}</li>'
    )


def _ended(reason: str) -> str:
    """A provider's words end in no full stop, and a sentence of ours follows them."""
    return reason if not reason or reason.endswith((".", "!", "?")) else f"{reason}."


def _state(state: State) -> str:
    kind = "coming" if state in COMING else "bad" if state in BROKEN else state.value
    return f'<span class="state {kind}">{STATES[state]}</span>'


def _facts(endpoint: Endpoint, title: str | None) -> Iterable[str]:
    yield _fact(endpoint.model)
    if title or endpoint.task:
        yield _fact(title or endpoint.task or "")
    if machine := endpoint.hardware:
        yield _fact(f"{machine.instance_type} {machine.instance_size}")
        if machine.vendor:
            yield _fact(f"{machine.vendor} {machine.region}")
    if endpoint.level:
        yield _fact(endpoint.level.value.capitalize())
    if endpoint.ready_replicas is not None:
        ready, least, most = endpoint.ready_replicas, endpoint.min_replicas, endpoint.max_replicas
        if least == most:
            yield _fact(f"{ready} of {most} replicas ready")
        else:
            yield _fact(f"{ready} replicas ready, {least} to {most} wanted")


def _money(endpoint: Endpoint) -> Iterable[str]:
    if endpoint.price_per_hour is not None:
        day = dollars(endpoint.price_per_hour * HOURS_A_DAY)
        yield _fact(f"{dollars(endpoint.price_per_hour)} an hour, {day} a day for each replica")
    if endpoint.cost is not None:
        low, high = dollars(endpoint.cost.low), dollars(endpoint.cost.high)
        yield _fact(f"So far {low}" if low == high else f"So far between {low} and {high}")
    yield _fact(f"Made {endpoint.created:%Y-%m-%d %H:%M} UTC")


def _fact(text: str) -> str:
    return f'<span class="fact">{escape(text)}</span>'


def _buttons(endpoint: Endpoint, title: str | None) -> str:
    answers = bool(endpoint.url) and endpoint.state in ANSWERING
    shown = [("test", "Test in its tab", answers)] if title else []
    shown += [("use", "Use in all tabs", answers)]
    # All of them, always: no button may come under a pointer that was going for another.
    shown += [(act.value, words, act in endpoint.allowed) for act, words in ACTIONS.items()]
    buttons = "".join(
        f'<button type="button" data-act="{act}" data-name="{escape(endpoint.name, quote=True)}"'
        f"{'' if possible else ' disabled'}>{words}</button>"
        for act, words, possible in shown
    )
    return f'<div class="endpoint-buttons">{buttons}</div>'
