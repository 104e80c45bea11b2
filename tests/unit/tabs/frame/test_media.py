"""A task of pictures on the frame: which files it takes, and how code reads them."""

import ast
import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio.media import get_image
from gradio.utils import get_upload_folder

from backends.destination import Destination
from runtime.errors import BadInput
from tabs.frame import code
from tabs.frame.code import Api
from tabs.frame.site import CheckedBlocks
from tabs.frame.uploads import read_files
from tests.recipe.task import TASK, ImageFeatureExtraction, ImageFeatureExtractionInputs

PICTURE = Path("It's a cat.png")
PLACES = [Destination("local"), Destination("hub"), Destination("endpoint", url="http://e/")]


class QuestionInputs(ImageFeatureExtractionInputs):
    question: str


class Question(ImageFeatureExtraction):
    id = "visual-question-answering"
    inputs = QuestionInputs


def shown(task: Any, inputs: dict[str, Any], destination: Destination) -> dict[str, str]:
    options = task.options()
    texts = code.snippets(Api("", "/a"), task, "a", "a", inputs, options, destination)
    return dict(zip(code.SNIPPETS, texts, strict=True))


@pytest.mark.parametrize("path", ["/etc/hostname", "", {"path": "/etc/hostname"}, 7])
def test_a_picture_that_was_not_uploaded_is_refused(path: Any) -> None:
    with pytest.raises(BadInput, match="not a file that was uploaded here"):
        read_files(TASK, {"image": path})


def test_a_picture_that_was_uploaded_is_a_path() -> None:
    folder = Path(get_upload_folder()) / ("1" * 64)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "cat.png"
    file.write_bytes(b"PNG")
    assert read_files(TASK, {"image": str(file)}) == {"image": file}


def test_a_text_is_no_picture_even_where_nobody_checked_it() -> None:
    with pytest.raises(BadInput, match="'image' does not fit: it is a text"):
        TASK.read_inputs({"image": "/etc/hostname"})


@pytest.mark.parametrize("path", ["/etc/hostname", get_image("lion.jpg")])
def test_no_component_opens_a_file_that_was_not_uploaded(path: str) -> None:
    """gr.Image would keep a copy of a picture among the uploads, whatever its mode."""
    with CheckedBlocks() as blocks:
        picture, button = gr.Image(type="filepath", image_mode="L"), gr.Button()
        button.click(lambda value: None, picture)
    (listener,) = blocks.fns.values()
    with pytest.raises(gr.Error, match="not a file that was uploaded here"):
        asyncio.run(blocks.preprocess_data(listener, [{"path": path}], None))


@pytest.mark.parametrize("destination", PLACES, ids=lambda destination: destination.kind)
@pytest.mark.parametrize(
    ("task", "inputs"),
    [(TASK, {"image": PICTURE}), (Question(), {"image": PICTURE, "question": "Is it one?"})],
)
def test_code_reads_a_picture_as_one(
    task: Any, inputs: dict[str, Any], destination: Destination
) -> None:
    snippets = shown(task, inputs, destination)
    assert repr(PICTURE.name) in snippets["Python"]
    assert not any(
        word in text
        for text in snippets.values()
        for word in ("soundfile", "speech", "recording", "PosixPath")
    )
    for name in ("Python", "transformers", "gradio_client"):
        ast.parse(snippets[name])
    assert ("Image.open" in snippets["transformers"]) == (destination.kind == "local")


def test_curl_puts_the_file_where_the_contract_has_it(tmp_path: Path) -> None:
    (tmp_path / PICTURE).write_bytes(b"PNG")
    question = 'Is it "100 %"?'
    command = shown(Question(), {"image": PICTURE, "question": question}, PLACES[2])["curl"]
    body = command.partition(" |\n")[0]
    done = subprocess.run(["bash", "-c", body], cwd=tmp_path, capture_output=True, check=True)
    inputs = QuestionInputs(image=b"PNG", question=question)
    assert json.loads(done.stdout) == Question().call(inputs, TASK.options()).body()
