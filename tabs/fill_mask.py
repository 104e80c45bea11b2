"""Missing words: gaps in a text, and what fits into them."""

from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.messages import Message
from tabs import draw
from tabs.base import Tab
from tabs.frame.events import AT_ONCE
from tabs.markup import Html
from tasks.fill_mask import GAP, TASK

MARK = "[MASK]"

# Where the caret last stood; the page holds one such field for each tab that was opened.
INSERT = """(text) => {
  const areas = [...document.querySelectorAll(".gapped textarea")];
  const area = areas.find((each) => each.offsetParent);
  const from = area ? area.selectionStart : text.length, to = area ? area.selectionEnd : from;
  const before = text.slice(0, from), after = text.slice(to);
  const blank = (side) => (side ? " " : "");
  return before + blank(/[\\w,.;:!?]$/.test(before)) + "[MASK]" + blank(/^\\w/.test(after)) + after;
}"""


class FillMaskTab(Tab):
    title = Message("Missing words")
    group = Message("Understand")
    intro = Message("Leave a gap in a sentence and see which words fit into it.")
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "text": gr.Textbox(
                label=Message("Your text, with a gap"),
                placeholder=Message("The capital of France is {mask}.", mask=MARK),
                info=Message("A gap is {mask}, <mask> or three underscores.", mask=MARK),
                lines=3,
                max_lines=10,
                elem_classes="gapped",
            ),
            "insert": gr.Button(Message("Insert [MASK]"), size="sm", elem_classes="insert-gap"),
        }

    def wire(self, inputs: dict[str, Any], outputs: list[Any]) -> None:
        text = inputs["text"]
        inputs["insert"].click(None, text, text, js=INSERT, **AT_ONCE)

    def outputs(self) -> list[Component]:
        return [
            gr.HTML(
                draw.placeholder(Message("Your sentence will appear here with its gaps filled."))
            )
        ]

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"text": values["text"] or ""}

    def show(self, value: list, inputs: dict[str, Any], done: bool) -> list[Any]:
        gaps = per_gap(value)
        parts = [Html('<p class="filled" dir="auto">{}</p>', filled(inputs["text"], gaps))]
        for number, candidates in enumerate(gaps, start=1):
            bars = draw.bars((word(row), row["score"]) for row in candidates)
            title = Html("<h3>{}</h3>", Message("Gap {number}", number=number))
            parts.append(
                Html('<section class="gap">{}{}</section>', title if len(gaps) > 1 else "", bars)
            )
        if len(gaps) > 1:
            note = Message("Each gap is filled for itself: the words need not go together.")
            parts.append(draw.line(note, "note"))
        return [Html('<div class="gaps">{}</div>', Html.join(parts))]

    def gist(self, value: list, inputs: dict[str, Any]) -> str:
        return ", ".join(word(candidates[0]) for candidates in per_gap(value))


def per_gap(value: list) -> list[list[dict]]:
    """The pipeline's answer has one list less where there is one gap."""
    return value if value and isinstance(value[0], list) else [value]


def word(row: dict) -> str:
    """As it reads: "##s" is an ending, and many a token brings the blank before it."""
    return row["token_str"].removeprefix("##").strip() or row["token_str"]


def filled(text: str, gaps: list[list[dict]]) -> Html:
    """HTML: the text with the best word in each gap; gaps that were not read stay as they are."""
    if len(GAP.findall(text)) < len(gaps):  # the model's own token, written by hand
        return Html("{}", gaps[0][0]["sequence"])
    parts: list[str] = []
    end = 0
    for gap, candidates in zip(GAP.finditer(text), gaps, strict=False):
        before = text[end : gap.start()]
        ending = candidates[0]["token_str"].startswith("##")
        parts.append(before.rstrip() if ending else before)
        parts.append(Html("<mark>{}</mark>", word(candidates[0])))
        end = gap.end()
    return Html.join([*parts, text[end:]])


TAB = FillMaskTab()
