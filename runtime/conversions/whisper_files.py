"""The settings that stand beside Whisper's weights in a Transformers folder.

What differs between checkpoints is read from the files that came with the weights; what is the
same for every multilingual Whisper follows OpenAI's `whisper/audio.py` and `whisper/decoding.py`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from runtime.conversions.ctranslate2 import damaged

_SAMPLE_RATE, _WINDOW_SECONDS, _HOP = 16_000, 30, 160


@dataclass(frozen=True)
class Vocabulary:
    """The token texts in the order of their ids."""

    tokens: list[str]

    @classmethod
    def read(cls, path: Path) -> Self:
        tokens = _read_json(path)
        if not isinstance(tokens, list):
            raise damaged(f"{path.name} is not a list of tokens")
        return cls(tokens)

    def id(self, text: str) -> int:
        try:
            return self.tokens.index(text)
        except ValueError as error:
            raise damaged(f"the vocabulary lacks {text}") from error

    @property
    def control(self) -> list[str]:
        """From the end of text to the switch for timestamps: never part of a transcript."""
        return self.tokens[self.id("<|endoftext|>") : self.id("<|notimestamps|>") + 1]


def write_settings(
    target: Path, vocabulary: Vocabulary, hints: Path, sizes: dict[str, int]
) -> None:
    """Write the JSON files for a model of these `sizes` (names as in `WhisperConfig`).

    `hints` is CTranslate2's config.json: the languages, alignment heads and suppressed tokens.
    """
    settings = _read_json(hints)
    files = {
        "config.json": _config(vocabulary, sizes),
        "generation_config.json": _generation(vocabulary, settings, sizes),
        "preprocessor_config.json": _features(sizes["num_mel_bins"]),
        "tokenizer_config.json": _tokenizer(vocabulary),
    }
    for name, content in files.items():
        (target / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise damaged(f"{path.name} cannot be read") from error


def _ends(vocabulary: Vocabulary) -> dict[str, int]:
    end = vocabulary.id("<|endoftext|>")
    return {
        "bos_token_id": end,
        "eos_token_id": end,
        "pad_token_id": end,
        "decoder_start_token_id": vocabulary.id("<|startoftranscript|>"),
    }


def _config(vocabulary: Vocabulary, sizes: dict[str, int]) -> dict[str, Any]:
    return {
        "architectures": ["WhisperForConditionalGeneration"],
        "model_type": "whisper",
        "activation_function": "gelu",
        "scale_embedding": False,
        "tie_word_embeddings": True,
        # Stored in half precision to save disk; CPUs without such arithmetic are slower in it.
        "dtype": "float32",
        **sizes,
        **_ends(vocabulary),
    }


def _generation(
    vocabulary: Vocabulary, settings: dict[str, Any], sizes: dict[str, int]
) -> dict[str, Any]:
    try:
        languages = {vocabulary.tokens[index]: index for index in settings["lang_ids"]}
        chosen = {
            "lang_to_id": languages,
            "alignment_heads": settings["alignment_heads"],
            "suppress_tokens": settings["suppress_ids"],
            "begin_suppress_tokens": settings["suppress_ids_begin"],
        }
    except (KeyError, IndexError, TypeError) as error:
        raise damaged("config.json does not describe a multilingual Whisper") from error
    return {
        **_ends(vocabulary),
        **chosen,
        "task_to_id": {task: vocabulary.id(f"<|{task}|>") for task in ("transcribe", "translate")},
        "no_timestamps_token_id": vocabulary.id("<|notimestamps|>"),
        "prev_sot_token_id": vocabulary.id("<|startofprev|>"),
        "is_multilingual": True,
        "max_length": sizes["max_target_positions"],
        # The first timestamp may be 1 s in at most: 50 steps of 20 ms.
        "max_initial_timestamp_index": 50,
        "return_timestamps": False,
        # Written out so that the ASR pipeline's own five beams do not apply, and so that a
        # prompt without a task, which can repeat one word for ever, is never sent.
        "num_beams": 1,
        "task": "transcribe",
    }


def _features(mel_bins: int) -> dict[str, Any]:
    samples = _SAMPLE_RATE * _WINDOW_SECONDS
    return {
        "feature_extractor_type": "WhisperFeatureExtractor",
        "processor_class": "WhisperProcessor",
        "feature_size": mel_bins,
        "sampling_rate": _SAMPLE_RATE,
        "hop_length": _HOP,
        "n_fft": 400,
        "chunk_length": _WINDOW_SECONDS,
        "n_samples": samples,
        "nb_max_frames": samples // _HOP,
        "padding_side": "right",
        "padding_value": 0.0,
        "return_attention_mask": False,
    }


def _tokenizer(vocabulary: Vocabulary) -> dict[str, Any]:
    end, *others = vocabulary.control
    return {
        "tokenizer_class": "WhisperTokenizer",
        "processor_class": "WhisperProcessor",
        "bos_token": end,
        "eos_token": end,
        "unk_token": end,
        "pad_token": end,
        # In the order of the ids: the tokenizer takes the last one's successor for 0.00 s.
        "additional_special_tokens": others,
        "model_max_length": 1024,
    }
