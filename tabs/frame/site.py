"""The whole page: header, groups of tabs, and what happens when a visitor arrives or leaves."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from backends.local import LocalBackend
from tabs.base import Tab
from tabs.frame import api
from tabs.frame.events import AT_ONCE, PRIVATE, RUNS
from tabs.frame.header import Header
from tabs.frame.menu import Menu
from tabs.frame.page import Page
from tabs.frame.section import Around, Section
from tabs.frame.side import Update
from tabs.frame.stop_signals import StopSignals
from tabs.frame.words import Language, languages

HERE = Path(__file__).parent
TITLE = "Pipeline Playground"

MOST_WAITING = 200  # visitors in line; the next one is told that the queue is full

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
    return {
        "theme": _theme(),
        "css_paths": [
            HERE / "page.css",
            *sorted({*HERE.parent.rglob("*.css")} - {HERE / "page.css"}),
        ],
        "head": f"<script>{(HERE / 'page.js').read_text(encoding='utf-8')}</script>",
        "footer_links": ["api"],
    }


def _theme() -> gr.themes.Base:
    """The quiet colours of gradio's own themes are too pale to read: 4.5 to 1 at least."""
    theme = gr.themes.Base(primary_hue="indigo", neutral_hue="slate", font=FONTS, font_mono=MONO)
    quiet = ("body_text_color_subdued", "block_info_text_color", "input_placeholder_color")
    colours = {name: "*neutral_600" for name in quiet}
    colours |= {f"{name}_dark": "*neutral_300" for name in quiet}
    return theme.set(**colours, block_label_text_color="*neutral_700")


def build(
    tabs: Sequence[Tab],
    menu: Menu,
    local: LocalBackend,
    device_setting: str | None,
    sections: Sequence[Section] = (),
) -> gr.Blocks:
    """Draw everything, once for each language; nothing is loaded and nobody is called."""
    signals = StopSignals()
    blocks = gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=KEPT)
    for language in languages():
        with blocks.route(language.name, language.path, False) if language.path else blocks:
            if not language.path:  # once: the API speaks English
                for tab in tabs:
                    api.expose(tab.task, menu, local, signals, **RUNS)
            _draw(blocks, tabs, menu, local, device_setting, signals, language, sections)
        for block in blocks.blocks.values():
            if block.page == language.path:
                language.words.drawn(block)
    return blocks.queue(max_size=MOST_WAITING)


def _draw(
    blocks: gr.Blocks,
    tabs: Sequence[Tab],
    menu: Menu,
    local: LocalBackend,
    device_setting: str | None,
    signals: StopSignals,
    language: Language,
    sections: Sequence[Section],
) -> None:
    pages: dict[str, Page] = {}
    header = Header(TITLE, local, device_setting, language)
    with gr.Tabs(elem_classes="groups") as outer:
        inner = {}
        for group in dict.fromkeys(tab.group for tab in tabs):
            with gr.Tab(group, id=group), gr.Tabs(elem_classes="tasks") as inner[group]:
                for tab in tabs:
                    if tab.group == group:
                        with gr.Tab(tab.title, id=tab.task.id):
                            pages[tab.task.id] = Page(tab, menu, local, signals, language.words)
        go, going = _way_to(pages, outer, inner)
        titles = {task_id: page.tab.title for task_id, page in pages.items()}
        around = Around(language.words, local, device_setting, menu, signals, titles, go, going)
        for section in sections:
            with gr.Tab(section.title, id=section.id) as entered:
                section.draw(around, entered)
    for page in pages.values():
        for ran in page.ran:
            ran.then(header.status_line, None, header.status, **AT_ONCE)
    _welcome(blocks, header, pages, outer, inner, [section.id for section in sections])

    def leave(request: gr.Request) -> None:
        signals.leave(request.session_hash or "")

    blocks.unload(leave)


def _way_to(
    pages: dict[str, Page], outer: gr.Tabs, inner: dict
) -> tuple[Callable[[str, str], Update], list]:
    """What opens a task's tab with a model in its menu, and the components that this touches."""

    def go(task_id: str, model_id: str) -> Update:
        group = pages[task_id].tab.group
        return {
            outer: gr.Tabs(selected=group),
            inner[group]: gr.Tabs(selected=task_id),
            **pages[task_id].open({"tab": task_id, "model": model_id}),
        }

    opened = [component for page in pages.values() for component in page.parts.opened]
    return go, [outer, *inner.values(), *opened]


def _welcome(
    blocks: gr.Blocks,
    header: Header,
    pages: dict[str, Page],
    outer: gr.Tabs,
    inner: dict,
    sections: Sequence[str],
) -> None:
    """When a visitor arrives: say how things stand, and open what their link asks for."""

    def welcome(request: gr.Request) -> Update:
        query = dict(request.query_params)
        page = pages.get(query.get("tab", ""))
        updates: Update = {
            header.banner: header.banner_text(),
            header.status: header.status_line(),
        }
        if query.get("tab") in sections:
            updates[outer] = gr.Tabs(selected=query["tab"])
        if page:
            updates[outer] = gr.Tabs(selected=page.tab.group)
            updates[inner[page.tab.group]] = gr.Tabs(selected=page.task.id)
        for each in pages.values():
            updates |= each.open(query)
        return updates

    filled = [header.banner, header.status, outer, *inner.values()]
    filled += [component for page in pages.values() for component in page.parts.opened]
    blocks.load(welcome, None, filled, **PRIVATE)
