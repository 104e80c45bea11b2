"""Meaning: texts as vectors, and how close they are to each other."""

from html import escape
from typing import Any

import gradio as gr
import numpy as np
from gradio.components import Component

from tabs import draw, vectors
from tabs.base import Tab
from tasks.feature_extraction import TASK
from tasks.text import is_blank

LONGEST_QUOTE = 60


class FeatureExtractionTab(Tab):
    title = "Meaning"
    group = "Understand"
    intro = "How close are texts in meaning? Each line becomes a vector, and vectors compare."
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "text": gr.Textbox(
                label="Your texts",
                placeholder="One text per line: two or more can be compared.",
                lines=5,
                max_lines=14,
            )
        }

    def outputs(self) -> list[Component]:
        words = "The closest texts will appear here, with a heat map and a map of all."
        return [gr.HTML(draw.placeholder(words))]

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        """Several lines are several texts; empty ones do not count."""
        lines = [line.strip() for line in (values["text"] or "").splitlines() if not is_blank(line)]
        return {"text": lines if len(lines) > 1 else "".join(lines)}

    def show(self, value: list, inputs: dict[str, Any], done: bool) -> list[Any]:
        text = inputs["text"]
        texts, answers = ([text], [value]) if isinstance(text, str) else (text, value)
        arrays = [np.array(answer, dtype=np.float64) for answer in answers]
        if arrays[0].ndim > 1:
            return [_tokens(texts, arrays, value)]
        if len(arrays) == 1:
            return [_single(arrays[0], value)]
        return [_several(texts[: len(arrays)], np.stack(arrays), value)]

    def gist(self, value: list, inputs: dict[str, Any]) -> str:
        if isinstance(inputs["text"], str):
            return f"{np.shape(value)[-1]} numbers"
        if isinstance(value[0][0], list):
            return f"{np.shape(value[0])[-1]} numbers for each token"
        cosines = _cosines(np.array(value))
        first, second = _closest(cosines)
        return f"Closest: {first + 1} and {second + 1} ({cosines[first, second]:.2f})"

    def caption(self, content: Any) -> str:
        return " / ".join(self.example(content)["text"].splitlines())


def _single(vector: np.ndarray, value: list) -> str:
    facts = _facts(
        ("numbers", f"{len(vector):,}"), ("length (norm)", f"{np.linalg.norm(vector):.2f}")
    )
    more = draw.line(
        f"Above, the first {min(len(vector), vectors.STRIP)} of the {len(vector):,} numbers. "
        "They mean something only beside another text's: add a second line.",
        "note",
    )
    files = vectors.as_npy(vector) + vectors.as_json(value)
    return f'{facts}{vectors.strip(vector)}{more}<div class="files">{files}</div>'


def _several(texts: list[str], stacked: np.ndarray, value: list) -> str:
    cosines = _cosines(stacked)
    first, second = _closest(cosines)
    points, share = vectors.plane(vectors.unit(stacked))
    most = vectors.MOST_SHOWN
    cut = f"Only the first {most} of {len(texts)} texts are drawn; the files hold all."
    lengths = np.linalg.norm(stacked, axis=1)
    return (
        f'<div class="closest"><p>Closest in meaning</p><b>{cosines[first, second]:.2f}</b>'
        f"<ul><li>{_quote(texts[first])}</li><li>{_quote(texts[second])}</li></ul></div>"
        f"<h4>How alike, as cosine</h4>{vectors.heat_map(texts, cosines)}"
        f"<h4>Map</h4>{vectors.scatter(texts, points)}"
        + draw.line(f"The map keeps {100 * share:.0f} % of the differences (PCA).", "note")
        + (draw.line(cut, "note") if len(texts) > most else "")
        + draw.line(
            f"{len(texts)} vectors of {stacked.shape[1]:,} numbers, "
            f"lengths {lengths.min():.2f} to {lengths.max():.2f}.",
            "note",
        )
        + f'<div class="files">{vectors.as_npy(stacked)}{vectors.as_json(value)}</div>'
    )


def _tokens(texts: list[str], arrays: list[np.ndarray], value: list) -> str:
    """Without pooling: a table of sizes; the numbers themselves are in the files."""
    rows = [
        (text, str(array.shape[1]), f"{np.linalg.norm(array[0], axis=1).mean():.2f}")
        for text, array in zip(texts, arrays, strict=False)
    ]
    facts = _facts(
        ("tokens", f"{sum(array.shape[1] for array in arrays):,}"),
        ("numbers for each", f"{arrays[0].shape[2]:,}"),
    )
    alone = vectors.as_npy(arrays[0]) if len(arrays) == 1 else ""  # others differ in length
    table = draw.table(("Text", "Tokens", "Mean length"), rows)
    return f'{facts}{table}<div class="files">{alone}{vectors.as_json(value)}</div>'


def _facts(*facts: tuple[str, str]) -> str:
    shown = "".join(f"<div><dd>{number}</dd><dt>{name}</dt></div>" for name, number in facts)
    return f'<dl class="facts">{shown}</dl>'


def _cosines(stacked: np.ndarray) -> np.ndarray:
    units = vectors.unit(stacked)
    return units @ units.T


def _closest(cosines: np.ndarray) -> tuple[int, int]:
    others = np.where(np.tri(len(cosines), dtype=bool), -np.inf, cosines)
    first, second = np.unravel_index(int(others.argmax()), others.shape)
    return int(first), int(second)


def _quote(text: str) -> str:
    return escape(text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…")


TAB = FeatureExtractionTab()
