"""Options as controls and back: nothing is lost on the way, for every task there is."""

import gradio as gr
import pytest

import tasks
from tabs.frame import controls
from tasks.base import Task

TASKS = list(tasks.discover().values())


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_untouched_controls_mean_the_defaults(task: Task) -> None:
    with gr.Blocks():
        drawn = controls.draw(task.options)
    held = {name: control.value for name, control in drawn.items()}
    assert task.read_options(controls.read(task.options, held)) == task.options()


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_every_control_has_a_label(task: Task) -> None:
    with gr.Blocks():
        drawn = controls.draw(task.options)
    assert all(control.label for control in drawn.values())


def test_a_menu_holds_words_and_gives_values() -> None:
    speech = tasks.discover()["automatic-speech-recognition"].options
    held = {"language": "zh", "return_timestamps": "word", "task": "translate", "num_beams": 2}
    assert controls.read(speech, held) == held
    assert controls.read(speech, {"return_timestamps": "False"}) == {"return_timestamps": False}
    assert controls.read(speech, {"language": "None"}) == {"language": None}
    assert controls.control_values(speech, {"return_timestamps": True}) == {
        "return_timestamps": "True"
    }


def test_the_page_may_have_another_default_and_draw_only_some() -> None:
    names = tasks.discover()["token-classification"].options
    with gr.Blocks():
        drawn = controls.draw(names, {"rules"}, {"rules": True})
    assert {name: control.value for name, control in drawn.items()} == {"rules": True}
    assert names().rules is False
