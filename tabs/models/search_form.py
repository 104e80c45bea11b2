"""What is searched for: the fields of the form, and the query they stand for."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from runtime.hub import search
from runtime.hub.search import Query
from runtime.messages import Message
from tabs.frame.i18n import Translator
from tasks.languages import LANGUAGES

ANY = "any"
SORTS = [
    (Message("Trending"), "trendingScore"),
    (Message("Most likes"), "likes"),
    (Message("Most downloads"), "downloads"),
    (Message("Last updated"), "lastModified"),
    (Message("Newest"), "createdAt"),
]
SIZES = [
    (Message("Any size"), ANY),
    (Message("Up to 1 billion parameters"), "min:0,max:1B"),
    (Message("1 to 3 billion parameters"), "min:1B,max:3B"),
    (Message("3 to 9 billion parameters"), "min:3B,max:9B"),
    (Message("More than 9 billion parameters"), "min:9B"),
]
LIBRARIES = ("transformers", "sentence-transformers", "diffusers", "timm", "peft", "gguf", "onnx")
LICENCES = (
    "apache-2.0", "mit", "bsd-3-clause", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "openrail",
    "gemma", "llama3.2", "other",
)  # fmt: skip


class SearchForm:
    """Drawn in the column that is open. Every menu takes what is typed into it, too."""

    def __init__(self, titles: Mapping[str, str], words: Translator) -> None:
        with gr.Row(elem_classes="model-search", equal_height=True):
            self.text = gr.Textbox(
                label=Message("Search"),
                placeholder=Message("Part of a name, such as bert or Qwen. Empty: all models."),
                max_lines=1,
                scale=5,
                min_width=200,
            )
            tasks = [(f"{words(title)} · {id}", id) for id, title in titles.items()]
            self.task = _menu(Message("Task"), [(Message("Any task"), ANY), *tasks], ANY, scale=3)
            self.sort = gr.Dropdown(
                SORTS, value=SORTS[0][1], label=Message("Sort by"), scale=2, min_width=140
            )
        with gr.Accordion(
            Message("More filters: language, library, licence, size, provider"), open=False
        ):
            with gr.Row():
                languages = [(words(name), code) for name, code, _ in LANGUAGES]
                self.language = _menu(
                    Message("Language"), [(Message("Any language"), ANY), *languages], ANY
                )
                libraries = [(Message("Any library"), ANY), *zip(LIBRARIES, LIBRARIES, strict=True)]
                self.library = _menu(Message("Library"), libraries, LIBRARIES[0])
                licences = [(Message("Any licence"), ANY), *zip(LICENCES, LICENCES, strict=True)]
                self.licence = _menu(Message("Licence"), licences, ANY)
            with gr.Row():
                self.size = gr.Dropdown(SIZES, value=ANY, label=Message("Size"), min_width=200)
                served = [(name, name) for name in search.providers()]
                anyone = [
                    (Message("With or without a provider"), ANY),
                    (Message("Any provider"), "all"),
                ]
                self.provider = _menu(
                    Message("Served by an inference provider"), [*anyone, *served], ANY
                )
        self.button = gr.Button(
            Message("Search the Hub"), variant="primary", elem_classes=["run", "search-button"]
        )

    @property
    def fields(self) -> list:
        return [
            self.text, self.task, self.language, self.library, self.licence, self.size,
            self.provider, self.sort,
        ]  # fmt: skip


def read(values: tuple[Any, ...]) -> Query:
    """What `Form.fields` hold as a query; a menu without a choice asks for nothing."""
    filled: list[Any] = ["" if value in (None, ANY) else str(value) for value in values]
    return Query(*filled)


def _menu(label: str, choices: list[tuple[str, str]], value: str, scale: int = 1) -> gr.Dropdown:
    return gr.Dropdown(
        choices, value=value, label=label, allow_custom_value=True, scale=scale, min_width=200
    )
