"""Messages read as English, and keep what another language needs."""

import copy
import pickle

import pytest

from runtime.messages import Message

CHINESE = {
    "{done} of {total} {unit}": "{total} {unit}中的 {done} 个",
    "texts": "文本",
    "{count} text": "{count} 个文本",
    "{count} texts": "{count} 个文本",
    "Stopped.": "已停止。",
    "{} stands for the label.": "{} 代表标签。",
}


def chinese(template: str) -> str:
    return CHINESE.get(template, template)


def test_a_message_reads_as_english() -> None:
    message = Message("{done} of {total} {unit}", done=3, total=1200, unit=Message("texts"))
    assert message == "3 of 1200 texts"
    assert f"{message}!" == "3 of 1200 texts!"


def test_values_may_stand_elsewhere_and_messages_among_them_are_translated() -> None:
    message = Message("{done} of {total} {unit}", done=3, total=1200, unit=Message("texts"))
    assert message.in_language(chinese) == "1200 文本中的 3 个"


def test_a_value_that_is_no_message_is_a_visitors_and_stays() -> None:
    message = Message("{done} of {total} {unit}", done=3, total=4, unit="texts")
    assert message.in_language(chinese) == "4 texts中的 3 个"


def test_braces_of_a_text_without_values_stay() -> None:
    message = Message("{} stands for the label.")
    assert (message, message.in_language(chinese)) == (message.template, "{} 代表标签。")


def test_braces_of_a_value_stay() -> None:
    assert Message("{name} is {name}", name="{x}").in_language(chinese) == "{x} is {x}"


@pytest.mark.parametrize(("count", "text"), [(0, "0 texts"), (1, "1 text"), (2, "2 texts")])
def test_a_plural_fits_its_number(count: int, text: str) -> None:
    assert Message.plural("{count} text", "{count} texts", count=count) == text


def test_joined_messages_are_translated_one_by_one() -> None:
    joined = Message.join([Message("Stopped."), "texts", Message("texts")])
    assert (joined, joined.in_language(chinese)) == ("Stopped. texts texts", "已停止。 texts 文本")


def test_an_untranslated_message_stays_english() -> None:
    assert Message("Unheard of {n}", n=1).in_language(chinese) == "Unheard of 1"


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_keeps_template_and_values(copied) -> None:
    message = copied(Message("{done} of {total} {unit}", done=1, total=2, unit=Message("texts")))
    assert message.in_language(chinese) == "2 文本中的 1 个"
