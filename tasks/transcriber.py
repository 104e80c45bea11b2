"""Calling a speech pipeline window by window: Whisper of any kind, and models that are not.

The languages that Whisper knows, by its own codes; Cantonese since large-v3 only.

Source: the language tokens of https://huggingface.co/openai/whisper-large-v3.
"""

import re
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.generation import generation
from tasks.languages import FIND_OUT, language_code
from tasks.media import AUDIO_RATE

# fmt: off
LANGUAGES: tuple[tuple[str, Message], ...] = (
    ("en", Message("English")), ("zh", Message("Chinese")), ("af", Message("Afrikaans")),
    ("sq", Message("Albanian")), ("am", Message("Amharic")), ("ar", Message("Arabic")),
    ("hy", Message("Armenian")), ("as", Message("Assamese")), ("az", Message("Azerbaijani")),
    ("ba", Message("Bashkir")), ("eu", Message("Basque")), ("be", Message("Belarusian")),
    ("bn", Message("Bengali")), ("bs", Message("Bosnian")), ("br", Message("Breton")),
    ("bg", Message("Bulgarian")), ("ca", Message("Catalan")), ("hr", Message("Croatian")),
    ("cs", Message("Czech")), ("da", Message("Danish")), ("nl", Message("Dutch")),
    ("et", Message("Estonian")), ("fo", Message("Faroese")), ("fi", Message("Finnish")),
    ("fr", Message("French")), ("gl", Message("Galician")), ("ka", Message("Georgian")),
    ("de", Message("German")), ("el", Message("Greek")), ("gu", Message("Gujarati")),
    ("ht", Message("Haitian Creole")), ("ha", Message("Hausa")), ("haw", Message("Hawaiian")),
    ("he", Message("Hebrew")), ("hi", Message("Hindi")), ("hu", Message("Hungarian")),
    ("is", Message("Icelandic")), ("id", Message("Indonesian")), ("it", Message("Italian")),
    ("ja", Message("Japanese")), ("jw", Message("Javanese")), ("kn", Message("Kannada")),
    ("kk", Message("Kazakh")), ("km", Message("Khmer")), ("ko", Message("Korean")),
    ("lo", Message("Lao")), ("la", Message("Latin")), ("lv", Message("Latvian")),
    ("ln", Message("Lingala")), ("lt", Message("Lithuanian")), ("lb", Message("Luxembourgish")),
    ("mk", Message("Macedonian")), ("mg", Message("Malagasy")), ("ms", Message("Malay")),
    ("ml", Message("Malayalam")), ("mt", Message("Maltese")), ("mi", Message("Maori")),
    ("mr", Message("Marathi")), ("mn", Message("Mongolian")), ("my", Message("Myanmar")),
    ("ne", Message("Nepali")), ("no", Message("Norwegian")), ("nn", Message("Nynorsk")),
    ("oc", Message("Occitan")), ("ps", Message("Pashto")), ("fa", Message("Persian")),
    ("pl", Message("Polish")), ("pt", Message("Portuguese")), ("pa", Message("Punjabi")),
    ("ro", Message("Romanian")), ("ru", Message("Russian")), ("sa", Message("Sanskrit")),
    ("sr", Message("Serbian")), ("sn", Message("Shona")), ("sd", Message("Sindhi")),
    ("si", Message("Sinhala")), ("sk", Message("Slovak")), ("sl", Message("Slovenian")),
    ("so", Message("Somali")), ("es", Message("Spanish")), ("su", Message("Sundanese")),
    ("sw", Message("Swahili")), ("sv", Message("Swedish")), ("tl", Message("Tagalog")),
    ("tg", Message("Tajik")), ("ta", Message("Tamil")), ("tt", Message("Tatar")),
    ("te", Message("Telugu")), ("th", Message("Thai")), ("bo", Message("Tibetan")),
    ("tr", Message("Turkish")), ("tk", Message("Turkmen")), ("uk", Message("Ukrainian")),
    ("ur", Message("Urdu")), ("uz", Message("Uzbek")), ("vi", Message("Vietnamese")),
    ("cy", Message("Welsh")), ("yi", Message("Yiddish")), ("yo", Message("Yoruba")),
    ("yue", Message("Cantonese")),
)
# fmt: on

