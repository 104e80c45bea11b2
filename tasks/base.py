"""The shape that all tasks share. A task knows nothing of pages, servers or tabs."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ValidationError

from runtime.device import Device
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.api_contract import Call
from tasks.hub_client import HubClientMixin
from tasks.json_values import Json
from tasks.model_loading import load_pipeline
from tasks.options import Choices, ForPrograms, Inputs, Options, for_programs
from tasks.reading import Reading

__all__ = [
    "Choices",
    "ForPrograms",
    "Inputs",
    "Limits",
    "Options",
    "Task",
    "for_programs",
    "sentence",
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
    """Defaults mean "nothing special"; most tasks set the three class variables and little else."""

    pipeline_class: ClassVar[str | None] = None  # of ours, where transformers has none

    def prepare(self, inputs: Any, options: Any, limits: Limits, watch: Watch) -> Any:
        """Check and convert the inputs before a model is loaded. Raises BadInput."""
        return inputs

    def load(self, folder: Path, device: Device) -> Any:
        """The pipeline for the model in `folder`. Raises ModelNotFound if it is for other tasks."""
        return load_pipeline(self.id, folder, device)

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        """The options as the bare pipeline's own keyword arguments: in `answer`, and in code.

        All of them, because the pipeline's defaults may be others than ours.
        """
        return options.model_dump()

    def steps(
        self, pipe: Any, prepared: Any, options: Any, watch: Watch
    ) -> Generator[Any, None, Any]:
        """Yield the answer so far, return the whole, both in the pipeline's documented shape.

        The device is held while a step is computed and offered to others in between.
        """
        return self.answer(pipe, prepared, options, watch)
        yield  # makes this a generator, of one step

    def answer(self, pipe: Any, prepared: Any, options: Any, watch: Watch) -> Any:
        """The whole answer in one step, for tasks that have no more."""
        raise NotImplementedError

    def without_model(self, prepared: Any, options: Any, watch: Watch) -> Any:
        """The answer where a model has nothing to do, which a note tells; None where it has."""
        return None

    def remark(self, inputs: Any, answer: Any, watch: Watch) -> None:
        """Note what of the whole answer, in the common shape, should be checked."""

    def read_inputs(self, values: Mapping[str, Any]) -> Any:
        """`values` as this task's inputs. Raises BadInput."""
        _refuse_half_characters(values)
        return _read(self.inputs, values, "")

    def read_options(self, values: Mapping[str, Any]) -> Any:
        """`values` as this task's options; what is left out keeps its default. Raises BadInput."""
        return _read(self.options, values, "option ")

    def read_call(self, call: Call, defaults: Mapping[str, Any]) -> tuple[Any, Any]:
        """A request as inputs and options; `defaults`: what holds where it says nothing.

        Raises BadInput, which names what was sent.
        """
        values, settings = self.parse_call(call)
        _refuse_half_characters(values)
        names = self.request_names(call.parameters)
        options = {**self.contract, **defaults, **settings}
        allowed = self.parameter_names()
        return (
            _read(self._inputs_for(values), values, "", self.input_names()),
            _read(self.options, options, "parameter ", names, allowed),
        )

    def _inputs_for(self, values: Mapping[str, Any]) -> type[BaseModel]:
        """The kind of inputs that `values` is; most tasks have one."""
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
                f"Character {error.start + 1:,} of the text is half of one ({half}).",
                "Type it again: it was cut in the middle.",
            ) from None
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _refuse_half_characters(key)
            _refuse_half_characters(part)
    elif isinstance(value, list):
        for part in value:
            _refuse_half_characters(part)


def sentence(problem: str) -> str:
    """What pydantic says of a value, without what it puts before the words of a validator."""
    return problem.removeprefix("Value error, ")


def _read(
    model: type[BaseModel],
    values: Mapping[str, Any],
    label: str,
    names: Mapping[str, str] | None = None,
    allowed: Sequence[str] = (),
) -> Any:
    """`names`: field -> as it was sent, where that is another; `allowed`: names to choose from."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        problem = error.errors()[0]
        field = str(problem["loc"][0]) if problem["loc"] else model.__name__
        name = (names or {}).get(field, field)
        if problem["type"] == "extra_forbidden":
            choices = ", ".join(allowed or model.model_fields)
            raise BadInput(f"There is no {label}{name!r} here.", f"Allowed: {choices}.") from None
        raise BadInput(
            f"The {label}{name!r} does not fit: {sentence(problem['msg'])}.", "Please correct it."
        ) from None
