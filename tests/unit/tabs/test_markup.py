"""HTML out of templates: escaped, nested, translated."""

from runtime.messages import Message
from tabs.markup import Html

CHINESE = {"Found {n}": "找到 <{n}>", "Names": "人名"}


def chinese(message: Message) -> str:
    return message.in_language(lambda template: CHINESE.get(template, template))


def test_values_are_escaped_and_html_stays() -> None:
    cell = Html("<td>{}</td>", '<img src=x onerror="x">')
    assert Html("<tr>{}</tr>", cell) == (
        "<tr><td>&lt;img src=x onerror=&quot;x&quot;&gt;</td></tr>"
    )


def test_numbers_and_braces() -> None:
    assert Html("<i style='a{{}}'>{}</i>", 3) == "<i style='a{}'>3</i>"


def test_a_string_made_of_html_is_no_html_any_more() -> None:
    assert Html("{}", Html("<b>").upper()) == "&lt;B&gt;"


def test_parts_in_a_row() -> None:
    assert Html.join([Html("<b>{}</b>", "&"), "<", Html("{{")]) == "<b>&amp;</b>&lt;{"


def test_messages_are_translated_and_escaped_and_a_visitors_words_stay() -> None:
    inner = Html('<b title="{}">{}</b>', Message("Names"), "Names")
    page = Html("<p>{}</p>{}", Message("Found {n}", n="<1>"), inner)
    assert page == '<p>Found &lt;1&gt;</p><b title="Names">Names</b>'
    translated = page.translate_values(chinese)
    assert translated == '<p>找到 &lt;&lt;1&gt;&gt;</p><b title="人名">Names</b>'
