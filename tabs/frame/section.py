"""A group of the page that is no task's, such as the models of the Hub."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import gradio as gr
from gradio.events import Dependency

from backends.destination import Destination
from tabs.frame.i18n import Translator
from tabs.frame.result_panel import Update
from tabs.frame.shared import Shared


@dataclass(frozen=True)
class PageContext:
    """What a section may use of the page around it.

    `titles`: each task's title by the task's id. `open_task(task_id, model_id, destination)`:
    updates that open a task's tab with a model. `set_destination(destination)`: updates that turn
    the switch. Both update `navigation_outputs`. `groups` opens a section by its id.
    `deploy_request`: (model id, counter). The Models section sets it, and the Endpoints section
    opens its form when it changes.
    """

    words: Translator
    shared: Shared
    titles: Mapping[str, str]
    open_task: Callable[[str, str, Destination], Update]
    set_destination: Callable[[Destination], Update]
    navigation_outputs: list
    groups: gr.Tabs
    deploy_request: gr.State


class Section:
    """Drawn once for each language; it keeps nothing of a visitor."""

    id: ClassVar[str]  # also what a link's `tab` calls it
    title: ClassVar[str]

    def draw(self, context: PageContext, entered: gr.Tab) -> list[Dependency]:
        """Draw inside the tab that is open; what takes time waits until it is `entered`.

        Returns the events after which the switch may stand elsewhere.
        """
        raise NotImplementedError
