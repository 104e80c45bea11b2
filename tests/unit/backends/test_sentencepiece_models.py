"""Models as they were saved before tokenizer.json: sentencepiece alone, and tied weights once."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from backends.local import LocalBackend
from runtime.catalogue import Model, VisitorModel
from tasks import discover
from tests.cached import keep
from tests.serving import NO_HUB
from tests.unit.backends.conftest import row, start

SENTENCES = ("a good day to you all", "hello there my friend", "the cat sat on the mat")
SIZES = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1}
HEADS = {"num_attention_heads": 2, "max_position_embeddings": 64, "vocab_size": 64}


def train(path: Path, **settings: object) -> None:
    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 20),
        model_writer=model,
        vocab_size=60,
        hard_vocab_limit=False,
        minloglevel=2,
        **settings,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.getvalue())


def llama(folder: Path) -> str:
    from transformers import LlamaConfig, LlamaForCausalLM

    train(folder / "tokenizer.model", model_type="bpe")
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "LlamaTokenizer"}')
    torch.manual_seed(7)
    config = LlamaConfig(**SIZES, **HEADS, tie_word_embeddings=True)
    LlamaForCausalLM(config).save_pretrained(folder)
    with safe_open(folder / "model.safetensors", "pt") as weights:
        assert not any("lm_head" in name for name in list(weights.keys()))
    return "text-generation"


def deberta(folder: Path) -> str:
    from transformers import DebertaV2Config, DebertaV2ForSequenceClassification

    pieces = {"pad_piece": "[PAD]", "bos_piece": "[CLS]", "eos_piece": "[SEP]"}
    train(folder / "spm.model", unk_piece="[UNK]", pad_id=0, bos_id=1, eos_id=2, unk_id=3, **pieces)
    torch.manual_seed(7)
    config = DebertaV2Config(**SIZES, **HEADS, num_labels=3)
    DebertaV2ForSequenceClassification(config).save_pretrained(folder)
    return "text-classification"


def byte_t5(folder: Path) -> str:
    """Reads bytes: its tokenizer has no vocabulary, and so no file for one."""
    from transformers import ByT5Tokenizer, T5Config, T5ForConditionalGeneration

    ByT5Tokenizer().save_pretrained(folder)
    (folder / "special_tokens_map.json").write_text("{}")  # as the Hub's own has it
    torch.manual_seed(7)
    sizes = {"d_model": 16, "d_ff": 32, "d_kv": 8, "num_heads": 2, "num_layers": 1}
    config = T5Config(**sizes, vocab_size=384, decoder_start_token_id=0)
    T5ForConditionalGeneration(config).save_pretrained(folder)
    return "text2text-generation"


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalBackend]:
    backend = start(NO_HUB, tmp_path)
    yield backend
    backend.unload()


@pytest.mark.parametrize("make", [llama, deberta, byte_t5])
@pytest.mark.parametrize("model", [row("org/old"), VisitorModel(id="org/old")])
def test_it_answers(local: LocalBackend, tmp_path: Path, make, model: Model) -> None:
    task = discover()[make(tmp_path / "old")]
    assert not list((tmp_path / "old").glob("tokenizer.json"))
    keep(tmp_path / "hub", "org/old", tmp_path / "old")
    inputs = task.read_inputs({"text": "a good day"})
    assert local.run(task, model, inputs, task.read_options({})).value
