"""What the switch's components say, with whose token, and where a visitor can sign in."""

import gradio as gr
import pytest

import app
from backends.destination import Destination
from backends.factory import BackendFactory
from runtime.settings import Settings
from tabs.frame.backend_switch import BackendSwitch
from tabs.frame.i18n import languages
from tabs.frame.menu import Menu
from tabs.frame.shared import Shared
from tests.serving import NO_HUB

SPACE = {"SPACE_ID": "someone/playground"}


def drawn(**environ: str) -> tuple[BackendSwitch, gr.Blocks]:
    settings = Settings.from_environ({"HF_ENDPOINT": NO_HUB, **environ})
    local = app.local_backend(settings)
    rows, drawn = app.offered(settings)
    tasks = {task_id: tab.task for task_id, tab in drawn.items()}
    menu = Menu(rows, local.weights, lambda: "cpu", tasks)
    switch = BackendSwitch(Shared(menu, BackendFactory(local, settings)), languages()[0].words)
    with gr.Blocks() as blocks:
        switch.draw()
        switch.draw_places()
    return switch, blocks


def told(blocks: gr.Blocks) -> str:
    return " ".join(str(getattr(b, "info", "")) for b in blocks.blocks.values())


@pytest.mark.parametrize(
    ("environ", "can"),
    [
        ({**SPACE, "OAUTH_CLIENT_ID": "client"}, True),
        (SPACE, False),  # its card does not ask for it
        ({"PUBLIC": "1", "OAUTH_CLIENT_ID": "client"}, False),  # gradio can on Spaces alone
        ({}, False),
    ],
)
def test_a_visitor_signs_in_where_that_works(environ: dict[str, str], can: bool) -> None:
    assert Settings.from_environ(environ).signs_in == can


def test_it_is_said_when_the_apps_own_token_is_used() -> None:
    own = "the app's own is used"
    assert own in told(drawn(HF_TOKEN="hf_owners")[1])
    assert own not in told(drawn(HF_TOKEN="hf_owners", **SPACE)[1])
    assert "hf_owners" not in told(drawn(HF_TOKEN="hf_owners")[1])


def test_a_typed_token_counts_before_one_of_signing_in() -> None:
    switch, _ = drawn(**SPACE)
    signed_in = gr.OAuthToken("hf_signed_in", "inference-api", 10**10)
    typed = ["hub", "auto", "", " hf_typed ", ""]
    assert switch.read(typed, signed_in) == Destination("hub", token="hf_typed")
    assert switch.read(["hub", "", None, "", ""], signed_in) == Destination(
        "hub", token="hf_signed_in"
    )
    assert switch.read(["hub", "auto", "", "", ""]) == Destination("hub")


def test_no_token_of_hugging_face_becomes_an_endpoints() -> None:
    switch, _ = drawn(**SPACE)
    signed_in = gr.OAuthToken("hf_signed_in", "inference-api", 10**10)
    where = switch.read(["endpoint", "auto", "https://a.example", "hf_typed", ""], signed_in)
    assert where.endpoint_token == ""
    assert "hf_" not in repr(where)


def test_nonsense_runs_here() -> None:
    switch, _ = drawn()
    assert switch.read(["elsewhere", None, None, None, None]) == Destination()
