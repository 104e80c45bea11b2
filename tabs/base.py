"""The shape that all tabs share: only what differs from task to task. The rest is in `frame/`."""

from typing import Any, ClassVar

from gradio.components import Component

from tasks.base import Task


class Tab:
    """How one task is shown. Several visitors share an instance: it keeps nothing of a request."""

    title: ClassVar[str]  # the visitor's word for the task
    group: ClassVar[str]  # "Text", "Speech", ...
    intro: ClassVar[str]  # one sentence under the title
    task: ClassVar[Task]

    def inputs(self) -> dict[str, Component]:
        """Draw the input, on the left. Keys are the fields of the task's inputs."""
        raise NotImplementedError

    def outputs(self) -> list[Component]:
        """Draw the place of the result, on the right, showing what will appear there."""
        raise NotImplementedError

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        """What the input components hold -> the task's inputs. Raises BadInput."""
        return values

    def show(self, value: Any, inputs: dict[str, Any], done: bool) -> list[Any]:
        """An answer in the pipeline's shape -> one value or update for each of `outputs`.

        Until `done` it is the beginning of an answer.
        """
        raise NotImplementedError

    def example(self, content: str) -> dict[str, Any]:
        """A catalogue row's example -> values of the input components."""
        raise NotImplementedError

    def caption(self, content: str) -> str:
        """What an example is called on the page."""
        return content
