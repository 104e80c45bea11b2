"""Models that write token by token: ended by Stop at the next one, and asked if they were cut."""

from typing import Any

from runtime.watch import Watch

PAUSE = 8  # tokens between two reports


def stopping_criteria(watch: Watch, most: int | None = None) -> list[Any]:
    """For `generate(stopping_criteria=...)`: ends nothing, but raises Cancelled after Stop.

    It is asked at every token. With `most` new tokens known, it reports how many there are.
    """
    import torch

    before: list[int] = []

    def criterion(input_ids: Any, scores: Any, **_: Any) -> Any:
        watch.check()
        length = input_ids.shape[1]
        before.append(length)
        if most and len(before) % PAUSE == 0:
            watch.report("Writing", length - before[0] + 1, most, "tokens at most")
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)

    return [criterion]


def stop_strings(tokenizer: Any, strings: list[str]) -> Any:
    """A stopping criterion: a row has come to its end where its new text holds one of `strings`."""
    import torch

    start: list[int] = []

    def criterion(input_ids: Any, scores: Any, **_: Any) -> Any:
        # Of the first token; before it stand the prompt, or what all answers begin with.
        start[:] = start or [input_ids.shape[1] - 1]
        texts = tokenizer.batch_decode(input_ids[:, start[0] :], skip_special_tokens=True)
        ended = [any(one in text for one in strings) for text in texts]
        return torch.tensor(ended, dtype=torch.bool, device=input_ids.device)

    return criterion


def cut_after(text: str, strings: list[str] | None) -> str:
    """`text` up to the first of `strings` and with it, as TGI and transformers have it."""
    ends = [text.index(one) + len(one) for one in strings or () if one in text]
    return text[: min(ends)] if ends else text


def was_cut(token_ids: Any, most: int, padding: int | None) -> bool:
    """True if an encoder-decoder's answer, a tensor (tokens,), is as long as it could be.

    The first token is the one that all answers begin with.
    """
    return int((token_ids[1:] != padding).sum()) >= most
