"""Text from one language into another: the pipeline that transformers 4 had."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from transformers import BatchEncoding
from transformers.utils import logging

from tasks.languages import code_for_language, language_tokens
from tasks.pipelines.text2text_generation import Text2TextGenerationPipeline

logger = logging.get_logger(__name__)


class TranslationPipeline(Text2TextGenerationPipeline):
    """`pipe(text, src_lang=, tgt_lang=)` -> `[{"translation_text": str}]`; a list: a list of dicts.

    src_lang, tgt_lang: for models of many languages, NLLB, M2M100, mBART-50 and Marian's among
        them: plain codes ("en", "zh") or the model's own ("eng_Latn", "zh_CN"), here or when the
        pipeline is made. `task="translation_en_to_zh"` says them too.

    Raises ValueError for a language that the model does not know, and where it has to be told.
    Unlike in transformers 4 such a model takes batches, and forgets the languages afterwards.
    """

    default_task = "translation"
    return_name = "translation"

    def __init__(
        self,
        *args: Any,
        task: str = "",
        src_lang: str | None = None,
        tgt_lang: str | None = None,
        **kwargs: Any,
    ) -> None:
        pair = re.fullmatch(r"translation_([^_]+)_to_([^_]+)", task)
        if pair and src_lang is None and tgt_lang is None:
            kwargs["by_name"] = pair.groups()
        super().__init__(*args, task=task, src_lang=src_lang, tgt_lang=tgt_lang, **kwargs)

    def check_inputs(self, input_length: int, min_length: int, max_length: int) -> bool:
        """Warns of an end that comes too soon."""
        if input_length > 0.9 * max_length:
            logger.warning(
                f"The text has {input_length} tokens and its translation may have {max_length} "
                "only: give a larger max_new_tokens."
            )
        return True

    def _sanitize_parameters(
        self,
        src_lang: str | None = None,
        tgt_lang: str | None = None,
        by_name: tuple[str, str] | None = None,
        **others: Any,
    ) -> tuple[dict, dict, dict]:
        before, during, after = super()._sanitize_parameters(**others)
        codes = language_tokens(self.tokenizer)
        if by_name and codes:  # T5 finds its prefix by the task's name instead
            src_lang, tgt_lang = by_name
        if not codes and (src_lang or tgt_lang):
            logger.warning("This model has one pair of languages: src_lang and tgt_lang are idle.")
            return before, during, after
        if src_lang and self._needs_both:
            before["src_lang"] = _model_code(codes, src_lang)
        if tgt_lang:
            before["tgt_lang"] = _model_code(codes, tgt_lang)
            if self._needs_both:
                token = codes[before["tgt_lang"]]
                during["forced_bos_token_id"] = self.tokenizer.convert_tokens_to_ids(token)
        return before, during, after

    @property
    def _needs_both(self) -> bool:
        """Both languages as tokens, unlike Marian's, whose text begins with its target."""
        return hasattr(self.tokenizer, "_build_translation_inputs")

    def preprocess(
        self,
        inputs: str | list[str],
        truncation: Any = False,
        src_lang: str | None = None,
        tgt_lang: str | None = None,
    ) -> BatchEncoding:
        if self._needs_both:
            if not (src_lang and tgt_lang):
                raise ValueError("Translation requires a `src_lang` and a `tgt_lang` here.")
            with _source(self.tokenizer, src_lang):
                return self._parse_and_tokenize(inputs, truncation=truncation)
        if tgt_lang and isinstance(inputs, str):
            inputs = f"{language_tokens(self.tokenizer)[tgt_lang]} {inputs}"
        return self._parse_and_tokenize(inputs, truncation=truncation)


def _model_code(codes: dict[str, str], language: str) -> str:
    code = code_for_language(codes, language)
    if code is None:
        raise ValueError(f"The model does not know {language!r}, but {', '.join(sorted(codes))}.")
    return code


@contextmanager
def _source(tokenizer: Any, language: str) -> Generator[None]:
    """The tokenizer reads `language`, and afterwards what it read before."""
    previous = tokenizer.src_lang
    tokenizer.src_lang = language
    try:
        yield
    finally:
        tokenizer.src_lang = previous
