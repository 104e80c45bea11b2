"""Tiny real models that read bytes, as GPT-2 and RoBERTa do: one for gaps, one that writes."""

from pathlib import Path

POSITIONS = 64
CHAT = (
    "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)


def tokenizer(words: tuple[str, ...] = (), longest: int = POSITIONS, **special: str):
    """One token per byte; `words` are tokens too, and " cat" one that brings its blank."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    names = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    every = [*names, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    merges = [("\u0120", "c"), ("a", "t"), ("\u0120c", "at")] if words else []
    every += [left + right for left, right in merges]
    reader = Tokenizer(models.BPE({word: n for n, word in enumerate(every)}, merges))
    reader.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    reader.decoder = decoders.ByteLevel()
    usual = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(
        tokenizer_object=reader, model_max_length=longest, **{**usual, **special}
    )


def roberta(folder: Path) -> Path:
    """Fills gaps that are written <mask>; it knows the word " cat"."""
    import torch
    from tokenizers import AddedToken
    from transformers import RobertaConfig, RobertaForMaskedLM

    reader = tokenizer(("cat",), mask_token=AddedToken("<mask>", lstrip=True, special=True))
    reader.save_pretrained(folder)
    torch.manual_seed(7)
    config = RobertaConfig(
        vocab_size=len(reader),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=POSITIONS + 2,
        pad_token_id=1,
    )
    RobertaForMaskedLM(config).save_pretrained(folder)
    return folder


def xlm_roberta(folder: Path) -> Path:
    """Fills gaps as SentencePiece models do: "▁cat" begins a word, "b" goes on with one."""
    import string

    import torch
    from transformers import XLMRobertaConfig, XLMRobertaForMaskedLM, XLMRobertaTokenizerFast

    words = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁cat", "▁dog", *string.ascii_letters]
    pieces = [(word, -float(number)) for number, word in enumerate([*words, *",.!?"])]
    reader = XLMRobertaTokenizerFast(vocab=pieces, model_max_length=POSITIONS)
    reader.save_pretrained(folder)
    torch.manual_seed(7)
    config = XLMRobertaConfig(
        vocab_size=len(reader),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=POSITIONS + 2,
        pad_token_id=1,
    )
    XLMRobertaForMaskedLM(config).save_pretrained(folder)
    return folder


def gpt2(folder: Path, longest: int = POSITIONS, chat: bool = False, layers: int = 1) -> Path:
    """Writes bytes at random, and never ends by itself; `chat` gives it a chat template."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    reader = tokenizer(longest=longest)
    if chat:
        reader.chat_template = CHAT
    reader.save_pretrained(folder)
    torch.manual_seed(7)
    config = GPT2Config(
        vocab_size=len(reader),
        n_positions=longest,
        n_embd=32,
        n_layer=layers,
        n_head=2,
        bos_token_id=0,
        eos_token_id=None,
        pad_token_id=1,
        initializer_range=0.5,
    )
    GPT2LMHeadModel(config).save_pretrained(folder)
    return folder


def silent(folder: Path) -> Path:
    """Converses, and answers nothing: its first token is always the end."""
    import torch
    from transformers import GPT2LMHeadModel

    gpt2(folder, longest=512, chat=True)
    model = GPT2LMHeadModel.from_pretrained(folder, tie_word_embeddings=False)
    end = tokenizer().convert_tokens_to_ids("</s>")
    with torch.no_grad():  # the last layer says 1 to everything, and only the end hears it
        model.transformer.ln_f.weight.zero_()
        model.transformer.ln_f.bias.fill_(1.0)
        model.lm_head.weight = torch.nn.Parameter(torch.zeros_like(model.lm_head.weight))
        model.lm_head.weight[end] = 1.0
    model.config.eos_token_id = model.generation_config.eos_token_id = end
    model.save_pretrained(folder)
    return folder
