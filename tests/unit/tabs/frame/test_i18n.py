"""The page in another language: how texts are looked up, and that none is missing in Chinese."""

import html
import re
from collections.abc import Iterator

import gradio as gr
import pytest
from gradio.blocks import Block

import app
from endpoints import access_levels, polling, responses
from runtime import catalogue, errors
from runtime.hub import search
from runtime.settings import ROOT, Settings
from runtime.yaml_file import YamlFile
from tabs.endpoints import cards, endpoint_actions
from tabs.frame.i18n import PROPS, SEGMENT, Translator, _shown, languages
from tabs.models import search_form
from tests.serving import NO_HUB
from tests.unit.tabs.frame import source_texts

CHINESE = languages()[1].words
WORD = re.compile(r"[A-Za-z]{2,}")
IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
# English on the Chinese page as well: names, formats, and labels that go to an English model.
ENGLISH_TOO = {
    "Pipeline Playground", "English", "Python", "curl", "JavaScript", "OpenAI", "gradio_client",
    "transformers", "Top p", "Top k",
    "hf-inference", "hf_…", "main", "UTF-8", "UTF-16", "UTF-32", "https://….endpoints.huggingface.cloud",
    "travel", "cooking", "politics", "sport", "technology", "health",
    "complaint", "question", "praise", "urgent",
}  # fmt: skip
# As the Hub spells libraries, licences and providers.
OF_THE_HUB = {*search_form.LIBRARIES, *search_form.LICENCES, *search.providers()}
TASKS = set(catalogue.sections(ROOT / "models.yaml"))
# Said by libraries, not by our source.
OF_LIBRARIES = re.compile(r"Input should be .*|Field required")
# Put together out of pieces that have entries of their own, or technical to the end.
PIECEWISE = {"{} is {}."}


def test_a_text_is_found_by_itself() -> None:
    assert Translator({"Run": "运行"})("Run") == "运行"


def test_what_varies_may_stand_elsewhere_and_is_put_into_the_language_too() -> None:
    words = Translator({"{#} of {#} {}": "{1} {2}中的 {0} 个", "texts": "文本"})
    assert words("3 of 1,200 texts") == "1,200 文本中的 3 个"


def test_a_number_is_no_word() -> None:
    assert Translator({"{#} words": "{0} 字"})("in other words") == "in other words"


def test_of_two_patterns_the_one_with_more_text_counts() -> None:
    words = Translator({"{} is {}.": "wrong", "This file is {}.": "文件{0}。"})
    assert words("This file is empty.") == "文件empty。"


def test_an_unknown_text_stays() -> None:
    assert Translator({"Run": "运行"})("Runs") == "Runs"
    assert Translator({})("Run") == "Run"


def test_space_around_a_text_stays() -> None:
    assert Translator({"Run": "运行"})(" Run\n") == " 运行\n"


def test_html_is_put_into_the_language_text_by_text() -> None:
    words = Translator({"Found": "实体", "Map of {}": "{0} 的分布图"})
    source = '<p class="Found">Found <b>Found</b></p><i aria-label="Map of it"></i>'
    assert words.in_html(source) == (
        '<p class="Found">实体 <b>实体</b></p><i aria-label="it 的分布图"></i>'
    )


def test_html_stays_escaped() -> None:
    words = Translator({"There is no {} here.": "没有 {0}。", "a & b": "甲 & 乙 <丙>"})
    hostile = "<p>There is no &lt;img src=x&gt; &amp; more here.</p>"
    assert words.in_html(hostile) == "<p>没有 &lt;img src=x&gt; &amp; more。</p>"
    assert words.in_html("<p>a &amp; b</p>") == "<p>甲 &amp; 乙 &lt;丙&gt;</p>"


def test_a_visitors_own_words_stay_also_in_pieces() -> None:
    words = Translator({"Run": "运行", "{} is good": "{0}好", "Score": "得分"})
    own = {"Run", "London is good and Score"}
    assert words.in_html("<p>Run</p>", own) == "<p>Run</p>"
    assert words.in_html("<p><b>London</b> is good</p>", own) == "<p><b>London</b> is good</p>"
    assert words.in_html("<th>Score</th>", own) == "<th>得分</th>"


