"""Drawings of vectors: one as a strip, several as a heat map and a map. Texts are escaped here."""

import base64
import io
import itertools
import json
from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

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


def strip(vector: np.ndarray) -> str:
    """The first numbers of a vector (dim,) as bars above and below a line."""
    first = vector[:STRIP]
    tallest = float(np.abs(first).max()) or 1.0
    bars = "".join(
        f'<i class="{"up" if x >= 0 else "down"}" style="--tall:{50 * abs(x) / tallest:.1f}%" '
        f'title="{n}: {x:.4f}"></i>'
        for n, x in enumerate(first, start=1)
    )
    words = f"The first {len(first)} of {len(vector)} numbers, from {min(first):.2f} to "
    words += f"{max(first):.2f}"
    return f'<div class="strip" role="img" aria-label="{words}">{bars}</div>'


def heat_map(texts: Sequence[str], cosines: np.ndarray) -> str:
    """Every text against every other; `cosines` (texts, texts). The darker, the closer."""
    count = min(len(texts), MOST_SHOWN)
    shown = cosines[:count, :count]
    low = float(shown.min())
    numbered = count <= MOST_NUMBERED
    head = "".join(f'<th scope="col">{n + 1}</th>' for n in range(count))
    rows = "".join(
        f'<tr><th scope="row"><span title="{escape(texts[row])}"><b>{row + 1}</b> '
        f"{escape(texts[row])}</span></th>"
        + "".join(_cell(float(shown[row, n]), low, numbered, row, n) for n in range(count))
        + "</tr>"
        for row in range(count)
    )
    kind = "heat" if numbered else "heat many"
    scale = f"<span>{low:.2f}</span><i></i><span>1.00</span>"
    return (
        f'<div class="heat-frame"><table class="{kind}"><thead><tr><td></td>{head}</tr></thead>'
        f'<tbody>{rows}</tbody></table></div><div class="heat-scale">{scale}</div>'
    )


def _cell(cosine: float, low: float, numbered: bool, row: int, column: int) -> str:
    shade = (cosine - low) / (1 - low) if low < 1 else 1.0
    what = "same" if row == column else ""
    words = f"{row + 1} and {column + 1}: {cosine:.2f}"
    said = f"{cosine:.2f}".replace("-0.00", "0.00") if numbered else ""
    return (
        f'<td class="{what}" style="--shade:{100 * min(1.0, max(0.0, shade)):.0f}%" '
        f'title="{words}">{said}</td>'
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


def scatter(texts: Sequence[str], points: np.ndarray) -> str:
    """Texts where they lie on the plane, both axes to one scale; a name where there is room."""
    count = min(len(texts), MOST_SHOWN)
    places = _fit(points[:count])
    dots = "".join(
        f'<b class="dot" style="{_at(x, y)}" title="{escape(text)}">{n}</b>'
        for n, (text, (x, y)) in enumerate(zip(texts[:count], places, strict=True), start=1)
    )
    names = "".join(
        f'<span class="name {side}" style="{_at(x, y)}">{escape(text)}</span>'
        for text, x, y, side in _spread(texts[:count], places)
    )
    kind = "plane" if count <= MOST_NUMBERED else "plane many"
    return f'<div class="{kind}" role="img" aria-label="Map of the texts">{names}{dots}</div>'


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


def as_npy(array: np.ndarray) -> str:
    """A link that saves the array as numpy's own format, float32."""
    file = io.BytesIO()
    np.save(file, array.astype(np.float32))
    return _link("Download .npy", "vectors.npy", "application/octet-stream", file.getvalue())


def as_json(value: list) -> str:
    """A link that saves the answer as it is."""
    content = json.dumps(value, separators=(",", ":")).encode()
    return _link("Download JSON", "vectors.json", "application/json", content)


def _link(label: str, name: str, kind: str, content: bytes) -> str:
    held = base64.b64encode(content).decode()
    return f'<a class="download" download="{name}" href="data:{kind};base64,{held}">{label}</a>'
