"""The shape that all tabs share: only what differs from task to task. The rest is in `frame/`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from gradio.components import Component

from tasks.base import Task


class Tab:
    """How one task is shown. Several visitors share an instance: it keeps nothing of a request."""

    title: str  # the visitor's word for the task
    group: ClassVar[str]  # "Understand", "Write", "Speech", ...
    intro: ClassVar[str]  # one sentence under the title
    task: Task
    options_in_view: ClassVar[tuple[str, ...]] = ()  # drawn below the input, not under Options
    page_defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({})  # options' on the page

    def inputs(self) -> dict[str, Component]:
        """Draw the input, on the left. Keys are what `collect` and `example` know them by.

        A gr.State may be among them. Text, numbers, choices and tables travel in links.
        """
        raise NotImplementedError

    def outputs(self) -> list[Component]:
        """Draw the place of the result, on the right, showing what will appear there."""
        raise NotImplementedError

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        """What the input components hold -> the task's inputs. Raises BadInput.

        A file is a path of any kind here; that it was uploaded is checked afterwards.
        """
        return values

    def show(self, value: Any, inputs: dict[str, Any], done: bool) -> list[Any]:
        """An answer in the pipeline's shape -> one value or update for each of `outputs`.

        Until `done` it is the beginning of an answer.
        """
        raise NotImplementedError

    def gist(self, value: Any, inputs: dict[str, Any]) -> str:
        """The answer in one line of plain text; models are compared by it."""
        raise NotImplementedError

    def wire(self, inputs: dict[str, Any], outputs: list[Any]) -> None:
        """Connect events of the tab's own, such as a button that edits an input.

        The values are components; gradio 6.31 adds their events when their class is made.
        """

    def example(self, content: Any) -> dict[str, Any]:
        """A catalogue row's example -> values of the input components, by their keys.

        An example is a mapping of those, or the value of the task's first input.
        """
        first = next(iter(self.task.inputs.model_fields))
        return dict(content) if isinstance(content, Mapping) else {first: content}

    def again(self, asked: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
        """What the input components must hold for another model to be asked the same.

        `asked`: what they held when the last was; `now`: what they hold.
        """
        return {}

    def caption(self, content: Any) -> str:
        """What an example is called on the page."""
        return str(next(iter(self.example(content).values())))
