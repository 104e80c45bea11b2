"""translation: lines of text in another language, long ones sentence by sentence."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.catalogue import Model
from runtime.device import Device
from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import Choices, ForPrograms, Inputs, Limits, Task
from tasks.generation import (
    READ_IN_PARTS,
    TEXTS,
    GenerationOptions,
    fixed_seed,
    generation,
    stopping_criteria,
    was_cut,
)
from tasks.json_values import Json
from tasks.languages import (
    LANGUAGES,
    code_for_language,
    language_code,
    language_name,
    language_tokens,
)
from tasks.layout import Piece, fill, lay_out, list_sentences
from tasks.lost_numbers import note_missing
from tasks.model_loading import load_pipeline
from tasks.parameters import OnlyValues
from tasks.passages import split
from tasks.reading import strings
from tasks.text import most_tokens, refuse_unusable_text, without_invisible
from tasks.wordless import find_parts

BATCH = 8  # sentences
PAIR = 2  # languages of a model that translates the first into the second
# Where a sentence's translation ends at the latest: a model that repeats itself goes on for ever.
LONGEST, AT_LEAST = 3, 24  # times the tokens of the sentence, and some more
WORDLESS = Message("There are no words in this: it is given back as it is.")

LanguageCode = Annotated[
    str | None,
    BeforeValidator(language_code),
    Choices(
        ((Message("As the model has it"), None), *((name, code) for name, code, _ in LANGUAGES))
    ),
]
Translations = list[dict[str, str]]


class Translated(TypedDict):
    translation_text: str


class TranslationInputs(Inputs):
    text: str | list[str]


class TranslationOptions(GenerationOptions):
    src_lang: LanguageCode = Field(
        None,
        title=Message("From"),
        description=Message("For models of many languages; others have one pair."),
    )
    tgt_lang: LanguageCode = Field(None, title=Message("Into"), description=Message("Likewise."))
    num_beams: int = Field(
        4,
        ge=1,
        le=8,
        title=Message("Beams"),
        description=Message("More is slower and mostly better."),
    )
    max_new_tokens: Annotated[
        int | None, ForPrograms("the most tokens of a sentence's translation"), Field(ge=1)
    ] = None
    temperature: Annotated[
        float | None, ForPrograms("with do_sample: more gives variety"), Field(ge=0.01, le=2)
    ] = None


@dataclass(frozen=True)
class _Sentence:
    """`piece` of the text of that number, from 0."""

    text: int
    piece: Piece


class Translation(Task):
    id = "translation"
    pipeline_class = "tasks.pipelines.translation.TranslationPipeline"
    inputs = TranslationInputs
    options = TranslationOptions
    answer_shape = list[Translated]
    parameters = {
        **TEXTS,
        **READ_IN_PARTS,
        "min_length": OnlyValues((0,), "a translation is as long as it needs"),
        "min_new_tokens": OnlyValues((0,), "a translation is as long as it needs"),
    }

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
        refuse_unusable_text(inputs.text, limits, empty_items=True)
        if options.src_lang and options.src_lang == options.tgt_lang:
            raise BadInput(
                Message(
                    "From and Into are both {language}.", language=language_name(options.src_lang)
                ),
                Message("Choose two different languages."),
            )
        return inputs.text

    def load(self, folder: Path, device: Device) -> Any:
        from tasks.pipelines.translation import TranslationPipeline

        return load_pipeline(self.id, folder, device, TranslationPipeline)

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        names = {"src_lang", "tgt_lang", "max_new_tokens", "temperature"}
        arguments = options.model_dump(include=names, exclude_none=True)
        return arguments | {"num_beams": options.num_beams, **generation(options)}

    def without_model(self, prepared: str | list[str], options: Any, watch: Watch) -> Any:
        """Texts without words, as they are."""
        texts = _texts(prepared)
        if not all(part.copied for text in texts for part in find_parts(text)):
            return None
        watch.note(WORDLESS)
        return [{"translation_text": text} for text in texts]

    def steps(
        self, pipe: Any, prepared: str | list[str], options: Any, watch: Watch
    ) -> Generator[Translations, None, Translations]:
        """`[{"translation_text": str}]`, one per text, with its lines and all that has no words.

        A step is some sentences; what it yields ends with the last whole line.
        """
        if (unchanged := self.without_model(prepared, options, watch)) is not None:
            return unchanged
        call = self.pipeline_call(options)
        _fit_languages(pipe.tokenizer, call, watch)
        texts = _lay_out_texts(pipe, _texts(prepared), options, watch)
        sentences = [
            _Sentence(n, piece) for n, text in enumerate(texts) for piece in list_sentences(text)
        ]
        answers: list[str] = []
        for start in range(0, len(sentences), BATCH):
            if len(sentences) > 1:
                watch.report(Message("Translating"), start, len(sentences), Message("sentences"))
            batch = sentences[start : start + BATCH]
            with fixed_seed(options):
                answers += _translate(pipe, batch, call, len(texts), watch)
            if len(answers) < len(sentences):
                yield _answer(texts, answers)
        _check_numbers(sentences, answers, _target(pipe, options), watch)
        return _answer(texts, answers)

    def remark(self, inputs: TranslationInputs, answer: Translations, watch: Watch) -> None:
        pairs = zip(_texts(inputs.text), answer, strict=False)
        note_missing([(text, row["translation_text"]) for text, row in pairs], None, watch)

    def normalize_reply(self, reply: Json, inputs: TranslationInputs, options: Any) -> Any:
        """huggingface_hub's client takes it out of the list; batches may come as lists of one."""
        if isinstance(reply, dict):
            return [reply]
        if isinstance(reply, list):
            return [row[0] if isinstance(row, list) and len(row) == 1 else row for row in reply]
        return reply

    def join_replies(self, replies: list[Translations]) -> Translations:
        return [row for reply in replies for row in reply]


