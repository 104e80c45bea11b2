"""fill-mask: which words fit into the gaps of a text."""

import re
from itertools import islice
from typing import Any

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import Inputs, Limits, Options, Task
from tasks.json_values import Json
from tasks.parameters import TOKENIZER, NoEffect, OtherName, RequestValues
from tasks.passages import SPACELESS
from tasks.text import is_blank, most_tokens, refuse_unusable_text

# How people write a gap, whatever the model calls its own.
GAP = re.compile(r"\[mask\]|<\|?mask\|?>|_{3,}", re.IGNORECASE)
# What a model of another make may use: seen here, judged when its tokenizer is there.
MAYBE_GAP = re.compile(r"\[[^\]\s]+\]|<[^>\s]+>")
MOST_GAPS = 20
BLANKS = 10  # tokens that are a blank or a part of a character; vocabularies have a few
ADD_A_GAP = Message("Put [MASK] where a word is missing; the button under the text does it.")


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


class Word(TypedDict):
    score: float
    token: int
    token_str: str
    sequence: str


def _as_text(targets: Json, parameters: RequestValues) -> RequestValues:
    """A list on the wire, words with commas between in the option."""
    if isinstance(targets, list):
        return {"targets": ", ".join(map(str, targets))}
    return {"targets": targets}


class FillMaskInputs(Inputs):
    text: str


class FillMaskOptions(Options):
    top_k: int = Field(
        5,
        ge=1,
        le=100,
        title=Message("Words to show"),
        description=Message("For each gap, the likeliest first."),
    )
    targets: str = Field(
        "",
        title=Message("Only these words"),
        description=Message("With commas between them: which of them fits best? Empty: any word."),
    )


class FillMask(Task):
    id = "fill-mask"
    inputs = FillMaskInputs
    options = FillMaskOptions
    answer_shape = list[Word] | list[list[Word]]
    one_by_one = True
    parameters = {
        **TOKENIZER,
        "targets": OtherName("the only words to choose from, as a list", _as_text),
        "tokenizer_kwargs": NoEffect("a text that is too long is cut, and it is told where"),
        "truncation": NoEffect("a text that is too long is cut, and it is told where"),
    }

    def prepare(self, inputs: FillMaskInputs, options: Any, limits: Limits, watch: Watch) -> str:
        refuse_unusable_text(inputs.text, limits)
        gaps = len(GAP.findall(inputs.text))
        if not gaps and not MAYBE_GAP.search(inputs.text):
            raise BadInput(Message("There is no gap in this text."), ADD_A_GAP)
        if gaps > MOST_GAPS:
            raise BadInput(
                Message("This text has {gaps} gaps.", gaps=gaps),
                Message("Up to {most} can be filled at once.", most=MOST_GAPS),
            )
        if options.targets.strip() and not target_words(options.targets):
            raise BadInput(
                Message('The option "Only these words" holds no word.'),
                Message("Name some, or leave it empty."),
            )
        return inputs.text

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        words = target_words(options.targets)
        return {"top_k": options.top_k, **({"targets": words} if words else {})}

    def answer(self, pipe: Any, prepared: str, options: Any, watch: Watch) -> list:
        """`[{"score", "token", "token_str", "sequence"}, ...]` for a text with one gap.

        For several gaps a list of those, one for each, in the text's order. Raises BadInput where
        the model finds no gap to fill, or knows none of the words asked for.
        """
        mask = pipe.tokenizer.mask_token
        text = GAP.sub(lambda _: mask, prepared)
        if text != prepared and (gap := GAP.search(prepared)) and gap[0] != mask:
            watch.note(Message("The gap was written as {gap}, as this model knows it.", gap=mask))
        call = self.pipeline_call(options)
        if "targets" in call:
            call["targets"] = _single_tokens(pipe.tokenizer, call["targets"], watch)
        call["tokenizer_kwargs"] = {"truncation": True, "max_length": most_tokens(pipe)}
        _check_gaps(pipe, text, call["tokenizer_kwargs"], watch)
        return with_sentences(prepared, _candidates(pipe, text, call), pipe.tokenizer)

    def normalize_reply(self, reply: Json, inputs: FillMaskInputs, options: Any) -> Any:
        """Some servers answer a list of one for a text with one gap; for several gaps all give
        the model's own tokens as `sequence`."""
        if isinstance(reply, list) and len(reply) == 1 and isinstance(reply[0], list):
            return reply[0]
        if isinstance(reply, list) and reply and isinstance(reply[0], list):
            return with_sentences(inputs.text, self.validate_answer(reply))
        return reply


