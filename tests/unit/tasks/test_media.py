"""Media: limits of what is decoded, and files beside other inputs."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from gradio.media import get_image
from PIL import Image

from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.api_contract import Call
from tasks.base import Inputs, Limits
from tasks.media import TEXT, decode_picture, file_inputs
from tests.recipe.task import TASK, ImageFeatureExtraction

PNG = b"\x89PNG"
IN_BASE64 = base64.b64encode(PNG).decode()


class QuestionInputs(Inputs):
    question: str
    image: Path | bytes
    mask: Path | bytes | None = None


class Question(ImageFeatureExtraction):
    id = "visual-question-answering"
    inputs = QuestionInputs


def picture(width: int, height: int, mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (width, height)).save(file, "png")
    return file.getvalue()


@pytest.mark.parametrize("content", [picture(4, 2, "RGBA"), Path(get_image("lion.jpg"))])
def test_a_picture_is_read_from_its_bytes_or_its_file(content: bytes | Path) -> None:
    assert decode_picture(content, Limits(), Watch()).mode == "RGB"


@pytest.mark.parametrize(
    ("content", "limits", "said"),
    [
        (picture(9, 9), Limits(pixels=80), "more than 80 pixels"),
        (picture(9, 9)[:40], Limits(), "cannot be read as a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", Limits(), "cannot be read"),
        (Path("/etc/hostname"), Limits(), "cannot be read"),
        (b"", Limits(), "cannot be read"),
    ],
)
def test_what_is_too_large_or_none_is_refused(
    content: bytes | Path, limits: Limits, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        decode_picture(content, limits, Watch())


def test_files_are_the_inputs_with_a_path() -> None:
    assert file_inputs(QuestionInputs) == ("image", "mask")
    assert (Question().takes_media, Question().body_medium) == (False, TEXT)
    assert (TASK.takes_media, TASK.body_medium) == (True, TASK.medium)


def test_a_file_beside_a_text_travels_in_base64() -> None:
    task = Question()
    call = Call({"question": "Is it?", "image": IN_BASE64, "mask": None}, {})
    inputs, options = task.read_call(call, {})
    assert (inputs.image, inputs.mask) == (PNG, None)
    assert task.call(inputs, options).body()["inputs"]["image"] == IN_BASE64
    described = task.request_schema()["properties"]["inputs"]["properties"]
    assert described["image"] == {"type": "string", "contentEncoding": "base64"}


@pytest.mark.parametrize("name", ["image", "mask"])
@pytest.mark.parametrize("path", ["/etc/hostname", {"path": "/etc/hostname"}])
def test_a_file_beside_a_text_is_never_one_of_the_server(name: str, path: Any) -> None:
    inputs = {"question": "Is it?", "image": IN_BASE64, name: path}
    with pytest.raises(BadInput, match=f'"{name}" is'):
        Question().read_call(Call(inputs, {}), {})
