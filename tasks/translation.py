"""translation: lines of text in another language, long ones sentence by sentence."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.catalogue import Model
from runtime.device import Device
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.base import Choices, Inputs, Limits, Options, Task
from tasks.languages import LANGUAGES, known_codes, language_name, own_code
from tasks.loading import load_pipeline
from tasks.passages import Passage, join, split
from tasks.reading import strings
from tasks.stopping import stopping_criteria, was_cut
from tasks.text import most_tokens, refuse_unusable_text

BATCH = 8  # sentences
PAIR = 2  # languages of a model that translates the first into the second
# Where a sentence's translation ends at the latest: a model that repeats itself goes on for ever.
LONGEST, AT_LEAST = 3, 24  # times the tokens of the sentence, and some more
LETTERLESS = "There is nothing to translate in this: no word of any language."

Language = Annotated[
    Literal[tuple(code for _, code, _ in LANGUAGES)] | None,
    Choices((("As the model has it", None), *((name, code) for name, code, _ in LANGUAGES))),
]
Answer = list[dict[str, str]]


class Translated(TypedDict):
    translation_text: str


class TranslationInputs(Inputs):
    text: str | list[str]


class TranslationOptions(Options):
    src_lang: Language = Field(
        None, title="From", description="For models of many languages; others have one pair."
    )
    tgt_lang: Language = Field(None, title="Into", description="Likewise.")
    num_beams: int = Field(
        4, ge=1, le=8, title="Beams", description="More is slower and mostly better."
    )


@dataclass(frozen=True)
class _Line:
    """A line of one of the texts; `passages` are what the model reads of it, sentence by sentence.

    `number` counts from 1 and `text` from 0.
    """

    text: int
    number: int
    passages: list[Passage]


class Translation(Task):
    id = "translation"
    pipeline_class = "tasks.pipelines.translation.TranslationPipeline"
    inputs = TranslationInputs
    options = TranslationOptions
    answer_shape = list[Translated]

    def texts(self, inputs: TranslationInputs) -> Iterator[str]:
        """Line by line, as they are translated."""
        return (line for text in strings([inputs.text]) for line in text.splitlines())

    def languages_read(self, model: Model, options: TranslationOptions) -> Sequence[str]:
        """Of a row with two languages the first; else what “From” says."""
        if len(model.languages) == PAIR:
            return model.languages[:1]
        return [options.src_lang] if options.src_lang else super().languages_read(model, options)

    def languages_written(self, model: Model, options: TranslationOptions) -> Sequence[str]:
        if len(model.languages) == PAIR:
            return model.languages[1:]
        return [options.tgt_lang] if options.tgt_lang else ()

    def prepare(
        self, inputs: TranslationInputs, options: Any, limits: Limits, watch: Watch
    ) -> str | list[str]:
        refuse_unusable_text(inputs.text, limits)
        if not any(map(str.isalpha, "".join(inputs.text))):
            raise BadInput(LETTERLESS, "Type a sentence, or click an example.")
        if options.src_lang and options.src_lang == options.tgt_lang:
            raise BadInput(
                f"From and Into are both {language_name(options.src_lang)}.",
                "Choose two different languages.",
            )
        return inputs.text

    def load(self, folder: Path, device: Device) -> Any:
        from tasks.pipelines.translation import TranslationPipeline

        return load_pipeline(self.id, folder, device, TranslationPipeline)

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        given = options.model_dump(include={"src_lang", "tgt_lang"}, exclude_none=True)
        return given | {"num_beams": options.num_beams, "do_sample": False}

    def steps(
        self, pipe: Any, prepared: str | list[str], options: Any, watch: Watch
    ) -> Generator[Answer, None, Answer]:
        """`[{"translation_text": str}]`, with a line for each line of the text; one per text.

        A step is some sentences; what it yields ends with the last whole line.
        """
        call = self.pipeline_call(options)
        _fit_languages(pipe.tokenizer, call, watch)
        texts = [prepared] if isinstance(prepared, str) else prepared
        lines = _lines(pipe, texts, options, watch)
        sentences = [(line, passage) for line in lines for passage in line.passages]
        said: list[str] = []
        for start in range(0, len(sentences), BATCH):
            if len(sentences) > 1:
                watch.report("Translating", start, len(sentences), "sentences")
            batch = sentences[start : start + BATCH]
            said += _translated(pipe, batch, call, len(texts), watch)
            if len(said) < len(sentences):
                yield _answer(lines, said, len(texts))
        return _answer(lines, said, len(texts))

    def reshaped(self, reply: Any, inputs: TranslationInputs, options: Any) -> Any:
        """huggingface_hub's client takes it out of the list; batches may come as lists of one."""
        if isinstance(reply, dict):
            return [reply]
        if isinstance(reply, list):
            return [one[0] if isinstance(one, list) and len(one) == 1 else one for one in reply]
        return reply

    def joined(self, answers: list[Answer]) -> Answer:
        return [one for answer in answers for one in answer]