# For pydantic one of the codes; a type checker cannot evaluate a Literal that is computed.
if TYPE_CHECKING:
    LanguageCode = str
else:
    LanguageCode = Literal[tuple(code for code, _ in LANGUAGES)]

# Of transformers' own list (TO_LANGUAGE_CODE), and codes that other lists have.
ALIASES = {
    **{"burmese": "my", "valencian": "ca", "flemish": "nl", "haitian": "ht", "pushto": "ps"},
    **{"letzeburgesch": "lb", "panjabi": "pa", "moldavian": "ro", "moldovan": "ro"},
    **{"sinhalese": "si", "castilian": "es", "mandarin": "zh", "jv": "jw", "nb": "no"},
    **{"fil": "tl", "iw": "he", "zh-yue": "yue", "cmn": "zh"},
    **{"nob": "no", "nor": "no", "nno": "nn", "tgl": "tl", "bokmål": "no", "bokmal": "no"},
    **{"华语": "zh", "華語": "zh", "国语": "zh", "國語": "zh", "漢語": "zh", "普通話": "zh"},
    **{"粤语": "yue", "粵語": "yue", "广东话": "yue", "廣東話": "yue"},
}
RATE = AUDIO_RATE  # what Whisper and nearly every other speech model was trained on
PROMPT_TOKENS = 8  # what Whisper's answers begin with takes four


def spoken_code(language: object) -> object:
    """A language however it is called ("english", "EN", "en-US", "<|en|>") -> Whisper's code.

    None for what means "find out"; what is unknown stays as it is.
    """
    if not isinstance(language, str):
        return language
    name = language.strip().strip("<|>").lower().replace("_", "-")
    if name in FIND_OUT:
        return None
    codes = {code: code for code, _ in LANGUAGES}
    spellings = {**codes, **{english.lower(): code for code, english in LANGUAGES}, **ALIASES}
    head = name.partition("-")[0]
    if name in spellings or head in spellings:
        return spellings.get(name) or spellings[head]
    try:
        plain = str(language_code(name)).partition("-")[0]
    except ValueError:
        plain = ""
    words = re.findall(r"\w+", name)  # "Brazilian Portuguese", "English (US)"
    return spellings.get(plain) or next((spellings[w] for w in words if w in spellings), language)


def generate_arguments(options: Any) -> dict[str, Any]:
    """What programs asked for beyond language, task and beams, as `generate` takes it."""
    names = {"max_new_tokens", "min_new_tokens", "temperature"}
    arguments = generation(options) | options.model_dump(include=names, exclude_none=True)
    if options.do_sample and options.temperature != 0:
        return arguments
    return {
        name: value for name, value in arguments.items() if name not in ("do_sample", "temperature")
    }


