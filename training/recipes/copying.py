"""An encoder-decoder that can copy before it has learned anything, and its tokenizer.

Most of a corrected sentence, and all of an extracted one, stands in the source. Left to chance a
small model needs most of its training to find that out; here it is wired in to begin with:

- a piece's vector holds its company (PPMI, SVD) in dimensions 0-127, its place in 176-255
- the encoder's first head writes a sketch of the piece before into 128-175
- the decoder's first cross-attention looks where the piece before is the one just written, and
  where the place is the same, and takes from there what stands at 0-127

Training is free to change all of it.
"""

import string

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers.trainers import BpeTrainer
from transformers import MBartConfig, MBartForConditionalGeneration, PreTrainedTokenizerFast

WIDTH, HEADS = 256, 4
SIZE = WIDTH // HEADS  # of a head
COMPANY, SKETCH = 128, 48  # dimensions; places have the rest
PLACES = WIDTH - COMPANY - SKETCH
MOST_TOKENS = 320
PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"
CAPITAL = "⇧"  # stands before a letter, so that Hello and hello share a piece


def bpe(texts: list[str], pieces: int) -> PreTrainedTokenizerFast:
    """A tokenizer that loses nothing: capitals are a mark of their own, rare characters bytes."""
    reader = Tokenizer(models.BPE(unk_token=UNKNOWN))
    capitals = [normalizers.Replace(c, CAPITAL + c.lower()) for c in string.ascii_uppercase]
    reader.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Replace(CAPITAL, ""),
            normalizers.Replace(Regex(r"[\s▁]+"), " "),
            normalizers.Strip(),
            normalizers.Prepend(" "),
            *capitals,
            normalizers.Replace(f" {CAPITAL}", f"{CAPITAL} "),
        ]
    )
    reader.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(CAPITAL, "isolated"),
            pre_tokenizers.Metaspace(prepend_scheme="never"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.Punctuation(),
        ]
    )
    codes = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = BpeTrainer(
        vocab_size=pieces,
        special_tokens=[PAD, END, UNKNOWN, *codes],
        initial_alphabet=[*string.printable[:95], CAPITAL, "▁"],
        limit_alphabet=160,
        show_progress=False,
    )
    reader.train_from_iterator(texts, trainer)
    # Only now: while they were special, bytes could not be taken for a part of a merge.
    reader.model.byte_fallback = True
    plain = Tokenizer.from_str(_without_special_bytes(reader.to_str()))
    plain.decoder = _decoder()
    plain.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", special_tokens=[(END, plain.token_to_id(END))]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=plain,
        pad_token=PAD,
        eos_token=END,
        unk_token=UNKNOWN,
        model_max_length=MOST_TOKENS,
        model_input_names=["input_ids", "attention_mask"],
    )


def _without_special_bytes(written: str) -> str:
    import json

    state = json.loads(written)
    special = (PAD, END, UNKNOWN)
    state["added_tokens"] = [t for t in state["added_tokens"] if t["content"] in special]
    return json.dumps(state)


def _decoder() -> decoders.Decoder:
    steps = [decoders.ByteFallback(), decoders.Fuse()]
    for letter in string.ascii_lowercase:
        steps.append(decoders.Replace(f"{CAPITAL}▁{letter}", f"▁{letter.upper()}"))
        steps.append(decoders.Replace(CAPITAL + letter, letter.upper()))
    steps += [
        decoders.Replace(CAPITAL, ""),
        decoders.Replace("▁", " "),
        decoders.Strip(" ", 1, 0),
    ]
    return decoders.Sequence(steps)


def model(
    tokenizer: PreTrainedTokenizerFast, company: torch.Tensor, prefix: int
) -> MBartForConditionalGeneration:
    """Wired for copying. `company`: (pieces, COMPANY); `prefix`: tokens before the text itself."""
    config = MBartConfig(
        vocab_size=len(tokenizer),
        d_model=WIDTH,
        encoder_layers=3,
        decoder_layers=2,
        encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS,
        encoder_ffn_dim=3 * WIDTH,
        decoder_ffn_dim=3 * WIDTH,
        max_position_embeddings=MOST_TOKENS,
        scale_embedding=True,
        dropout=0.0,
        attention_dropout=0.0,
        init_std=0.03,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.eos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.eos_token_id,
        forced_eos_token_id=None,
    )
    made = MBartForConditionalGeneration(config)
    with torch.no_grad():
        _wire(made, company, prefix)
    return made


def _wire(made: MBartForConditionalGeneration, company: torch.Tensor, prefix: int) -> None:
    inner = made.model
    unit = torch.nn.functional.normalize
    noise = torch.randn_like(company)  # pieces of like company must still differ
    inner.shared.weight.zero_()
    inner.shared.weight[:, :COMPANY] = unit(0.8 * unit(company, dim=1) + 0.6 * unit(noise, dim=1))
    waves, turn = _waves(MOST_TOKENS)
    sketch = torch.randn(SKETCH, COMPANY) / COMPANY**0.5
    for side in (inner.encoder, inner.decoder):
        side.embed_positions.weight[-MOST_TOKENS:] = 0
        side.embed_positions.weight[-MOST_TOKENS:, -PLACES:] = waves * 1.4
    place = slice(WIDTH - PLACES, WIDTH - PLACES + SIZE)  # the quicker waves: exact, but only near

    before = inner.encoder.layers[0].self_attn
    _head(before.q_proj, 0)[:, place] = 2.5 * turn(-1)[:SIZE, :SIZE]
    _head(before.k_proj, 0)[:, place] = 2.5 * torch.eye(SIZE)
    _head(before.v_proj, 0)[:SKETCH, :COMPANY] = sketch
    before.out_proj.weight[COMPANY : COMPANY + SKETCH, :SKETCH] = torch.eye(SKETCH)

    across = inner.decoder.layers[0].encoder_attn
    for head in range(HEADS):
        query, key = _head(across.q_proj, head), _head(across.k_proj, head)
        if head < 2:
            query[:SKETCH, :COMPANY] = sketch
            key[:SKETCH, COMPANY : COMPANY + SKETCH] = torch.eye(SKETCH)
        else:
            query[:, place] = turn(prefix)[:SIZE, :SIZE]
            key[:, place] = torch.eye(SIZE)
        half = slice(SIZE * (head % 2), SIZE * (head % 2 + 1))
        _head(across.v_proj, head)[:, half] = torch.eye(SIZE)
        across.out_proj.weight[half, SIZE * head : SIZE * (head + 1)] = 1.3 * torch.eye(SIZE)


def _head(projection: torch.nn.Linear, head: int) -> torch.Tensor:
    """The rows (SIZE, WIDTH) that make one head's queries, keys or values, emptied."""
    rows = projection.weight[SIZE * head : SIZE * (head + 1)]
    rows.zero_()
    return rows


def _waves(places: int):
    """Sines and cosines (places, PLACES), and the matrix that moves a place by so many."""
    speeds = torch.logspace(0.18, -2.0, PLACES // 2)
    angles = torch.arange(places)[:, None] * speeds
    waves = torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)

    def turn(by: int) -> torch.Tensor:
        cos, sin = (by * speeds).cos(), (by * speeds).sin()
        pairs = torch.stack([torch.stack([cos, sin], 1), torch.stack([-sin, cos], 1)], 1)
        return torch.block_diag(*pairs)

    return waves, turn
