"""The Test button: what answers at the place that is chosen, or why nothing does."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from backends.destination import Destination
from runtime.errors import BackendError, Cancelled
from runtime.messages import Message
from runtime.watch import Progress, Watch
from tabs import draw
from tabs.frame.events import LOOKS
from tabs.frame.i18n import Translator
from tabs.frame.shared import Shared


class ConnectionTest:
    """`read` makes a place of what `inputs` hold. Drawn inside the Blocks that are open."""

    def __init__(self, shared: Shared, words: Translator, read: Callable[..., Destination]) -> None:
        self._backends = shared.backends
        self._signals = shared.signals
        self._words = words
        self._read = read
        self.answer = gr.HTML(visible=False)

    def listen(self, button: gr.Button, inputs: Sequence[Any]) -> None:
        button.click(self.test, list(inputs), self.answer, **LOOKS)

    def test(
        self, request: gr.Request, signed_in: gr.OAuthToken | None, *values: Any
    ) -> Iterator[gr.HTML]:
        """One sentence, below the button. Pressed again, it asks anew."""
        asking = draw.progress(Progress(Message("Asking who answers")))
        yield gr.HTML(self._words.in_html(asking), visible=True)
        try:
            with self._signals.running((request.session_hash or "", "test")) as stop:
                text = self._backends.identify(self._read(values, signed_in), Watch(stop=stop))
            yield gr.HTML(self._words.in_html(draw.line(text, "note")))
        except Cancelled:
            yield gr.HTML("", visible=False)
        except BackendError as error:
            text = self._words.sentences(error.what, error.todo)
            yield gr.HTML(draw.problem(self._words(error.title), text))
