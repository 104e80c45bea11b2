"""A model's weights into the class that its task wants, or not at all.

Left to itself, transformers gives a model that was made for something else a head of random
weights, logs it, and answers with chance.
"""

import importlib
import json
from pathlib import Path
from typing import Any

from runtime.device import Device
from runtime.errors import ModelNotFound
from runtime.messages import Message
from runtime.model_files import parameters
from tasks.numbers import refuse_no_numbers

NOT_THEIRS = (
    *("num_return_sequences", "return_dict_in_generate", "max_time", "token_healing"),
    *("output_scores", "output_logits", "output_attentions", "output_hidden_states"),
    # Needs a tokenizer or a second model that is not handed over, or code that is not there.
    *("num_beam_groups", "diversity_penalty", "penalty_alpha", "dola_layers", "low_memory"),
    *("constraints", "force_words_ids", "stop_strings", "watermarking_config"),
    *("prompt_lookup_num_tokens", "assistant_early_exit", "is_assistant", "speculation_type"),
    *("use_mtp", "continuous_batching_config", "compile_config"),
)
PACKAGED = "quantized"  # of `cache_implementation`: it needs packages of its own
NAME = "{model}"  # the caller knows it: a folder may be called otherwise
CHOOSE = Message("Choose one from the menu, or one that the Hub lists under this task.")

# A model may leave out of its file what it makes itself, such as tables of positions.
SLACK, SLACK_PARAMETERS = 1.2, 5_000_000
MOST_LAYERS = 500
MOST_TABLES = 1_000_000_000  # bytes of what is computed from the config, such as positions

# Used in training only: many checkpoints leave it out, and answers do not depend on it.
NOT_NEEDED = ("masked_spec_embed",)
# At the top only a model without a head has them, and what it says of each token needs none.
POOLER = ("pooler.dense.weight", "pooler.dense.bias")


# What a pipeline may need beside its model: its name there, the flag that asks for it, its class.
PARTS = (
    ("tokenizer", "_load_tokenizer", "AutoTokenizer"),
    ("feature_extractor", "_load_feature_extractor", "AutoFeatureExtractor"),
    ("image_processor", "_load_image_processor", "AutoImageProcessor"),
    ("processor", "_load_processor", "AutoProcessor"),
)


def own_settings(folder: Path) -> dict[str, Any]:
    """For `from_pretrained`: the model's generation config without NOT_THEIRS, if it has one.

    transformers 5.24 refuses to load a model whose own settings contradict each other.
    """
    file = folder / "generation_config.json"
    try:
        settings = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(settings, dict):
        return {}
    from transformers import GenerationConfig

    allowed = {name: value for name, value in settings.items() if name not in NOT_THEIRS}
    return {"generation_config": GenerationConfig.from_dict(allowed)}


def keep_to_one_answer(model: Any) -> None:
    """Undo in a model's generation config, if it has any, what no task here could work with."""
    config = getattr(model, "generation_config", None)
    if config is None:
        return
    from transformers import GenerationConfig

    defaults = vars(GenerationConfig())
    for name in NOT_THEIRS:
        if hasattr(config, name) and name in defaults:
            setattr(config, name, defaults[name])
    for settings in (getattr(model.config, "task_specific_params", None) or {}).values():
        for name in set(NOT_THEIRS).intersection(settings):
            del settings[name]
    if config.cache_implementation == PACKAGED:
        config.cache_implementation = None
    positions = getattr(model.config, "max_target_positions", None)
    if hasattr(config, "lang_to_id") and positions:  # Whisper: a shorter answer loses speech
        config.max_length, config.max_new_tokens = positions, None


def load_pipeline(task_id: str, folder: Path, device: Device, pipeline_class: Any = None) -> Any:
    """The pipeline for the model in `folder`. Raises ModelNotFound.

    `pipeline_class`: a Pipeline class of ours; transformers' own class for the task if None. Its
    `auto_models` are the names of the classes that it can work with.
    """
    import torch

    pipeline_class, auto_models = _classes(task_id, pipeline_class)
    model = load_model(task_id, folder, device, auto_models)
    parts = load_parts(pipeline_class, folder)
    return pipeline_class(model=model, task=task_id, device=torch.device(device.name), **parts)


def check_pipeline(task_id: str, folder: Path, pipeline_class: Any = None) -> dict[str, Any]:
    """All of `load_pipeline` but the weights: returns the parts. Raises ModelNotFound."""
    pipeline_class, auto_models = _classes(task_id, pipeline_class)
    _read_config(task_id, folder, auto_models)
    return load_parts(pipeline_class, folder)


def load_parts(pipeline_class: Any, folder: Path) -> dict[str, Any]:
    """What the Pipeline class `pipeline_class` needs beside its model, by its names there."""
    import transformers

    return {
        name: getattr(transformers, auto).from_pretrained(folder, trust_remote_code=False)
        for name, flag, auto in PARTS
        if getattr(pipeline_class, flag)
    }


