"""Models cut smaller answer as before where nothing they use was cut."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSequenceClassification

from tests import tiny_models
from training.recipes.weights import keep_positions, narrow_feed_forward


@pytest.fixture
def model(tmp_path: Path) -> torch.nn.Module:
    return AutoModelForSequenceClassification.from_pretrained(tiny_models.bert(tmp_path)).eval()


def read(model: torch.nn.Module, length: int) -> torch.Tensor:
    with torch.inference_mode():
        return model(torch.arange(5, 5 + length).unsqueeze(0)).logits


def test_units_that_weigh_nothing_are_the_ones_to_go(model: torch.nn.Module) -> None:
    layer = model.bert.encoder.layer[0]
    with torch.no_grad():
        layer.output.dense.weight[:, 10:30] = 0
    before = read(model, 12)
    narrow_feed_forward(model, 44)
    assert layer.intermediate.dense.weight.shape == (44, 32)
    assert model.config.intermediate_size == 44
    assert torch.allclose(read(model, 12), before, atol=1e-5)


def test_short_texts_do_not_miss_the_positions(model: torch.nn.Module) -> None:
    before = read(model, 12)
    keep_positions(model, 16)
    assert torch.equal(read(model, 12), before)
    assert model.config.max_position_embeddings == 16
    with pytest.raises((IndexError, RuntimeError)):
        read(model, 17)


def test_the_cut_model_is_saved_and_loaded_whole(model: torch.nn.Module, tmp_path: Path) -> None:
    narrow_feed_forward(model, 40)
    keep_positions(model, 16)
    model.save_pretrained(tmp_path / "cut")
    again, found = AutoModelForSequenceClassification.from_pretrained(
        tmp_path / "cut", output_loading_info=True
    )
    assert not any(found[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    assert torch.allclose(read(again.eval(), 12), read(model, 12), atol=1e-5)
