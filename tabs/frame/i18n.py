"""The page in other languages: English texts are looked up where they are drawn.

gradio's own I18n is not enough here: it knows static texts only, one to a string, while most of
what a visitor reads (progress, notes, errors, results) is made for each run.
"""

import html
import re
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block, BlockFunction
from gradio.context import Context

from runtime.messages import Message
from runtime.yaml_file import YamlFile
from tabs.markup import Html

HERE = Path(__file__).parent
LOCALE = HERE / "locale"
# Text between tags, and what is said in attributes; escaped as HTML each time.
SEGMENT = re.compile(
    r'(?<=>)[^<>]+(?=<)|(?:(?<=aria-label=")|(?<=title=")|(?<=data-done="))[^"]+(?=")|^[^<>]+$'
)
UNTOLD = "language"  # class of the switch, which speaks the other language
PROPS = ("label", "info", "placeholder", "value", "description")
VARYING = re.compile(r"(\{#?\})")
GROUPS = {"{}": "(.+?)", "{#}": r"(\d[\d.,]*)"}


class Translator:
    """Texts by their English ones; `{}` stands for what varies: "{} of {}" -> "{1}中的{0}".

    `{#}` is a number. What has no entry stays as it is; of several that fit, the one with most
    fixed text counts.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._named = texts
        self._texts = {text: other for text, other in texts.items() if not VARYING.search(text)}
        varying = sorted(set(texts) - set(self._texts), key=lambda text: -len(text))
        self._patterns = [(_pattern(text), texts[text]) for text in varying]

    def __call__(self, text: str, keep: Collection[str] = ()) -> str:
        """`text` in this language; space around it stays, and so does what is out of `keep`."""
        if isinstance(text, Message) and text.template in self._named:
            return text.in_language(self._template)
        bare = text.strip()
        if _out_of(text, keep):
            return text
        found = self._texts.get(bare) or self._varying(bare)
        return text.replace(bare, found) if found else text

    def sentences(self, *texts: str) -> str:
        """One after the other; no space follows a Chinese full stop."""
        return " ".join(map(self, texts)).replace("。 ", "。")

    def _template(self, template: str) -> str:
        """A message's template in this language, by its own names of values."""
        return self._named.get(template, template)

    def _varying(self, text: str) -> str | None:
        for pattern, other in self._patterns:
            if match := pattern.fullmatch(text):
                return other.format(*map(self, match.groups()))
        return None

    def in_html(self, source: str, keep: Collection[str] = ()) -> str:
        """Every text of `source` in this language, except what is out of `keep`: a visitor's."""
        if isinstance(source, Html):
            return source.translate_values(self)
        if not self._texts and not self._patterns:
            return source

        def other(match: re.Match) -> str:
            text = html.unescape(match.group())
            said = self(text, keep)
            return match.group() if said == text else html.escape(said)

        return SEGMENT.sub(other, source)

    def drawn(self, block: Block) -> None:
        """Put one component that was just drawn into this language."""
        if UNTOLD in (block.elem_classes or []):
            return
        for name in PROPS:
            text = getattr(block, name, None)
            if isinstance(text, str) and _shown(block, name):
                said = self.in_html(text) if isinstance(block, gr.HTML) else self(text)
                setattr(block, name, said)
        if isinstance(block, gr.Dropdown | gr.Radio):
            block.choices = [(self(str(text)), value) for text, value in block.choices]
        if isinstance(block, gr.Dataset):  # what examples are called; what they hold is elsewhere
            block.samples = [[self(name)] for [name] in block.samples]
        if isinstance(block, gr.Dataframe):
            block.value = self._shown_in(block, block.value)

    @contextmanager
    def in_events(self) -> Generator[None]:
        """What is told by listeners that are attached inside is put into this language."""
        page = Context.root_block
        assert page is not None  # listeners are attached inside of one
        listeners = page.fns
        known = set(listeners)
        yield
        for number in set(listeners) - known:
            if listeners[number].fn:
                self._tell(listeners[number])

    def _tell(self, listener: BlockFunction) -> None:
        function, shown = listener.fn, listener.outputs
        assert function is not None  # of those without, `in_events` asks nothing

        @wraps(function)
        def told(*args: Any) -> Any:
            if len(shown) == 1:
                return self._shown_in(shown[0], function(*args))
            return [self._shown_in(*pair) for pair in zip(shown, function(*args), strict=True)]

        listener.fn = told

    def _shown_in(self, block: Block, value: Any) -> Any:
        """HTML, and the headings of a table, in this language; all else is the visitor's."""
        if isinstance(block, gr.HTML) and isinstance(value, str):
            return self.in_html(value)
        if isinstance(block, gr.Dataframe) and "headers" in value:
            return {**value, "headers": [self(name) for name in value["headers"]]}
        return value


def _pattern(text: str) -> re.Pattern:
    return re.compile(
        "".join(GROUPS.get(part) or re.escape(part) for part in VARYING.split(text)), re.DOTALL
    )


def _out_of(text: str, keep: Collection[str]) -> bool:
    """Whether it is one of the texts, or words cut out of one, such as those between two marks."""
    bare = text.strip()
    return bare in keep or (any(map(str.isspace, text)) and any(bare in whole for whole in keep))


def _shown(block: Block, prop: str) -> bool:
    """Whether the prop is text to read; a text box's value is the visitor's."""
    return prop != "value" or isinstance(block, gr.HTML | gr.Button)


@dataclass(frozen=True)
class Language:
    """`path`: where the page in this language is, below the app's own address. `code`: as models
    have it.
    """

    code: str
    path: str
    name: str
    words: Translator
    switch: str  # HTML: the way to the other language


def languages() -> tuple[Language, ...]:
    """English first, then simplified Chinese. Raises BadYaml."""
    files = [YamlFile(path) for path in sorted((HERE / "zh").glob("*.yaml"))]
    chinese = {text: other for file in files for text, other in file.data.items()}
    return (
        Language(
            "en",
            "",
            "English",
            Translator({}),
            '<a href="zh" lang="zh-CN" hreflang="zh-CN">中文</a>',
        ),
        Language(
            "zh",
            "zh",
            "中文",
            Translator(chinese),
            '<a href="./" lang="en" hreflang="en">English</a>',
        ),
    )
