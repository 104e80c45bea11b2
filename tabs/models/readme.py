"""A model's README, written by anyone, as HTML that does nothing but stand there.

No script, style, form, frame or picture is left, so nothing is asked of another host until the
visitor follows a link; and no id, name or class, so it cannot pass for a part of the page.
"""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
# Gone with all they hold; of other unknown elements the text stays.
SILENCED = {"script", "style", "iframe", "object", "svg", "math", "template", "title", "noscript"}


class _Pictureless(RendererHTML):
    """Markdown's own pictures become what their authors call them."""

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return escape(tokens[idx].content)


def render(text: str, home: str) -> str:
    """Markdown -> HTML. `home`: the address of the model's files, ending in /, for its links."""
    markdown = MarkdownIt("commonmark", renderer_cls=_Pictureless).enable(
        ["table", "strikethrough"]
    )
    return nh3.clean(
        markdown.render(text),
        tags=TAGS,
        clean_content_tags=SILENCED,
        attributes=ATTRIBUTES,
        attribute_filter=lambda tag, name, value: _from_home(home, name, value),
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _from_home(home: str, name: str, value: str) -> str | None:
    """A relative link means a file of the model; one within the page has no place to go to."""
    if name != "href":
        return value
    if value.startswith("#"):
        return None
    try:
        return urljoin(home, value)
    except ValueError:  # not an address at all
        return None
