"""Texts at which a model stops writing: they are found as they come, and never shown."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

MOST, LONGEST = 16, 200  # texts, and characters of each
NONE = ""  # how an option says that there are none
SPARE = 8  # tokens: a piece of a text may begin otherwise, as without its blank


def _separate(value: Any) -> Any:
    """One text for each line, where they come as one; a blank line is none."""
    if isinstance(value, str):
        lines = [line for line in value.split("\n") if line]
        texts = lines or ([value] if value else [])
    else:
        texts = [text for text in value if text != ""] if isinstance(value, list) else [None]
    fits = len(texts) <= MOST and all(isinstance(t, str) and len(t) <= LONGEST for t in texts)
    if not fits:
        sentence = "Input should be up to 16 texts of up to 200 characters each"
        raise PydanticCustomError("stop_texts", sentence)
    return texts or NONE


# An option: several texts as a list, or as the lines of one.
StopOption = Annotated[str | list[str], BeforeValidator(_separate)]


class StopStrings:
    """`tokenizer`: of the model that writes.

    A text may also be a token that never appears in what is decoded, such as the end of a turn.
    """

    def __init__(self, texts: list[str] | str, tokenizer: Any) -> None:
        self._texts = list(texts)
        self._tokenizer = tokenizer
        added = tokenizer.get_added_vocab() if texts else {}
        self._ids = {added[text] for text in texts if text in added}
        # A token that shows at all is a byte at least.
        self._reach = SPARE + max((len(text.encode()) for text in texts), default=0)

    def __bool__(self) -> bool:
        return bool(self._texts)

    def met(self, tokens: Sequence[int]) -> bool:
        """Whether the last of `tokens` completes one of the texts."""
        if tokens[-1] in self._ids:
            return True
        return self._holds(tokens[-self._reach :]) and self._holds(tokens)

    def before(self, text: str) -> str:
        """`text` up to the first of them."""
        positions = [position for position in map(text.find, self._texts) if position >= 0]
        return text[: min(positions)] if positions else text

    def certain(self, text: str) -> str:
        """`before(text)` without an end that may turn out to be the beginning of one of them."""
        start = self.before(text)
        if len(start) < len(text):
            return start
        partial = (
            length
            for stop in self._texts
            for length in range(len(stop) - 1, 0, -1)
            if text.endswith(stop[:length])
        )
        return text[: len(text) - max(partial, default=0)]

    def _holds(self, tokens: Sequence[int]) -> bool:
        text = self._tokenizer.decode(tokens, skip_special_tokens=True)
        return any(stop in text for stop in self._texts)
