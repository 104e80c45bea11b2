"""A new model that begins by looking beside each token."""

import torch
from transformers import BertConfig, BertModel

from training.recipes.neighbours import look_beside

PLACES = [[-2, -1, 1, 2], [-1, 1]]


def test_its_heads_look_where_they_are_told_to() -> None:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50,
        hidden_size=192,
        num_hidden_layers=2,
        num_attention_heads=6,
        intermediate_size=64,
        max_position_embeddings=256,
        attn_implementation="eager",
    )
    model = BertModel(config).eval()
    look_beside(model, 0.05 * torch.randn(50, 160), PLACES)
    with torch.inference_mode():
        read = torch.randint(50, (1, 128))
        first, second = model(input_ids=read, output_attentions=True).attentions
    for head, offset in enumerate(PLACES[0]):
        assert first[0, head].diagonal(offset).mean() > 0.8
    for head, offset in enumerate(PLACES[1]):  # where the first layer's answers lie over the codes
        beside = second[0, head].diagonal(offset).mean()
        assert beside > 10 * second[0, head].diagonal(-offset).mean()
