"""Question answering: the answer to a question, marked in the text that holds it."""

from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.messages import Message
from tabs import draw
from tabs.base import Tab
from tabs.markup import Html
from tasks.question_answering import TASK

NOTHING = Message("No answer in this text")


class QuestionAnsweringTab(Tab):
    title = Message("Answers")
    group = Message("Understand")
    intro = Message("Ask about a text: the words that answer you are marked in it.")
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "context": gr.Textbox(
                label=Message("Text to look in"),
                placeholder=Message("Paste an article, a mail, the rules of a game …"),
                lines=7,
                max_lines=14,
            ),
            "question": gr.Textbox(
                label=Message("Question"), placeholder=Message("Who, what, when, where, why …")
            ),
        }

    def outputs(self) -> list[Component]:
        return [
            gr.HTML(draw.placeholder(Message("The answer will appear here, marked in your text.")))
        ]

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: values[name] or "" for name in ("question", "context")}

    def show(self, value: Any, inputs: dict[str, Any], done: bool) -> list[Any]:
        answers = _listed(value)
        bars = draw.bars((answer["answer"] or NOTHING, answer["score"]) for answer in answers)
        text = marked(inputs["context"], answers)
        return [Html('<div class="answers">{}{}</div>', bars, text)]

    def gist(self, value: Any, inputs: dict[str, Any]) -> str:
        return _listed(value)[0]["answer"] or NOTHING


def _listed(value: Any) -> list[dict[str, Any]]:
    return [value] if isinstance(value, dict) else value


def marked(context: str, answers: list[dict[str, Any]]) -> Html:
    """The text as HTML with the best answer marked, the others underlined where they lie apart."""
    spans: list[tuple[int, int, str]] = []
    for number, answer in enumerate(answers):
        start, end = answer["start"], answer["end"]
        apart = all(end <= first or last <= start for first, last, _ in spans)
        if start < end and apart:
            spans.append((start, end, "best" if number == 0 else "other"))
    parts: list[str] = []
    done = 0
    for start, end, kind in sorted(spans):
        look = " look-here" if kind == "best" else ""  # page.js scrolls the text there
        mark = Html('<mark class="{}">{}</mark>', kind + look, context[start:end])
        parts += context[done:start], mark
        done = end
    return Html(
        '<div class="searched" role="region" aria-label="{}" tabindex="0">{}</div>',
        Message("Your text"),
        Html.join([*parts, context[done:]]),
    )


TAB = QuestionAnsweringTab()
