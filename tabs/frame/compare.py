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
    one, other = (gist.strip() for gist in gists)
    if one == other:
        agreed = f'<p class="agreed">Both say: <strong>{escape(one)}</strong></p>'
    else:
        left, right = marked(one, other)
        agreed = (
            f'<dl class="differing"><div><dt>{escape(first.model)}</dt><dd>{left}</dd></div>'
            f"<div><dt>{escape(second.model)}</dt><dd>{right}</dd></div></dl>"
        )
    return (
        f'<div class="verdict">{agreed}<p class="timing">{escape(_pace(first, second))}</p></div>'
    )


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


def _pace(first: Result, second: Result) -> str:
    quick, slow = sorted((first, second), key=lambda result: result.timings.compute)
    times = max(slow.timings.compute, 1e-3) / max(quick.timings.compute, 1e-3)
    if times < SAME_PACE:
        return "Both took about as long."
    return f"{quick.model} was {times:.1f} times as quick."
