"""A foreign model's files are read in a process first: if it survives, the app reads them too.

How much a foreign model may have itself asked for: beams, tokens, samples, pixels.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runtime.errors import ModelNotFound
from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import Task
from tasks.foreign.process import CHOOSE, ModelProcess
from tasks.model_loading import check_pipeline

# What generation_config.json (or config.json) may say. All else is left aside: caches and
# compilers, other algorithms, assistants, code of the model's own.
KEPT = (
    "bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id",
    "forced_bos_token_id", "forced_eos_token_id", "suppress_tokens", "begin_suppress_tokens",
    "bad_words_ids", "forced_decoder_ids", "do_sample", "temperature", "top_k", "top_p",
    "typical_p", "min_p", "repetition_penalty", "encoder_repetition_penalty", "length_penalty",
    "no_repeat_ngram_size", "early_stopping", "renormalize_logits", "remove_invalid_values",
    "use_cache", "num_beams", "max_length", "max_new_tokens", "min_length", "min_new_tokens",
    # Whisper's and other speech models'
    "lang_to_id", "task_to_id", "no_timestamps_token_id", "is_multilingual", "alignment_heads",
    "prev_sot_token_id", "max_initial_timestamp_index", "return_timestamps", "language", "task",
)  # fmt: skip
OF_THE_MODEL = "generation_config.json"
# A length is cut to what the page itself lets one ask for; anything else beyond is refused.
LENGTHS = ("max_length", "max_new_tokens", "min_length", "min_new_tokens")
MOST_TOKENS = 4096
MOST_GENERATION = {"num_beams": 16, "top_k": 100_000, "no_repeat_ngram_size": 100}
MOST_LISTED = {
    **{"bad_words_ids": 1000, "forced_decoder_ids": 1000, "alignment_heads": 1000},
    **{"suppress_tokens": 10_000, "begin_suppress_tokens": 10_000, "eos_token_id": 1000},
}

# Of a feature extractor: what decides how many samples, frames and numbers a recording becomes.
SOUND = {
    "sampling_rate": (4000, 48_000),
    "feature_size": (1, 1024),
    "num_mel_bins": (1, 1024),
    "n_fft": (1, 8192),
    "fft_length": (1, 8192),
    "hop_length": (40, 8192),
    "chunk_length": (1, 60),
    "chunk_length_s": (0, 60),
    "n_samples": (1, 60 * 48_000),
    "nb_max_frames": (1, 60 * 1000),
    "nb_max_samples": (1, 60 * 48_000),
    "max_length": (1, 60 * 48_000),
    "max_length_s": (1, 60),
    "pad_to_multiple_of": (1, 48_000),
    "stride": (1, 100),
}
# Of an image processor: pixels of an edge. Some keep a number of pixels under the same name, and
# an edge of a million cannot be allocated.
SIZES = ("size", "crop_size", "pad_size", "max_image_size")
LONGEST_EDGE, FEWEST_PIXELS = 8192, 1_000_000
MODULES = ("torch", "transformers", "tasks.foreign.inspection")
SECONDS = 20.0
LARGEST_FILE = 64_000_000  # bytes; the largest tokenizer.json in use has 34
LARGEST_HEADER = 16_000_000  # bytes; names and shapes of the tensors
LONGEST_TOKEN = 1000  # characters; the longest in use are lines of dashes and blanks

FILE_TOO_LARGE = Message(
    "The {file} of {model} has {size:,.0f} MB; up to {most:.0f} can be read here."
)
HEADER_TOO_LARGE = Message(
    "The {file} of {model} has a header of {size:,.0f} MB; up to {most:.0f} can be read here."
)


def limit_settings(pipe: Any, model_id: str) -> None:
    """Hold the settings of `pipe` to these limits. Raises ModelNotFound."""
    from transformers import GenerationConfig

    model = pipe.model
    if getattr(model, "generation_config", None) is not None:
        limited = _bound_generation(vars(model.generation_config), model_id, OF_THE_MODEL)
        model.generation_config = GenerationConfig(**limited)
    if hasattr(pipe, "generation_settings"):
        pipe.generation_settings = _bound_generation(
            pipe.generation_settings, model_id, "config.json"
        )
    for settings in _settings_of_media(pipe):
        for name, value, least, most in settings:
            if not least <= value <= most:
                raise _limit_error(model_id, "preprocessor_config.json", name, value, least, most)


def _bound_generation(settings: dict[str, Any], model_id: str, file: str) -> dict[str, Any]:
    """Those of `settings`, which `file` says, that are kept."""
    bounded = {name: settings[name] for name in KEPT if settings.get(name) is not None}
    for name in LENGTHS:
        if isinstance(bounded.get(name), int | float):
            bounded[name] = int(min(bounded[name], MOST_TOKENS))
    for name, most in MOST_GENERATION.items():
        if isinstance(bounded.get(name), int | float) and bounded[name] > most:
            raise _limit_error(model_id, file, name, bounded[name], 0, most)
    for name, most in MOST_LISTED.items():
        if isinstance(bounded.get(name), list) and len(bounded[name]) > most:
            raise _limit_error(model_id, file, name, len(bounded[name]), 0, most)
    return bounded


def _settings_of_media(pipe: Any) -> Iterator[Iterator[tuple[str, float, float, float]]]:
    processor = getattr(pipe, "processor", None)
    for name, settings in (("feature_extractor", _sound), ("image_processor", _image)):
        for holder in (pipe, processor):
            part = getattr(holder, name, None)
            if part is not None:
                yield settings(part)


def _sound(extractor: Any) -> Iterator[tuple[str, float, float, float]]:
    for name, (least, most) in SOUND.items():
        value = getattr(extractor, name, None)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield name, value, least, most


def _image(processor: Any) -> Iterator[tuple[str, float, float, float]]:
    settings = processor.to_dict()  # a size is an object of its own kind, and a dict there
    for name in SIZES:
        sizes = settings.get(name)
        sizes = sizes if isinstance(sizes, dict) else {"": sizes}
        for edge, value in sizes.items():
            if isinstance(value, int | float) and value < FEWEST_PIXELS:
                yield f"{name} {edge}".strip(), value, 0, LONGEST_EDGE


def _limit_error(
    model_id: str, file: str, name: str, value: float, least: float, most: float
) -> ModelNotFound:
    return ModelNotFound(
        Message(
            "The {file} of {model} says {name} = {value:,}; {least:,} to {most:,} can be "
            "used here.",
            file=file,
            model=model_id,
            name=name,
            value=value,
            least=least,
            most=most,
        ),
        CHOOSE,
    )


def inspect(task: Task, model_id: str, folder: Path, watch: Watch) -> None:
    """Raise ModelNotFound where the files, read, would take too much time or memory, or refuse.

    Files that cannot be read are left to the loading itself, which says why.
    """
    _refuse_large(model_id, folder)
    watch.report(Message("Checking the files of {model}", model=model_id))
    # Where memory is refused, transformers may go on in another way than later in the app.
    process = ModelProcess(model_id, MODULES, refusing=False)
    arguments = (task.id, task.pipeline_class, str(folder))
    limits: dict[str, Any] = {"objects": {}, "seconds": SECONDS, "watch": watch}
    try:
        refusal = process.run(Message("files of {model}"), check, *arguments, **limits)
    except RuntimeError:
        return
    finally:
        process.close()
    if refusal is not None:
        raise ModelNotFound(*map(Message.load, refusal))


def check(state: Any, task_id: str, pipeline_class: str | None, folder: str) -> list[Any] | None:
    """In the process: what is wrong and what to do, or None."""
    try:
        module, _, name = (pipeline_class or "").rpartition(".")
        pipeline = getattr(importlib.import_module(module), name) if module else None
        parts = check_pipeline(task_id, Path(folder), pipeline)
        for tokenizer in (parts.get("tokenizer"), getattr(parts.get("processor"), "tokenizer", 0)):
            if tokenizer:
                _refuse_long_tokens(tokenizer)
    except ModelNotFound as error:
        return [Message.dump(error.what), Message.dump(error.todo)]
    return None


def _refuse_large(model_id: str, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if path.suffix == ".safetensors":
            size, limit, part = _header(path), LARGEST_HEADER, HEADER_TOO_LARGE
        else:
            size, limit, part = path.stat().st_size, LARGEST_FILE, FILE_TOO_LARGE
        if size > limit:
            raise ModelNotFound(
                part.fill(file=path.name, model=model_id, size=size / 1e6, most=limit / 1e6),
                CHOOSE,
            )


def _header(weights: Path) -> int:
    """Bytes of it. Layout: https://github.com/huggingface/safetensors#format"""
    with weights.open("rb") as stream:
        return int.from_bytes(stream.read(8), "little")


def _refuse_long_tokens(tokenizer: Any) -> None:
    longest = max(map(len, tokenizer.get_vocab()), default=0)
    if longest > LONGEST_TOKEN:
        raise ModelNotFound(
            Message(
                "This model has a token of {longest:,} characters; up to {most:,} can be used "
                "here.",
                longest=longest,
                most=LONGEST_TOKEN,
            ),
            CHOOSE,
        )
