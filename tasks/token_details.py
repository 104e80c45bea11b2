"""Token by token what a model has written, as servers of text generation (TGI) tell it.

Source: https://huggingface.co/docs/text-generation-inference/reference/api_reference
"""

from typing import Any, NotRequired

from typing_extensions import TypedDict  # pydantic wants it below 3.12


class Token(TypedDict):
    id: int
    text: str
    logprob: float
    special: bool


class Details(TypedDict):
    finish_reason: str
    generated_tokens: int
    seed: int | None
    prefill: list[Any]
    tokens: list[Token]
    top_tokens: NotRequired[list[list[Token]]]


class TokenDetails:
    """A logits processor that changes nothing: it sees the scores that the next token comes from.

    `top`: so many of the likeliest tokens at each place are told, too. Probabilities are the
    model's own, before temperature and the like.
    """

    def __init__(self, tokenizer: Any, top: int) -> None:
        self._tokenizer = tokenizer
        self._special = set(tokenizer.all_special_ids)
        self._top = top
        self._scores: Any = None
        self._text = ""
        self.tokens: list[Token] = []
        self.top_tokens: list[list[Token]] = []

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        self._scores = scores[0].float().log_softmax(-1)
        return scores

    def add(self, number: int, text: str) -> None:
        """The next token; `text` is all that is certain by now, of which it gets what is new."""
        self.tokens.append(self._token(number, text[len(self._text) :]))
        self._text = text if len(text) > len(self._text) else self._text
        if self._top:
            likeliest = self._scores.topk(self._top).indices.tolist()
            decoded = [self._tokenizer.decode([token_id]) for token_id in likeliest]
            pairs = zip(likeliest, decoded, strict=True)
            self.top_tokens.append([self._token(*pair) for pair in pairs])

    def finish(self, text: str) -> None:
        """Give the last token what was held back until the whole `text` was there."""
        if self.tokens:
            self.tokens[-1]["text"] += text[len(self._text) :]
            self._text = text

    def build(self, cut: bool, seed: int | None) -> Details:
        """`cut`: it was not the model that came to an end."""
        ended = self.tokens and self.tokens[-1]["special"]
        details = Details(
            finish_reason="length" if cut else "eos_token" if ended else "stop_sequence",
            generated_tokens=len(self.tokens),
            seed=seed,
            prefill=[],
            tokens=[*self.tokens],
        )
        return Details(**details, top_tokens=[*self.top_tokens]) if self._top else details

    def _token(self, number: int, text: str) -> Token:
        logprob = max(self._scores[number].item(), LEAST_LOGPROB)
        return Token(id=number, text=text, logprob=logprob, special=number in self._special)


LEAST_LOGPROB = -1e9  # of what a processor ruled out: JSON has no infinity
