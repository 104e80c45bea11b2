"""Who can be talked to now: models with a chat template that are here, or can come."""

from collections.abc import Iterator

from runtime.catalogue import Model
from runtime.chat_template import has_template
from serving.context import ServiceContext

ABSENT = {
    "unreachable": "{} is not on this machine, and the Hub cannot be reached.",
    "absent": "{} is not installed on this machine.",
}


def available_models(service: ServiceContext) -> Iterator[Model]:
    """Each model once, in the catalogue's order. It looks at files, and maybe for the Hub."""
    models = {model.id: model for _, model in service.served_models.chat_models()}
    return (model for model in models.values() if refusal(service, model) is None)


def refusal(service: ServiceContext, model: Model) -> str | None:
    """Why a model of a task that converses cannot be talked to now; None if it can."""
    weights = service.backend.weights
    if folder := weights.local_path(model):
        converses = has_template(folder)
    elif absent := ABSENT.get(weights.location(model)):
        return absent.format(model.id)
    else:
        converses = model.converses
    return None if converses else f"{model.id} goes on with a text, and holds no conversations."
