"""What a visitor is told of a model before it is asked elsewhere."""

import pytest

import tasks
from backends.offers import Offer
from tabs.frame import places

TASKS = tasks.discover()
LIVE = Offer("hf-inference", "text-classification", "live")


@pytest.mark.parametrize(
    ("offers", "provider", "said"),
    [
        ([LIVE], "auto", "Served by hf-inference."),
        ([LIVE, LIVE], "hf-inference", "Served by hf-inference."),
        ([], "auto", "No provider serves org/one now."),
        ([LIVE], "together", "together does not serve org/one. These do: hf-inference."),
        ([Offer("a", "fill-mask", "live")], "auto", "for other tasks only: fill-mask."),
        ([Offer("a", "text-classification", "staging")], "auto", "on trial or failing"),
        ([LIVE, Offer("a", "text-classification", "error")], "auto", "Served by hf-inference, a."),
        ([LIVE, Offer("a", "text-classification", "error")], "a", "on trial or failing"),
        ([Offer("<b>", "text-classification", "live")], "auto", "Served by &lt;b&gt;."),
    ],
)
def test_who_serves_a_model(offers: list[Offer], provider: str, said: str) -> None:
    assert said in places.served("org/one", offers, TASKS["text-classification"], provider)


def test_a_conversation_is_what_writing_asks_for() -> None:
    offers = [Offer("together", "conversational", "live")]
    assert "Served by together." in places.served("m", offers, TASKS["text-generation"], "auto")
    assert "other tasks" in places.served("m", offers, TASKS["fill-mask"], "auto")
