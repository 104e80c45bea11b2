"""Tasks without a module of their own: JSON in, JSON out."""

import base64
import io
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
from tasks.plain_json import PlainJson, known, plain
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
    assert known("depth-estimation")
    assert not known("mind-reading")