def target_words(targets: str) -> list[str]:
    """The words of the option, each once; Chinese commas part them too."""
    words = (word.strip() for word in re.split(r"[,，、\n]", targets))
    return list(dict.fromkeys(word for word in words if not is_blank(word)))


def _single_tokens(tokenizer: Any, words: list[str], watch: Watch) -> list[str]:
    """The words that are one token each, as the vocabulary writes them; says which are not.

    The pipeline would score the first piece of an unknown word as if it were the word.
    """
    tokens, unusable = [], []
    for word in words:
        # After a blank, as inside a sentence: many vocabularies have a token of its own for that.
        for spelling in (f" {word}", word):
            pieces = tokenizer(spelling, add_special_tokens=False)["input_ids"]
            if len(pieces) == 1 and pieces[0] != tokenizer.unk_token_id:
                tokens.append(tokenizer.convert_ids_to_tokens(pieces[0]))
                break
        else:
            unusable.append(f'"{word}"')
    if not tokens:
        raise BadInput(
            Message(
                "This model has no single token for {words}, so it cannot judge them.",
                words=", ".join(unusable),
            ),
            Message("Try commoner or shorter words."),
        )
    if unusable:
        watch.note(
            Message(
                "Left out, for the model has no single token for it: {words}.",
                words=", ".join(unusable),
            )
        )
    return list(dict.fromkeys(tokens))


def _check_gaps(pipe: Any, text: str, limits: dict[str, Any], watch: Watch) -> None:
    """Say which part of the text and how many gaps are beyond the model; raises for all of them."""
    mask = pipe.tokenizer.mask_token_id
    all_ids = pipe.tokenizer(text, verbose=False)["input_ids"]
    ids = pipe.tokenizer(text, **limits)["input_ids"]
    total, reached = all_ids.count(mask), ids.count(mask)
    if not total:
        raise BadInput(Message("This model finds no gap in this text."), ADD_A_GAP)
    if not reached:
        raise BadInput(
            Message(
                "The gap lies beyond the {tokens:,} tokens that this model reads.",
                tokens=limits["max_length"],
            ),
            Message("Shorten the text before it."),
        )
    if len(ids) < len(all_ids):
        values = {"read": len(ids), "total": len(all_ids), "left": reached, "gaps": total}
        watch.note(
            Message(
                "Only the first {read:,} of {total:,} tokens of the text were read, and {left} of "
                "{gaps} gaps.",
                **values,
            )
            if reached < total
            else Message(
                "Only the first {read:,} of {total:,} tokens of the text were read.", **values
            )
        )


def _candidates(pipe: Any, text: str, call: dict[str, Any]) -> list:
    """The pipeline's answer without tokens that are no words, such as [UNK] and a bare blank."""
    special = set(pipe.tokenizer.all_special_ids)
    count = call["top_k"]
    enough = min(count + len(special) + BLANKS, pipe.model.config.vocab_size)
    answer = pipe(text, **call | {"top_k": enough})

    def words(rows: list[dict]) -> list[dict]:
        usable = (r for r in rows if r["token"] not in special and not is_blank(r["token_str"]))
        return list(islice(usable, count))

    return [words(rows) for rows in answer] if isinstance(answer[0], list) else words(answer)


TASK = FillMask()
