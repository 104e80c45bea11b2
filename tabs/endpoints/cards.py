"""HTML of the Endpoints tab."""

from collections.abc import Iterable, Mapping

from endpoints.base import BROKEN, COMING, NAMES, Action, Endpoint, Hardware, State
from endpoints.cost import HOURS_A_DAY, Rate
from runtime.messages import Message
from tabs import draw
from tabs.markup import Html

STATES: dict[State, str] = {
    State.PENDING: Message("Waiting for a machine"),
    State.INITIALIZING: Message("Starting"),
    State.UPDATING: Message("Changing"),
    State.UPDATE_FAILED: Message("Change failed"),
    State.RUNNING: Message("Running"),
    State.PAUSED: Message("Paused"),
    State.FAILED: Message("Failed"),
    State.SCALED_TO_ZERO: Message("Scaled to zero"),
    State.UNKNOWN: Message("In a state that this app does not know"),
}
ACTIONS: dict[Action, str] = {
    Action.PAUSE: Message("Pause"),
    Action.RESUME: Message("Resume"),
    Action.SCALE_TO_ZERO: Message("Scale to zero"),
    Action.DELETE: Message("Delete"),
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


def costs(rates: tuple[Rate, Rate] | None, least: int) -> Html:
    """What it will cost, before it is made."""
    if rates is None:
        return draw.line(Message("What it costs is not known."), "endpoint-cost")
    low, high = rates
    rates_shown = [high] if low.replicas == high.replicas else [low, high]
    rows = [(_replicas(rate), dollars(rate.hour), dollars(rate.day), dollars(rate.month))
            for rate in rates_shown if rate.replicas]  # fmt: skip
    head = (Message("Costs"), Message("An hour"), Message("A day"), Message("A month"))
    note = "" if least else draw.line(Message("Nothing while it is scaled to zero."), "note")
    return Html('<div class="endpoint-cost">{}{}</div>', draw.table(head, rows), note)


def _replicas(rate: Rate) -> str:
    return Message.plural("{count} replica", "{count} replicas", count=rate.replicas)


def grid(endpoints: Iterable[Endpoint], titles: Mapping[str, str]) -> Html:
    """All of them; `titles`: each task's tab by the task's id."""
    items = Html.join(card(each, titles.get(each.task or "")) for each in endpoints)
    return Html('<ul class="endpoints">{}</ul>', items)


def card(endpoint: Endpoint, title: str | None) -> Html:
    """One endpoint: what it is, how it stands, what it costs, what can be done."""
    url = endpoint.url and Html('<p class="address"><code>{}</code></p>', endpoint.url)
    trouble = Html("")
    if endpoint.reason or endpoint.todo:
        trouble = draw.problem(STATES[endpoint.state], _ended(endpoint.reason), endpoint.todo)
    return Html(
        '<li class="endpoint"><div class="endpoint-head"><h3>{}</h3>{}</div>'
        '<p class="facts">{}</p>{}<p class="used">{}</p>{}{}</li>',
        endpoint.name,
        _state(endpoint.state),
        Html.join(map(_fact, _facts(endpoint, title))),
        url or "",
        Html.join(map(_fact, _money(endpoint))),
        trouble,
        _buttons(endpoint, title),
    )


def _ended(reason: str) -> str:
    """A provider's words end in no full stop, and a sentence of ours follows them."""
    if not reason or reason.endswith((".", "!", "?")):
        return reason
    return Message("{reason}.", reason=reason)


def _state(state: State) -> Html:
    kind = "coming" if state in COMING else "bad" if state in BROKEN else state.value
    return Html('<span class="state {}">{}</span>', kind, STATES[state])


def _facts(endpoint: Endpoint, title: str | None) -> Iterable[str]:
    yield endpoint.model
    if title or endpoint.task:
        yield title or endpoint.task or ""
    if machine := endpoint.hardware:
        yield f"{machine.instance_type} {machine.instance_size}"
        if machine.vendor:
            yield f"{machine.vendor} {machine.region}"
    if endpoint.level:
        yield NAMES[endpoint.level]
    if endpoint.ready_replicas is not None:
        ready, least, most = endpoint.ready_replicas, endpoint.min_replicas, endpoint.max_replicas
        if least == most:
            yield Message("{ready} of {most} replicas ready", ready=ready, most=most)
        else:
            yield Message(
                "{ready} replicas ready, {least} to {most} wanted",
                ready=ready,
                least=least,
                most=most,
            )


def _money(endpoint: Endpoint) -> Iterable[str]:
    if endpoint.price_per_hour is not None:
        day = dollars(endpoint.price_per_hour * HOURS_A_DAY)
        yield Message(
            "{hour} an hour, {day} a day for each replica",
            hour=dollars(endpoint.price_per_hour),
            day=day,
        )
    if endpoint.cost is not None:
        low, high = dollars(endpoint.cost.low), dollars(endpoint.cost.high)
        if low == high:
            yield Message("So far {cost}", cost=low)
        else:
            yield Message("So far between {low} and {high}", low=low, high=high)
    yield Message("Made {time} UTC", time=f"{endpoint.created:%Y-%m-%d %H:%M}")


def _fact(text: str) -> Html:
    return Html('<span class="fact">{}</span>', text)


def _buttons(endpoint: Endpoint, title: str | None) -> Html:
    answers = bool(endpoint.url) and endpoint.state in ANSWERING
    buttons_shown: list[tuple[str, str, bool]] = (
        [("test", Message("Test in its tab"), answers)] if title else []
    )
    buttons_shown += [("use", Message("Use in all tabs"), answers)]
    # All of them, always: no button may come under a pointer that was going for another.
    buttons_shown += [(act.value, words, act in endpoint.allowed) for act, words in ACTIONS.items()]
    buttons = Html.join(
        Html(
            '<button type="button" data-act="{}" data-name="{}"{}>{}</button>',
            act,
            endpoint.name,
            "" if possible else " disabled",
            label,
        )
        for act, label, possible in buttons_shown
    )
    return Html('<div class="endpoint-buttons">{}</div>', buttons)
