"""The shape that all tasks share. A task knows nothing of pages, servers or tabs."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from runtime.device import Device
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.api_contract import Call
from tasks.hub_client import HubClientMixin
from tasks.media import file_inputs
from tasks.model_loading import load_pipeline
from tasks.reading import Reading


class Inputs(BaseModel):
    """What a request is about; the field names are the API's argument names.

    A field with `Path` in its annotation is a file. It takes a `Path`, which the page has checked
    to be an upload, or bytes, and never a text: that could name any file of this machine.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_text_for_file(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str) and info.field_name in file_inputs(cls):
            raise ValueError("it is a text and no file")
        return value


class Options(BaseModel):
    """How it is to be done: drawn as controls, checked in requests, sent as `parameters`.

    A field's title and description are its label and hint; `Choices` names its values. What has
    `ForPrograms` is not drawn.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def drawn(cls) -> dict[str, FieldInfo]:
        """The options that the page has a control for."""
        return {name: field for name, field in cls.model_fields.items() if not for_programs(field)}


@dataclass(frozen=True)
class Choices:
    """Put into an option's `Annotated`: its values in menu order, each with its words."""

    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class ForPrograms:
    """Put into an option's `Annotated`: requests may set it, and the page shows no control.

    `about` is for docs/parameters.md.
    """

    about: str


def for_programs(field: FieldInfo) -> ForPrograms | None:
    return next((extra for extra in field.metadata if isinstance(extra, ForPrograms)), None)


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

    id: ClassVar[str]
    pipeline_class: ClassVar[str | None] = None  # of ours, where transformers has none
    inputs: ClassVar[type[Inputs]]
    options: ClassVar[type[Options]]

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

    def read_inputs(self, given: Mapping[str, Any]) -> Any:
        """`given` as this task's inputs. Raises BadInput."""
        _refuse_half_characters(given)
        return _read(self.inputs, given, "")

    def read_options(self, given: Mapping[str, Any]) -> Any:
        """`given` as this task's options; what is left out keeps its default. Raises BadInput."""
        return _read(self.options, given, "option ")

    def read_call(self, call: Call, usual: Mapping[str, Any]) -> tuple[Any, Any]:
        """A request as inputs and options; `usual`: what holds where it says nothing.

        Raises BadInput, which names what was sent.
        """
        given, chosen = self.called(call)
        given = self.decode_files(given)
        _refuse_half_characters(given)
        sent = self.sent_names(call.parameters)
        options = {**self.contract, **usual, **chosen}
        allowed = self.parameter_names()
        return (
            _read(self._inputs_for(given), given, "", self.input_names()),
            _read(self.options, options, "parameter ", sent, allowed),
        )

    def _inputs_for(self, given: Mapping[str, Any]) -> type[BaseModel]:
        """The kind of inputs that `given` is; most tasks have one."""
        return self.inputs


def _refuse_half_characters(value: Any) -> None:
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
    kind: type[BaseModel],
    given: Mapping[str, Any],
    what: str,
    names: Mapping[str, str] | None = None,
    allowed: Sequence[str] = (),
) -> Any:
    """`names`: field -> as it was sent, where that is another; `allowed`: names to choose from."""
    try:
        return kind.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else kind.__name__
        name = (names or {}).get(field, field)
        if first["type"] == "extra_forbidden":
            known = ", ".join(allowed or kind.model_fields)
            raise BadInput(f"There is no {what}{name!r} here.", f"Allowed: {known}.") from None
        raise BadInput(
            f"The {what}{name!r} does not fit: {sentence(first['msg'])}.", "Please correct it."
        ) from None