def _fit_languages(tokenizer: Any, call: dict[str, Any], watch: Watch) -> None:
    """Take out of `call` what the model cannot be told. Raises BadInput for a missing language."""
    codes = known_codes(tokenizer)
    told = [key for key in ("src_lang", "tgt_lang") if key in call]
    if not codes:
        if told:
            watch.note("This model has one pair of languages: “From” and “Into” change nothing.")
        for key in told:
            del call[key]
        return
    both = hasattr(tokenizer, "_build_translation_inputs")
    if both and len(told) < 2:
        raise BadInput(
            f"This model knows {len(codes)} languages and has to be told which two are meant.",
            "Choose “From” and “Into” under Options.",
        )
    for key in told if both else {"tgt_lang"}.intersection(told):
        if own_code(codes, call[key]) is None:
            known = [name for name, code, _ in LANGUAGES if own_code(codes, code)]
            raise BadInput(
                f"This model does not know {language_name(call[key])}.",
                f"It knows {', '.join(known) or ', '.join(sorted(codes))}. Choose another model "
                "for this pair.",
            )


def _lines(pipe: Any, texts: list[str], options: Any, watch: Watch) -> list[_Line]:
    """The texts' lines, empty ones too."""
    most = most_tokens(pipe) - 4  # room for what says the languages
    if pipe.prefix:
        most -= len(pipe.tokenizer(pipe.prefix)["input_ids"])
    language = (options.src_lang or "en").partition("-")[0]
    lines = [
        _Line(place, number, split(line, pipe.tokenizer, most, "sentence", language))
        for place, text in enumerate(texts)
        for number, line in enumerate(text.splitlines(), start=1)
    ]
    cut = [passage for line in lines for passage in line.passages if passage.cut]
    if cut:
        watch.note(
            f"Sentences of more than {most:,} tokens are more than the model reads at once: they "
            f"were cut in {len(cut)} places and translated part by part."
        )
    return lines


def _translated(
    pipe: Any, batch: list[tuple[_Line, Passage]], call: dict[str, Any], texts: int, watch: Watch
) -> list[str]:
    """The sentences of `batch` in the other language; notes those whose end was not reached."""
    longest = max(len(pipe.tokenizer(passage.text)["input_ids"]) for _, passage in batch)
    most = min(LONGEST * longest + AT_LEAST, most_tokens(pipe) - 1)
    records = pipe(
        [passage.text for _, passage in batch],
        batch_size=len(batch),
        max_new_tokens=most,
        return_tensors=True,
        return_text=True,
        stopping_criteria=stopping_criteria(watch),
        **call,
    )
    for (line, _), record in zip(batch, records, strict=True):
        if was_cut(record["translation_token_ids"], most, pipe.tokenizer.pad_token_id):
            where = (
                f"text {line.text + 1}, line {line.number}" if texts > 1 else f"line {line.number}"
            )
            watch.note(f"The translation of a sentence in {where} was stopped at {most:,} tokens.")
    return [" ".join(record["translation_text"].split()) for record in records]


def _answer(lines: list[_Line], said: list[str], texts: int) -> Answer:
    """What has been said so far, put together again, up to the last whole line."""
    whole: list[list[str]] = [[] for _ in range(texts)]
    start = 0
    for line in lines:
        end = start + len(line.passages)
        if end > len(said):
            break
        whole[line.text].append(join(said[start:end], line.passages))
        start = end
    return [{"translation_text": "\n".join(text)} for text in whole]


TASK = Translation()
