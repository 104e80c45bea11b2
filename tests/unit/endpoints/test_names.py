import pytest

from endpoints.names import NAME, check, propose
from runtime.errors import BadInput


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("Qwen/Qwen2.5-0.5B", "qwen2-5-0-5b"),
        ("gpt2", "gpt2"),
        ("org/__Model__", "model"),
        ("org/模型", "endpoint"),
        ("distilbert/distilbert-base-uncased-finetuned-sst-2-english", "distilbert-base-uncased"),
        ("org/" + "a" * 40, "a" * 32),
        ("org/" + "a" * 31 + "-b", "a" * 31),
        ("org/" + "a" * 32 + "-b", "a" * 32),
    ],
)
def test_a_name_is_proposed_after_the_model(model: str, name: str) -> None:
    assert propose(model) == name
    check(name)


def test_a_proposed_name_is_free() -> None:
    taken = [propose("org/" + "a" * 40)]
    for _ in range(10):
        taken.append(propose("org/" + "a" * 40, taken))
        check(taken[-1], taken[:-1])
    assert taken[-1] == "a" * 29 + "-11"


@pytest.mark.parametrize("name", ["a", "0", "my-model-2", "a--b", "a" * 32])
def test_a_good_name_passes(name: str) -> None:
    check(name)
    assert NAME.fullmatch(name)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("", "no name"),
        ("a" * 33, "33 characters"),
        ("My-model", "cannot be called “My-model”"),
        ("my_model", "cannot be called"),
        ("my model", "cannot be called"),
        ("-a", "cannot be called"),
        ("a-", "cannot be called"),
        ("a\n", "cannot be called"),
        ("模型", "cannot be called"),
        ("taken", "called taken already"),
    ],
)
def test_a_bad_name_is_told_why(name: str, part: str) -> None:
    with pytest.raises(BadInput, match=part):
        check(name, ["taken"])
