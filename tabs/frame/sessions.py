"""What gradio keeps of each visitor, made in a moment and not in a third of a second."""

from types import SimpleNamespace
from typing import Any

from gradio.state_holder import SessionState, StateHolder


class VisitorState(SessionState):
    """A visitor's state without a copy of the whole page's description.

    gradio 6.31 describes every component anew for each visitor, on the event loop: 0.3 s for 1,500
    of them, in which everybody else waits. Only links to a page's state (`gr.DeepLinkButton`)
    read all of it; what a visitor changes is described when it changes.
    """

    def __init__(self, blocks: Any) -> None:
        seen: Any = SimpleNamespace(default_config=blocks.default_config, blocks={})
        super().__init__(seen)


class VisitorStates(StateHolder):
    """All visitors' states, by session."""

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = VisitorState(self.blocks)
        return super().__getitem__(session_id)
