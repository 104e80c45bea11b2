"""What a task's inputs and options are made of: pydantic models, with marks for controls.

The marks stand in a field's `Annotated`; pydantic keeps them among its metadata.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from tasks.media import file_inputs


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
    def controls(cls) -> dict[str, FieldInfo]:
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
