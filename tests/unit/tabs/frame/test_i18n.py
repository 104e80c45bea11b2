"""The page in another language: how texts are looked up, and that none is missing in Chinese."""

import re
import string
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import gradio as gr
import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from gradio.blocks import Block

import app
from runtime import catalogue
from runtime.hub import search
from runtime.messages import Message
from runtime.settings import ROOT, Settings
from tabs.frame.i18n import LOCALE, PROPS, Translator, _is_text, languages
from tabs.markup import Html
from tabs.models import search_form
from tests.serving import NO_HUB
from tools import messages

WORD = re.compile(r"[A-Za-z]{2,}")
IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
# English on the Chinese page as well: names, formats, and labels that go to an English model.
ENGLISH_TOO = {
    "Pipeline Playground", "English", "Python", "curl", "JavaScript", "OpenAI", "gradio_client",
    "transformers", "MB", "Top p", "Top k",
    "hf-inference", "hf_…", "main", "UTF-8", "UTF-16", "UTF-32", "https://….endpoints.huggingface.cloud",
    "travel", "cooking", "politics", "sport", "technology", "health",
    "complaint", "question", "praise", "urgent",
}  # fmt: skip
# As the Hub spells libraries, licences and providers.
OF_THE_HUB = {*search_form.LIBRARIES, *search_form.LICENCES, *search.providers()}
TASKS = set(catalogue.sections(ROOT / "models.yaml"))
CODE = re.compile(r'\w[\w.-]*/[\w.-]+|[a-z]{2}|[a-z]+(-[a-z\d.]+)+|afl-3.0|gemma|mit|\{"\w+": \d\}')


def test_a_text_is_found_by_itself() -> None:
    assert Translator({"Run": "运行"})("Run") == "运行"


def test_a_message_is_found_by_its_template() -> None:
    words = Translator(
        {"{done} of {total} {unit}": "{total} {unit}中的 {done} 个", "texts": "文本"}
    )
    message = Message("{done} of {total:,} {unit}", done=3, total=1200, unit=Message("texts"))
    assert words(message) == "3 of 1,200 文本"
    message = Message("{done} of {total} {unit}", done=3, total=4, unit=Message("texts"))
    assert words(message) == "4 文本中的 3 个"


def test_an_unknown_text_stays() -> None:
    assert Translator({"Run": "运行"})("Runs") == "Runs"
    assert Translator({})("Run") == "Run"


def test_only_messages_in_html_are_translated_and_it_stays_escaped() -> None:
    words = Translator({"Found": "<实体>", "Map of {place}": "{place} 的分布图"})
    source = Html(
        '<p class="Found">{} <b>{}</b></p><i aria-label="{}"></i>',
        Message("Found"),
        "Found",  # a visitor's own word
        Message("Map of {place}", place="<it>"),
    )
    assert words.in_html(source) == (
        '<p class="Found">&lt;实体&gt; <b>Found</b></p><i aria-label="&lt;it&gt; 的分布图"></i>'
    )
    assert words.in_html("<p>Found</p>") == "<p>Found</p>"


def test_sentences_follow_each_other_as_the_language_has_it() -> None:
    words = Translator({"One.": "一。", "Two.": "二。", "{first} {rest}": "{first}{rest}"})
    assert words.sentences(Message("One."), Message("Two.")) == "一。二。"
    assert Translator({}).sentences(Message("One."), "", Message("Two.")) == "One. Two."


def test_english_stays_english() -> None:
    english = languages()[0].words
    assert english.in_html(Html("<p>{}</p>", Message("Run"))) == "<p>Run</p>"


# What keeps the pages whole.


def test_the_catalogue_has_exactly_the_texts_of_the_source() -> None:
    """`make messages` brings it up to date."""
    assert set(_chinese()) == set(messages.extract())


def test_every_text_has_a_translation_with_the_same_values() -> None:
    wrong = [t for t, other in _chinese().items() if not other or _names(t) != _names(other)]
    assert wrong == []


