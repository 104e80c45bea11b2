"""What tasks that read text share: refusing what cannot be read, and saying what was not."""

from typing import Annotated, Any

import regex

from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import ForPrograms, Limits
from tasks.json_values import Json
from tasks.parameters import OtherName, RequestValues

# An option: whether a text that is too long for the model may be cut.
Truncation = Annotated[bool, ForPrograms("false: a text that is too long is refused, and not cut")]

# What can be seen: no space, no control or format character, no filler (U+3164), no mark without
# a letter under it, no blank that counts as a symbol (U+2800), nothing that stands for what got
# lost (U+FFFC, U+FFFD). regex knows newer characters than `unicodedata` of Python 3.11.
VISIBLE = regex.compile(
    r"[^\p{Default_Ignorable_Code_Point}\p{Z}\p{C}\p{M}\u2800\ufffc\ufffd\U0001d159]"
)
BEGINNING = 2_000  # characters that are looked at for something known
LETTER = regex.compile(r"(?V1)[\p{L}--\p{Default_Ignorable_Code_Point}]")


# Shown as nothing, and no part of a word: a tokenizer of bytes reads something into each. Joiners
# stay, which many scripts are written with.
INVISIBLE = regex.compile(
    r"(?V1)[[\p{Default_Ignorable_Code_Point}\p{Cc}]--[\t\n\v\f\r\x85\u200c\u200d\ufe0e\ufe0f\U000e0020-\U000e007f]]"
)


def without_invisible(text: str) -> str:
    return INVISIBLE.sub("", text)


def is_blank(text: str) -> bool:
    """Whether there is nothing to read: spaces and what cannot be seen."""
    return VISIBLE.search(text) is None


def has_words(text: str) -> bool:
    """Whether there is a letter of any script in it."""
    return LETTER.search(text) is not None


def _truncation_setting(value: Json, parameters: RequestValues) -> RequestValues:
    if isinstance(value, str) and value in ("longest_first", "only_first", "only_second"):
        return {"truncation": True}
    return {"truncation": False if value == "do_not_truncate" else value}


TRUNCATION = OtherName("false or do_not_truncate: what is too long is refused", _truncation_setting)


def refuse_unusable_text(text: str | list[str], limits: Limits, empty_items: bool = False) -> None:
    """Raises BadInput for no text, an empty one, too many or too long ones.

    `empty_items`: whether some of several may be empty, where a model answers nothing to nothing.
    """
    texts = [text] if isinstance(text, str) else text
    empty = [place for place, part in enumerate(texts) if is_blank(part)]
    if len(empty) == len(texts):
        raise BadInput(
            Message("There is no text to read."), Message("Type a sentence, or click an example.")
        )
    if empty and not empty_items:
        raise BadInput(
            Message(
                "Text {number} of {total} is empty (index {index}).",
                number=empty[0] + 1,
                total=len(texts),
                index=empty[0],
            ),
            Message("Fill it in, or leave it out."),
        )
    refuse_too_much_text(texts, limits)


def refuse_too_much_text(texts: list[str], limits: Limits) -> None:
    """Raises BadInput for too many texts, or too long ones; an empty one may be among them."""
    if len(texts) > limits.items:
        raise BadInput(
            Message("These are {total:,} lines.", total=len(texts)),
            Message("Up to {most:,} can be read at once.", most=limits.items),
        )
    characters = sum(map(len, texts))
    if characters > limits.characters:
        raise BadInput(
            Message("The text has {characters:,} characters.", characters=characters),
            Message(
                "Up to {most:,} can be read at once: please shorten it.", most=limits.characters
            ),
        )


def most_tokens(pipe: Any) -> int:
    """How many the model can read; many a tokenizer was saved without saying it."""
    most = getattr(pipe.model.config, "max_position_embeddings", None) or 1 << 30
    return min(most, pipe.tokenizer.model_max_length)


def note_unknown(pipe: Any, texts: list[str], watch: Watch) -> None:
    """Tell the visitor of a text in which the model knows no character: it is read as nothing."""
    tokenizer = pipe.tokenizer
    if tokenizer.unk_token_id is None:
        return
    unknown = {tokenizer.unk_token_id, tokenizer.convert_tokens_to_ids("▁")}
    for number, text in enumerate(texts, start=1):
        ids = tokenizer(text[:BEGINNING], add_special_tokens=False, verbose=False)["input_ids"]
        if ids and unknown.issuperset(ids):
            subject = (
                Message("line {number}", number=number) if len(texts) > 1 else Message("this text")
            )
            watch.note(
                Message(
                    "The model knows nothing of what {text} has in it: its answer is a guess.",
                    text=subject,
                )
            )
            return


def note_truncation(
    pipe: Any, texts: list[str], watch: Watch, longest: int | None = None, cut: bool = True
) -> None:
    """Tell the visitor how much of a text lies beyond what the model can read, or `longest` tokens.

    Raises BadInput for such a text where it may not be `cut`.
    """
    most = min(most_tokens(pipe), longest or 1 << 30)
    for number, text in enumerate(texts, start=1):
        if len(text.encode()) < most - 2:  # a token is at least a byte
            continue
        length = len(pipe.tokenizer(text, verbose=False)["input_ids"])
        if length > most:
            subject = (
                Message("line {number}", number=number) if len(texts) > 1 else Message("the text")
            )
            if not cut:
                raise BadInput(
                    Message(
                        "The model reads {most:,} tokens, and {text} has {length:,}.",
                        most=most,
                        text=subject,
                        length=length,
                    ),
                    Message("Shorten it, or allow truncation."),
                )
            watch.note(
                Message(
                    "Only the first {most:,} of {length:,} tokens of {text} were read.",
                    most=most,
                    length=length,
                    text=subject,
                )
            )
