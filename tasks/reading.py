"""Whether a model reads the language that a text is in, as far as its script tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from runtime.catalogue import Model
from runtime.messages import Message
from tasks.languages import language_name
from tasks.scripts import SHARED, script_of, scripts_of

ANY = "multilingual"
MOST_TEXTS = 200  # looked at, whatever a request brings


@dataclass(frozen=True)
class Mismatch:
    """`sentence`: what a visitor should know of the answer; `scripts`: of all texts there are."""

    sentence: str
    scripts: frozenset[str]


class Reading:
    """The part of `tasks.base.Task` that knows which languages go in and come out."""

    def texts(self, inputs: Any) -> Iterator[str]:
        """What of the inputs is to be read: texts and lists of them, but no tables or files."""
        return strings(dict(inputs).values())

    def languages_read(self, model: Model, options: Any) -> Sequence[str]:
        """Codes of the languages that the model reads with these options; none for any."""
        return () if ANY in model.languages else model.languages

    def languages_written(self, model: Model, options: Any) -> Sequence[str]:
        """Codes of the languages that it writes, where they are others than it reads."""
        return ()

    def reads(self, model: Model, options: Any, scripts: frozenset[str]) -> bool:
        """Whether the model reads all of `scripts`; in doubt it does."""
        readable = _all_scripts(self.languages_read(model, options))
        return not readable or scripts <= readable

    def scripts(self, inputs: Any) -> frozenset[str]:
        """Those that the texts are plainly written in."""
        scripts = map(script_of, islice(self.texts(inputs), MOST_TEXTS))
        return frozenset(script for script in scripts if script)

    def mismatch(self, model: Model, inputs: Any, options: Any) -> Mismatch | None:
        """What does not fit; None where nothing is plainly wrong."""
        scripts = self.scripts(inputs)
        if self.reads(model, options, scripts):
            return None
        languages_in = self.languages_read(model, options)
        languages_out = self.languages_written(model, options)
        return Mismatch(_sentence(languages_in, languages_out, scripts), scripts)


def _sentence(
    languages_in: Sequence[str], languages_out: Sequence[str], scripts: frozenset[str]
) -> Message:
    name = name_of(languages_in[0])
    if len(languages_in) > 1:
        return Message(
            "This does not look like a language that this model reads: the answer means little."
        )
    if scripts & _all_scripts(languages_in):
        return Message(
            "Part of this does not look like {language}, the language that is read here: the "
            "answer "
            "means little there.",
            language=name,
        )
    if not languages_out:
        return Message(
            "This model reads {language}, and this does not look like it: the answer means little.",
            language=name,
        )
    if scripts <= _all_scripts(languages_out) - SHARED:
        other = name_of(languages_out[0])
        return Message(
            "This looks like {target} already, and is to be translated from {source} into "
            "{target}: "
            "the answer means little.",
            target=other,
            source=name,
        )
    return Message(
        "This is to be translated from {source}, and does not look like it: the answer means "
        "little.",
        source=name,
    )


def _all_scripts(languages: Sequence[str]) -> frozenset[str]:
    """The scripts of all of them; nothing where one's are not known."""
    script_sets = [scripts_of(language) for language in languages]
    return frozenset().union(*script_sets) if all(script_sets) else frozenset()


def strings(values: Any) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (text for text in value if isinstance(text, str))


def name_of(language: str) -> Message:
    """ "zh" -> "Chinese", without its own name for itself."""
    return Message(language_name(language).partition(" (")[0].partition(",")[0])
