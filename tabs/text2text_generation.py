"""Text to text: an instruction and a text go in, a text comes out, with what changed marked."""

import difflib
import re
from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.messages import Message
from tabs import draw
from tabs.base import Tab
from tabs.markup import Html
from tasks.text2text_generation import TASK

# Below this the answer is no correction of the text but something else: marks would only confuse.
ALIKE = 0.5
EMPTY = draw.placeholder(Message("The answer will appear here, its changes marked."))
PIECE = re.compile(r"\w+(?:['’]\w+)*|\s+|.", re.DOTALL)
INSTRUCTION = re.compile(r"^[^:\n]{1,60}: ")


class Text2TextGenerationTab(Tab):
    title = Message("Text to text")
    group = Message("Write")
    intro = Message(
        "Say what is to be done and give the text: one model corrects, answers, explains."
    )
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "text": gr.Textbox(
                label=Message("Instruction and text"),
                placeholder=Message("For example:  fix: i has two cat"),
                lines=5,
                max_lines=16,
            )
        }

    def outputs(self) -> list[Component]:
        return [gr.HTML(EMPTY)]

    def show(self, value: list, inputs: dict[str, Any], done: bool) -> list[Any]:
        answer = value[0]["generated_text"].strip()
        if not answer and not done:  # no line is whole yet
            return [EMPTY]
        if not answer:
            return [draw.placeholder(Message("The model answered with nothing at all."))]
        before = INSTRUCTION.sub("", inputs["text"].strip())
        return [Html('<div class="answer" dir="auto">{}</div>', marked(before, answer))]

    def gist(self, value: list, inputs: dict[str, Any]) -> str:
        return value[0]["generated_text"].strip()


def marked(before: str, after: str) -> Html:
    """`after` as HTML with what is new in it marked; unmarked if they have little in common."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return Html("{}", after)
    parts: list[str] = []
    for kind, _, _, start, end in matcher.get_opcodes():
        part = "".join(new[start:end])
        changed = kind in ("insert", "replace") and part
        parts.append(Html("<ins>{}</ins>", part) if changed else part)
    return Html.join(parts)


TAB = Text2TextGenerationTab()
