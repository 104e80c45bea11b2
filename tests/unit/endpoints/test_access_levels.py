import pytest
from huggingface_hub import InferenceEndpointType

from endpoints.base import ACCESS_LEVELS, ALLOWED, Level, State, level


def test_levels_and_states_are_the_librarys() -> None:
    from huggingface_hub import InferenceEndpointStatus

    assert {kind.value for kind in InferenceEndpointType} == {kind.value for kind in Level}
    theirs = {state.value for state in InferenceEndpointStatus}
    assert {state.value for state in State} - theirs == {"unknown"}
    assert theirs < {state.value for state in State}


def test_each_is_explained_and_each_state_has_its_actions() -> None:
    assert set(ACCESS_LEVELS) == set(Level)
    assert set(ALLOWED) == set(State)


def test_the_level_of_old_guides_is_the_one_that_took_its_place() -> None:
    assert level("protected") is Level.AUTHENTICATED
    assert [level(kind.value) for kind in Level] == list(Level)


@pytest.mark.parametrize("word", ["secret", "", None])
def test_another_word_is_not_guessed_at(word: str | None) -> None:
    assert level(word) is None
