"""Tasks without a module of their own: JSON in, JSON out."""

import base64
import io
import struct
import zlib
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import soundfile
from gradio.media import get_image
from PIL import Image

from runtime.audio import Audio
from runtime.device import Device
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.base import Limits
from tasks.plain_json import PlainJson, has_pipeline, plain
from tests.tiny_models import resnet

TASK = PlainJson("image-classification")
WATCH = Watch(lambda _: None, Event())


def data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def prepare(inputs: Any, parameters: dict | None = None) -> Any:
    read = TASK.read_inputs({"inputs": inputs, "parameters": parameters or {}})
    return TASK.prepare(read, TASK.options(), Limits(), WATCH)


@pytest.fixture(scope="module")
def pipe(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return TASK.load(resnet(tmp_path_factory.mktemp("resnet")), Device("cpu", "float32", ""))


def test_a_picture_is_classified(pipe: Any) -> None:
    picture = data("image/jpeg", Path(get_image("cheetah1.jpg")).read_bytes())
    answer = TASK.answer(pipe, prepare(picture, {"top_k": 2}), TASK.options(), WATCH)
    assert [set(row) for row in answer] == [{"label", "score"}] * 2


def test_a_parameter_that_the_pipeline_does_not_name_is_refused(pipe: Any) -> None:
    picture = data("image/jpeg", Path(get_image("cheetah1.jpg")).read_bytes())
    with pytest.raises(BadInput, match="no parameter 'custom_generate'.*top_k"):
        TASK.answer(pipe, prepare(picture, {"custom_generate": "a/b"}), TASK.options(), WATCH)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ("", "nothing to work on"),
        ([], "nothing to work on"),
        ("/etc/passwd", "not opened here"),
        ({"image": "http://127.0.0.1:9/x.png"}, "not opened here"),
        (["models.yaml"], "not opened here"),
        ("data:image/png;base64,%%%", "not base64"),
        (data("image/png", b"no picture"), "not a picture"),
    ],
)
def test_what_cannot_be_read_is_said(inputs: Any, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        prepare(inputs)


def bomb(width: int, height: int) -> str:
    """A picture of one colour: a few hundred bytes, whatever its size, and not all of it there."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1_000_000))), (b"IEND", b"")]
    made = b"\x89PNG\r\n\x1a\n"
    for name, content in chunks:
        check = struct.pack(">I", zlib.crc32(name + content))
        made += struct.pack(">I", len(content)) + name + content + check
    return data("image/png", made)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [100_000, 13_000, 10_000, 2**31 - 1])
def test_a_picture_of_any_size_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(BadInput, match="more than 50,000,000 pixels together"):
        prepare(bomb(side, side))


def test_the_pictures_of_a_request_are_counted_together() -> None:
    picture = plain(Image.new("RGB", (5_000, 4_000), "red"))
    assert len(prepare([picture, picture])) == 2
    with pytest.raises(BadInput, match="more than 50,000,000 pixels together"):
        prepare([{"one": picture, "others": [picture]}, picture])


@pytest.mark.parametrize("size", [(0, 0), (1, 0)])
def test_a_picture_of_no_size_is_said(size: tuple[int, int]) -> None:
    with pytest.raises(BadInput, match="not a picture"):
        prepare(bomb(*size))


def test_a_program_that_draws_is_no_picture() -> None:
    """PIL would hand PostScript to Ghostscript, where there is one."""
    program = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n"
    with pytest.raises(BadInput, match="not a picture"):
        prepare(data("image/eps", program))


def test_nested_parameters_are_refused() -> None:
    with pytest.raises(BadInput, match="parameters"):
        prepare("text", {"generate_kwargs": {"max_new_tokens": 5}})


def test_a_sound_becomes_samples() -> None:
    file = io.BytesIO()
    soundfile.write(file, np.sin(np.arange(8000) / 5).astype("float32"), 8000, format="wav")
    sound, _ = prepare(data("audio/wav", file.getvalue()))
    assert isinstance(sound["raw"], np.ndarray)
    assert sound["sampling_rate"] == 16_000
    assert Audio(sound["raw"], 16_000).seconds == pytest.approx(1.0, abs=0.01)


def test_answers_become_json() -> None:
    import torch

    large = np.arange(2000, dtype="float32")
    answer = plain({"a": np.float32(1.5), "b": torch.ones(2), "c": (1, None), "d": large})
    assert answer["a"] == 1.5
    assert answer["b"] == [1.0, 1.0]
    assert answer["c"] == [1, None]
    assert answer["d"]["shape"] == [2000]
    assert (np.load(io.BytesIO(base64.b64decode(answer["d"]["npy"]))) == large).all()
    picture = plain(Image.new("RGB", (2, 2), "red"))
    assert Image.open(io.BytesIO(base64.b64decode(picture.split(",")[1]))).size == (2, 2)


def test_only_tasks_of_transformers_are_known() -> None:
    assert has_pipeline("depth-estimation")
    assert not has_pipeline("mind-reading")