class Transcriber:
    """One request's way of calling the pipeline, for each of its windows.

    `options`: those of automatic-speech-recognition. Raises BadInput for what the model cannot do.
    """

    def __init__(self, pipe: Any, options: Any, watch: Watch) -> None:
        self.pipe = pipe
        self.watch = watch
        self.times = options.return_timestamps
        self.tokens, self.ended = 0, True  # of the window at hand, so far
        self.whisper = pipe.type == "seq2seq_whisper"
        config = getattr(pipe.model, "generation_config", None)
        self.language_ids = getattr(config, "lang_to_id", None) or {}
        self.options = options
        self.language = options.language
        if self.whisper and self.language and f"<|{self.language}|>" not in self.language_ids:
            self._refuse_language()
        if options.task == "translate" and not self.language_ids:
            raise BadInput(
                Message("This model writes what is said and cannot translate."),
                Message("Choose a multilingual Whisper, or “Write what is said”."),
            )
        if not self.whisper and (options.language or options.num_beams > 1):
            watch.note(
                Message("This model has no choice of language or beams: they were left aside.")
            )

    def transcribe(self, samples: np.ndarray) -> dict:
        """`samples`: float32 mono at 16 kHz, shape (n,)."""
        rate = self.pipe.feature_extractor.sampling_rate
        if rate != RATE:
            import soxr

            samples = soxr.resample(samples, RATE, rate)
        if not self.whisper:  # CTC models write words only, and take no generation options
            times = "word" if self.times and self.pipe.type.startswith("ctc") else None
            return self.pipe({"raw": samples, "sampling_rate": rate}, return_timestamps=times)
        if self.language_ids and self.language is None:
            self.language = self._detect_language(samples, rate)
        model, generation = self.pipe.model, self._generation()
        self.tokens, self.ended = 0, True
        attention = model.config._attn_implementation
        try:
            transcript = self.pipe(
                {"raw": samples, "sampling_rate": rate},
                return_timestamps=self.times,
                generate_kwargs=generation,
            )
            self._note_cut(generation)
            return transcript
        finally:
            # For times of words generate() turns to slower attention, and would leave it so.
            if model.config._attn_implementation != attention:
                model.set_attn_implementation(attention)

    def _generation(self) -> dict[str, Any]:
        """Beams are always said, since the pipeline's own default is five (transformers 5)."""
        arguments: dict[str, Any] = {
            "num_beams": self.options.num_beams,
            "do_sample": False,
            "stopping_criteria": [self._count],
            **generate_arguments(self.options),
        }
        config = self.pipe.model.generation_config
        # Else Whisper leaves out a first clause now and then, up to a second long, and says that
        # the speech begins after it. What comes here begins with sound.
        if self.times and getattr(config, "max_initial_timestamp_index", None) is not None:
            arguments["max_initial_timestamp_index"] = 0
        if "max_new_tokens" in arguments:  # with the prompt it must fit what the decoder holds
            room = self.pipe.model.config.max_target_positions - PROMPT_TOKENS
            arguments["max_new_tokens"] = min(arguments["max_new_tokens"], room)
        if self.language_ids:  # models for English alone take neither
            arguments |= {"task": self.options.task, "language": self.language}
        return arguments

    def _count(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        """A stopping criterion that ends nothing, but raises Cancelled after Stop."""
        import torch

        self.watch.check()
        self.tokens += 1
        ends = self.pipe.model.generation_config.eos_token_id
        self.ended = int(input_ids[0, -1]) == (ends if isinstance(ends, int) else ends[0])
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)

    def _note_cut(self, generation: dict[str, Any]) -> None:
        """Note that the text of a window had to stop; the best of several beams may have ended."""
        most = generation.get("max_new_tokens")
        if self.ended or (self.options.num_beams > 1 and self.tokens != most):
            return
        allows_more = most and most == self.options.max_new_tokens
        self.watch.note(
            Message(
                "The text of up to 30 s was cut at {tokens:,} tokens: max_new_tokens allows more.",
                tokens=self.tokens,
            )
            if allows_more
            else Message(
                "The text of up to 30 s was cut at {tokens:,} tokens: this model writes no more.",
                tokens=self.tokens,
            )
        )

    def _detect_language(self, samples: np.ndarray, rate: int) -> str:
        """The language of the first speech: all windows then share it, or Whisper may switch."""
        features = self.pipe.feature_extractor(samples, sampling_rate=rate, return_tensors="pt")
        language_ids = self.pipe.model.detect_language(
            features.input_features.to(self.pipe.model.device, self.pipe.model.dtype)
        )
        detected = int(language_ids[0])
        token = next(name for name, number in self.language_ids.items() if number == detected)
        code = token.strip("<|>")
        self.watch.note(
            Message("Language heard: {language}.", language=dict(LANGUAGES).get(code, code))
        )
        return code

    def _refuse_language(self) -> None:
        name = dict(LANGUAGES)[self.language]
        if self.language_ids:
            raise BadInput(
                Message("This model does not know {language}.", language=name),
                Message("Choose another model or language."),
            )
        if self.language != "en":
            raise BadInput(
                Message("This model knows English only, not {language}.", language=name),
                Message("Choose another model."),
            )
