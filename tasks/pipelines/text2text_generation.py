"""Text in, text out: pipelines that transformers 4 had for encoder-decoder models."""

from typing import Any, ClassVar

from transformers import BatchEncoding, GenerationConfig, Pipeline
from transformers.models.auto.modeling_auto import MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES
from transformers.utils import logging

from tasks.pipelines.base import Pretrained

ENDS = ("max_length", "max_new_tokens")
logger = logging.get_logger(__name__)


class Text2TextGenerationPipeline(Pretrained, Pipeline):
    """`pipe(text, **generation)` -> `[{"generated_text": str}]`; a list of texts: a list of dicts.

    Where neither the caller nor the model says otherwise: `max_new_tokens=256`, `num_beams=4`. The
    model's `task_specific_params` hold, its prefix among them ("summarize: " with T5), and unlike
    in transformers 4 its `max_length` is not overruled by that 256.
    """

    auto_models = ("AutoModelForSeq2SeqLM",)
    default_task: ClassVar[str] = "text2text-generation"
    return_name: ClassVar[str] = "generated"  # the keys are this and "_text" or "_token_ids"

    _pipeline_calls_generate = True
    _load_processor = False
    _load_image_processor = False
    _load_feature_extractor = False
    _load_tokenizer = True
    _default_generation_config = GenerationConfig(max_new_tokens=256, num_beams=4)

    def __init__(self, *args: Any, task: str = "", **kwargs: Any) -> None:
        super().__init__(*args, task=task or self.default_task, **kwargs)
        self.check_model_type(MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES)
        by_task = getattr(self.model.config, "task_specific_params", None) or {}
        task_settings = dict(by_task.get(self.task, {}))
        self.prefix: str = task_settings.pop("prefix", self.prefix) or ""
        # The tokenizer may not know how many the model reads; `truncation=True` goes by it.
        positions = getattr(self.model.config, "max_position_embeddings", None)
        if positions:
            self.tokenizer.model_max_length = min(self.tokenizer.model_max_length, positions)
        # Settings only: `generate` also takes the name of code to fetch, and leave to run it.
        settings = vars(GenerationConfig()).keys()
        task_settings = {name: value for name, value in task_settings.items() if name in settings}
        self.generation_settings = _merge(task_settings, self._generate_kwargs)
        self._generate_kwargs = {}  # or transformers would add them again, unsorted

    def __call__(self, inputs: Any, **kwargs: Any) -> Any:
        """`inputs`: a text, or a list of texts. Anything that `generate` takes goes on to it.

        truncation: `True` cuts what is longer than the tokenizer's `model_max_length`; nothing is
            cut if it is left out.
        return_tensors: give "generated_token_ids", a tensor (tokens,), in place of the text, or
            beside it with `return_text=True`.
        clean_up_tokenization_spaces: undo the spaces that some tokenizers leave before commas.
        stop_sequence: text after which to stop.
        batch_size: how many of a list's texts go through the model together.

        With `num_return_sequences=n` each text has n dicts, and a list of texts a list of lists.
        Raises TypeError if `inputs` is neither.
        """
        answers = super().__call__(inputs, **kwargs)
        texts = isinstance(inputs, list) and all(isinstance(text, str) for text in inputs)
        if texts and all(len(answer) == 1 for answer in answers):
            return [answer[0] for answer in answers]
        return answers

    def usual(self, name: str) -> Any:
        """What holds for a parameter of `generate` if a call does not say it; None: its default."""
        return self._get_set_generation_params(self.generation_settings).get(name)

    def check_inputs(self, input_length: int, min_length: int, max_length: int) -> bool:
        """For subclasses: whether these numbers of tokens make sense; warn if they do not."""
        return True

    def _sanitize_parameters(
        self,
        truncation: Any = None,
        return_tensors: bool | None = None,
        return_text: bool | None = None,
        clean_up_tokenization_spaces: bool | None = None,
        stop_sequence: str | None = None,
        **generation: Any,
    ) -> tuple[dict, dict, dict]:
        before = {} if truncation is None else {"truncation": truncation}
        if stop_sequence is not None:
            generation |= {"stop_strings": stop_sequence, "tokenizer": self.tokenizer}
        after = {
            "return_tensors": return_tensors,
            "return_text": return_text,
            "clean_up_tokenization_spaces": clean_up_tokenization_spaces,
        }
        return before, generation, {key: value for key, value in after.items() if value is not None}

    def preprocess(self, inputs: str | list[str], truncation: Any = False) -> BatchEncoding:
        return self._parse_and_tokenize(inputs, truncation=truncation)

    def _parse_and_tokenize(self, inputs: str | list[str], truncation: Any) -> BatchEncoding:
        if isinstance(inputs, str):
            texts: Any = self.prefix + inputs
        elif isinstance(inputs, list) and all(isinstance(text, str) for text in inputs):
            texts = [self.prefix + text for text in inputs]
        else:
            raise TypeError(f"A text or a list of texts is needed, not {type(inputs).__name__}.")
        encoded = self.tokenizer(
            texts, truncation=truncation, padding=isinstance(texts, list), return_tensors="pt"
        )
        encoded.pop("token_type_ids", None)  # some tokenizers make them, no generate() takes them
        return encoded

    def _forward(self, model_inputs: dict[str, Any], **generation: Any) -> dict[str, Any]:
        rows, length = model_inputs["input_ids"].shape
        if "generation_config" not in generation:  # which speaks for all
            generation = _merge(self.generation_settings, generation)
        call = self._prepare_generate_kwargs(generation)
        settings = self._get_set_generation_params(call)
        most = settings.get("max_new_tokens") or settings.get("max_length") or length
        self.check_inputs(length, settings.get("min_length") or 0, most)
        output = self.model.generate(**model_inputs, **call)
        return {"output_ids": output.reshape(rows, -1, output.shape[-1])}

    def postprocess(
        self,
        model_outputs: dict[str, Any],
        return_tensors: bool = False,
        return_text: bool | None = None,
        clean_up_tokenization_spaces: bool = False,
    ) -> list[dict[str, Any]]:
        records = []
        for ids in model_outputs["output_ids"].flatten(0, 1):
            record: dict[str, Any] = {}
            if return_tensors:
                record[f"{self.return_name}_token_ids"] = ids
            if return_text or (return_text is None and not return_tensors):
                record[f"{self.return_name}_text"] = self.tokenizer.decode(
                    ids,
                    skip_special_tokens=True,
                    clean_up_tokenization_spaces=clean_up_tokenization_spaces,
                )
            records.append(record)
        return records


def _merge(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Both; `second` wins, also where the two name the end differently."""
    ends = any(key in second for key in ENDS)
    return {k: v for k, v in first.items() if not (ends and k in ENDS)} | second


class SummarizationPipeline(Text2TextGenerationPipeline):
    """`pipe(text, min_length=, max_length=)` -> `[{"summary_text": str}]`; lengths in tokens."""

    default_task = "summarization"
    return_name = "summary"

    def check_inputs(self, input_length: int, min_length: int, max_length: int) -> bool:
        """Warns of lengths that contradict each other or that leave nothing to shorten."""
        if max_length < min_length:
            logger.warning(f"min_length={min_length} is more than max_length={max_length}.")
        if input_length < max_length:
            logger.warning(
                f"The text has {input_length} tokens and the summary may have {max_length}: "
                f"max_length={input_length // 2} would make it shorter than the text."
            )
        return max_length >= min_length