def load_model(task_id: str, folder: Path, device: Device, auto_models: tuple | None = None) -> Any:
    """The model in `folder`, as the first fitting class of `auto_models`.

    They default to those of transformers' own pipeline for the task. Raises ModelNotFound if it
    was made for another task, or if weights are missing.
    """
    import torch

    if auto_models is None:
        _, auto_models = _classes(task_id, None)
    auto_model, config = _read_config(task_id, folder, auto_models)
    model, report = auto_model.from_pretrained(
        folder,
        config=config,
        dtype=getattr(torch, device.dtype),
        trust_remote_code=False,
        output_loading_info=True,
        ignore_mismatched_sizes=True,  # they are told below, in words of ours
        **own_settings(folder),
    )
    for name, shape, expected in sorted(report["mismatched_keys"]):
        raise ModelNotFound(_mismatch_sentence(config, name, shape, expected), CHOOSE)
    absent = set(report["missing_keys"]).difference(POOLER)
    missing = sorted(name for name in absent if not name.endswith(NOT_NEEDED))
    if missing:
        raise ModelNotFound(
            Message(
                "This model lacks weights that {task} needs: {weights}.",
                task=task_id,
                weights=", ".join(missing[:3]),
            ),
            CHOOSE,
        )
    refuse_no_numbers(model)
    keep_to_one_answer(model)
    return model


def _mismatch_sentence(config: Any, name: str, shape: Any, expected: Any) -> Message:
    """What does not fit, for weights of the shape `shape` where the config describes another."""
    labels = config.num_labels
    if shape[1:] == expected[1:] and expected[0] == labels:
        return Message(
            "The config.json of {model} has {labels} labels, and its weights have {held}.",
            model=NAME,
            labels=labels,
            held=shape[0],
        )
    return Message(
        "The weights of {model} do not fit its config.json: {name} is {held}, and {described} is "
        "described.",
        model=NAME,
        name=name,
        held=_shape(shape),
        described=_shape(expected),
    )


def _shape(sizes: Any) -> str:
    return " x ".join(map(str, sizes))


def _classes(task_id: str, pipeline_class: Any) -> tuple[Any, tuple]:
    """The Pipeline class, by default transformers' own, and the classes that it works with."""
    import transformers
    from transformers.pipelines import PIPELINE_REGISTRY

    if pipeline_class is not None:
        return pipeline_class, tuple(
            getattr(transformers, name) for name in pipeline_class.auto_models
        )
    registered = PIPELINE_REGISTRY.check_task(task_id)[1]
    module, _, name = registered["impl"].rpartition(".")
    return getattr(importlib.import_module(module), name), registered["pt"]


def _read_config(task_id: str, folder: Path, auto_models: tuple) -> tuple[Any, Any]:
    """The fitting class and the config, which promises no more than the weights hold."""
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    except ValueError as error:
        _refuse_unknown_kind(str(error))
        raise
    auto_model = _matching_class(task_id, config, auto_models)
    _refuse_larger_than_its_weights(auto_model, config, folder)
    return auto_model, config


def _refuse_unknown_kind(reason: str) -> None:
    """Raise ModelNotFound where transformers (5.24) says that it has no class for the model."""
    if "custom code" in reason or "trust_remote_code" in reason:
        raise ModelNotFound(
            Message("This model needs code of its own, which is never run here."), CHOOSE
        )
    if "does not recognize this architecture" in reason:
        raise ModelNotFound(
            Message(
                "{model} is of a kind that the Transformers installed here does not know.",
                model=NAME,
            ),
            CHOOSE,
        )


def _matching_class(task_id: str, config: Any, auto_models: tuple) -> Any:
    """The one of `auto_models` that the config names, or knows where it names none."""
    architectures = config.architectures or []
    for auto_model in auto_models:
        mapping = auto_model._model_mapping
        names: set[str] = set()
        for name in mapping._model_mapping.values():
            names.update([name] if isinstance(name, str) else name)
        of_base = auto_model.__name__ == "AutoModel"  # every model with a head holds one without
        if names.intersection(architectures) or (
            type(config) in mapping and (not architectures or of_base)
        ):
            return auto_model
    made_for = (
        architectures[0]
        if architectures
        else Message("{model_type} model of another kind", model_type=config.model_type)
    )
    raise ModelNotFound(
        Message(
            "This model was not made for {task}: it is a {made_for}.",
            task=task_id,
            made_for=made_for,
        ),
        CHOOSE,
    )


def _refuse_larger_than_its_weights(auto_model: Any, config: Any, folder: Path) -> None:
    """Raises ModelNotFound where the config describes more than the files hold.

    The config alone decides what is allocated: a doctored one could take all the memory of the
    machine before anyone notices that weights are missing.
    """
    import torch

    depths = [v for k, v in config.to_dict().items() if "layer" in k and isinstance(v, int)]
    stored = parameters(folder)
    if max(depths, default=0) <= MOST_LAYERS:
        with torch.device("meta"):  # shapes without memory
            model = auto_model.from_config(config)
        described = sum(p.numel() for p in model.parameters())
        tables = sum(table.numel() * table.element_size() for table in model.buffers())
        fits = stored is None or described <= stored * SLACK + SLACK_PARAMETERS
        if fits and tables <= MOST_TABLES:
            return
    raise ModelNotFound(
        Message("This model's config.json describes a larger model than its weights hold."), CHOOSE
    )
