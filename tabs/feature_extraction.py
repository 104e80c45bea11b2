"""Meaning: texts as vectors, and how close they are to each other."""

from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np
from gradio.components import Component

from runtime.messages import Message
from tabs import draw, vectors
from tabs.base import Tab
from tabs.markup import Html
from tasks.feature_extraction import TASK
from tasks.text import is_blank

LONGEST_QUOTE = 60


class FeatureExtractionTab(Tab):
    title = Message("Meaning")
    group = Message("Understand")
    intro = Message(
        "How close are texts in meaning? Each line becomes a vector, and vectors compare."
    )
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "text": gr.Textbox(
                label=Message("Your texts"),
                placeholder=Message("One text per line: two or more can be compared."),
                lines=5,
                max_lines=14,
            )
        }

    def outputs(self) -> list[Component]:
        words = Message("The closest texts will appear here, with a heat map and a map of all.")
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
            return Message("{count} numbers", count=np.shape(value)[-1])
        if isinstance(value[0][0], list):
            return Message("{count} numbers for each token", count=np.shape(value[0])[-1])
        cosines = _cosines(np.array(value))
        first, second = _closest(cosines)
        return Message(
            "Closest: {first} and {second} ({cosine:.2f})",
            first=first + 1,
            second=second + 1,
            cosine=float(cosines[first, second]),
        )

    def caption(self, content: Any) -> str:
        return " / ".join(self.example(content)["text"].splitlines())


def _single(vector: np.ndarray, value: list) -> Html:
    facts = _facts(
        (Message("numbers"), f"{len(vector):,}"),
        (Message("length (norm)"), f"{np.linalg.norm(vector):.2f}"),
    )
    more = Message(
        "Above, the first {shown} of the {count} numbers. They mean something only beside another "
        "text's: add a second line.",
        shown=min(len(vector), vectors.STRIP),
        count=f"{len(vector):,}",
    )
    return Html.join(
        [
            facts,
            vectors.strip(vector),
            draw.line(more, "note"),
            _files(vectors.as_npy(vector), vectors.as_json(value)),
        ]
    )


def _several(texts: list[str], stacked: np.ndarray, value: list) -> Html:
    cosines = _cosines(stacked)
    first, second = _closest(cosines)
    points, share = vectors.plane(vectors.unit(stacked))
    return Html(
        '<div class="closest"><p>{}</p><b>{:.2f}</b><ul><li>{}</li><li>{}</li></ul></div>'
        "<h4>{}</h4>{}<h4>{}</h4>{}{}{}",
        Message("Closest in meaning"),
        float(cosines[first, second]),
        _quote(texts[first]),
        _quote(texts[second]),
        Message("How alike, as cosine"),
        vectors.heat_map(texts, cosines),
        Message("Map"),
        vectors.scatter(texts, points),
        Html.join(draw.line(note, "note") for note in _notes(texts, stacked, share)),
        _files(vectors.as_npy(stacked), vectors.as_json(value)),
    )


def _notes(texts: list[str], stacked: np.ndarray, share: float) -> Iterator[Message]:
    """Say what the map keeps, what is not drawn, and how long the vectors are."""
    yield Message("The map keeps {share:.0f} % of the differences (PCA).", share=100 * share)
    if len(texts) > vectors.MOST_SHOWN:
        yield Message(
            "Only the first {shown} of {count} texts are drawn; the files hold all.",
            shown=vectors.MOST_SHOWN,
            count=len(texts),
        )
    lengths = np.linalg.norm(stacked, axis=1)
    yield Message(
        "{count} vectors of {size} numbers, lengths {least:.2f} to {most:.2f}.",
        count=len(texts),
        size=f"{stacked.shape[1]:,}",
        least=float(lengths.min()),
        most=float(lengths.max()),
    )


def _tokens(texts: list[str], arrays: list[np.ndarray], value: list) -> Html:
    """Without pooling: a table of sizes; the numbers themselves are in the files."""
    rows = [
        (text, str(array.shape[1]), f"{np.linalg.norm(array[0], axis=1).mean():.2f}")
        for text, array in zip(texts, arrays, strict=False)
    ]
    facts = _facts(
        (Message("tokens"), f"{sum(array.shape[1] for array in arrays):,}"),
        (Message("numbers for each"), f"{arrays[0].shape[2]:,}"),
    )
    alone = vectors.as_npy(arrays[0]) if len(arrays) == 1 else ""  # others differ in length
    table = draw.table((Message("Text"), Message("Tokens"), Message("Mean length")), rows)
    return Html.join([facts, table, _files(alone, vectors.as_json(value))])


def _files(*links: str) -> Html:
    return Html('<div class="files">{}</div>', Html.join(links))


def _facts(*facts: tuple[str, str]) -> Html:
    rows = Html.join(
        Html("<div><dd>{}</dd><dt>{}</dt></div>", number, name) for name, number in facts
    )
    return Html('<dl class="facts">{}</dl>', rows)


def _cosines(stacked: np.ndarray) -> np.ndarray:
    units = vectors.unit(stacked)
    return units @ units.T


def _closest(cosines: np.ndarray) -> tuple[int, int]:
    others = np.where(np.tri(len(cosines), dtype=bool), -np.inf, cosines)
    first, second = np.unravel_index(int(others.argmax()), others.shape)
    return int(first), int(second)


def _quote(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


TAB = FeatureExtractionTab()
