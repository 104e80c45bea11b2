"""What `text-generation` does with a model: token after token, drawn as the options say."""

import time
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator

from runtime.messages import Message
from runtime.watch import Watch
from tasks.generation import StopStrings
from tasks.prompts import Prompt
from tasks.token_details import TokenDetails

SHOW_SECONDS = 0.2  # how often the text so far is shown; a page can keep up with that
COLDEST = 0.01  # below, scores divided by it leave the range of float32; the likeliest wins anyway
CUT_CHARACTER = "\ufffd"  # what a tokenizer makes of the first bytes of a character

# An option: 0 means that nothing is drawn.
Temperature = Annotated[float, AfterValidator(lambda value: value if value >= COLDEST else 0.0)]


def write(
    pipe: Any,
    prompt: Prompt,
    options: Any,
    watch: Watch,
    details: TokenDetails | None,
    show: Callable[[str], None],
) -> str:
    """The new text; `show` gets what there is of it now and then. Raises Cancelled on Stop."""
    from transformers import LogitsProcessorList, StoppingCriteriaList

    watch.figures["prompt_tokens"] = prompt.length
    stops = StopStrings(options.stop, pipe.tokenizer)
    streamer = _Streamer(pipe.tokenizer, prompt, stops, watch, show, details)
    processors = [details] if details else []
    processors += _frequency_processors(options.frequency_penalty, prompt.length)
    processors += _sampling_processors(options, pipe.model.device)
    pipe.model.generate(
        **prompt.encoded,
        max_new_tokens=prompt.room,
        do_sample=False,  # drawing is the last of the processors
        num_beams=1,
        repetition_penalty=options.repetition_penalty,
        min_new_tokens=options.min_new_tokens,
        logits_processor=LogitsProcessorList(processors),
        pad_token_id=_padding(pipe),
        streamer=streamer,
        stopping_criteria=StoppingCriteriaList([streamer.stops_here]),
    )
    streamer.note(options, _ends(pipe))
    return streamer.text()


def _padding(pipe: Any) -> int | None:
    tokenizer = pipe.tokenizer
    return tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id


def _ends(pipe: Any) -> set[int]:
    """The tokens with which the model ends a text by itself."""
    ends = pipe.model.generation_config.eos_token_id
    return set(ends) if isinstance(ends, list) else {ends} - {None}


def _frequency_processors(penalty: float | None, prompt: int) -> list:
    """Take `penalty` off a token's score for each time that it has been written."""
    if not penalty:
        return []

    def lower(input_ids: Any, scores: Any) -> Any:
        import torch

        new_ids = input_ids[:, prompt:]
        return scores.scatter_add(
            1, new_ids, torch.full_like(new_ids, -penalty, dtype=scores.dtype)
        )

    return [lower]


def _sampling_processors(options: Any, device: Any) -> list:
    """Temperature, top k and top p as in transformers, then a draw that the seed decides alone.

    `generate` would draw from torch's global generator, which all requests share. The highest of
    score plus Gumbel noise is a draw from the scores' softmax.
    """
    if not options.temperature:
        return []
    import torch
    from transformers import (
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
        TypicalLogitsWarper,
    )

    dice = torch.Generator(device).manual_seed(options.seed)

    def draw(input_ids: Any, scores: Any) -> Any:
        noise = torch.empty_like(scores, dtype=torch.float32).exponential_(generator=dice)
        return scores.float() - noise.log()

    steps: list[Any] = [TemperatureLogitsWarper(float(options.temperature))]
    steps += [TopKLogitsWarper(options.top_k)] if options.top_k else []
    steps += [TopPLogitsWarper(float(options.top_p))] if options.top_p < 1 else []
    # 1 draws from all, which transformers 5 refuses to say.
    typical = options.typical_p or 1.0
    steps += [TypicalLogitsWarper(float(typical))] if typical < 1 else []
    return [*steps, draw]


class _Streamer:
    """Takes each token from `generate`, which then asks whether to stop there."""

    def __init__(
        self,
        tokenizer: Any,
        prompt: Prompt,
        stops: StopStrings,
        watch: Watch,
        show: Callable[[str], None],
        details: TokenDetails | None = None,
    ) -> None:
        self._tokenizer = tokenizer
        self._begin, self._room = prompt.length, prompt.room
        self._stops = stops
        self._stopped = False  # one of the texts at which it stops
        self._watch = watch
        self._show = show
        self._details = details
        self._tokens: list[int] | None = None  # until the prompt has come, which is the first
        self._computing = 0.0
        self._step_start = self._last_report = time.perf_counter()

    def put(self, value: Any) -> None:
        self._watch.check()
        if self._tokens is None:
            self._tokens = []
            return
        self._tokens += value.tolist()
        if self._details:
            self._details.add(self._tokens[-1], self._certain())
        time_now = time.perf_counter()
        if time_now - self._last_report >= SHOW_SECONDS:
            self._computing += time_now - self._step_start
            self._watch.report(Message("Writing"), len(self._tokens), self._room, Message("tokens"))
            self._show(self._certain())
            self._step_start = self._last_report = time.perf_counter()

    def end(self) -> None:
        self._computing += time.perf_counter() - self._step_start

    def stops_here(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        """One of the `stopping_criteria`, asked before `put` gets the token (transformers 5.24)."""
        import torch

        if self._stops:
            self._stopped = self._stops.met(input_ids[0, self._begin :].tolist())
        return torch.full((input_ids.shape[0],), self._stopped, device=input_ids.device)

    def text(self) -> str:
        text = self._stops.before(self._decoded())
        if self._details:
            self._details.finish(text)
        return text

    def _certain(self) -> str:
        """What of the text will stay as it is, whatever follows."""
        return self._stops.certain(self._decoded().rstrip(CUT_CHARACTER))

    def _decoded(self) -> str:
        return self._tokenizer.decode(self._tokens or [], skip_special_tokens=True)

    def note(self, options: Any, ends: set[int]) -> None:
        """How many tokens, how quick, and which seed gives them again.

        `ends`: the tokens with which the model ends by itself.
        """
        new_tokens = self._tokens or []
        count = len(new_tokens)
        cut = count >= self._room and not self._stopped and ends.isdisjoint(new_tokens[-1:])
        sentences = [
            Message.plural(
                "{count:,} token, {rate:.1f} per second.",
                "{count:,} tokens, {rate:.1f} per second.",
                count=count,
                rate=self._per_second(),
            )
        ]
        if cut:
            sentences.append(Message("It stopped at the limit of new tokens."))
        if options.temperature:
            sentences.append(Message("Seed {seed}.", seed=options.seed))
        self._watch.note(Message.join(sentences))
        self._watch.figures |= {"new_tokens": count, "cut": int(cut)}

    def _per_second(self) -> float:
        return len(self._tokens or []) / max(self._computing, 1e-6)
