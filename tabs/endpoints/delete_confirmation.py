"""Deleting an endpoint: only for whoever types its name."""

import gradio as gr

from runtime.messages import Message
from tabs import draw
from tabs.endpoints.account_picker import Whose
from tabs.frame.i18n import Translator
from tabs.frame.result_panel import Update

# The keyboard goes to where the name is to be typed.
FOCUS = (
    "() => requestAnimationFrame(() => "
    "[...document.querySelectorAll('.delete-name input')].find((i) => i.offsetParent)?.focus())"
)


class DeleteConfirmation:
    """A row of its own, hidden until it is asked for: the list is drawn anew while one types."""

    def __init__(self, words: Translator) -> None:
        self._words = words
        self.name = gr.State("")
        self.whose = gr.State(None)  # place and account that it is of
        with gr.Column(visible=False, elem_classes="endpoint-deleting") as self.column:
            self.question = gr.HTML()
            with gr.Row(elem_classes="buttons"):
                self.typed = gr.Textbox(
                    label=Message("Name of the endpoint to delete"),
                    max_lines=1,
                    scale=2,
                    elem_classes="delete-name",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off", spellcheck=False),
                )
                self.sure = gr.Button(
                    Message("Delete for good"), variant="stop", elem_classes="sure"
                )
                self.keep = gr.Button(Message("Keep it"), elem_classes="keep")

    @property
    def components(self) -> list:
        return [self.name, self.whose, self.column, self.question, self.typed]

    def ask(self, name: str, whose: Whose) -> Update:
        text = Message("Type {name} to delete it for good: it will not answer any more.", name=name)
        note = draw.line(text, "note")
        return {
            self.name: name,
            self.whose: whose,
            self.column: gr.Column(visible=True),
            self.question: self._words.in_html(note),
            self.typed: "",
        }

    def wrong(self, name: str) -> Update:
        text = Message("That is not its name. Type {name}, or keep it.", name=name)
        note = draw.line(text, "note warning")
        return {self.question: self._words.in_html(note)}

    def closed(self) -> Update:
        return {self.name: "", self.column: gr.Column(visible=False)}
