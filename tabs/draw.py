"""HTML that several tabs draw. Values are escaped and messages translated by `Html`."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from runtime.messages import Message
from runtime.watch import Progress
from tabs.markup import Html


def bars(rows: Iterable[tuple[str, float]]) -> Html:
    """Draw labels with scores from 0 to 1 as horizontal bars, in the order they come in."""
    items = (
        Html(
            '<li{}><span class="bar-label">{}</span><span class="bar-score">{}</span>'
            '<span class="bar-track"><span style="width:{:.1f}%"></span></span></li>',
            Html(" class=best") if number == 0 else "",
            label,
            _share(score),
            100 * min(1.0, max(0.0, score)),
        )
        for number, (label, score) in enumerate(rows)
    )
    return Html('<ul class="bars">{}</ul>', Html.join(items))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Draw cells of plain text under a heading."""
    top = Html.join(Html('<th scope="col">{}</th>', cell) for cell in head)
    body = Html.join(
        Html("<tr>{}</tr>", Html.join(Html("<td>{}</td>", cell) for cell in row)) for row in rows
    )
    whole = Html("<thead><tr>{}</tr></thead><tbody>{}</tbody>", top, body)
    return Html('<div class="table"><table>{}</table></div>', whole)


def download(label: str, name: str, text: str) -> Html:
    """Draw a link that saves `text` as the file `name`; it is in the page, not on the server."""
    return Html(
        '<a class="download" download="{}" href="data:text/plain;charset=utf-8,{}">{}</a>',
        name,
        quote(text),
        label,
    )


def placeholder(text: str) -> Html:
    """Draw what stands in the result's place before the first run."""
    return Html('<div class="placeholder">{}</div>', text)


def progress(now: Progress) -> Html:
    """Draw a bar where the end is known, and a moving one where it is not."""
    fraction = now.fraction
    return Html(
        '<div class="running" role="status"><div>{}<span>{}</span>'
        '</div><span class="{}"><span{}></span></span></div>',
        now.text,
        _amount(now),
        "bar-track busy" if fraction is None else "bar-track",
        "" if fraction is None else Html(' style="width:{:.1f}%"', 100 * fraction),
    )


def problem(title: str, *sentences: str) -> Html:
    """Draw an error that stays in view until the next run: what happened, what to do."""
    spans = [Html("<span>{}</span>", sentence) for sentence in sentences]
    return Html(
        '<div class="problem" role="alert"><strong>{}</strong><p>{}</p></div>',
        title,
        Html.join(spans, " "),
    )


def line(text: str, kind: str) -> Html:
    """Draw one line of small type; `kind` is its class, such as "timing" or "note"."""
    return Html('<p class="{}">{}</p>', kind, text)


def _share(score: float) -> str:
    """0.934 -> 93.4 %; raw scores outside 0 to 1 stay numbers."""
    return f"{100 * score:.1f} %" if 0 <= score <= 1 else f"{score:.2f}"


def _amount(now: Progress) -> str:
    if now.done is None:
        return " …"
    scale, unit = (1e6, Message("MB")) if now.unit == "bytes" else (1.0, Message(now.unit))
    done = f"{now.done / scale:,.0f}"
    if not now.total:
        return Message(": {done} {unit}", done=done, unit=unit)
    total = f"{now.total / scale:,.0f}"
    return Message(": {done} of {total} {unit}", done=done, total=total, unit=unit)
