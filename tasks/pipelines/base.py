"""What our pipelines share: made in one call, as transformers' own are."""

from pathlib import Path
from typing import Any, ClassVar, Self

import transformers


class Pretrained(transformers.Pipeline):
    """Mixed into a Pipeline class. `auto_models`: names of the Auto classes it can work with."""

    auto_models: ClassVar[tuple[str, ...]]
    model: Any
    tokenizer: Any  # transformers says that there may be none; each of ours has one

    @classmethod
    def from_pretrained(cls, model: str | Path, **options: Any) -> Self:
        """The pipeline for a folder or a Hub id; `options` as for the class itself."""
        auto_model = getattr(transformers, cls.auto_models[0])
        tokenizer: Any = transformers.AutoTokenizer
        return cls(
            model=auto_model.from_pretrained(model, trust_remote_code=False),
            tokenizer=tokenizer.from_pretrained(model, trust_remote_code=False),
            **options,
        )
