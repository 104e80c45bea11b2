"""What a model's own generation config may not decide here: how many answers, and in what shape.

Some of it (groups of beams, contrastive search) transformers 5 would fetch code from the Hub for.
"""

import json
from pathlib import Path
from typing import Any

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