def _fit_languages(tokenizer: Any, call: dict[str, Any], watch: Watch) -> None:
    """Take out of `call` what the model cannot be told. Raises BadInput for a missing language."""
    codes = language_tokens(tokenizer)
    keys = [key for key in ("src_lang", "tgt_lang") if key in call]
    if not codes:
        if keys:
            watch.note(
                Message("This model has one pair of languages: “From” and “Into” change nothing.")
            )
        for key in keys:
            del call[key]
        return
    needs_both = hasattr(tokenizer, "_build_translation_inputs")
    if needs_both and len(keys) < 2:
        raise BadInput(
            Message(
                "This model knows {count} languages and has to be told which two are meant.",
                count=len(codes),
            ),
            Message("Choose “From” and “Into” under Options."),
        )
    for key in keys if needs_both else {"tgt_lang"}.intersection(keys):
        if code_for_language(codes, call[key]) is None:
            names = [name for name, code, _ in LANGUAGES if code_for_language(codes, code)]
            raise BadInput(
                Message("This model does not know {language}.", language=language_name(call[key])),
                Message(
                    "It knows {languages}. Choose another model for this pair.",
                    languages=Message.join(names or sorted(codes), ", "),
                ),
            )


def _texts(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text


def _lay_out_texts(pipe: Any, texts: list[str], options: Any, watch: Watch) -> list[list[Piece]]:
    """What each of the texts is made of."""
    most = most_tokens(pipe) - 4  # room for what says the languages
    if pipe.prefix:
        most -= len(pipe.tokenizer(pipe.prefix)["input_ids"])
    language = (options.src_lang or "en").partition("-")[0]
    by_sentence = partial(
        split, tokenizer=pipe.tokenizer, most=most, within="sentence", language=language
    )
    laid_out = [lay_out(text, by_sentence) for text in texts]
    if cut := sum(piece.cut for text in laid_out for piece in text):
        watch.note(
            Message(
                "Sentences of more than {most:,} tokens are more than the model reads at once: "
                "they were cut in {cut} places and translated part by part.",
                most=most,
                cut=cut,
            )
        )
    return laid_out


def _translate(
    pipe: Any, batch: list[_Sentence], call: dict[str, Any], texts: int, watch: Watch
) -> list[str]:
    """The sentences of `batch` in the other language; notes those whose end was not reached."""
    sources = [without_invisible(sentence.piece.text) for sentence in batch]
    longest = max(len(pipe.tokenizer(text)["input_ids"]) for text in sources)
    most = min(LONGEST * longest + AT_LEAST, most_tokens(pipe) - 1)
    most = min(call.get("max_new_tokens", most), most)
    records = pipe(
        sources,
        batch_size=len(batch),
        return_tensors=True,
        return_text=True,
        stopping_criteria=stopping_criteria(watch),
        **call | {"max_new_tokens": most},
    )
    for sentence, record in zip(batch, records, strict=True):
        if was_cut(pipe, record["translation_token_ids"], most):
            place = Message("line {number}", number=sentence.piece.line)
            if texts > 1:
                place = Message("text {number}, {line}", number=sentence.text + 1, line=place)
            watch.note(
                Message(
                    "The translation of a sentence in {place} was stopped at {most:,} tokens.",
                    place=place,
                    most=most,
                )
            )
    return [" ".join(record["translation_text"].split()) for record in records]


def _answer(texts: list[list[Piece]], answers: list[str]) -> Translations:
    """The texts again with what has been translated so far, up to the last whole line."""
    whole, start = [], 0
    for text in texts:
        end = start + len(list_sentences(text))
        started = start < len(answers) or end == start <= len(answers)
        whole.append({"translation_text": fill(text, answers[start:end]) if started else ""})
        start = end
    return whole


def _check_numbers(
    sentences: list[_Sentence], answers: list[str], language: str | None, watch: Watch
) -> None:
    sources = [sentence.piece.text for sentence in sentences]
    note_missing(list(zip(sources, answers, strict=True)), language, watch)


def _target(pipe: Any, options: Any) -> str | None:
    """The language of the translation, if it is known; Marian's tokenizers tell."""
    return options.tgt_lang or getattr(pipe.tokenizer, "target_lang", None)


TASK = Translation()
