"""HTML of the Models tab."""

from collections.abc import Iterable, Mapping

from runtime.hub.model_details import ModelDetails
from runtime.hub.search import ModelSummary
from runtime.local_models import LocalModel
from runtime.messages import Message
from tabs import draw
from tabs.markup import Html

NO_TASK = Message("No task named")
NO_LICENCE = Message("Licence not stated")
NO_SIZE = Message("Size not told")
NO_SAFETENSORS = Message("No safetensors")
FITS, TOO_LARGE = Message("Fits this device"), Message("Too large here")
ON_DISK = Message("On disk")


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


def fact(text: str, kind: str = "") -> Html:
    """One short fact; kinds colour it: "good", "bad", "quiet"."""
    return Html('<span class="fact {}">{}</span>', kind, text)


def card(model: ModelSummary, title: str | None, on_disk: bool, fits: bool | None) -> Html:
    """One result. `title`: the tab of its task, if it has one; `fits` None where nobody knows."""
    size: str = NO_SIZE
    if model.parameters:
        size = Message("{count} parameters", count=count(model.parameters))
    facts = [
        fact(title, "good") if title else fact(model.task or NO_TASK, "quiet"),
        fact(size),
        *([fact(amount(model.bytes))] if model.bytes else []),
        fact(model.licence or NO_LICENCE),
    ]
    if model.gated:
        facts.append(fact(Message("Asks for consent"), "bad"))
    if not model.safetensors:
        facts.append(fact(NO_SAFETENSORS, "bad"))
    if fits is not None:
        facts.append(fact(FITS, "good") if fits else fact(TOO_LARGE, "bad"))
    if on_disk:
        facts.append(fact(ON_DISK, "good"))
    used = [
        Message("{count} downloads", count=count(model.downloads)),
        Message("{count} likes", count=count(model.likes)),
    ]
    if model.updated:
        used.append(Message("Updated {date}", date=f"{model.updated:%Y-%m-%d}"))
    return Html(
        '<li class="card"><h3>{}</h3><p class="facts">{}</p><p class="used">{}</p></li>',
        _opener(model.id),
        Html.join(facts),
        Html.join(fact(text, "quiet") for text in used),
    )


def grid(cards: Iterable[Html]) -> Html:
    return Html('<ul class="cards">{}</ul>', Html.join(cards))


def head(
    about: ModelDetails, titles: list[str], on_disk: bool, fits: bool | None, address: str
) -> Html:
    """The top of an opened model: its name and what decides."""
    model = about.model
    tasks = [*titles, *([model.task] if model.task else [])]
    rows: list[tuple[str, str]] = [
        (Message("Task"), Message.join(tasks, " · ") if tasks else NO_TASK),
        (Message("Licence"), model.licence or NO_LICENCE),
        (Message("Parameters"), count(model.parameters) if model.parameters else NO_SIZE),
        (Message("Weights"), amount(about.weights) if about.weights else NO_SAFETENSORS),
        (Message("Library"), model.library or "—"),
    ]
    if model.downloads or model.likes:
        rows.append((Message("Downloads"), count(model.downloads)))
        rows.append((Message("Likes"), count(model.likes)))
    if model.updated:
        rows.append((Message("Updated"), f"{model.updated:%Y-%m-%d}"))
    if fits is not None:
        rows.append((Message("Memory"), FITS if fits else TOO_LARGE))
    rows.append((ON_DISK, Message("Yes") if on_disk else Message("No")))
    link = Html(
        '<a href="{}" target="_blank" rel="noopener">{}</a>', address, Message("Model card")
    )
    consent = ""
    if model.gated and not on_disk:
        consent = draw.line(
            Message("The owner of this model asks everyone to accept terms first, on its card."),
            "note warning",
        )
    return Html(
        '<div class="model-head"><h2>{}</h2>{}<dl>{}</dl>{}</div>',
        model.id,
        link if address else "",
        Html.join(Html("<div><dt>{}</dt><dd>{}</dd></div>", *row) for row in rows),
        consent,
    )


def trying(reasons: list[str], title: str | None) -> Html:
    """Why a model cannot be tried, or where it will be."""
    if not reasons:
        place = draw.line(Message("Opens in the tab {title}.", title=title), "note")
        return place if title else Html("")
    return Html(
        '<div class="obstacles"><p>{}</p><ul>{}</ul></div>',
        Message("It cannot be tried here:"),
        Html.join(Html("<li>{}</li>", reason) for reason in reasons),
    )


def files(about: ModelDetails) -> Html:
    rows = [(name, amount(size) if size is not None else "—") for name, size in about.files]
    return draw.table((Message("File"), Message("Size")), rows)


def shelf(items: list[LocalModel], titles: Mapping[str, str], deletable: bool) -> Html:
    """What can go again, the largest first. `titles`: where each model is used, by its id."""
    if not items:
        return draw.placeholder(Message("No model was downloaded or converted yet."))
    rows = Html.join(_shelved(item, titles.get(item.id, ""), deletable) for item in items)
    size = amount(sum(item.bytes for item in items))
    total = fact(Message("{size} in all", size=size), "quiet")
    return Html('<ul class="shelf">{}</ul><p class="used">{}</p>', rows, total)


def shipped(rows: Iterable[tuple[str, str, float]]) -> Html:
    """(id, tab, bytes) of what comes with the project."""
    items = Html.join(
        Html(
            '<li class="shelved"><h3>{}</h3><p class="facts">{}{}</p></li>',
            _opener(id),
            fact(title, "good"),
            fact(amount(size)),
        )
        for id, title, size in rows
    )
    return Html('<ul class="shelf">{}</ul>', items)


def _shelved(item: LocalModel, title: str, deletable: bool) -> Html:
    facts = [fact(title, "good")] if title else []
    facts.append(fact(amount(item.bytes)))
    if not item.whole:
        facts.append(fact(Message("Not complete: a download was stopped"), "bad"))
    return Html(
        '<li class="shelved"><h3>{}</h3><p class="facts">{}</p>{}</li>',
        _opener(item.id),
        Html.join(facts),
        _deletion(item) if deletable else "",
    )


def _deletion(item: LocalModel) -> Html:
    """A button, and the question that it opens."""
    return Html(
        '<p class="deleting"><button type="button" data-act="ask" data-model="{}" '
        'aria-label="{}">{}</button></p><p class="deleting" hidden><span>{}</span>'
        '<button type="button" class="sure" data-act="delete" data-model="{}">{}</button>'
        '<button type="button" data-act="keep" data-model="{}">{}</button></p>',
        item.id,
        Message("Delete {name}", name=item.id),
        Message("Delete"),
        Message("Delete it from this machine?"),
        item.id,
        Message("Delete {name}", name=amount(item.bytes)),
        item.id,
        Message("Keep it"),
    )


def _opener(model_id: str) -> Html:
    return Html(
        '<button type="button" data-act="open" data-model="{}">{}</button>', model_id, model_id
    )
