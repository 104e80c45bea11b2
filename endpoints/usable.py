"""Whether a model can be deployed from here, told before anything is made."""

from runtime.catalogue import Model
from runtime.errors import BadInput, ModelNotFound
from runtime.hub import model_details
from runtime.messages import Message
from runtime.model_files import ModelFiles
from runtime.watch import Watch


def check_usable(model: Model, weights: ModelFiles, most_bytes: int) -> None:
    """Nothing is downloaded: each machine brings the model in by itself.

    Raises ModelNotFound, Gated, NotAuthorised, RateLimited, Unavailable, BadInput (too large).
    """
    place = weights.location(model)
    if place in ("absent", "unreachable"):
        weights.fetch(model, Watch())  # raises, and says what to do
    if place != "hub":
        return
    details = model_details.read(weights.hub, model.id)
    if not model.listed and not details.loadable:
        raise ModelNotFound(
            Message("{model} has no safetensors that transformers would load.", model=model.id),
            Message("Choose another model."),
        )
    if (size := details.weights) and size > most_bytes:
        raise BadInput(
            Message(
                "{model} is {size:.1f} GB to download; {most:g} GB are allowed.",
                model=model.id,
                size=size / 1e9,
                most=most_bytes / 1e9,
            ),
            Message("Choose a smaller model, or raise MAX_MODEL_GB."),
        )
