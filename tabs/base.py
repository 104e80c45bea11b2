"""The shape that all tabs share: only what differs from task to task. The rest is in `frame/`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from gradio.components import Component

from tasks.base import Task


class Tab:
    """How one task is shown. Visitors share an instance: it keeps nothing of a request.

    A tab sets `title`, `group`, `intro` and `task`, and overrides `inputs`, `outputs`, `show` and
    `gist`.
    """

    title: str  # the visitor's word for the task
    group: ClassVar[str]  # "Understand", "Write", "Speech", ...
    intro: ClassVar[str]  # one sentence under the title
    task: Task
    options_in_view: ClassVar[tuple[str, ...]] = ()  # drawn below the input, not under Options
    page_defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({})  # options' on the page

    def inputs(self) -> dict[str, Component]:
        """Draw the input, on the left. Keys are what `collect` and `example` know them by.

        Override it in each tab. A gr.State may be among them. Text, numbers, choices and tables
        travel in links.
        """
        raise NotImplementedError

    def outputs(self) -> list[Component]:
        """Draw the place of the result, on the right, showing what will appear there.

        Override it in each tab.
        """
        raise NotImplementedError

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        """Convert what the input components hold to the task's inputs. Raises BadInput.

        Override it where a component's value is not the input itself, such as a table or a list of
        lines. Do not check here what `Task.prepare` checks. A file is a path of any kind here; that
        it was uploaded is checked afterwards.
        """
        return values

    def show(self, value: Any, inputs: dict[str, Any], done: bool) -> list[Any]:
        """Convert an answer in the pipeline's shape to one value or update for each of `outputs`.

        Until `done` it is the beginning of an answer. Override it in each tab.
        """
        raise NotImplementedError

    def gist(self, value: Any, inputs: dict[str, Any]) -> str:
        """Return the answer in one line of plain text; models are compared by it.

        Override it in each tab.
        """
        raise NotImplementedError

    def wire(self, inputs: dict[str, Any], outputs: list[Any]) -> None:
        """Connect events of the tab's own, such as a button that edits an input.

        Override it where there are such events. Run, Stop and examples are wired already. The
        values are components; gradio 6.31 adds their events when their class is made.
        """

    def example(self, content: Any) -> dict[str, Any]:
        """Convert a catalogue row's example to values of the input components, by their keys.

        An example is a mapping of those, or the value of the task's first input. Override it where
        models.yaml has another form.
        """
        first = next(iter(self.task.inputs.model_fields))
        return dict(content) if isinstance(content, Mapping) else {first: content}

    def again(self, before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
        """Return what the input components must hold to ask another model the same.

        `before`: what they held for the last run; `now`: what they hold. Override it where an
        answer becomes a part of the input, as in a conversation.
        """
        return {}

    def caption(self, content: Any) -> str:
        """Return an example's text on the page.

        Override it where its first value is no short text.
        """
        return str(next(iter(self.example(content).values())))
