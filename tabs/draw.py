"""HTML that several tabs draw. Whatever comes from a visitor or a model is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from runtime.watch import Progress


def bars(rows: Iterable[tuple[str, float]]) -> str:
    """Labels with scores from 0 to 1 as horizontal bars, in the order given."""
    items = "".join(
        f'<li{" class=best" if number == 0 else ""}><span class="bar-label">{escape(label)}</span>'
        f'<span class="bar-score">{_share(score)}</span>'
        f'<span class="bar-track"><span style="width:{100 * min(1.0, max(0.0, score)):.1f}%">'
        "</span></span></li>"
        for number, (label, score) in enumerate(rows)
    )
    return f'<ul class="bars">{items}</ul>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Plain text cells under a heading; every cell is escaped."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    whole = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="table"><table>{whole}</table></div>'


def download(label: str, name: str, text: str) -> str:
    """A link that saves `text` as the file `name`; the file is in the page, not on the server."""
    content = quote(text)
    return (
        f'<a class="download" download="{escape(name)}" '
        f'href="data:text/plain;charset=utf-8,{content}">{escape(label)}</a>'
    )


def placeholder(text: str) -> str:
    """What stands in the result's place before the first run."""
    return f'<div class="placeholder">{escape(text)}</div>'


def progress(now: Progress) -> str:
    """What is happening, with a bar where the end is known and a moving one where it is not."""
    fraction = now.fraction
    width = "" if fraction is None else f' style="width:{100 * fraction:.1f}%"'
    kind = "bar-track busy" if fraction is None else "bar-track"
    return (
        f'<div class="running" role="status"><div>{escape(now.text)}<span>{_amount(now)}</span>'
        f'</div><span class="{kind}"><span{width}></span></span></div>'
    )


def problem(title: str, *said: str) -> str:
    """An error that stays in view until the next run: what happened, what to do."""
    words = " ".join(f"<span>{escape(sentence)}</span>" for sentence in said)
    return f'<div class="problem" role="alert"><strong>{escape(title)}</strong><p>{words}</p></div>'


def line(text: str, kind: str) -> str:
    """One line of small type: "timing", "note"."""
    return f'<p class="{kind}">{escape(text)}</p>'


def _share(score: float) -> str:
    """0.934 -> 93.4 %; raw scores outside 0 to 1 stay numbers."""
    return f"{100 * score:.1f} %" if 0 <= score <= 1 else f"{score:.2f}"


def _amount(now: Progress) -> str:
    if now.done is None:
        return " …"
    if now.unit == "bytes":
        scale, unit = 1e6, "MB"
    else:
        scale, unit = 1.0, now.unit
    of = f" of {now.total / scale:,.0f}" if now.total else ""
    return escape(f": {now.done / scale:,.0f}{of} {unit}")
