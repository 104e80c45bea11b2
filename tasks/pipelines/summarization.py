"""A long text shorter: the pipeline that transformers 4 had."""

from transformers.utils import logging

from tasks.pipelines.text2text_generation import Text2TextGenerationPipeline

logger = logging.get_logger(__name__)


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
