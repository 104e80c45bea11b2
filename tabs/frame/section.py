"""A group of the page that is no task's, such as the models of the Hub."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import gradio as gr
from gradio.events import Dependency

from backends.where import Where
from tabs.frame.shared import Shared
from tabs.frame.side import Update
from tabs.frame.words import Words


@dataclass(frozen=True)
class Around:
    """What a section may use of the page around it.

    `titles`: each task's tab by the task's id. `go(task_id, model_id, where)`: updates that open
    that tab with that model, to run there; `use(where)`: updates that turn the switch. `going`
    are the components they are for. `groups` opens a section by its id. `wanted` holds the id of
    a model that an endpoint is wanted for, and how often one was: what the Models section sets, the
    Endpoints section sees to.
    """

    words: Words
    shared: Shared
    titles: Mapping[str, str]
    go: Callable[[str, str, Where], Update]
    use: Callable[[Where], Update]
    going: list
    groups: gr.Tabs
    wanted: gr.State


class Section:
    """Drawn once for each language; it keeps nothing of a visitor."""

    id: ClassVar[str]  # also what a link's `tab` calls it
    title: ClassVar[str]

    def draw(self, around: Around, entered: gr.Tab) -> list[Dependency]:
        """Draw inside the tab that is open; what takes time waits until it is `entered`.

        Returns the events after which the switch may stand elsewhere.
        """
        raise NotImplementedError
