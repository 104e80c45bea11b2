"""The shape that all tasks share. A task knows nothing of pages, servers or tabs."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ValidationError

from runtime.device import Device
from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.api_contract import Call
from tasks.hub_client import HubClientMixin
from tasks.json_values import Json
from tasks.model_loading import load_pipeline
from tasks.options import Choices, ForPrograms, Inputs, Options, for_programs
from tasks.problems import describe_problem
from tasks.reading import Reading

OPTION, PARAMETER = Message("option {name!r}"), Message("parameter {name!r}")

__all__ = [
    "Choices",
    "ForPrograms",
    "Inputs",
    "Limits",
    "Options",
    "Task",
    "for_programs",
]


@dataclass(frozen=True)
class Limits:
    """What one request may bring, so that it cannot keep the machine to itself.

    `pixels`: of all its pictures together.
    """

    characters: int = 20_000
    items: int = 200
    audio_seconds: float = 3600.0
    pixels: int = 50_000_000


class Task(HubClientMixin, Reading):
    """Base class of all tasks. Its defaults fit most of them.

    A task sets `id`, `inputs` and `options`, and overrides `prepare` and one of `answer` and
    `steps`.
    """

    pipeline_class: ClassVar[str | None] = None  # of ours, where transformers has none

    def prepare(self, inputs: Any, options: Any, limits: Limits, watch: Watch) -> Any:
        """Check and convert the inputs before a model is loaded. Raises BadInput.

        Override it for checks that need no model: empty texts, too many items, media to decode. Do
        not override it for what pydantic checks by the field's type.
        """
        return inputs

    def load(self, folder: Path, device: Device) -> Any:
        """Load the pipeline for the model in `folder`. Raises ModelNotFound for another task's.

        Override it where the pipeline is one of `tasks/pipelines/`, or needs a setting afterwards.
        Do not override it where `transformers.pipeline` does.
        """
        return load_pipeline(self.id, folder, device)

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        """Return the options as the bare pipeline's keyword arguments: in `answer`, and in code.

        Give all of them, because the pipeline's defaults may be others than ours. Override it where
        an option has another name there, or is none of the pipeline's.
        """
        return options.model_dump()

    def steps(
        self, pipe: Any, prepared: Any, options: Any, watch: Watch
    ) -> Generator[Any, None, Any]:
        """Yield the answer so far and return the whole, both in the pipeline's documented shape.

        The device is held while a step is computed, and offered to others in between. Override it
        where an answer grows or takes seconds. Do not override it where one step does: override
        `answer`.
        """
        return self.answer(pipe, prepared, options, watch)
        yield  # makes this a generator, of one step

    def answer(self, pipe: Any, prepared: Any, options: Any, watch: Watch) -> Any:
        """Return the whole answer, computed in one step.

        Override it for a task without `steps` of its own.
        """
        raise NotImplementedError

    def without_model(self, prepared: Any, options: Any, watch: Watch) -> Any:
        """Return the answer where a model has nothing to do, or None to use the model.

        A note tells the visitor. Override it where some inputs are their own answer, such as a text
        of numbers for translation. It must not need the device.
        """
        return None

    def remark(self, inputs: Any, answer: Any, watch: Watch) -> None:
        """Note what should be checked in the whole answer, which has the common shape.

        It is called for answers from other servers, too. Override it where an answer can be
        compared with its inputs, such as the numbers of a text.
        """

    def read_inputs(self, values: Mapping[str, Any]) -> Any:
        """Validate `values` as this task's inputs. Raises BadInput. Not to be overridden."""
        _refuse_half_characters(values)
        return _read(self.inputs, values)

    def read_options(self, values: Mapping[str, Any]) -> Any:
        """Validate `values` as this task's options. Raises BadInput. Not to be overridden.

        An option that is left out keeps its default.
        """
        return _read(self.options, values, OPTION)

    def read_call(self, call: Call, defaults: Mapping[str, Any]) -> tuple[Any, Any]:
        """Validate a request as inputs and options. Not to be overridden: see `parse_call`.

        `defaults`: option -> value, where the request does not set it. Raises BadInput, which names
        options and inputs as the request does.
        """
        values, settings = self.parse_call(call)
        values = self.decode_files(values)
        _refuse_half_characters(values)
        names = self.request_names(call.parameters)
        options = {**self.contract, **defaults, **settings}
        allowed = self.parameter_names()
        return (
            _read(self._inputs_for(values), values, None, self.input_names()),
            _read(self.options, options, PARAMETER, names, allowed),
        )

    def _inputs_for(self, values: Mapping[str, Any]) -> type[BaseModel]:
        """Return the model that validates `values`.

        Override it for a task with several forms of inputs; most have one.
        """
        return self.inputs


def _refuse_half_characters(value: Json | Mapping[str, Json]) -> None:
    """Raise BadInput for half of a surrogate pair, as in JSON cut inside an emoji.

    No tokenizer takes it: it has no bytes in UTF-8.
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            half = f"U+{ord(value[error.start]):04X}"
            raise BadInput(
                Message(
                    "Character {number:,} of the text is half of one ({half}).",
                    number=error.start + 1,
                    half=half,
                ),
                Message("Type it again: it was cut in the middle."),
            ) from None
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _refuse_half_characters(key)
            _refuse_half_characters(part)
    elif isinstance(value, list):
        for part in value:
            _refuse_half_characters(part)


def _read(
    model: type[BaseModel],
    values: Mapping[str, Any],
    subject: Message | None = None,
    names: Mapping[str, str] | None = None,
    allowed: Sequence[str] = (),
) -> Any:
    """`subject`: what errors call a field, by its name alone if it is None.

    `names`: field -> as it was sent, where that is another; `allowed`: names to choose from.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        problem = error.errors()[0]
        field = str(problem["loc"][0]) if problem["loc"] else model.__name__
        name = (names or {}).get(field, field)
        named = subject.fill(name=name) if subject else repr(name)
        if problem["type"] == "extra_forbidden":
            choices = ", ".join(allowed or model.model_fields)
            raise BadInput(
                Message("There is no {field} here.", field=named),
                Message("Allowed: {allowed}.", allowed=choices),
            ) from None
        raise BadInput(
            Message(
                "The {field} does not fit: {problem}.",
                field=named,
                problem=describe_problem(problem),
            ),
            Message("Please correct it."),
        ) from None
