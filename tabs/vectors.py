"""Drawings of vectors: one as a strip, several as a heat map and a map."""

import base64
import io
import itertools
import json
from collections.abc import Iterator, Sequence

import numpy as np

from runtime.messages import Message
from tabs.markup import Html

STRIP = 48  # of a vector's first numbers
MOST_SHOWN, MOST_NUMBERED = 40, 10  # texts in a drawing: in all, with figures
# The map is laid out as if it were that large, in pixels; a dot and a name need so much of it.
WIDTH, HEIGHT, MARGIN_X, MARGIN_Y = 520, 320, 60, 28
DOT, NAME_WIDTH, NAME_HEIGHT = 14, 150, 22

Box = tuple[float, float, float, float]  # left, top, right, bottom


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows (texts, dim) scaled to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def strip(vector: np.ndarray) -> Html:
    """The first numbers of a vector (dim,) as bars above and below a line."""
    first = vector[:STRIP]
    tallest = float(np.abs(first).max()) or 1.0
    bars = Html.join(
        Html(
            '<i class="{}" style="--tall:{:.1f}%" title="{}: {:.4f}"></i>',
            "up" if x >= 0 else "down",
            50 * abs(x) / tallest,
            n,
            x,
        )
        for n, x in enumerate(first.tolist(), start=1)
    )
    words = Message(
        "The first {shown} of {count} numbers, from {least:.2f} to {most:.2f}",
        shown=len(first),
        count=len(vector),
        least=float(min(first)),
        most=float(max(first)),
    )
    return Html('<div class="strip" role="img" aria-label="{}">{}</div>', words, bars)


def heat_map(texts: Sequence[str], cosines: np.ndarray) -> Html:
    """Every text against every other; `cosines` (texts, texts). The darker, the closer."""
    count = min(len(texts), MOST_SHOWN)
    values = cosines[:count, :count]
    low = float(values.min())
    numbered = count <= MOST_NUMBERED
    head = Html.join(Html('<th scope="col">{}</th>', n + 1) for n in range(count))
    rows = Html.join(
        Html(
            '<tr><th scope="row"><span title="{}"><b>{}</b> {}</span></th>{}</tr>',
            texts[row],
            row + 1,
            texts[row],
            Html.join(_cell(float(values[row, n]), low, numbered, row, n) for n in range(count)),
        )
        for row in range(count)
    )
    return Html(
        '<div class="heat-frame"><table class="{}"><thead><tr><td></td>{}</tr></thead>'
        '<tbody>{}</tbody></table></div><div class="heat-scale"><span>{:.2f}</span><i></i>'
        "<span>1.00</span></div>",
        "heat" if numbered else "heat many",
        head,
        rows,
        low,
    )


def _cell(cosine: float, low: float, numbered: bool, row: int, column: int) -> Html:
    shade = (cosine - low) / (1 - low) if low < 1 else 1.0
    return Html(
        '<td class="{}" style="--shade:{:.0f}%" title="{}">{}</td>',
        "same" if row == column else "",
        100 * min(1.0, max(0.0, shade)),
        Message(
            "{first} and {second}: {cosine:.2f}", first=row + 1, second=column + 1, cosine=cosine
        ),
        f"{cosine:.2f}".replace("-0.00", "0.00") if numbered else "",
    )


def plane(vectors: np.ndarray) -> tuple[np.ndarray, float]:
    """The two directions in which rows (texts, dim) differ most: points (texts, 2), and how much
    of all differences they hold, 0 to 1."""
    centred = vectors - vectors.mean(0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    kept = min(2, len(sizes))
    points = np.zeros((len(vectors), 2))
    points[:, :kept] = left[:, :kept] * sizes[:kept]
    whole = float((sizes**2).sum())
    return points, float((sizes[:2] ** 2).sum()) / whole if whole > 1e-12 else 1.0


def scatter(texts: Sequence[str], points: np.ndarray) -> Html:
    """Texts where they lie on the plane, both axes to one scale; a name where there is room."""
    count = min(len(texts), MOST_SHOWN)
    places = _fit(points[:count])
    dots = Html.join(
        Html('<b class="dot" style="{}" title="{}">{}</b>', _at(x, y), text, n)
        for n, (text, (x, y)) in enumerate(zip(texts[:count], places, strict=True), start=1)
    )
    names = Html.join(
        Html('<span class="name {}" style="{}">{}</span>', side, _at(x, y), text)
        for text, x, y, side in _spread(texts[:count], places)
    )
    kind = "plane" if count <= MOST_NUMBERED else "plane many"
    label = Message("Map of the texts")
    return Html('<div class="{}" role="img" aria-label="{}">{}{}</div>', kind, label, names, dots)


def _at(x: float, y: float) -> str:
    return f"left:{100 * x / WIDTH:.1f}%;top:{100 * y / HEIGHT:.1f}%"


def _fit(points: np.ndarray) -> list[tuple[float, float]]:
    middle = (points.max(0) + points.min(0)) / 2
    half = np.maximum((points.max(0) - points.min(0)) / 2, 1e-9)
    room = np.array([WIDTH / 2 - MARGIN_X, HEIGHT / 2 - MARGIN_Y])
    moved = (points - middle) * (room / half).min() * (half.max() > 1e-6)
    return [(WIDTH / 2 + x, HEIGHT / 2 - y) for x, y in moved.tolist()]


def _spread(texts: Sequence[str], places: list[tuple[float, float]]) -> Iterator[tuple]:
    """(text, x, y, side) for each name that finds a place beside its dot, over nothing else."""
    taken = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in places]
    for text, (x, y) in zip(texts, places, strict=True):
        width = min(NAME_WIDTH, sum(14 if ord(c) > 0x2E80 else 7 for c in text))
        sides = ("after", "before") if x <= WIDTH / 2 else ("before", "after")
        for shift, side in itertools.product((0, -6, 6, -12, 12), sides):
            left = x + DOT if side == "after" else x - DOT - width
            box = (left, y + shift - NAME_HEIGHT / 2, left + width, y + shift + NAME_HEIGHT / 2)
            if _inside(box) and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                yield text, x, y + shift, side
                break


def _inside(box: Box) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def as_npy(array: np.ndarray) -> Html:
    """A link that saves the array as numpy's own format, float32."""
    file = io.BytesIO()
    np.save(file, array.astype(np.float32))
    return _link(
        Message("Download .npy"), "vectors.npy", "application/octet-stream", file.getvalue()
    )


def as_json(value: list) -> Html:
    """A link that saves the answer as it is."""
    content = json.dumps(value, separators=(",", ":")).encode()
    return _link(Message("Download JSON"), "vectors.json", "application/json", content)


def _link(label: str, name: str, kind: str, content: bytes) -> Html:
    encoded = base64.b64encode(content).decode()
    return Html(
        '<a class="download" download="{}" href="data:{};base64,{}">{}</a>',
        name,
        kind,
        encoded,
        label,
    )
