"""HTML of the Models tab. Whatever comes from the Hub or a visitor is escaped here."""

from collections.abc import Iterable, Mapping
from html import escape

from runtime.hub.model_details import ModelDetails
from runtime.hub.search import ModelSummary
from runtime.local_models import LocalModel
from runtime.messages import Message
from tabs import draw


def amount(size: float) -> str:
    """Bytes in words: 268 MB, 1.4 GB."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            whole = size >= 10 * scale and unit != "GB"
            return f"{size / scale:.{0 if whole else 1}f} {unit}"
    return f"{size:.0f} B"


def count(number: float) -> str:
    """1,234 -> 1.2k, 66,955,010 -> 67M."""
    for unit, size in (("B", 1e9), ("M", 1e6), ("k", 1e3)):
        if number >= size:
            return f"{number / size:.{0 if number >= 10 * size else 1}f}{unit}"
    return f"{number:.0f}"


def fact(text: str, kind: str = "") -> str:
    """One short fact; kinds colour it: "good", "bad", "quiet"."""
    return f'<span class="fact {kind}">{escape(text)}</span>'


def card(model: ModelSummary, title: str | None, on_disk: bool, fits: bool | None) -> str:
    """One result. `title`: the tab of its task, if it has one; `fits` None where nobody knows."""
    size = f"{count(model.parameters)} parameters" if model.parameters else "Size not told"
    facts = [
        fact(title, "good") if title else fact(model.task or "No task named", "quiet"),
        fact(size) + (fact(amount(model.bytes)) if model.bytes else ""),
        fact(model.licence or "Licence not stated"),
    ]
    if model.gated:
        facts.append(fact("Asks for consent", "bad"))
    if not model.safetensors:
        facts.append(fact("No safetensors", "bad"))
    if fits is not None:
        facts.append(fact("Fits this device", "good") if fits else fact("Too large here", "bad"))
    if on_disk:
        facts.append(fact("On disk", "good"))
    used = [f"{count(model.downloads)} downloads", f"{count(model.likes)} likes"]
    if model.updated:
        used.append(f"Updated {model.updated:%Y-%m-%d}")
    return (
        f'<li class="card"><h3>{_opener(model.id)}</h3><p class="facts">{"".join(facts)}</p>'
        f'<p class="used">{"".join(fact(text, "quiet") for text in used)}</p></li>'
    )


def grid(cards: Iterable[str]) -> str:
    return f'<ul class="cards">{"".join(cards)}</ul>'


def head(
    about: ModelDetails, titles: list[str], on_disk: bool, fits: bool | None, address: str
) -> str:
    """The top of an opened model: its name and what decides."""
    model = about.model
    rows = [
        ("Task", " · ".join([*titles, model.task]).strip(" ·") or "No task named"),
        ("Licence", model.licence or "Licence not stated"),
        ("Parameters", count(model.parameters) if model.parameters else "Size not told"),
        ("Weights", amount(about.weights) if about.weights else "No safetensors"),
        ("Library", model.library or "—"),
    ]
    if model.downloads or model.likes:
        rows.append(("Downloads", count(model.downloads)))
        rows.append(("Likes", count(model.likes)))
    if model.updated:
        rows.append(("Updated", f"{model.updated:%Y-%m-%d}"))
    if fits is not None:
        rows.append(("Memory", "Fits this device" if fits else "Too large here"))
    rows.append(("On disk", "Yes" if on_disk else "No"))
    told = "".join(f"<div><dt>{escape(a)}</dt><dd>{escape(b)}</dd></div>" for a, b in rows)
    link = f'<a href="{escape(address)}" target="_blank" rel="noopener">Model card</a>'
    consent = ""
    if model.gated and not on_disk:
        consent = draw.line(
            Message("The owner of this model asks everyone to accept terms first, on its card."),
            "note warning",
        )
    return (
        f'<div class="model-head"><h2>{escape(model.id)}</h2>{link if address else ""}'
        f"<dl>{told}</dl>{consent}</div>"
    )


def trying(reasons: list[str], title: str | None) -> str:
    """Why a model cannot be tried, or where it will be."""
    if not reasons:
        return draw.line(f"Opens in the tab {title}.", "note") if title else ""
    items = "".join(f"<li>{escape(reason)}</li>" for reason in reasons)
    return f'<div class="obstacles"><p>It cannot be tried here:</p><ul>{items}</ul></div>'


def files(about: ModelDetails) -> str:
    rows = [(name, amount(size) if size is not None else "—") for name, size in about.files]
    return draw.table(("File", "Size"), rows)


def shelf(items: list[LocalModel], titles: Mapping[str, str], deletable: bool) -> str:
    """What can go again, the largest first. `titles`: where each model is used, by its id."""
    if not items:
        return draw.placeholder(Message("No model was downloaded or converted yet."))
    rows = "".join(_shelved(item, titles.get(item.id, ""), deletable) for item in items)
    total = fact(f"{amount(sum(item.bytes for item in items))} in all", "quiet")
    return f'<ul class="shelf">{rows}</ul><p class="used">{total}</p>'


def shipped(rows: Iterable[tuple[str, str, float]]) -> str:
    """(id, tab, bytes) of what comes with the project."""
    items = "".join(
        f'<li class="shelved"><h3>{_opener(id)}</h3><p class="facts">{fact(title, "good")}'
        f"{fact(amount(size))}</p></li>"
        for id, title, size in rows
    )
    return f'<ul class="shelf">{items}</ul>'


def _shelved(item: LocalModel, title: str, deletable: bool) -> str:
    facts = fact(title, "good") if title else ""
    facts += fact(amount(item.bytes))
    facts += "" if item.whole else fact("Not complete: a download was stopped", "bad")
    model = escape(item.id, quote=True)
    buttons = ""
    if deletable:
        buttons = (
            f'<p class="deleting"><button type="button" data-act="ask" '
            f'data-model="{model}" aria-label="Delete {model}">Delete</button></p>'
            f'<p class="deleting" hidden><span>Delete it from this machine?</span>'
            f'<button type="button" class="sure" data-act="delete" data-model="{model}">'
            f'Delete {amount(item.bytes)}</button><button type="button" '
            f'data-act="keep" data-model="{model}">Keep it</button></p>'
        )
    return (
        f'<li class="shelved"><h3>{_opener(item.id)}</h3><p class="facts">{facts}</p>{buttons}</li>'
    )


def _opener(model_id: str) -> str:
    model = escape(model_id, quote=True)
    return f'<button type="button" data-act="open" data-model="{model}">{model}</button>'
