"""Drawings of vectors: one as a strip, several as a heat map and a map. Texts are escaped here."""

import base64
import io
import json
from collections.abc import Sequence
from html import escape

import numpy as np

STRIP = 48  # of a vector's first numbers
MOST_SHOWN, MOST_NUMBERED, MOST_NAMED = 40, 10, 14  # texts: in all, with figures, with names
# The map is laid out as if it were that large, in pixels; a label needs so much of it.
WIDTH, HEIGHT, MARGIN_X, MARGIN_Y = 520, 320, 60, 28
LABEL_WIDTH, LABEL_HEIGHT, RAISE = 170, 24, 6


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
    """Texts where they lie on the plane, both axes to one scale."""
    count = min(len(texts), MOST_SHOWN)
    places = _fit(points[:count])
    named = count <= MOST_NAMED
    labels = _spread(places) if named else []
    dots = "".join(
        f'<b class="dot" style="{_at(x, y)}" title="{escape(text)}">{n}</b>'
        for n, (text, (x, y)) in enumerate(zip(texts[:count], places, strict=True), start=1)
    )
    names = "".join(
        f'<span class="name {side}" style="{_at(x, y)}">{escape(text)}</span>'
        for text, (x, y, side) in zip(texts, labels, strict=False)
    )
    return f'<div class="plane" role="img" aria-label="Map of the texts">{names}{dots}</div>'


def _at(x: float, y: float) -> str:
    return f"left:{100 * x / WIDTH:.1f}%;top:{100 * y / HEIGHT:.1f}%"


def _fit(points: np.ndarray) -> list[tuple[float, float]]:
    middle = (points.max(0) + points.min(0)) / 2
    half = np.maximum((points.max(0) - points.min(0)) / 2, 1e-9)
    room = np.array([WIDTH / 2 - MARGIN_X, HEIGHT / 2 - MARGIN_Y])
    moved = (points - middle) * (room / half).min() * (half.max() > 1e-6)
    return [(WIDTH / 2 + x, HEIGHT / 2 - y) for x, y in moved.tolist()]


def _spread(places: list[tuple[float, float]]) -> list[tuple[float, float, str]]:
    """For each dot where its name goes, beside it and over no other name."""
    taken: list[tuple[float, float]] = []  # left edge, y
    found: dict[int, tuple[float, float, str]] = {}
    for number in sorted(range(len(places)), key=lambda n: places[n][1]):
        x, y = places[number]
        side = "after" if x <= WIDTH / 2 else "before"
        edge = x if side == "after" else x - LABEL_WIDTH
        tries = [y + sign * RAISE * step for step in range(60) for sign in (1, -1)]
        inside = [t for t in tries if LABEL_HEIGHT / 2 <= t <= HEIGHT - LABEL_HEIGHT / 2]
        free = (t for t in inside if not any(_clash(edge, t, *other) for other in taken))
        spot = next(free, y)
        taken.append((edge, spot))
        found[number] = (x, spot, side)
    return [found[number] for number in range(len(places))]


def _clash(edge: float, y: float, other_edge: float, other_y: float) -> bool:
    return abs(edge - other_edge) < LABEL_WIDTH and abs(y - other_y) < LABEL_HEIGHT


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
