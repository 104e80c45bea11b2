"""The page in other languages: messages are looked up where they are drawn.

Each language is one gettext file in `locale/`, called by its code; adding a file adds a language.
gradio's own I18n is not enough here: its texts have no values, while most of what a visitor reads
(progress, notes, errors, results) has some.
"""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, wraps
from pathlib import Path
from typing import Any

import gradio as gr
from babel import Locale
from babel.messages.pofile import read_po
from gradio.blocks import Block, BlockFunction
from gradio.context import Context

from runtime.messages import Message
from tabs.markup import Html

LOCALE = Path(__file__).parent / "locale"
SWITCH = "language"  # class of the links to the other languages, which speak those
PROPS = ("label", "info", "placeholder", "value", "description")


class Translator:
    """Texts by their English ones: a message's template, or a text without values."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, text: str) -> str:
        """A text of the page in this language; what has no entry stays."""
        return (
            text.in_language(self._template) if isinstance(text, Message) else self._template(text)
        )

    def sentences(self, *texts: str) -> str:
        """One after the other."""
        return self(Message.join(text for text in texts if text))

    def _template(self, template: str) -> str:
        return self._texts.get(template, template)

    def in_html(self, source: str) -> str:
        """The messages of `source` in this language; all else of it stays."""
        return source.translate_values(self) if isinstance(source, Html) else source

    def drawn(self, block: Block) -> None:
        """Put one component that was just drawn into this language."""
        if SWITCH in (block.elem_classes or []):
            return
        for name in PROPS:
            text = getattr(block, name, None)
            if isinstance(text, str) and _is_text(block, name):
                translated = self.in_html(text) if isinstance(block, gr.HTML) else self(text)
                setattr(block, name, translated)
        if isinstance(block, gr.Dropdown | gr.Radio):
            block.choices = [
                (self(text) if isinstance(text, str) else text, value)
                for text, value in block.choices
            ]
        if isinstance(block, gr.Dataset):  # what examples are called; what they hold is elsewhere
            block.samples = [[self(name)] for [name] in block.samples]
        if isinstance(block, gr.Dataframe):
            block.value = self._shown_in(block, block.value)

    @contextmanager
    def in_events(self) -> Generator[None]:
        """Put what listeners that are attached inside return into this language."""
        page = Context.root_block
        assert page is not None  # listeners are attached inside of one
        listeners = page.fns
        before = set(listeners)
        yield
        for number in set(listeners) - before:
            if listeners[number].fn:
                self._translate_outputs(listeners[number])

    def _translate_outputs(self, listener: BlockFunction) -> None:
        function, outputs = listener.fn, listener.outputs
        assert function is not None  # of those without, `in_events` asks nothing

        @wraps(function)
        def translated(*args: Any) -> Any:
            if len(outputs) == 1:
                return self._shown_in(outputs[0], function(*args))
            return [self._shown_in(*pair) for pair in zip(outputs, function(*args), strict=True)]

        listener.fn = translated

    def _shown_in(self, block: Block, value: Any) -> Any:
        """HTML, and the headings of a table, in this language; all else is the visitor's."""
        if isinstance(block, gr.HTML) and isinstance(value, str):
            return self.in_html(value)
        if isinstance(block, gr.Dataframe) and "headers" in value:
            return {**value, "headers": [self(name) for name in value["headers"]]}
        return value


def _is_text(block: Block, prop: str) -> bool:
    """Whether the prop is text to read; a text box's value is the visitor's."""
    return prop != "value" or isinstance(block, gr.HTML | gr.Button)


@dataclass(frozen=True)
class Language:
    """`path`: where the page in this language is, below the app's own address. `code`: as models
    have it. `tag`: as HTML has it.
    """

    code: str
    path: str
    tag: str
    name: str
    words: Translator
    switch: Html = Html()  # the way to the other languages


@cache
def languages(folder: Path = LOCALE) -> tuple[Language, ...]:
    """English first, then each language that `folder` has a file for. A file is read once."""
    languages = [Language("en", "", "en", "English", Translator({}))]
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as stream:
            catalogue = read_po(stream, abort_invalid=True)
        locale = catalogue.locale or Locale.parse(path.stem)
        texts = {str(text.id): str(text.string) for text in catalogue if not text.fuzzy}
        languages.append(
            Language(
                path.stem,
                path.stem,
                "-".join(filter(None, (locale.language, locale.territory))),
                Locale(locale.language).get_display_name() or path.stem,
                Translator({text: other for text, other in texts.items() if text and other}),
            )
        )
    return tuple(replace(language, switch=_switch(language, languages)) for language in languages)


def _switch(page: Language, languages: Iterable[Language]) -> Html:
    """Draw links from the page in one language to those in the others."""
    link = '<a href="{}" lang="{}" hreflang="{}">{}</a>'
    others = [language for language in languages if language != page]
    return Html.join((Html(link, o.path or "./", o.tag, o.tag, o.name) for o in others), " ")
