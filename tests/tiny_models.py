"""Real models of real architectures, made in milliseconds: random weights, honest files.

Their answers mean nothing, but they are computed by the same code as those of their big sisters.
"""

import string
from pathlib import Path

POSITIONS = 64  # the most tokens that a tiny model reads
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 300)]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def tokenizer(longest: int | None = POSITIONS):
    """One token per character; `longest` None is a tokenizer that was saved without a limit."""
    from transformers import BertTokenizerFast

    plain = list(string.digits + string.ascii_lowercase + string.punctuation)
    words = SPECIAL + plain + [f"##{character}" for character in plain] + HAN
    limit = {"model_max_length": longest} if longest else {}
    return BertTokenizerFast(vocab={word: n for n, word in enumerate(words)}, **limit)


def bert(folder: Path, architecture: str = "BertForSequenceClassification", **config) -> Path:
    """Save a BERT of that architecture with its tokenizer; `config` changes its BertConfig."""
    import torch
    import transformers

    reader = tokenizer()
    sizes = {
        "vocab_size": len(reader),
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": POSITIONS,
        "initializer_range": 1.0,  # or all answers of random weights look alike
        "id2label": {0: "negative", 1: "neutral", 2: "positive"},
        "label2id": {"negative": 0, "neutral": 1, "positive": 2},
    }
    torch.manual_seed(7)
    model = getattr(transformers, architecture)(transformers.BertConfig(**sizes | config))
    model.save_pretrained(folder)
    reader.save_pretrained(folder)
    return folder


def roberta(folder: Path) -> Path:
    """A classifier whose tokens are bytes, as in GPT-2 and RoBERTa: one 好 is three of them."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import (
        PreTrainedTokenizerFast,
        RobertaConfig,
        RobertaForSequenceClassification,
    )

    words = ["<s>", "<pad>", "</s>", "<unk>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    reader = Tokenizer(models.BPE({word: n for n, word in enumerate(words)}, []))
    reader.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    reader.decoder = decoders.ByteLevel()
    reader.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    PreTrainedTokenizerFast(
        tokenizer_object=reader,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=POSITIONS,
    ).save_pretrained(folder)
    config = RobertaConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=POSITIONS + 2,  # RoBERTa counts from the padding's number on
        pad_token_id=1,
    )
    RobertaForSequenceClassification(config).save_pretrained(folder)
    return folder


def tapas(folder: Path, **config) -> Path:
    """A reader of tables, with as many rows and columns to tell apart as Google's have."""
    import torch
    from transformers import TapasConfig, TapasForQuestionAnswering, TapasTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    plain = list(string.digits + string.ascii_lowercase + string.punctuation)
    words = [*SPECIAL, "[EMPTY]", *plain, *(f"##{character}" for character in plain)]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    sizes = {
        "vocab_size": len(words),
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": POSITIONS,
        "initializer_range": 1.0,
        "num_aggregation_labels": 4,
        "aggregation_labels": {0: "NONE", 1: "SUM", 2: "AVERAGE", 3: "COUNT"},
        "no_aggregation_label_index": 0,
    }
    torch.manual_seed(7)
    TapasForQuestionAnswering(TapasConfig(**sizes | config)).save_pretrained(folder)
    reader = TapasTokenizer(str(folder / "vocab.txt"), model_max_length=POSITIONS)
    reader.save_pretrained(folder)
    return folder


def resnet(folder: Path) -> Path:
    """Tells three kinds of pictures apart, by chance."""
    import torch
    from transformers import ConvNextImageProcessor, ResNetConfig, ResNetForImageClassification

    torch.manual_seed(7)
    sizes = {"embedding_size": 8, "hidden_sizes": [8, 8], "depths": [1, 1], "num_labels": 3}
    ResNetForImageClassification(ResNetConfig(**sizes)).save_pretrained(folder)
    ConvNextImageProcessor(size={"shortest_edge": 32}).save_pretrained(folder)
    return folder


def t5(folder: Path, longest: int | None = POSITIONS, **config) -> Path:
    """An encoder-decoder with T5's prefixes; the same weights whatever draws random numbers how."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    reader = tokenizer(longest)
    sizes = {
        "vocab_size": len(reader),
        "d_model": 32,
        "d_kv": 16,
        "d_ff": 64,
        "num_layers": 1,
        "num_heads": 2,
        "pad_token_id": 0,
        "eos_token_id": reader.sep_token_id,
        "decoder_start_token_id": 0,
        "task_specific_params": {"summarization": {"prefix": "summarize: ", "num_beams": 2}},
    }
    model = T5ForConditionalGeneration(T5Config(**sizes | config))
    draw = torch.Generator().manual_seed(7)
    for _, weights in sorted(model.named_parameters()):
        weights.data = torch.randn(weights.shape, generator=draw)
    model.save_pretrained(folder)
    reader.save_pretrained(folder)
    return folder


def vit(folder: Path) -> Path:
    """Makes numbers of pictures, without a head."""
    import torch
    from transformers import ViTConfig, ViTImageProcessorPil, ViTModel

    torch.manual_seed(7)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = ViTConfig(image_size=32, patch_size=16, intermediate_size=32, **sizes)
    ViTModel(config).save_pretrained(folder)
    ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder
