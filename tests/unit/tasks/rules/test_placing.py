"""Words found in a text for models that do not say where they stand."""

import pytest

from tasks.rules.merging import locate_entities


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("Ann met Bob", ["Ann", "Bob"], [(0, 3), (8, 11)]),
        ("ann ANN", ["Ann", "ann"], [(0, 3), (4, 7)]),
        ("in New  York.", ["new york"], [(3, 12)]),
        ("Hannover", ["Hann", "##over"], [(0, 4), (4, 8)]),
        ("中国 北京", ["北 京", "中国"], [(3, 5), (None, None)]),
        ("İzmir, Åre", ["İzmir", "åre"], [(0, 5), (7, 10)]),
        ("a.b", ["a . b", ".*"], [(0, 3), (None, None)]),
        ("Ann", ["", "▁", "Bob"], [(None, None)] * 3),
    ],
)
def test_each_word_is_found_behind_the_one_before(
    text: str, words: list[str], places: list[tuple]
) -> None:
    assert locate_entities(text, [{"word": word} for word in words]) == places


def test_places_that_are_known_stay() -> None:
    known = {"word": "Ann", "start": 4, "end": 7}
    assert locate_entities("Ann Ann Ann", [known, {"word": "ann"}]) == [(4, 7), (8, 11)]


def test_long_words_that_are_nowhere_end() -> None:
    """An expression with blanks between all letters would take a minute for ten of them."""
    text = "a " * 10_000
    assert set(locate_entities(text, [{"word": "a" * 10_001 + "b"}] * 1_000)) == {(None, None)}
