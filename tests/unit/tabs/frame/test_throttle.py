"""Which of many events a page is told."""

from runtime.watch import Progress
from tabs.frame.throttle import throttled


def test_the_same_words_are_told_once_at_a_time() -> None:
    many = [Progress("Downloading", number, 9, "bytes") for number in range(9)]
    assert list(throttled(many)) == many[:1]


def test_new_words_and_answers_are_never_left_out() -> None:
    events = [Progress("Loading"), Progress("Loading"), "so far", Progress("Reading"), "all"]
    assert list(throttled(events)) == [events[0], *events[2:]]
