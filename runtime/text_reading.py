"""What a tokenizer does in a worker's process; `state` holds the tokenizer under its name.

Values are JSON: what `tokenizers` calls an Encoding travels as the text that it pickles to.
"""

from typing import Any

# Of a `tokenizers.Tokenizer`: what may change from call to call, and is small.
SETTINGS = ("truncation", "padding", "encode_special_tokens", "post_processor")


def encode(
    state: dict, name: str, settings: dict, texts: list, words: bool, special: bool
) -> list[str]:
    """`settings`: as of `settings_of`; `words`: the texts are split already."""
    tokenizer = state[name]
    _apply(tokenizer, settings)
    found = tokenizer.encode_batch(texts, is_pretokenized=words, add_special_tokens=special)
    return [encoding.__getstate__().decode() for encoding in found]


def settings_of(tokenizer: Any) -> dict[str, Any]:
    """Of a `tokenizers.Tokenizer`, for `encode`."""
    return {name: getattr(tokenizer, name) for name in SETTINGS}


def decode(state: dict, name: str, ids: list[int], skip_special_tokens: bool) -> str:
    return state[name].decode(ids, skip_special_tokens=skip_special_tokens)


def join_tokens(state: dict, name: str, tokens: list[str]) -> str:
    """Text again, by the tokenizer's decoder."""
    return state[name].decoder.decode(tokens)


def call(state: dict, name: str, method: str, arguments: tuple, named: dict) -> Any:
    """A method whose answer is JSON."""
    return getattr(state[name], method)(*arguments, **named)


def _apply(tokenizer: Any, settings: dict[str, Any]) -> None:
    truncation, padding = settings["truncation"], settings["padding"]
    tokenizer.no_truncation()
    if truncation is not None:
        tokenizer.enable_truncation(**truncation)
    tokenizer.no_padding()
    if padding is not None:
        tokenizer.enable_padding(**padding)
    tokenizer.encode_special_tokens = settings["encode_special_tokens"]
    if settings["post_processor"] is not None:
        tokenizer.post_processor = settings["post_processor"]
