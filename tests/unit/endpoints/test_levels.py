import pytest
from huggingface_hub import InferenceEndpointType

from endpoints.base import ALLOWED, Level, State
from endpoints.levels import ABOUT, PROTECTED, level
from runtime.errors import BadInput


def test_levels_and_states_are_the_librarys() -> None:
    from huggingface_hub import InferenceEndpointStatus

    assert {kind.value for kind in InferenceEndpointType} == {kind.value for kind in Level}
    theirs = {state.value for state in InferenceEndpointStatus}
    assert {state.value for state in State} - theirs == {"unknown"}
    assert theirs < {state.value for state in State}


def test_each_is_explained_and_each_state_has_its_actions() -> None:
    assert set(ABOUT) == set(Level)
    assert set(ALLOWED) == set(State)


def test_the_level_of_old_guides_is_taken_with_a_note() -> None:
    assert level("protected") == (Level.AUTHENTICATED, PROTECTED)
    assert level("private") == (Level.PRIVATE, "")


def test_another_word_is_not() -> None:
    with pytest.raises(BadInput, match="“secret” is not a security level"):
        level("secret")
