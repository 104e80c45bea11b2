"""Who serves a model on the Inference API, asked of the Hub before anybody clicks.

Source: https://huggingface.co/docs/inference-providers/hub-api
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache, cachedmethod
from huggingface_hub import HfApi

from runtime.errors import ModelNotFound, Unavailable
from runtime.hub.client import Hub, check_names
from runtime.hub.errors import TABLE, translate
from runtime.messages import Message

API_SECONDS = 10.0  # silence after which the Hub counts as unreachable
CACHE_SECONDS = 300.0
CACHE_SIZE = 512  # models
STATUS = {"live": 0, "staging": 1}  # the best first
RUN_HERE = Message("Run the model on this machine, or at an endpoint.")


@dataclass(frozen=True)
class ProviderMapping:
    """One provider that serves a model.

    `task` in the Hub's words, "conversational" for chat; `status` "live", "staging", or "error"
    where the Hub's last check of it failed.
    """

    provider: str
    task: str
    status: str


class ProviderLookup:
    """Asks without a token, as huggingface_hub's client does: private models count as not served.

    `clock` gives seconds, for how long an answer is believed.
    """

    def __init__(self, hub: Hub, clock: Callable[[], float]) -> None:
        self._hub = hub
        self._cache: TTLCache = TTLCache(CACHE_SIZE, CACHE_SECONDS, timer=clock)
        self._lock = threading.Lock()

    @cachedmethod(lambda self: self._cache, lock=lambda self: self._lock)
    def of(self, model_id: str) -> list[ProviderMapping]:
        """Those that work first. Raises BackendError."""
        check_names(model_id, None)
        if not self._hub.reachable():
            raise Unavailable(
                Message(
                    "Who serves {model} cannot be asked: the Hub is {state}.",
                    model=model_id,
                    state=self._hub.state,
                ),
                RUN_HERE,
            )
        try:
            api = HfApi(endpoint=self._hub.url, token=False)
            info = api.model_info(
                model_id, expand=["inferenceProviderMapping"], timeout=API_SECONDS
            )
        except (KeyError, TypeError, AttributeError) as error:  # JSON, but not the Hub's
            raise Unavailable(
                Message(
                    "{endpoint} does not answer as a Hub does.",
                    endpoint=self._hub.endpoint,
                ),
                RUN_HERE,
            ) from error
        except TABLE.types as error:
            error_shown = translate(error, model_id, self._hub.endpoint)
            if isinstance(error_shown, ModelNotFound):
                raise ModelNotFound(
                    Message(
                        "There is no public model {model} at {endpoint}.",
                        model=model_id,
                        endpoint=self._hub.endpoint,
                    ),
                    Message(
                        "Check the name; a private model can run on this machine, or at an "
                        "endpoint."
                    ),
                ) from error
            raise error_shown from error
        offers = [
            ProviderMapping(o.provider, o.task, o.status)
            for o in info.inference_provider_mapping or ()
        ]
        return sorted(offers, key=lambda offer: STATUS.get(offer.status, len(STATUS)))
