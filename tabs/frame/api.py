"""Each task as one typed function of the page's API, named after the task."""

import inspect
import uuid
from collections.abc import Callable
from typing import Any

import gradio as gr

from backends.base import Backend
from runtime.errors import BackendError
from tabs.frame.menu import Menu
from tabs.frame.stop_signals import StopSignals
from tabs.frame.uploads import read_files
from tasks.base import Task

ANSWER = list | dict  # the pipeline's own JSON


def expose(task: Task, menu: Menu, backend: Backend, signals: StopSignals, **queueing: Any) -> None:
    """Add the function to the Blocks being built; call it by keyword, options by their names."""
    gr.api(typed(task, menu, backend, signals), api_name=task.id.replace("-", "_"), **queueing)


def typed(task: Task, menu: Menu, backend: Backend, signals: StopSignals) -> Callable:
    """A function with the task's inputs, `model` and its options as parameters.

    An option left at the task's default is as the model's row wants it. A caller who goes away
    ends the work.
    """

    def call(request: gr.Request, *arguments: Any) -> Any:
        values = dict(zip(names, arguments, strict=True))
        inputs = {name: values[name] for name in task.inputs.model_fields}
        chosen = {
            name: values[name]
            for name, field in task.options.controls().items()
            if values[name] != field.default
        }
        key = (request.session_hash or "", f"api {uuid.uuid4()}")  # calls may overlap
        try:
            inputs = read_files(task, inputs)
            model = menu.find(task.id, values["model"])
            options = task.read_options({**model.options, **chosen})
            with signals.running(key) as stop:
                return backend.run(task, model, task.read_inputs(inputs), options, stop).value
        except BackendError as error:
            raise gr.Error(str(error), title=error.title, print_exception=False) from error

    parameters = _parameters(task)
    request = inspect.Parameter(
        "request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=gr.Request
    )
    names = [parameter.name for parameter in parameters]
    signature = inspect.Signature([request, *parameters], return_annotation=ANSWER)
    vars(call)["__signature__"] = signature  # gradio and inspect read it
    call.__annotations__ = {p.name: p.annotation for p in (request, *parameters)}
    call.__annotations__["return"] = ANSWER
    call.__name__ = task.id.replace("-", "_")
    call.__doc__ = inspect.cleandoc(task.__doc__ or task.id)
    return call


def _parameters(task: Task) -> list[inspect.Parameter]:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    inputs = [
        inspect.Parameter(
            name,
            kind,
            default=inspect.Parameter.empty if field.is_required() else field.get_default(),
            # A file travels as gradio's FileData; everything else as it is.
            annotation=gr.FileData if name in task.file_inputs else field.annotation,
        )
        for name, field in task.inputs.model_fields.items()
    ]
    model = inspect.Parameter("model", kind, default=None, annotation=str | None)
    options = [
        inspect.Parameter(name, kind, default=field.default, annotation=field.annotation)
        for name, field in task.options.controls().items()
    ]
    return [*inputs, model, *options]
