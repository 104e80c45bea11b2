"""What our pipelines share: made in one call, as transformers' own are."""

from pathlib import Path
from typing import Any, ClassVar, Self

import transformers


class Pretrained:
    """Mixed into a Pipeline class. `auto_models`: names of the Auto classes it can work with."""

    auto_models: ClassVar[tuple[str, ...]]

    @classmethod
    def from_pretrained(cls, model: str | Path, **options: Any) -> Self:
        """The pipeline for a folder or a Hub id; `options` as for the class itself."""
        auto_model = getattr(transformers, cls.auto_models[0])
        return cls(
            model=auto_model.from_pretrained(model, trust_remote_code=False),
            tokenizer=transformers.AutoTokenizer.from_pretrained(model, trust_remote_code=False),
            **options,
        )
