"""What a visitor is told of a model before it is asked elsewhere."""

import pytest

import tasks
from backends.provider_mapping import ProviderMapping
from tabs.frame import model_notes

TASKS = tasks.discover()
LIVE = ProviderMapping("hf-inference", "text-classification", "live")


@pytest.mark.parametrize(
    ("offers", "provider", "said"),
    [
        ([LIVE], "auto", "Served by hf-inference."),
        ([LIVE, LIVE], "hf-inference", "Served by hf-inference."),
        ([], "auto", "No provider serves org/one now."),
        ([LIVE], "together", "together does not serve org/one. These do: hf-inference."),
        ([ProviderMapping("a", "fill-mask", "live")], "auto", "for other tasks only: fill-mask."),
        ([ProviderMapping("a", "text-classification", "staging")], "auto", "on trial or failing"),
        (
            [LIVE, ProviderMapping("a", "text-classification", "error")],
            "auto",
            "Served by hf-inference, a.",
        ),
        ([LIVE, ProviderMapping("a", "text-classification", "error")], "a", "on trial or failing"),
        ([ProviderMapping("<b>", "text-classification", "live")], "auto", "Served by &lt;b&gt;."),
    ],
)
def test_who_serves_a_model(offers: list[ProviderMapping], provider: str, said: str) -> None:
    assert said in model_notes.served("org/one", offers, TASKS["text-classification"], provider)


def test_a_conversation_is_what_writing_asks_for() -> None:
    offers = [ProviderMapping("together", "conversational", "live")]
    assert "Served by together." in model_notes.served(
        "m", offers, TASKS["text-generation"], "auto"
    )
    assert "other tasks" in model_notes.served("m", offers, TASKS["fill-mask"], "auto")
