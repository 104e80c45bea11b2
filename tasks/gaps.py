"""Gaps in a text, and the text with words in them."""

import re
from typing import Any

from tasks.passages import SPACELESS

# How people write a gap, whatever the model calls its own.
GAP = re.compile(r"\[mask\]|<\|?mask\|?>|_{3,}", re.IGNORECASE)


def with_sentences(text: str, answer: list, tokenizer: Any = None) -> list:
    """The answer with the visitor's own text as `sequence`, this word in its gap.

    The other gaps hold their likeliest words, and those that were not read stay. transformers 5
    gives the tokens read, which are in lower case for many a model, and with several gaps have
    [CLS] and [SEP] among them.
    """
    gaps = answer if answer and isinstance(answer[0], list) else [answer]
    mask = re.escape(tokenizer.mask_token) if tokenizer else "(?!)"
    places = list(re.finditer(rf"{GAP.pattern}|{mask}", text, re.IGNORECASE))
    if len(places) < len(gaps) or not all(gaps):
        return answer
    best = [candidates[0] for candidates in gaps]
    for number, candidates in enumerate(gaps):
        for row in candidates:
            words = [*best[:number], row, *best[number + 1 :]]
            row["sequence"] = _fill(text, places, words, tokenizer)
    return answer


def _fill(text: str, places: list[re.Match], words: list[dict], tokenizer: Any) -> str:
    whole, end = "", 0
    for place, word in zip(places, words, strict=False):
        whole += text[end : place.start()]
        token = tokenizer.convert_ids_to_tokens(word["token"]) if tokenizer else word["token_str"]
        whole = _join(whole, word["token_str"].removeprefix("##").strip(), _space(token, tokenizer))
        end = place.end()
    return whole + text[end:]


def _space(token: str, tokenizer: Any) -> bool | None:
    """Whether the token stands apart from what is before it; None: as the text has it.

    "##s" does not, "\u0120cat" (bytes), "▁cat" (SentencePiece) and " cat" do. In a vocabulary of
    those others go on with a word: such tokenizers take the space before a gap for a part of it.
    """
    if token.startswith(("\u0120", "▁", " ")):
        return True
    if token.startswith("##"):
        return False
    added = tokenizer.added_tokens_decoder if tokenizer else {}
    mask = added.get(tokenizer.mask_token_id) if tokenizer else None
    return False if mask is not None and mask.lstrip else None


def _join(before: str, word: str, space: bool | None) -> str:
    if space is False:
        return before.rstrip(" ") + word
    bare = before[-1:].isspace() or not before or SPACELESS.search(before[-1] + word[:1])
    return before + (" " if space and not bare else "") + word
