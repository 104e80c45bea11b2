"""The same input on two models: how their answers and their times differ."""

import difflib
import re
from html import escape

from backends.base import Result

# Words, runs of spaces, and single characters of scripts that put no spaces between words.
PIECES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|\w+|\s+|[^\w\s]")
SAME_PACE = 1.1  # below that the times of one run say nothing


def verdict(first: Result, second: Result, gists: tuple[str, str]) -> str:
    """HTML: whether the answers agree, where not, and which model was quicker."""
    called = names(first, second)
    one, other = (gist.strip() for gist in gists)
    if one == other:
        agreed = f'<p class="agreed">Both say: <strong>{escape(one)}</strong></p>'
    else:
        left, right = marked(one, other)
        agreed = (
            f'<dl class="differing"><div><dt>{escape(called[0])}</dt><dd>{left}</dd></div>'
            f"<div><dt>{escape(called[1])}</dt><dd>{right}</dd></div></dl>"
        )
    pace = escape(_pace(first, second, called))
    return f'<div class="verdict">{agreed}<p class="timing">{pace}</p></div>'


def names(first: Result, second: Result) -> tuple[str, str]:
    """The models, or where one model ran twice the places."""
    if first.model == second.model:
        return first.device, second.device
    return first.model, second.model


def marked(one: str, other: str) -> tuple[str, str]:
    """Both texts as HTML; what only one of them has stands in <mark>."""
    a, b = PIECES.findall(one), PIECES.findall(other)
    left, right = "", ""
    for kind, a0, a1, b0, b1 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        left += _piece("".join(a[a0:a1]), kind != "equal")
        right += _piece("".join(b[b0:b1]), kind != "equal")
    return left, right


def _piece(text: str, alone: bool) -> str:
    return f"<mark>{escape(text)}</mark>" if alone and text.strip() else escape(text)


def _pace(first: Result, second: Result, called: tuple[str, str]) -> str:
    took = [max(result.timings.compute, 1e-3) for result in (first, second)]
    times = max(took) / min(took)
    if times < SAME_PACE:
        return "Both took about as long."
    return f"{called[took.index(min(took))]} was {times:.1f} times as quick."
