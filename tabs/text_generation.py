"""Writing: a text that goes on, or a conversation."""

from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.messages import Message
from tabs import draw
from tabs.base import Tab
from tabs.frame.events import AT_ONCE
from tabs.markup import Html
from tasks.text_generation import TASK

WAITING = Message(
    "The text will go on here, word by word; a model made for chat answers you. "
    "Stop ends it at any time."
)
NOTHING = Message("The model wrote nothing. You can go on all the same.")
SPEAKERS = {
    "system": Message("Instructions"),
    "user": Message("You"),
    "assistant": Message("Model"),
}
_NOTE = Html('<p class="nothing">{}</p>', NOTHING)
GIST_CHARACTERS = 160


class TextGenerationTab(Tab):
    title = Message("Writing")
    group = Message("Write")
    intro = Message(
        "Begin a text and a model goes on with it, or talk to a model made for conversations."
    )
    task = TASK

    def inputs(self) -> dict[str, Component]:
        """`history`: the messages of the conversation so far; none for plain text."""
        return {
            "text": gr.Textbox(
                label=Message("Your text or message"),
                placeholder=Message("Once upon a time"),
                lines=4,
                max_lines=14,
            ),
            "system": gr.Textbox(
                label=Message("Instructions"),
                info=Message("For models made for chat only; empty for none."),
                placeholder=Message("Answer in one short sentence."),
                max_lines=4,
            ),
            "history": gr.State([]),
            "anew": gr.Button(
                Message("New conversation"),
                size="sm",
                visible=False,
                elem_classes="new-conversation",
            ),
        }

    def outputs(self) -> list[Component]:
        """What was written, and the conversation once it is complete."""
        return [gr.HTML(draw.placeholder(WAITING)), gr.State(None)]

    def wire(self, inputs: dict[str, Any], outputs: list[Any]) -> None:
        written, complete = outputs
        changed = [inputs["history"], inputs["text"], inputs["anew"]]
        complete.change(_keep, complete, changed, **AT_ONCE)
        inputs["anew"].click(
            lambda: [[], "", gr.Button(visible=False), written.value],
            None,
            [*changed, written],
            **AT_ONCE,
        )

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        """Plain text, unless there are instructions or a conversation that goes on."""
        text, system = values["text"] or "", (values["system"] or "").strip()
        turns = [message for message in values["history"] or [] if message["role"] != "system"]
        if not turns and not system:
            return {"text": text}
        first = [{"role": "system", "content": system}] if system else []
        return {"text": [*first, *turns, {"role": "user", "content": text}]}

    def show(self, value: list, inputs: dict[str, Any], done: bool) -> list[Any]:
        written = value[0]["generated_text"]
        if isinstance(written, str):
            return [_continued(inputs["text"], written, done), None]
        return [_conversation(written, done), written if done else None]

    def gist(self, value: list, inputs: dict[str, Any]) -> str:
        written = value[0]["generated_text"]
        if isinstance(written, str):
            new = written.removeprefix(str(inputs["text"]))
        else:
            new = written[-1]["content"]
        line = " ".join(new.split()) or NOTHING
        return line if len(line) <= GIST_CHARACTERS else f"{line[: GIST_CHARACTERS - 1]}…"

    def example(self, content: Any) -> dict[str, Any]:
        """An example begins anew."""
        return {"system": "", "history": [], **super().example(content)}

    def again(self, before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
        """An answer that has joined the conversation leaves it; what was typed since stays."""
        return {} if now["text"] else {name: before[name] for name in ("text", "history")}

    def caption(self, content: Any) -> str:
        return super().example(content)["text"]


def _keep(messages: list | None) -> list[Any]:
    """A complete answer joins the conversation, and the field is free for the next message."""
    if not messages:
        return [gr.skip(), gr.skip(), gr.skip()]
    return [messages, "", gr.Button(visible=True)]


def _continued(prompt: str, written: str, done: bool) -> Html:
    new = written.removeprefix(prompt)
    return Html(
        '<div class="written" dir="auto"><span class="given">{}</span><mark>{}</mark>{}</div>{}',
        prompt,
        new,
        _caret(done),
        "" if new.strip() or not done else _NOTE,
    )


def _conversation(messages: list[dict], done: bool) -> Html:
    rows = Html.join(
        Html(
            '<li class="{}"><span class="speaker">{}</span><div dir="auto">{}</div></li>',
            message["role"],
            SPEAKERS[message["role"]],
            _content(message, done or number < len(messages)),
        )
        for number, message in enumerate(messages, start=1)
    )
    return Html('<ol class="conversation">{}</ol>', rows)


def _content(message: dict, done: bool) -> Html:
    written = message["content"].strip()
    return _NOTE if done and not written else Html("{}{}", written, _caret(done))


def _caret(done: bool) -> Html:
    return Html("" if done else '<span class="caret" aria-hidden="true"></span>')


TAB = TextGenerationTab()
