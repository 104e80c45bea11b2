from html import unescape
from urllib.parse import unquote

from tabs.translation import TAB

TEXT = "Good <b>morning</b>.\n\nThank you."
SAID = [{"translation_text": "早上好<b>。\n\n谢谢你。"}]


def test_each_line_stands_beside_its_translation() -> None:
    [html] = TAB.show(SAID, {"text": TEXT}, done=True)
    assert html.count("<dt") == html.count("<dd") == 2
    assert html.index("Thank you.") < html.index("谢谢你。")
    assert '<div class="gap"></div>' in html


def test_what_comes_from_outside_is_escaped() -> None:
    [html] = TAB.show(SAID, {"text": TEXT}, done=True)
    assert "<b>" not in html
    assert "Good &lt;b&gt;morning&lt;/b&gt;." in html


def test_all_of_it_can_be_copied_and_saved() -> None:
    [html] = TAB.show(SAID, {"text": TEXT}, done=True)
    whole = SAID[0]["translation_text"]
    assert f'data-text="{whole.replace("<b>", "&lt;b&gt;")}"' in html
    assert whole in unquote(unescape(html.split("charset=utf-8,")[1].split('"')[0]))


def test_a_growing_answer_shows_whole_lines_and_no_files() -> None:
    [html] = TAB.show([{"translation_text": "早上好。"}], {"text": TEXT}, done=False)
    assert html.count("<dd") == 1
    assert "Thank you." not in html
    assert "download" not in html
    assert TAB.show([{"translation_text": ""}], {"text": TEXT}, done=False) == [
        '<dl class="translation"></dl>'
    ]


def test_the_gist_is_one_line() -> None:
    assert TAB.gist(SAID, {"text": TEXT}) == "早上好<b>。 谢谢你。"


def test_a_long_example_has_a_short_name() -> None:
    assert TAB.caption("a\nb") == "a b"
    assert len(TAB.caption("word " * 40)) == 70
