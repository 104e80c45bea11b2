"""The whole page: header, groups of tabs, and what happens when a visitor arrives or leaves."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import BlockFunction
from gradio.events import Dependency
from gradio.exceptions import ComponentProcessingError

from backends.destination import Destination
from runtime.errors import BadInput
from runtime.messages import Message
from tabs.base import Tab
from tabs.frame import api, share_links
from tabs.frame.backend_switch import BackendSwitch
from tabs.frame.events import API_CALLS, AT_ONCE, PRIVATE
from tabs.frame.header import PageHeader
from tabs.frame.i18n import Language, languages
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext, Section
from tabs.frame.shared import Shared
from tabs.frame.switch_events import SwitchEvents
from tabs.frame.task_tab import TaskTab
from tabs.frame.uploads import refuse_other_files

HERE = Path(__file__).parent
TITLE = "Pipeline Playground"
SCRIPTS = ("page.js", "outage.js")
SCRIPT_TEXTS = (
    Message("Link copied. It is in the address bar too."),
    Message("The server cannot be reached; trying again …"),
    Message("Connection lost"),
    Message(
        "The server can no longer be reached. What you entered is still there; press Run again."
    ),
)

MOST_WAITING = 200  # calls in gradio's queue; the next one is told that it is full

MOST_INTEGER = 2**53  # a browser's; what is larger than 64 bits has no way back either
FORGED = Message("A value of this call is not one that this page would send.")

# Recordings leave the disk: looked for every hour, deleted two hours after they came (seconds).
KEPT = (3600, 7200)

# Fonts of the visitor's own system, Chinese ones included: nothing is asked of another host.
FONTS = (
    "system-ui", "-apple-system", "Segoe UI", "Roboto", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif",
)  # fmt: skip
MONO = ("ui-monospace", "SF Mono", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace")


def appearance() -> dict[str, Any]:
    """Arguments of `launch` for how the page looks."""
    others = {
        language.path: {
            "tag": language.tag,
            "texts": {text: language.words(text) for text in SCRIPT_TEXTS},
        }
        for language in languages()
        if language.path
    }
    scripts = [(HERE / name).read_text(encoding="utf-8") for name in SCRIPTS]
    scripts.insert(0, f"const languages = {json.dumps(others)};")
    return {
        "theme": _theme(),
        "css_paths": [
            HERE / "page.css",
            *sorted({*HERE.parent.rglob("*.css")} - {HERE / "page.css"}),
        ],
        "head": "".join(f"<script>{script}</script>" for script in scripts),
        "footer_links": ["api"],
    }


def addresses() -> tuple[str, ...]:
    """Paths of the page, one for each language."""
    return tuple(f"/{language.path}" for language in languages())


def _theme() -> gr.themes.Base:
    """The quiet colours of gradio's own themes are too pale to read: 4.5 to 1 at least."""
    theme = gr.themes.Base(primary_hue="indigo", neutral_hue="slate", font=FONTS, font_mono=MONO)
    quiet = ("body_text_color_subdued", "block_info_text_color", "input_placeholder_color")
    colours = dict.fromkeys(quiet, "*neutral_600")
    colours |= {f"{name}_dark": "*neutral_300" for name in quiet}
    return theme.set(**colours, block_label_text_color="*neutral_700")


class CheckedBlocks(gr.Blocks):
    """A page that says what is wrong with the values of a call, and keeps them to itself."""

    async def preprocess_data(
        self, block_fn: BlockFunction, inputs: list[Any], *args: Any, **kwargs: Any
    ) -> list[Any]:
        """gradio 6.31 would write a value that its component does not take into the log."""
        for block, value in zip(block_fn.inputs, inputs, strict=False):
            if not _could_be_of(block, value):
                raise gr.Error(FORGED, print_exception=False)
        try:
            for block, value in zip(block_fn.inputs, inputs, strict=False):
                if getattr(block, "data_model", None):  # what has none takes no file
                    refuse_other_files(value)
            return await super().preprocess_data(block_fn, inputs, *args, **kwargs)
        except BadInput as error:
            raise gr.Error(str(error), title=error.title, print_exception=False) from None
        except gr.Error as error:  # in words for a visitor: a number beyond its bounds
            error.print_exception = False
            raise
        except (ValueError, TypeError, AttributeError, LookupError, ComponentProcessingError):
            raise gr.Error(FORGED, print_exception=False) from None

    def validate_inputs(self, block_fn: BlockFunction, inputs: list[Any]) -> None:
        """gradio 6.31 would write all of them into the log."""
        if len(inputs) < len(block_fn.inputs):
            raise gr.Error(
                Message(
                    "This call has {count} values, and needs {needed}.",
                    count=len(inputs),
                    needed=len(block_fn.inputs),
                ),
                print_exception=False,
            )


def _could_be_of(block: Any, value: Any) -> bool:
    """Whether the page itself might send this; the rest is left to the component."""
    if isinstance(value, int) and abs(value) > MOST_INTEGER:
        return False
    if isinstance(block, gr.Dropdown) and block.allow_custom_value and not block.multiselect:
        return value is None or isinstance(value, str)
    return not isinstance(block, gr.Dataset) or type(value) is int


