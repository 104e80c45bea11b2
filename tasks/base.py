"""The shape that all tasks share. A task knows nothing of pages, servers or tabs."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from runtime.device import Device
from runtime.errors import BadInput, ModelNotFound
from runtime.watch import Watch


class Inputs(BaseModel):
    """What a request is about; the field names are the API's argument names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Options(BaseModel):
    """How it is to be done: drawn as controls, checked in requests, sent as `parameters`.

    A field's title and description are its label and hint; `Choices` names its values.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Choices:
    """Put into an option's `Annotated`: its values in menu order, each with its words."""

    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Limits:
    """What one request may bring, so that it cannot keep the machine to itself."""

    characters: int = 20_000
    items: int = 200
    audio_seconds: float = 3600.0


class Task:
    """Defaults mean "nothing special"; most tasks set the three class variables and little else."""

    id: ClassVar[str]
    inputs: ClassVar[type[Inputs]]
    options: ClassVar[type[Options]]

    def prepare(self, inputs: Any, options: Any, limits: Limits, watch: Watch) -> Any:
        """Check and convert the inputs before a model is loaded. Raises BadInput."""
        return inputs

    def load(self, folder: Path, device: Device) -> Any:
        """The pipeline for the model in `folder`. Raises ModelNotFound if it is for other tasks."""
        import torch
        import transformers

        refuse_other_architectures(self.id, folder)
        return transformers.pipeline(
            self.id,
            model=str(folder),
            device=torch.device(device.name),
            dtype=getattr(torch, device.dtype),
            trust_remote_code=False,
        )

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

    def read_inputs(self, given: Mapping[str, Any]) -> Any:
        """`given` as this task's inputs. Raises BadInput."""
        return _read(self.inputs, given, "")

    def read_options(self, given: Mapping[str, Any]) -> Any:
        """`given` as this task's options; what is left out keeps its default. Raises BadInput."""
        return _read(self.options, given, "option ")


def _read(kind: type[BaseModel], given: Mapping[str, Any], what: str) -> Any:
    try:
        return kind.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else kind.__name__
        if first["type"] == "extra_forbidden":
            allowed = ", ".join(kind.model_fields)
            raise BadInput(f"There is no {what}{name!r} here.", f"Allowed: {allowed}.") from None
        raise BadInput(
            f"The {what}{name!r} does not fit: {first['msg']}.", "Please correct it."
        ) from None


def refuse_other_architectures(task_id: str, folder: Path) -> None:
    """Without this a model made for something else gets a head of random weights, and answers.

    Raises ModelNotFound.
    """
    from transformers import AutoConfig
    from transformers.pipelines import PIPELINE_REGISTRY

    config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    _, targeted, _ = PIPELINE_REGISTRY.check_task(task_id)
    fitting: set[str] = set()
    for auto_model in targeted["pt"]:
        for names in auto_model._model_mapping._model_mapping.values():
            fitting.update([names] if isinstance(names, str) else names)
    has = config.architectures or []
    if has and fitting.isdisjoint(has):
        raise ModelNotFound(
            f"This model was not made for {task_id}: it is a {has[0]}.",
            "Choose one from the menu, or one that the Hub lists under this task.",
        )
