"""image-feature-extraction: a picture as numbers."""

from pathlib import Path
from typing import Any

from pydantic import Field

from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import Inputs, Limits, Options, Task
from tasks.media import IMAGE, decode_picture


class ImageFeatureExtractionInputs(Inputs):
    image: Path | bytes


class ImageFeatureExtractionOptions(Options):
    pool: bool = Field(
        True,
        title=Message("One row for the whole picture"),
        description=Message("Else many rows."),
    )


class ImageFeatureExtraction(Task):
    """Rows of numbers that stand for a picture."""

    id = "image-feature-extraction"
    inputs = ImageFeatureExtractionInputs
    options = ImageFeatureExtractionOptions
    medium = IMAGE
    answer_shape = list[list[float]] | list[list[list[float]]]

    def prepare(
        self, inputs: ImageFeatureExtractionInputs, options: Any, limits: Limits, watch: Watch
    ) -> Any:
        return decode_picture(inputs.image, limits, watch)

    def answer(self, pipe: Any, prepared: Any, options: Any, watch: Watch) -> Any:
        return pipe(prepared, **self.pipeline_call(options))


TASK = ImageFeatureExtraction()
