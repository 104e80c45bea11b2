"""A GGUF file in parts: a tiny model written as llama.cpp has it, cut up, and converted back."""

import hashlib
import threading
from pathlib import Path
from typing import Any

import pytest

from runtime.conversions import gguf
from runtime.errors import Cancelled, Unavailable
from runtime.watch import Progress, Watch

PARTS = 3


@pytest.fixture(scope="module")
def original() -> Any:
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(1)
    config = Qwen2Config(
        vocab_size=300,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=128,
        tie_word_embeddings=False,
    )
    return Qwen2ForCausalLM(config).to(torch.bfloat16).float().eval()


@pytest.fixture(scope="module")
def whole(original: Any, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The model as a GGUF file."""
    from gguf import MODEL_ARCH, GGUFWriter, get_tensor_name_map
    from tokenizers.pre_tokenizers import ByteLevel

    path, config = tmp_path_factory.mktemp("gguf") / "whole.gguf", original.config
    writer = GGUFWriter(path, "qwen2")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(10_000.0)
    words = [*sorted(ByteLevel.alphabet()), "ab"]
    words += [f"<unused{n}>" for n in range(config.vocab_size - len(words) - 1)] + ["<end>"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(words)
    writer.add_token_types([1] * (len(words) - 1) + [3])
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(len(words) - 1)
    names = get_tensor_name_map(MODEL_ARCH.QWEN2, config.num_hidden_layers)
    for name, tensor in original.state_dict().items():
        written = names.get_name(name, try_suffixes=(".weight", ".bias"))
        writer.add_tensor(written, tensor.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


@pytest.fixture
def packages(whole: bytes, tmp_path: Path) -> list[Path]:
    """Parts of unequal sizes in a package each, and a package without any, as `gguf` itself."""
    cuts = [0, 1000, 200_001, len(whole)]
    for number in range(PARTS):
        folder = tmp_path / f"part{number}" / "data"
        folder.mkdir(parents=True)
        part = whole[cuts[number] : cuts[number + 1]]
        (folder / f"tiny.gguf.part{number:02}").write_bytes(part)
    (tmp_path / "gguf").mkdir()
    return [*(tmp_path / f"part{number}" for number in range(PARTS)), tmp_path / "gguf"]


def test_the_checksum_is_that_of_the_whole_file(packages: list[Path], whole: bytes) -> None:
    assert gguf.checksum(packages) == hashlib.sha256(whole).hexdigest()
    assert gguf.checksum(packages[::-1]) != hashlib.sha256(whole).hexdigest()


def test_the_converted_model_computes_as_the_original(
    packages: list[Path], original: Any, tmp_path: Path
) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    target = tmp_path / "target"
    gguf.convert(packages, target, Watch())
    assert not list(target.rglob("*.gguf"))
    model, found = AutoModelForCausalLM.from_pretrained(
        target, dtype="float32", output_loading_info=True
    )
    assert not found["missing_keys"]
    read = AutoTokenizer.from_pretrained(target)("ab ba", return_tensors="pt")["input_ids"]
    assert AutoTokenizer.from_pretrained(target).decode(read[0]) == "ab ba"
    assert read.shape == (1, 4)  # "ab" is one token
    with torch.inference_mode():
        difference = (model(read).logits - original(read).logits).abs().max()
    assert difference < 1e-3


def test_a_file_that_one_package_carries_whole_is_found(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "tiny-Q4_1.gguf").write_bytes(whole)
    assert gguf.checksum([tmp_path]) == hashlib.sha256(whole).hexdigest()


def test_no_part_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no part of the GGUF file"):
        gguf.checksum([tmp_path])


def test_parts_of_something_else_are_told(packages: list[Path], tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="make no GGUF file"):
        gguf.convert(packages[1:], tmp_path / "target", Watch())


def test_stop_is_heard(packages: list[Path], tmp_path: Path) -> None:
    stop, told = threading.Event(), []

    def press_stop(progress: Progress) -> None:
        told.append(progress)
        stop.set()

    with pytest.raises(Cancelled):
        gguf.convert(packages, tmp_path / "target", Watch(press_stop, stop))
    assert len(told) == 1
