"""What the top of the page says of the models in memory."""

import gradio as gr
import pytest

import app
from runtime.pool import ModelKey, Resident
from runtime.settings import Settings
from tabs.frame.header import in_memory
from tests.serving import NO_HUB


def models(*names: str) -> list[Resident]:
    return [Resident(ModelKey("task", name, None), 1_500_000, False) for name in names]


def test_few_models_are_named() -> None:
    assert in_memory([]) == "<dd>no models yet</dd>"
    assert in_memory(models("a", "<b>")) == "<dd>a 2 MB, &lt;b&gt; 2 MB</dd>"


def test_many_models_are_counted_and_named_where_one_points() -> None:
    said = in_memory(models("a", "b", '"c"'))
    assert said == '<dd title="a 2 MB\nb 2 MB\n&quot;c&quot; 2 MB">3 models, 4 MB</dd>'


@pytest.mark.parametrize("public", [False, True])
def test_on_a_public_page_nobody_unloads_models_for_all(public: bool) -> None:
    """Neither by the button nor by the function behind it."""
    blocks = app.build(Settings.from_environ({"HF_ENDPOINT": NO_HUB, "PUBLIC": str(public)}))[0]
    buttons = [b.value for b in blocks.blocks.values() if isinstance(b, gr.Button)]
    assert ("Unload models" in buttons) is not public
    assert ("unload" in {function.name for function in blocks.fns.values()}) is not public