def test_every_translation_is_chinese() -> None:
    english = [t for t, other in _chinese().items() if _is_english(_without_names(other))]
    assert english == []


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of languages with one more, in which every text stands in double brackets."""
    folder = tmp_path_factory.mktemp("locale")
    (folder / "zh.po").write_bytes((LOCALE / "zh.po").read_bytes())
    catalog = Catalog(locale="eo")
    for text in messages.extract():
        catalog.add(text, f"[[{text}]]")
    with (folder / "eo.po").open("wb") as stream:
        write_po(stream, catalog)
    return folder


@pytest.fixture(scope="module")
def blocks(pseudo: Path) -> gr.Blocks:
    return app.build(Settings.from_environ({"HF_ENDPOINT": NO_HUB}), languages(pseudo))[0]


def test_nothing_drawn_on_the_chinese_page_is_english(blocks: gr.Blocks) -> None:
    drawn = _drawn(blocks, "zh")
    assert len(drawn) > 300
    assert sorted(filter(_is_english, drawn)) == []


def test_a_language_is_one_more_file_and_no_text_of_its_page_is_unmarked(blocks: gr.Blocks) -> None:
    drawn = _drawn(blocks, "eo")
    assert len(drawn) > 300
    unmarked = {text for text in drawn if "[[" not in text and _is_english(text)}
    assert unmarked == set()


def test_the_languages_link_to_each_other(pseudo: Path) -> None:
    english, esperanto, chinese = languages(pseudo)
    assert esperanto.switch == (
        '<a href="./" lang="en" hreflang="en">English</a> '
        '<a href="zh" lang="zh-CN" hreflang="zh-CN">中文</a>'
    )
    assert 'href="eo"' in english.switch
    assert (chinese.path, chinese.name) == ("zh", "中文")


def test_updating_keeps_translations_and_drops_what_nothing_says(tmp_path: Path) -> None:
    path = tmp_path / "zh.po"
    path.write_bytes((LOCALE / "zh.po").read_bytes())
    messages.update(path, {"Run": "tabs/a.py", "A new text with {value}": "tabs/a.py"})
    with path.open("rb") as stream:
        updated = read_po(stream)
    assert {m.id: m.string for m in updated if m.id} == {
        "Run": _chinese()["Run"],
        "A new text with {value}": "",
    }


def _chinese() -> dict[str, str]:
    with (LOCALE / "zh.po").open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream) if m.id}


def _names(template: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name}
    except ValueError:  # a brace that stands for itself, in a text without values
        return set()


def _without_names(template: str) -> str:
    return re.sub(r"\{\w*[^}]*\}", "", template)


def _drawn(blocks: gr.Blocks, page: str) -> set[str]:
    return {text for block in blocks.blocks.values() if block.page == page for text in _on(block)}


class _Texts(HTMLParser):
    """The texts of HTML, and those of attributes that are read to people."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(source)

    def handle_data(self, data: str) -> None:
        self.found.append(data.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        read = ("aria-label", "title", "data-done")
        self.found += [value for name, value in attrs if name in read and value]


def _on(block: Block) -> Iterator[str]:
    """Every text that a component was drawn with, but for the links to other languages."""
    if "language" in (block.elem_classes or []):
        return
    for name in PROPS:
        text = getattr(block, name, None)
        if isinstance(text, str) and _is_text(block, name):
            yield from _Texts(text).found if isinstance(block, gr.HTML) else [text]
    if isinstance(block, gr.Dropdown | gr.Radio):
        yield from (text for text, _ in block.choices)


def _is_english(text: str) -> bool:
    """Whether it has English words and no Chinese, and is no name of a task or a model."""
    named = text in ENGLISH_TOO | OF_THE_HUB | TASKS or CODE.fullmatch(text)
    return bool(WORD.search(text)) and not IDEOGRAPH.search(text) and not named
