"""The same input on two models: how their answers and their times differ."""

import difflib
import re

from backends.base import Result
from runtime.messages import Message
from tabs.markup import Html

# Words, runs of spaces, and single characters of scripts that put no spaces between words.
PIECES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|\w+|\s+|[^\w\s]")
SAME_PACE = 1.1  # below that the times of one run say nothing


def verdict(first: Result, second: Result, gists: tuple[str, str]) -> Html:
    """HTML: whether the answers agree, where not, and which model was quicker."""
    called = names(first, second)
    one, other = (gist.strip() for gist in gists)
    if one == other:
        agreed = Html(
            '<p class="agreed">{} <strong>{}</strong></p>', Message("Both say:"), gists[0]
        )
    else:
        left, right = marked(one, other)
        agreed = Html(
            '<dl class="differing"><div><dt>{}</dt><dd>{}</dd></div>'
            "<div><dt>{}</dt><dd>{}</dd></div></dl>",
            called[0],
            left,
            called[1],
            right,
        )
    pace = _pace(first, second, called)
    return Html('<div class="verdict">{}<p class="timing">{}</p></div>', agreed, pace)


def names(first: Result, second: Result) -> tuple[str, str]:
    """The models, or where one model ran twice the places."""
    if first.model == second.model:
        return first.device, second.device
    return first.model, second.model


def marked(one: str, other: str) -> tuple[Html, Html]:
    """Both texts as HTML; what only one of them has stands in <mark>."""
    a, b = PIECES.findall(one), PIECES.findall(other)
    left: list[str] = []
    right: list[str] = []
    for kind, a0, a1, b0, b1 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        left.append(_piece("".join(a[a0:a1]), kind != "equal"))
        right.append(_piece("".join(b[b0:b1]), kind != "equal"))
    return Html.join(left), Html.join(right)


def _piece(text: str, alone: bool) -> str:
    return Html("<mark>{}</mark>", text) if alone and text.strip() else text


def _pace(first: Result, second: Result, called: tuple[str, str]) -> str:
    took = [max(result.timings.compute, 1e-3) for result in (first, second)]
    times = max(took) / min(took)
    if times < SAME_PACE:
        return Message("Both took about as long.")
    quicker = called[took.index(min(took))]
    return Message("{name} was {times:.1f} times as quick.", name=quicker, times=times)
