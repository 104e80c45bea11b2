"""The page in other languages: English texts are looked up where they are drawn.

gradio's own I18n is not enough here: it knows static texts only, one to a string, while most of
what a visitor reads (progress, notes, errors, results) is made for each run.
"""

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from gradio.blocks import Block

from runtime.yaml_file import YamlFile

HERE = Path(__file__).parent
# Text between tags, and what screen readers say; escaped as HTML both times.
SEGMENT = re.compile(r'(?<=>)[^<>]+(?=<)|(?<=aria-label=")[^"]+(?=")|^[^<>]+$')
PROPS = ("label", "info", "placeholder", "value", "description")


class Words:
    """Texts by their English ones; `{}` stands for what varies: "{} of {}" -> "{1}中的{0}".

    What has no entry stays as it is.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {text: other for text, other in texts.items() if "{" not in text}
        self._patterns = [
            (re.compile("(.+?)".join(map(re.escape, text.split("{}"))), re.DOTALL), other)
            for text, other in texts.items()
            if "{}" in text
        ]

    def __call__(self, text: str) -> str:
        """`text` in this language; space around it stays."""
        bare = text.strip()
        found = self._texts.get(bare) or self._varying(bare)
        return text.replace(bare, found) if found else text

    def _varying(self, text: str) -> str | None:
        for pattern, other in self._patterns:
            if match := pattern.fullmatch(text):
                return other.format(*map(self, match.groups()))
        return None

    def in_html(self, source: str, keep: Collection[str] = ()) -> str:
        """Every text of `source` in this language, except those in `keep`: a visitor's own."""
        if not self._texts and not self._patterns:
            return source

        def other(match: re.Match) -> str:
            text = html.unescape(match.group())
            said = text if text.strip() in keep else self(text)
            return match.group() if said == text else html.escape(said)

        return SEGMENT.sub(other, source)

    def drawn(self, block: Block) -> None:
        """Put one component that was just drawn into this language."""
        for name in PROPS:
            text = getattr(block, name, None)
            if isinstance(text, str) and _shown(block, name):
                said = self.in_html(text) if isinstance(block, gr.HTML) else self(text)
                setattr(block, name, said)
        if isinstance(block, gr.Dropdown):
            block.choices = [(self(text), value) for text, value in block.choices]


def _shown(block: Block, prop: str) -> bool:
    """Whether the prop is text to read; a text box's value is the visitor's."""
    return prop != "value" or isinstance(block, gr.HTML | gr.Button)


@dataclass(frozen=True)
class Language:
    """`path`: where the page in this language is, below the app's own address."""

    path: str
    name: str
    words: Words
    switch: str  # HTML: the way to the other language


def languages() -> tuple[Language, ...]:
    """English first, then simplified Chinese out of zh.yaml."""
    chinese = YamlFile(HERE / "zh.yaml").data
    return (
        Language("", "English", Words({}), '<a href="zh" lang="zh-CN" hreflang="zh-CN">中文</a>'),
        Language("zh", "中文", Words(chinese), '<a href="./" lang="en" hreflang="en">English</a>'),
    )