def build(
    tabs: Sequence[Tab],
    shared: Shared,
    sections: Sequence[Section] = (),
    translations: Sequence[Language] = (),
) -> gr.Blocks:
    """Draw everything, once for each language; nothing is loaded and nobody is called."""
    blocks = CheckedBlocks(title=TITLE, analytics_enabled=False, delete_cache=KEPT)
    for language in translations or languages():
        with blocks.route(language.name, language.path, False) if language.path else blocks:
            if not language.path:  # once: the API speaks English
                for tab in tabs:
                    here = shared.backends.local
                    api.expose(tab.task, shared.menu, here, shared.signals, **API_CALLS)
            local = replace(shared, menu=shared.menu.in_language(language.code))
            _draw(blocks, tabs, local, language, sections)
        for block in blocks.blocks.values():
            if block.page == language.path:
                language.words.drawn(block)
    return blocks.queue(max_size=MOST_WAITING)


def _draw(
    blocks: gr.Blocks,
    tabs: Sequence[Tab],
    shared: Shared,
    language: Language,
    sections: Sequence[Section],
) -> None:
    pages: dict[str, TaskTab] = {}
    switch = BackendSwitch(shared, language.words)
    header = PageHeader(TITLE, shared, switch, language)
    deploy_request = gr.State(("", 0))
    with gr.Tabs(elem_classes="groups") as outer:
        inner = {}
        for group in dict.fromkeys(tab.group for tab in tabs):
            with gr.Tab(group, id=group), gr.Tabs(elem_classes="tasks") as inner[group]:
                for tab in tabs:
                    if tab.group == group:
                        with gr.Tab(tab.title, id=tab.task.id):
                            pages[tab.task.id] = TaskTab(tab, shared, switch, language.words)
        go, navigation_outputs = _way_to(pages, outer, inner, switch)
        titles = {task_id: page.tab.title for task_id, page in pages.items()}
        context = PageContext(
            language.words,
            shared,
            titles,
            go,
            switch.open,
            navigation_outputs,
            outer,
            deploy_request,
        )
        turned = []
        for section in sections:
            with gr.Tab(section.title, id=section.id) as entered:
                turned += section.draw(context, entered)
    turning = SwitchEvents(switch, pages, shared.backends, language.words)
    for event in turned:
        event.then(**turning.turned)
    for page in pages.values():
        for ran in page.ran:
            ran.then(header.status_line, switch.place, header.status, **AT_ONCE)
    for tabs_of in (outer, *inner.values()):
        tabs_of.select(**turning.look_again)
    ids = [section.id for section in sections]
    _welcome(blocks, header, pages, outer, inner, ids).then(**turning.look_again)

    def leave(request: gr.Request) -> None:
        shared.signals.leave(request.session_hash or "")

    blocks.unload(leave)


def _way_to(
    pages: dict[str, TaskTab], outer: gr.Tabs, inner: dict, switch: BackendSwitch
) -> tuple[Callable[[str, str, Destination], Update], list]:
    """What opens a task's tab with a model, and the components that this touches."""

    def go(task_id: str, model_id: str, destination: Destination) -> Update:
        group = pages[task_id].tab.group
        return {
            outer: gr.Tabs(selected=group),
            inner[group]: gr.Tabs(selected=task_id),
            **switch.open(destination),
            **pages[task_id].open({"tab": task_id, "model": model_id}, destination.kind),
        }

    opened = [component for page in pages.values() for component in page.parts.opened]
    return go, [outer, *inner.values(), *switch.opened, *opened]


def _welcome(
    blocks: gr.Blocks,
    header: PageHeader,
    pages: dict[str, TaskTab],
    outer: gr.Tabs,
    inner: dict,
    sections: Sequence[str],
) -> Dependency:
    """When a visitor arrives: say how things stand, and open what their link asks for."""
    switch = header.switch
    remembered = gr.Textbox(visible=False)

    def welcome(remembered: str, request: gr.Request) -> Update:
        query = dict(request.query_params)
        page = pages.get(query.get("tab", ""))
        destination = share_links.place(query, remembered)
        updates: Update = {
            header.banner: header.banner_text(),
            header.status: header.status_line(
                destination.kind, destination.provider, destination.url
            ),
            **switch.open(destination),
        }
        if query.get("tab") in sections:
            updates[outer] = gr.Tabs(selected=query["tab"])
        if page:
            updates[outer] = gr.Tabs(selected=page.tab.group)
            updates[inner[page.tab.group]] = gr.Tabs(selected=page.task.id)
        for each in pages.values():
            updates |= each.open(query, destination.kind)
        return updates

    filled = [header.banner, header.status, *switch.opened, outer, *inner.values()]
    filled += [component for page in pages.values() for component in page.parts.opened]
    return blocks.load(
        welcome, remembered, filled, js="pipelinePlayground.rememberedPlace", **PRIVATE
    )
