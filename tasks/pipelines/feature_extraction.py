"""Vectors of texts: transformers' pipeline gives one for each token, this one also for a text."""

from typing import Any

import torch
from transformers import FeatureExtractionPipeline

from tasks.pipelines.base import Pretrained


class PoolingFeatureExtractionPipeline(Pretrained, FeatureExtractionPipeline):
    """`pipe(text, pooling=, normalize=)` -> numbers (dim,); a list of texts: a list of those.

    pooling: "mean" of the text's tokens (padding does not count), "cls" for the first one, or
        "none" for all: then a text's answer is (1, tokens, dim), as transformers gives it.
    normalize: scale each vector to length 1.
    truncation: cut a text to what the model reads (the default here).
    batch_size: how many of a list's texts go through the model together; answers do not differ.

    Of an encoder-decoder (T5, BART) it is the encoder that reads: the decoder would want a text
    to go on with.
    """

    auto_models = ("AutoModel",)

    def __init__(self, *args: Any, task: str = "feature-extraction", **kwargs: Any) -> None:
        super().__init__(*args, task=task, **kwargs)
        if self.tokenizer.pad_token is None:  # GPT-2 and its kin; the mask hides it anyway
            self.tokenizer.pad_token = self.tokenizer.eos_token

    def _sanitize_parameters(
        self,
        pooling: str | None = None,
        normalize: bool | None = None,
        truncation: Any = True,
        **others: Any,
    ) -> tuple[dict, dict, dict]:
        if pooling not in (None, "mean", "cls", "none"):
            raise ValueError(f'pooling is "mean", "cls" or "none", not {pooling!r}.')
        before, during, after = super()._sanitize_parameters(truncation=truncation, **others)
        pooling_parameters = {"pooling": pooling, "normalize": normalize}
        return (
            before,
            during,
            after | {k: v for k, v in pooling_parameters.items() if v is not None},
        )

    def _forward(self, model_inputs: Any) -> dict[str, torch.Tensor]:
        reader = self.model.get_encoder() if self.model.config.is_encoder_decoder else self.model
        states = reader(**model_inputs)[0]
        return {"states": states, "attention_mask": model_inputs["attention_mask"]}

    def postprocess(
        self,
        model_outputs: dict[str, torch.Tensor],
        pooling: str = "none",
        normalize: bool = False,
        return_tensors: bool = False,
    ) -> Any:
        # Padding, which a batch's longest text decides, goes first: on the left or on the right.
        states = model_outputs["states"][model_outputs["attention_mask"].bool()].float()
        if pooling == "mean":
            states = states.mean(0)
        elif pooling == "cls":
            states = states[0]
        else:
            states = states.unsqueeze(0)
        if normalize:
            states = torch.nn.functional.normalize(states, dim=-1)
        return states if return_tensors else states.tolist()