def test_english_stays_english() -> None:
    english = languages()[0].words
    assert english.in_html("<p>Run &quot;it&quot;</p>") == "<p>Run &quot;it&quot;</p>"


# What keeps the Chinese page whole.


@pytest.fixture(scope="module")
def blocks() -> gr.Blocks:
    return app.build(Settings.from_environ({"HF_ENDPOINT": NO_HUB}))[0]


def test_nothing_drawn_on_the_chinese_page_is_english(blocks: gr.Blocks) -> None:
    drawn = {text for block in blocks.blocks.values() if block.page == "zh" for text in _on(block)}
    assert len(drawn) > 300
    assert sorted(filter(_is_english, drawn)) == []


def test_everything_the_source_says_has_an_entry() -> None:
    said = {**source_texts.said(), **_introspected()}
    assert len(said) > 350
    missing = [
        f"{where}: {text!r}"
        for text, where in said.items()
        if text not in PIECEWISE and not _translated(text)
    ]
    assert not missing, "no entry in tabs/frame/zh/ for\n" + "\n".join(missing)


def test_every_entry_is_still_said() -> None:
    source = source_texts.source().lower()
    dead = [
        text
        for text in _entries()
        if not OF_LIBRARIES.fullmatch(text)
        and not any(phrase.lower() in source for phrase in _phrases(text))
    ]
    assert not dead, "entries that nothing says any more:\n" + "\n".join(dead)


def _introspected() -> dict[str, str]:
    """Titles of errors, and what the catalogue says of its models."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    titles = {kind.title: "runtime/errors.py" for kind in kinds}
    cancelled = errors.Cancelled()
    titles |= dict.fromkeys((cancelled.what, cancelled.todo), "runtime/errors.py")
    told = (*access_levels.ABOUT.values(), *polling.NOW.values())
    told += (responses.FAILED, responses.UPDATE_FAILED, *endpoint_actions.DOING.values())
    told += (*cards.STATES.values(), *cards.ACTIONS.values())
    titles |= {re.sub(r"\{\w+\}", "{}", text): "endpoints/" for text in told}
    rows = [row for rows in app.offered(Settings.from_environ({}))[0].rows.values() for row in rows]
    return titles | {row.about: "models.yaml" for row in rows}


def _translated(text: str) -> bool:
    """With a number in every gap; what is left of English must be names and code."""
    return bool(IDEOGRAPH.search(CHINESE(text.replace("{}", "7"))))


def _on(block: Block) -> Iterator[str]:
    """Every text that a component was drawn with."""
    for name in PROPS:
        text = getattr(block, name, None)
        if isinstance(text, str) and _shown(block, name):
            found = SEGMENT.findall(text) if isinstance(block, gr.HTML) else [text]
            yield from (html.unescape(part).strip() for part in found)
    if isinstance(block, gr.Dropdown | gr.Radio):
        yield from (text for text, _ in block.choices)


def _is_english(text: str) -> bool:
    """Whether it has English words and no Chinese, and is no name of a task or a model."""
    named = text in ENGLISH_TOO | OF_THE_HUB | TASKS or re.fullmatch(r"\w[\w.-]*/[\w.-]+", text)
    return bool(WORD.search(text)) and not IDEOGRAPH.search(text) and not named


def _entries() -> list[str]:
    files = sorted((ROOT / "tabs" / "frame" / "zh").glob("*.yaml"))
    return [text for path in files for text in YamlFile(path).data]


def _phrases(text: str) -> Iterator[str]:
    """Three words in a row, or fewer where a gap comes sooner: sentences are put together."""
    for part in re.split(r"\{#?\}", text):
        words = part.split()
        for start in range(max(1, len(words) - 2) if words else 0):
            yield " ".join(words[start : start + 3]).strip("·,.:;()% ")
