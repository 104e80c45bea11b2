"""Answers found in a text: the pipeline that transformers 4 had."""

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from transformers.pipelines.base import ChunkPipeline

from tasks.pipelines.base import Pretrained

# Thai and Lao, Burmese, Khmer, kana, Chinese characters.
WITHOUT_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
LONGEST, OVERLAP = 384, 128  # tokens of a window, and of what two neighbours share
Example = dict[str, str]


class QuestionAnsweringPipeline(Pretrained, ChunkPipeline):
    """`pipe(question=, context=)` -> `{"score", "start", "end", "answer"}`; `start` and `end` are
    characters in the context.

    A dict, or a list of dicts with these two keys, will do as well; so will lists of questions and
    of contexts, or several questions on one context. A list is answered by a list.

    top_k: the best so many answers as a list, unless there is only one. The same words found twice
        are one answer: their scores add up, so that a sum may exceed 1.
    handle_impossible_answer: let `""`, with `start` and `end` 0, compete: no answer.
    max_answer_len: tokens of the longest answer (15).
    align_to_words: give whole words also where the model means a part of one; not in writing
        without blanks between words, such as Chinese.
    max_seq_len: tokens read at once, question included (384, or what the model can). A longer text
        is read in windows that share `doc_stride` tokens (128, or a share of the window).
    max_question_len: tokens of a question that are read (64).
    padding: the tokenizer's; none by default.
    batch_size: windows that go through the model together; answers do not differ.

    Scores are as in transformers 4: within each window, softmax over the context's tokens and
    [CLS], start times end. Raises ValueError for an empty question or context.
    """

    auto_models = ("AutoModelForQuestionAnswering",)

    _load_processor = False
    _load_image_processor = False
    _load_feature_extractor = False
    _load_tokenizer = True

    def __init__(self, *args: Any, task: str = "question-answering", **kwargs: Any) -> None:
        super().__init__(*args, task=task, **kwargs)
        if not self.tokenizer.is_fast:
            raise ValueError("A fast tokenizer is needed: it knows where in the text a token is.")

    def __call__(self, *args: Any, question: Any = None, context: Any = None, **kwargs: Any) -> Any:
        """See the class."""
        if question is not None or context is not None:
            examples: Any = _pair(question, context)
        elif len(args) == 2 and all(isinstance(text, str) for text in args):
            examples = {"question": args[0], "context": args[1]}
        elif len(args) == 1:
            examples = args[0]
        else:
            raise ValueError("Give a question and a context.")
        if isinstance(examples, Mapping):
            return super().__call__(_validate(examples), **kwargs)
        if isinstance(examples, Sequence) and not isinstance(examples, str):
            examples = [_validate(example) for example in examples]
            if len(examples) == 1:  # as transformers 4 did
                return super().__call__(examples[0], **kwargs)
        return super().__call__(examples, **kwargs)

    def _sanitize_parameters(
        self,
        padding: Any = None,
        top_k: int | None = None,
        doc_stride: int | None = None,
        max_answer_len: int | None = None,
        max_seq_len: int | None = None,
        max_question_len: int | None = None,
        handle_impossible_answer: bool | None = None,
        align_to_words: bool | None = None,
    ) -> tuple[dict, dict, dict]:
        for name, value in (("top_k", top_k), ("max_answer_len", max_answer_len)):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be 1 or more, not {value}.")
        before = {
            "padding": padding,
            "doc_stride": doc_stride,
            "max_seq_len": max_seq_len,
            "max_question_len": max_question_len,
        }
        after = {
            "top_k": top_k,
            "max_answer_len": max_answer_len,
            "handle_impossible_answer": handle_impossible_answer,
            "align_to_words": align_to_words,
        }
        return _without_none(before), {}, _without_none(after)

    def preprocess(
        self,
        example: Example,
        padding: Any = "do_not_pad",
        doc_stride: int | None = None,
        max_seq_len: int | None = None,
        max_question_len: int = 64,
    ) -> Iterator[dict[str, Any]]:
        example = _validate(example)
        longest = max_seq_len or min(self.tokenizer.model_max_length, LONGEST)
        stride = min(longest // 2, OVERLAP) if doc_stride is None else doc_stride
        if stride > longest:
            raise ValueError(f"doc_stride ({stride}) is larger than max_seq_len ({longest}).")
        question, question_tokens = self._cut(example["question"], max_question_len)
        room = longest - question_tokens - self.tokenizer.num_special_tokens_to_add(pair=True)
        if room < 1:
            raise ValueError(f"The question fills all {longest} tokens that are read at once.")
        first = self.tokenizer.padding_side == "right"  # the question stands first
        pair = (question, example["context"]) if first else (example["context"], question)
        encodings = self.tokenizer(
            *pair,
            padding=padding,
            truncation="only_second" if first else "only_first",
            max_length=longest,
            stride=min(stride, room - 1),  # windows must move on
            return_attention_mask=True,
            return_token_type_ids=True,
            return_overflowing_tokens=True,
        )
        names = {*self.tokenizer.model_input_names, "attention_mask"}
        for number, encoding in enumerate(encodings.encodings):
            tensors = {
                name: torch.tensor([encodings[name][number]]) for name in names if name in encodings
            }
            yield {
                "example": example,
                "encoding": encoding,
                "is_last": number == len(encodings.encodings) - 1,
                **tensors,
            }

    def _cut(self, question: str, most: int) -> tuple[str, int]:
        """The question's first `most` tokens as text, and how many they are."""
        encoding = self.tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)
        offsets = encoding["offset_mapping"]
        if len(offsets) <= most:
            return question, len(offsets)
        return question[: offsets[most - 1][1]], most

    def _forward(self, model_inputs: dict[str, Any]) -> dict[str, Any]:
        extras = {name: model_inputs.pop(name) for name in ("example", "encoding", "is_last")}
        accepted = inspect.signature(self.model.forward).parameters
        call = {name: value for name, value in model_inputs.items() if name in accepted}
        if "use_cache" in accepted:
            call["use_cache"] = False
        output = self.model(**call)
        return {
            "start": output.start_logits,
            "end": output.end_logits,
            "attention_mask": model_inputs["attention_mask"],
            **extras,
        }

    def postprocess(
        self,
        windows: list[dict[str, Any]],
        top_k: int = 1,
        handle_impossible_answer: bool = False,
        max_answer_len: int = 15,
        align_to_words: bool = True,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        answers: dict[str, dict[str, Any]] = {}
        no_answer = float("inf")  # the score of no answer: of the window that doubts it most
        # Spans of one word become one answer, so more of them are looked at than are wanted.
        candidates = 2 * top_k + 10 if align_to_words else top_k
        for window in windows:
            encoding, context = window["encoding"], window["example"]["context"]
            start, end, null = self._shares(window)
            # Where padding is on the left, an encoding counts it too.
            tokens = [place for place, real in enumerate(encoding.attention_mask) if real]
            no_answer = min(no_answer, null)
            for score, first, last in _best(start, end, candidates, max_answer_len):
                left, right = _characters(encoding, tokens[first], tokens[last])
                if align_to_words:
                    left, right = _whole_words(encoding, tokens[first], tokens[last], context)
                answer = context[left:right]
                if duplicate := answers.get(answer.lower()):
                    duplicate["score"] += score
                else:
                    answers[answer.lower()] = {
                        "score": score,
                        "start": left,
                        "end": right,
                        "answer": answer,
                    }
        ranking: list[dict[str, Any]] = list(answers.values())
        if not ranking:  # a context of blanks
            ranking = [{"score": 0.0, "start": 0, "end": 0, "answer": ""}]
        if handle_impossible_answer:
            ranking = [answer for answer in ranking if answer["answer"]]
            ranking.append({"score": no_answer, "start": 0, "end": 0, "answer": ""})
        ranking = sorted(ranking, key=lambda answer: -answer["score"])[:top_k]
        return ranking[0] if len(ranking) == 1 else ranking

    def _shares(self, window: dict[str, Any]) -> tuple[torch.Tensor, torch.Tensor, float]:
        """Probabilities (tokens,) of start and end, 0 outside the context, and of neither."""
        encoding = window["encoding"]
        # Padding, which a batch's longest window decides, goes first: on the left or on the right.
        real = window["attention_mask"][0].bool()
        second = self.tokenizer.padding_side == "right"
        allowed = torch.tensor([number == int(second) for number in encoding.sequence_ids])
        allowed = allowed[torch.tensor(encoding.attention_mask).bool()]
        cls = torch.zeros_like(allowed)
        if self.tokenizer.cls_token_id is not None:
            ids = torch.tensor(encoding.ids)[torch.tensor(encoding.attention_mask).bool()]
            cls[(ids == self.tokenizer.cls_token_id).nonzero()[:1]] = True
        shares = []
        null = 1.0
        for name in ("start", "end"):
            scores = window[name][0][real].float().masked_fill(~(allowed | cls), -10_000.0)
            share = scores.softmax(0)
            null *= share[cls].sum().item()
            shares.append(share * allowed)
        return shares[0], shares[1], null


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _pair(question: Any, context: Any) -> Example | list[Example]:
    if isinstance(question, str) and isinstance(context, str):
        return {"question": question, "context": context}
    if isinstance(question, list) and isinstance(context, str):
        context = [context] * len(question)
    if not (isinstance(question, list) and isinstance(context, list)):
        raise ValueError("A question and a context are needed, each a text or a list of texts.")
    if len(question) != len(context):
        raise ValueError(f"These are {len(question)} questions on {len(context)} contexts.")
    return [{"question": q, "context": c} for q, c in zip(question, context, strict=True)]


def _validate(example: Any) -> Example:
    """Raises KeyError for a missing key, ValueError for what is no text or an empty one."""
    if not isinstance(example, Mapping):
        raise ValueError(f"A dict of question and context is needed, not {type(example).__name__}.")
    for key in ("question", "context"):
        if key not in example:
            raise KeyError(f"The {key} is missing: give both a question and a context.")
        if not isinstance(example[key], str) or not example[key]:
            raise ValueError(f"The {key} must be a text, and not an empty one.")
    return {"question": example["question"], "context": example["context"]}


def _best(
    start: torch.Tensor, end: torch.Tensor, count: int, longest: int
) -> Iterator[tuple[float, int, int]]:
    """Score, first and last token of the best spans, none longer than `longest`, best first."""
    spans = torch.outer(start, end).triu().tril(longest - 1)
    scores, places = spans.flatten().topk(min(count, spans.numel()))
    for score, place in zip(scores.tolist(), places.tolist(), strict=True):
        if score > 0:
            yield score, place // len(end), place % len(end)


def _characters(encoding: Any, first: int, last: int) -> tuple[int, int]:
    return encoding.offsets[first][0], encoding.offsets[last][1]


def _whole_words(encoding: Any, first: int, last: int, context: str) -> tuple[int, int]:
    """The span widened to words; left as it is where that takes in writing without blanks.

    To SentencePiece's tokenizers a Chinese clause is one word (transformers 4's pipeline answered
    with the whole clause).
    """
    left, right = _characters(encoding, first, last)
    words = encoding.token_to_word(first), encoding.token_to_word(last)
    if None in words:
        return left, right
    sequence = encoding.token_to_sequence(first)
    spans = [encoding.word_to_chars(word, sequence) for word in words]
    if None in spans:
        return left, right
    begin, end = spans[0][0], spans[1][1]
    added = context[begin:left] + context[right:end]
    return (left, right) if WITHOUT_BLANKS.search(added) else (begin, end)
