"""Whisper as CTranslate2 packs it -> a folder that Transformers loads.

The weights are copied block by block, so that neither torch nor numpy is needed and the memory
taken does not grow with the model.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from runtime.conversions.ctranslate2 import Parts, Variable, damaged, read_variables
from runtime.conversions.whisper_files import Vocabulary, write_settings
from runtime.conversions.whisper_layout import plan_arrays, read_dimensions
from runtime.messages import Message
from runtime.watch import Watch

_BLOCK = 1 << 20


def checksum(packages: Sequence[Path]) -> str:
    """The SHA-256, in hexadecimal, of the model file that the packages carry in parts.

    Raises `Unavailable` where a part is missing.
    """
    digest = hashlib.sha256()
    with Parts(_parts(packages)) as parts:
        for start in range(0, parts.size, _BLOCK):
            digest.update(parts.read(start, min(_BLOCK, parts.size - start)))
    return digest.hexdigest()


def convert(packages: Sequence[Path], target: Path, watch: Watch) -> None:
    """Write the Whisper that `packages` (their top folders, in order) carry into `target`.

    `pipeline("automatic-speech-recognition", model=str(target))` loads the result; without
    options it detects the language and transcribes greedily. What a failed or stopped conversion
    leaves in `target` is not a model: convert into a scratch folder and rename it.
    Raises `Unavailable` if the weights are incomplete or not a Whisper, `Cancelled` on Stop.
    """
    target.mkdir(parents=True, exist_ok=True)
    vocabulary = Vocabulary.read(_file(packages, "vocabulary.json"))
    tokenizer = _file(packages, "tokenizer.json")
    hints = _file(packages, "config.json")
    with Parts(_parts(packages)) as parts:
        variables = read_variables(parts, "WhisperSpec")
        write_settings(target, vocabulary, hints, read_dimensions(variables, parts))
        shutil.copyfile(tokenizer, target / "tokenizer.json")
        _write_weights(parts, list(plan_arrays(variables)), target / "model.safetensors", watch)


def _parts(packages: Sequence[Path]) -> list[Path]:
    paths = [path for top in packages for path in sorted(top.glob("data/model.bin.part*"))]
    if not paths:
        raise damaged("no part of the model file is there")
    return paths


def _file(packages: Sequence[Path], name: str) -> Path:
    for top in packages:
        if (path := top / "data" / name).is_file():
            return path
    raise damaged(f"{name} is missing")


def _write_weights(parts: Parts, arrays: list[Variable], path: Path, watch: Watch) -> None:
    """Write a safetensors file: uint64 length of the header, JSON header, the arrays' bytes.

    The format: https://github.com/huggingface/safetensors#format
    """
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    total = 0
    for array in arrays:
        place = [total, total + array.nbytes]
        header[array.name] = {"dtype": array.dtype, "shape": array.shape, "data_offsets": place}
        total += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # the arrays have to start at a multiple of 8
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        done = 0
        for array in arrays:
            watch.report(Message("Converting Whisper"), done, total, "bytes")
            _copy(parts, array, file)
            done += array.nbytes
    watch.report(Message("Converting Whisper"), total, total, "bytes")


def _copy(parts: Parts, array: Variable, file: BinaryIO) -> None:
    end = array.offset + array.nbytes
    for start in range(array.offset, end, _BLOCK):
        file.write(parts.read(start, min(_BLOCK, end - start)))
