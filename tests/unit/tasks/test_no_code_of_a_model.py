"""A model's files name code to fetch and run in more places than one: none is followed."""

import json
from pathlib import Path

import pytest

import tasks
from runtime.device import Device
from runtime.watch import Watch
from tasks.base import Limits
from tests import tiny_models

TEXT = "The cat sleeps under the table and the dog sleeps on it. " * 3


@pytest.mark.parametrize("task_id", ["text2text-generation", "summarization", "translation"])
def test_code_that_a_config_names_for_generating_does_not_run(task_id: str, tmp_path: Path) -> None:
    folder, marker = tiny_models.t5(tmp_path / "t5"), tmp_path / "it ran"
    code = tmp_path / "code" / "custom_generate" / "generate.py"
    code.parent.mkdir(parents=True)
    code.write_text(
        f"from pathlib import Path\nPath({str(marker)!r}).touch()\n"
        "def generate(model, *inputs, **settings): return inputs[0]\n"
    )
    (tmp_path / "code" / "config.json").write_text("{}")
    asked = {"custom_generate": str(tmp_path / "code"), "trust_remote_code": True}
    config = json.loads((folder / "config.json").read_text())
    config["task_specific_params"] = {task_id: asked}
    (folder / "config.json").write_text(json.dumps(config))
    task, watch = tasks.discover()[task_id], Watch()
    pipe = task.load(folder, Device("cpu", "float32", "a test"))
    options = task.read_options({})
    prepared = task.prepare(task.read_inputs({"text": TEXT}), options, Limits(), watch)
    assert list(task.steps(pipe, prepared, options, watch)) is not None
    assert not marker.exists()
