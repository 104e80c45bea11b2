"""A GGUF file that packages carry, whole or in parts -> a folder that Transformers loads.

GGUF is llama.cpp's format; the package `gguf` reads it. Its quantised weights become bfloat16 ones
once, because doing so at each start takes minutes.
"""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from runtime.conversions.ctranslate2 import Parts, damaged
from runtime.messages import Message
from runtime.watch import Watch

_BLOCK = 1 << 20
_MAGIC = b"GGUF"


def checksum(packages: Sequence[Path]) -> str:
    """The SHA-256, in hexadecimal, of the file that the packages carry in parts, in their order.

    Raises `Unavailable` where there is no part.
    """
    digest = hashlib.sha256()
    with Parts(_parts(packages)) as parts:
        for start in range(0, parts.size, _BLOCK):
            digest.update(parts.read(start, min(_BLOCK, parts.size - start)))
    return digest.hexdigest()


def convert(packages: Sequence[Path], target: Path, watch: Watch) -> None:
    """Write the causal language model that `packages` carry into `target`.

    What a failed or stopped conversion leaves in `target` is not a model: convert into a scratch
    folder and rename it. Raises `Unavailable` if the parts make no GGUF file, `Cancelled` on Stop
    (once the step that is running has ended).
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    target.mkdir(parents=True, exist_ok=True)
    scratch = target / "parts"
    scratch.mkdir()
    whole = scratch / "whole.gguf"
    _put_together(_parts(packages), whole, watch)
    watch.report(Message("Converting the tokenizer: this takes a minute, once"))
    tokenizer = AutoTokenizer.from_pretrained(scratch, gguf_file=whole.name)
    assert tokenizer is not None
    tokenizer.save_pretrained(target)
    watch.report(Message("Converting the weights: this takes a minute or two, once"))
    model = AutoModelForCausalLM.from_pretrained(
        scratch,
        gguf_file=whole.name,
        quantization_config=GgufConfig(dequantize=True),  # or it could not be saved
        dtype=torch.bfloat16,
    )
    watch.report(Message("Writing the converted model"))
    model.save_pretrained(target)
    shutil.rmtree(scratch)


def _parts(packages: Sequence[Path]) -> list[Path]:
    patterns = ("data/*.gguf.part*", "*.gguf")
    paths = [path for top in packages for p in patterns for path in sorted(top.glob(p))]
    if not paths:
        raise damaged("no part of the GGUF file is there")
    return paths


def _put_together(paths: Sequence[Path], whole: Path, watch: Watch) -> None:
    with Parts(paths) as parts, whole.open("wb") as file:
        if parts.size < len(_MAGIC) or parts.read(0, len(_MAGIC)) != _MAGIC:
            raise damaged("the parts make no GGUF file")
        for start in range(0, parts.size, _BLOCK):
            watch.report(Message("Putting the parts together"), start, parts.size, "bytes")
            file.write(parts.read(start, min(_BLOCK, parts.size - start)))
