"""Names: who, where, which organisation and when, marked in the text."""

from types import MappingProxyType
from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.messages import Message
from tabs import draw
from tabs.base import Tab
from tabs.entities import EntitySpan, as_csv, counts, located, marked
from tabs.markup import Html
from tasks.token_classification import TASK

GIST = 12  # entities that one line can hold
RULE = Message("by rule")
LEGEND = Message("Framed: found by a rule for its form, not by the model.")


class TokenClassificationTab(Tab):
    title = Message("Names")
    group = Message("Understand")
    intro = Message("People, places, organisations and more are found and marked in your text.")
    task = TASK
    options_in_view = ("rules",)
    page_defaults = MappingProxyType({"rules": True})

    def inputs(self) -> dict[str, Component]:
        return {
            "text": gr.Textbox(
                label=Message("Your text"),
                placeholder=Message(
                    "A message, an article, a whole page: long texts are read in parts."
                ),
                lines=6,
                max_lines=18,
            )
        }

    def outputs(self) -> list[Component]:
        return [
            gr.HTML(
                draw.placeholder(Message("Your text will appear here with its names in colour."))
            ),
            gr.HTML(),
        ]

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        """All lines are one text, so that a name keeps what stands around it."""
        return {"text": values["text"] or ""}

    def show(self, value: list, inputs: dict[str, Any], done: bool) -> list[Any]:
        entities = located(inputs["text"], value)
        text = marked(inputs["text"], entities)
        if not entities:
            note = draw.line(Message("No name was found in this text."), "note")
            return [text, note if done else ""]
        rows = ((e.word, e.kind, RULE if e.by_rule else f"{100 * e.score:.1f} %") for e in entities)
        file = ""
        if done:
            file = draw.download(Message("Download as CSV"), "names.csv", as_csv(entities))
        table = draw.table((Message("Found"), Message("Kind"), Message("Score")), rows)
        legend = draw.line(LEGEND, "note") if any(e.by_rule for e in entities) else ""
        marks = Html.join([counts(entities), text, legend])
        return [marks, Html('{}<p class="files">{}</p>', table, file)]

    def gist(self, value: list, inputs: dict[str, Any]) -> str:
        entities: list[EntitySpan] = located(inputs["text"], value)
        if not entities:
            return Message("no name")
        pairs = (Message("{word} ({kind})", word=e.word, kind=e.kind) for e in entities[:GIST])
        names = Message.join(pairs, ", ")
        if len(entities) <= GIST:
            return names
        return Message("{names} and {count} more", names=names, count=len(entities) - GIST)


TAB = TokenClassificationTab()
