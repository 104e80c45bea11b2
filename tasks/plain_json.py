"""Any task that transformers has a pipeline for and that has no module here: JSON in, JSON out."""

import base64
import inspect
import io
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from runtime import pictures
from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.api_contract import Call, body_schema, from_base64
from tasks.base import Inputs, Limits, Options, Task
from tasks.json_values import Json, JsonObject, JsonSchema
from tasks.media import AUDIO, AUDIO_RATE, MEDIA, Medium, decode_sound
from tasks.text import is_blank

MOST_NUMBERS = 1000  # of an array that is written out; larger ones travel as .npy
# Which medium a task takes, its pipeline knows; all that is asked here is whether it is a file.
ANY = Medium(
    "any",
    content_types=tuple(kind for medium in MEDIA for kind in medium.content_types),
    content_type=AUDIO.content_type,
)


class PlainJsonInputs(Inputs):
    """`inputs` as the pipeline takes it; pictures and sounds as `data:` addresses (base64).

    `parameters`: the pipeline's own keyword arguments, plain values only.
    """

    inputs: JsonValue
    parameters: dict[str, str | int | float | bool | None | list[str]] = {}


class PlainJson(Task):
    """One instance for each such task."""

    inputs = PlainJsonInputs
    options = Options
    medium = ANY
    takes_media = True  # many do, and the pipeline says so where one does not

    def __init__(self, task_id: str) -> None:
        self.id = task_id

    def prepare(
        self, inputs: PlainJsonInputs, options: Any, limits: Limits, watch: Watch
    ) -> tuple[Any, dict]:
        blank = isinstance(inputs.inputs, str) and is_blank(inputs.inputs)
        if blank or inputs.inputs in (None, [], {}):
            raise BadInput(
                Message("There is nothing to work on."), Message('Write JSON, such as "some text".')
            )
        return _Media(limits, watch).read(inputs.inputs), inputs.parameters

    def answer(self, pipe: Any, prepared: tuple[Any, dict], options: Any, watch: Watch) -> Any:
        """What the pipeline answers; arrays as lists, large ones and pictures as base64."""
        inputs, parameters = prepared
        signature = inspect.signature(pipe._sanitize_parameters).parameters.values()
        allowed = sorted(p.name for p in signature if p.kind is not p.VAR_KEYWORD)
        # Whatever the signature does not name would be passed on to code that may load more code.
        if unknown := sorted(set(parameters) - set(allowed)):
            raise BadInput(
                Message("The pipeline has no parameter {name!r}.", name=unknown[0]),
                Message("Allowed: {parameters}.", parameters=", ".join(allowed)),
            )
        return plain(pipe(inputs, **parameters))

    def call(self, inputs: PlainJsonInputs, options: Any) -> Call:
        return Call(inputs.inputs, inputs.parameters)

    def parse_call(self, call: Call) -> tuple[dict[str, Any], JsonObject]:
        inputs = call.inputs
        if isinstance(inputs, bytes):
            if not call.media_type:
                raise BadInput(
                    Message("Is this a picture or a sound?"), Message("Say it by Content-Type.")
                )
            inputs = f"data:{call.media_type};base64,{base64.b64encode(inputs).decode()}"
        return {"inputs": inputs, "parameters": call.parameters}, {}

    def request_schema(self) -> JsonSchema:
        fields = self.inputs.model_json_schema()["properties"]
        return body_schema({}, fields["parameters"])


def has_pipeline(task_id: str) -> bool:
    """Whether transformers has a pipeline for it. Imports transformers, which takes seconds."""
    from transformers.pipelines import PIPELINE_REGISTRY

    return task_id in PIPELINE_REGISTRY.supported_tasks


def plain(value: Any) -> Json:
    """A pipeline's answer as JSON: `{"npy": base64, "shape": [...]}` for large arrays."""
    import numpy as np

    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if hasattr(value, "save") and hasattr(value, "convert"):  # a PIL picture
        return _picture(value)
    if hasattr(value, "detach"):  # a torch tensor
        value = value.detach().cpu().float().numpy()
    if isinstance(value, np.ndarray):
        return value.tolist() if value.size <= MOST_NUMBERS else _npy(value)
    return value.item() if isinstance(value, np.generic) else value


def _picture(picture: Any) -> str:
    file = io.BytesIO()
    picture.save(file, "png")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _npy(array: Any) -> JsonObject:
    import numpy as np

    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return {"npy": base64.b64encode(file.getvalue()).decode(), "shape": list(array.shape)}


def _is_file(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # too long for a name, or a NUL inside
        return False


class _Media:
    """What one request brings: its `data:` addresses become pictures and sounds.

    transformers itself would open any address or file of this machine that a text names.
    """

    def __init__(self, limits: Limits, watch: Watch) -> None:
        self._limits = limits
        self._watch = watch
        self._pixels = 0

    def read(self, value: Any) -> Any:
        """`value` with them in their places. Raises BadInput."""
        if isinstance(value, dict):
            return {key: self.read(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.read(part) for part in value]
        if not isinstance(value, str):
            return value
        if value[:5].lower() == "data:":
            return self._medium(value)
        if value.startswith(("http://", "https://")) or _is_file(value):
            raise BadInput(
                Message("Addresses and files of the server are not opened here."),
                Message("Send the content itself: data:image/png;base64,..."),
            )
        return value

    def _medium(self, address: str) -> Any:
        head = address.partition(",")[0].lower()
        try:
            content = from_base64(address)
        except ValueError:
            raise BadInput(
                Message("The data: address is not base64."), Message("Encode the file once more.")
            ) from None
        if not head.startswith("data:audio"):
            return self._picture(content)
        sound = decode_sound(content, self._limits, self._watch)
        return {"raw": sound.samples, "sampling_rate": AUDIO_RATE}

    def _picture(self, content: bytes) -> Any:
        """The pixels of all pictures count together."""
        try:
            picture = pictures.decode(content, self._limits.pixels - self._pixels)
        except pictures.TooManyPixels:
            raise BadInput(
                Message(
                    "The pictures have more than {most:,} pixels together.",
                    most=self._limits.pixels,
                ),
                Message("Make them smaller, or send fewer at once."),
            ) from None
        except pictures.NotAPicture:
            raise BadInput(
                Message("The data: address is not a picture that can be read."),
                Message("png and jpeg always can."),
            ) from None
        self._pixels += picture.width * picture.height
        return picture
