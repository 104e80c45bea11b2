"""Models that write token by token: ended by Stop at the next one, and asked if they were cut."""

from typing import Any

from runtime.messages import Message
from runtime.watch import Watch
from tasks.stop_strings import StopStrings

PAUSE = 8  # tokens between two reports


def stopping_criteria(watch: Watch, most: int | None = None) -> list[Any]:
    """For `generate(stopping_criteria=...)`: ends nothing, but raises Cancelled after Stop.

    It is asked at every token. With `most` new tokens known, it reports how many there are.
    """
    import torch

    lengths: list[int] = []

    def criterion(input_ids: Any, scores: Any, **_: Any) -> Any:
        watch.check()
        length = input_ids.shape[1]
        lengths.append(length)
        if most and len(lengths) % PAUSE == 0:
            watch.report(
                Message("Writing"), length - lengths[0] + 1, most, Message("tokens at most")
            )
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)

    return [criterion]


def stop_at(stops: StopStrings) -> Any:
    """A stopping criterion: a row has come to its end where its new text holds one of `stops`."""
    import torch

    start: list[int] = []

    def criterion(input_ids: Any, scores: Any, **_: Any) -> Any:
        # Of the first token; before it stands what all answers begin with.
        start[:] = start or [input_ids.shape[1] - 1]
        stopped = [stops.met(row[start[0] :]) for row in input_ids.tolist()]
        return torch.tensor(stopped, dtype=torch.bool, device=input_ids.device)

    return criterion


def most_new(pipe: Any, tokens: int) -> int:
    """How many tokens of so many an encoder-decoder can write: its places are numbered."""
    positions = getattr(pipe.model.config, "max_position_embeddings", None)
    return min(tokens, positions - 1) if positions else tokens


def was_cut(pipe: Any, token_ids: Any, most: int) -> bool:
    """True if an encoder-decoder's answer, a tensor (tokens,), had to stop at `most` new tokens.

    The first token is the one that all answers begin with. A model whose last token is forced
    (BART, Marian) writes its end there in any case.
    """
    tokens = token_ids[1:][token_ids[1:] != pipe.tokenizer.pad_token_id]
    if len(tokens) < most:
        return False
    settings = pipe.model.generation_config
    ends = settings.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    return settings.forced_eos_token_id is not None or int(tokens[-1]) not in ends
