"""Media of tasks: how files of each kind are sent, decoded within limits, and read in code.

A task names its medium once. The page, requests and code follow from it and from the inputs that
are files. A further medium is one more entry here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from runtime import pictures
from runtime.audio import Audio
from runtime.audio_decoding import decode
from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch

if TYPE_CHECKING:  # tasks/base.py imports this module
    from tasks.base import Limits

AUDIO_RATE = 16_000  # Hz; what speech and sound models are trained at
# What programs say that know a file, and not its kind.
NAMELESS = ("application/octet-stream", "binary/octet-stream", "*/*")
# Types of recordings from before there was one for each.
OLD = (
    "application/ogg",
    "application/mp4",
    "application/mpeg",
    "application/x-",
    "application/vnd.",
)


@dataclass(frozen=True)
class Medium:
    """A kind of content.

    content_types: beginnings of the types of a request's body that is a file as it is
    content_type:  an example of them
    noun:          a variable with the content of a file, in code for callers
    packages:      what Python needs to read a file, as pip takes it
    reading:       Python statements that read `file` for a pipeline of transformers
    argument:      the Python expression that is then handed to the pipeline
    """

    name: str
    content_types: tuple[str, ...] = ()
    content_type: str = ""
    noun: str = "content"
    packages: str = ""
    reading: str = ""
    argument: str = ""


def decode_sound(content: Path | bytes, limits: "Limits", watch: Watch) -> Audio:
    """Decode to mono samples at AUDIO_RATE. Raises BadInput."""
    return decode(content, AUDIO_RATE, limits.audio_seconds, watch)


def decode_picture(content: Path | bytes, limits: "Limits", watch: Watch) -> Any:
    """Decode to a PIL picture in RGB. Raises BadInput."""
    try:
        return pictures.decode(content, limits.pixels)
    except pictures.TooManyPixels:
        raise BadInput(
            Message("This picture has more than {pixels:,} pixels.", pixels=limits.pixels),
            Message("Make it smaller."),
        ) from None
    except pictures.NotAPicture:
        raise BadInput(
            Message("This file cannot be read as a picture."),
            Message("png and jpeg always can."),
        ) from None


TEXT = Medium("text")
AUDIO = Medium(
    "audio",
    content_types=("audio", "video/", *NAMELESS, *OLD),  # FFmpeg takes the sound of a video
    content_type="audio/wav",
    noun="recording",
    packages="soundfile soxr",  # transformers itself would want ffmpeg
    reading=(
        "import soundfile\nimport soxr\n"
        "sound, rate = soundfile.read({file!r}, always_2d=True)\n"
        f"speech = soxr.resample(sound.mean(axis=1), rate, {AUDIO_RATE:_})\n"
    ),
    argument=f'{{"raw": speech, "sampling_rate": {AUDIO_RATE:_}}}',
)
IMAGE = Medium(
    "image",
    content_types=("image/", *NAMELESS),
    content_type="image/png",
    noun="picture",
    packages="pillow",
    reading='from PIL import Image\npicture = Image.open({file!r}).convert("RGB")\n',
    argument="picture",
)
MEDIA = (TEXT, AUDIO, IMAGE)


def file_inputs(inputs: type[BaseModel]) -> tuple[str, ...]:
    """Names of the inputs that are files: those with `Path` in their annotation."""
    fields = inputs.model_fields.items()
    return tuple(
        name for name, field in fields if Path in (field.annotation, *get_args(field.annotation))
    )


def files_among(inputs: type[BaseModel], values: Mapping[str, Any]) -> list[str]:
    """Names of the files that are in `values`, and of those that have to be."""
    fields = inputs.model_fields
    return [n for n in file_inputs(inputs) if values.get(n) is not None or fields[n].is_required()]
