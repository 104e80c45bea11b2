"""Tiny translation models of the kinds that are told their languages in different ways."""

import io
import json
import sys
from pathlib import Path
from typing import Any

from tests.tiny_models import HAN

SIZES = {
    "d_model": 32,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 96,
    "init_std": 0.8,  # or all answers of random weights look alike
    "dropout": 0.0,
}
SENTENCES = [
    "Good morning, how are you today?",
    "The cat sleeps under the table.",
    "We would like two cups of tea.",
    "Where is the next bus stop?",
    "".join(HAN[:150]),
]


def marian(folder: Path, targets: tuple[str, ...] = ()) -> Path:
    """One pair of languages, or with `targets` several, as ">>cmn_Hans<<" before the text."""
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    pieces = _pieces(folder, "source.spm", "target.spm")
    words = ["</s>", "<unk>", *pieces, *(f">>{code}<<" for code in targets), "<pad>"]
    _write(folder / "vocab.json", words)
    reader = MarianTokenizer(
        *(str(folder / name) for name in ("source.spm", "target.spm", "vocab.json")),
        source_lang="en",
        target_lang="zh",
        model_max_length=96,
    )
    reader.save_pretrained(folder)
    padding = len(words) - 1
    special = {"pad_token_id": padding, "eos_token_id": 0, "decoder_start_token_id": padding}
    config = MarianConfig(**SIZES, **special, vocab_size=len(words), forced_eos_token_id=0)
    return _save(MarianMTModel, config, folder)


def m2m100(folder: Path) -> Path:
    """A hundred languages, named "en", "zh", ..."""
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    pieces = _pieces(folder, "sentencepiece.bpe.model")
    _write(folder / "vocab.json", ["<s>", "<pad>", "</s>", "<unk>", *pieces])
    reader = M2M100Tokenizer(
        str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model"), model_max_length=96
    )
    # As Facebook's files say it; left alone, transformers 5 forgets that these are special.
    reader.add_special_tokens({"extra_special_tokens": list(reader.lang_token_to_id)})
    _save_as_on_the_hub(reader, folder)
    config = M2M100Config(**SIZES, vocab_size=len(reader) + 8, decoder_start_token_id=2)
    return _save(M2M100ForConditionalGeneration, config, folder)


def nllb(folder: Path) -> Path:
    """Three languages, named "eng_Latn", "zho_Hans" and "fra_Latn"."""
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    characters = sorted({"▁", *"".join(SENTENCES).replace(" ", "")})
    words = ["<s>", "<pad>", "</s>", "<unk>", *characters]
    reader = NllbTokenizer(
        vocab={word: number for number, word in enumerate(words)},
        merges=[],
        additional_special_tokens=["eng_Latn", "zho_Hans", "fra_Latn"],
        model_max_length=96,
    )
    _save_as_on_the_hub(reader, folder)
    config = M2M100Config(**SIZES, vocab_size=len(reader), decoder_start_token_id=2)
    return _save(M2M100ForConditionalGeneration, config, folder)


def _save_as_on_the_hub(reader: Any, folder: Path) -> None:
    """With the older name for its languages' tokens, which transformers 4 knows too."""
    reader.save_pretrained(folder)
    file = folder / "tokenizer_config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    config["additional_special_tokens"] = config.pop("extra_special_tokens")
    file.write_text(json.dumps(config))


def _pieces(folder: Path, *names: str) -> list[str]:
    """Train a SentencePiece model, write it under each of the names; its plain pieces."""
    import sentencepiece

    folder.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES),
        model_writer=written,
        vocab_size=260,
        hard_vocab_limit=False,
        character_coverage=1.0,
        minloglevel=2,
    )
    for name in names:
        (folder / name).write_bytes(written.getvalue())
    made = sentencepiece.SentencePieceProcessor(model_proto=written.getvalue())
    pieces = [made.id_to_piece(number) for number in range(made.get_piece_size())]
    return [piece for piece in pieces if piece not in ("<unk>", "<s>", "</s>")]


def _write(file: Path, words: list[str]) -> None:
    file.write_text(json.dumps({word: number for number, word in enumerate(words)}))


def _save(kind: type, config: object, folder: Path) -> Path:
    import torch

    torch.manual_seed(11)
    kind(config).save_pretrained(folder)
    return folder


MAKERS = {"marian": marian, "m2m100": m2m100, "nllb": nllb}

if __name__ == "__main__":
    for name, make in MAKERS.items():
        make(Path(sys.argv[1]) / name)
