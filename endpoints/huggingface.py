"""Inference Endpoints on Hugging Face's cloud, by HfApi.

https://huggingface.co/docs/huggingface_hub/guides/inference_endpoints says what each call does.
HfApi's own `wait` is not used, because nothing can stop it: see `endpoints.polling`.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from huggingface_hub import InferenceEndpoint

from endpoints import creation, responses, validation
from endpoints.base import Endpoint, Hardware, Spec
from endpoints.client import EndpointsClient, existing, translated
from endpoints.creation import CreationJournal
from endpoints.errors import CallSubject
from runtime.errors import NotAuthorised, Unavailable
from runtime.hub.client import check_names

PRICES_SECONDS = 5.0
Prices = Mapping[responses.HardwareKey, Hardware]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipe:
    """A way of deploying a model that Hugging Face has tried. It chooses machine, engine and price
    by itself; they are known once the endpoint is made.
    """

    id: str
    model: str
    task: str
    accelerator: str
    engine: str
    file: str | None = None
    revision: str | None = None


class HuggingFace:
    """The endpoints of `account`, a user or an organization that the token may act for: see
    `endpoints.client.accounts`. `seconds`: how long one call may take. `journal`: of creations.
    """

    name = "Hugging Face"

    def __init__(
        self,
        token: str | None,
        account: str,
        seconds: float = 30.0,
        journal: CreationJournal | None = None,
    ) -> None:
        self._client = EndpointsClient(token, account, seconds)
        self._journal = journal
        self._offered: Prices | None = None

    @property
    def account(self) -> str:
        return self._client.account

    def hardware(
        self, stop: threading.Event | None = None, seconds: float | None = None
    ) -> tuple[Hardware, ...]:
        """All there is in any region, with price and this account's quota."""
        work = partial(self._client.api.list_inference_endpoints_hardware, **self._client.whose)
        answers = self._client.ask(CallSubject(self.account), work, stop, seconds)
        offered = tuple(responses.hardware(answer) for answer in answers)
        self._offered = {responses.key(machine): machine for machine in offered}
        return offered

    def create(self, spec: Spec, stop: threading.Event | None = None) -> Endpoint:
        self.hardware(stop)
        machine = validation.check(spec, self._offered or {})
        post = partial(
            self._client.api.create_inference_endpoint,
            spec.name,
            repository=spec.model,
            framework="pytorch",
            accelerator=machine.accelerator,
            instance_size=machine.instance_size,
            instance_type=machine.instance_type,
            region=machine.region,
            vendor=machine.vendor,
            min_replica=spec.min_replicas,
            max_replica=spec.max_replicas,
            scale_to_zero_timeout=spec.scale_to_zero_minutes,
            revision=spec.revision,
            task=spec.task,
            type=spec.level.value,
            **self._client.whose,
        )
        return self._make(spec.name, spec.model, post, stop)

    def recipes(self, model: str, stop: threading.Event | None = None) -> tuple[Recipe, ...]:
        """The catalogue's recipes for a model; none for most models.

        https://endpoints.huggingface.co/catalog. Raises ModelNotFound for an impossible name.
        """
        check_names(model, None)
        work = partial(
            self._client.api.list_inference_catalog,
            search=model.rpartition("/")[2],
            token=self._client.token,
        )
        entries = self._client.ask(CallSubject(self.account), work, stop)
        return tuple(
            Recipe(r.id, e.repo_id, e.task, r.accelerator, r.engine, r.gguf_file, r.revision)
            for e in entries
            if e.repo_id == model
            for r in e.recipes
        )

    def deploy(self, recipe: Recipe, name: str, stop: threading.Event | None = None) -> Endpoint:
        """Make an endpoint as the recipe says. Raises as `create` does."""
        post = partial(
            self._client.api.create_inference_endpoint_from_catalog,
            recipe_id=existing(recipe.id),
            name=name,
            **self._client.whose,
        )
        return self._make(name, recipe.model, post, stop)

    def list(self, stop: threading.Event | None = None) -> tuple[Endpoint, ...]:
        work = partial(self._client.api.list_inference_endpoints, **self._client.whose)
        prices = self._prices(stop)
        answers = self._client.ask(CallSubject(self.account), work, stop)
        found = [self._read(answer, prices, CallSubject(self.account)) for answer in answers]
        return tuple(sorted(found, key=lambda endpoint: endpoint.created, reverse=True))

    def get(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        self._prices(stop)
        return self._one(self._client.api.get_inference_endpoint, name, stop)

    def pause(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        return self._one(self._client.api.pause_inference_endpoint, name, stop)

    def resume(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        """Start a paused one, or wake one that is scaled to zero; one that runs stays as it is."""
        return self._one(self._client.api.resume_inference_endpoint, name, stop)

    def scale_to_zero(self, name: str, stop: threading.Event | None = None) -> Endpoint:
        return self._one(self._client.api.scale_to_zero_inference_endpoint, name, stop)

    def delete(self, name: str, stop: threading.Event | None = None) -> None:
        delete = self._client.api.delete_inference_endpoint
        work = partial(delete, existing(name), **self._client.whose)
        self._client.ask(CallSubject(self.account, name), work, stop)

    def _make(
        self,
        name: str,
        model: str,
        post: Callable[[], InferenceEndpoint],
        stop: threading.Event | None,
    ) -> Endpoint:
        about, prices = CallSubject(self.account, name, model), self._prices(stop)
        made = creation.make(self._client, about, post, stop, self._journal)
        return self._read(made, prices, about)

    def _one(
        self, method: Callable[..., InferenceEndpoint], name: str, stop: threading.Event | None
    ) -> Endpoint:
        """With the price if it is known: whoever wants to stop paying waits for nothing."""
        about = CallSubject(self.account, name)
        work = partial(method, existing(name), **self._client.whose)
        return self._read(self._client.ask(about, work, stop), self._offered or {}, about)

    def _read(self, answer: InferenceEndpoint, prices: Prices, about: CallSubject) -> Endpoint:
        with translated(about):
            return responses.endpoint(answer, prices, datetime.now(UTC))

    def _prices(self, stop: threading.Event | None) -> Prices:
        """The hardware as last seen. It is looked up before anything is made or listed, so that
        nothing can fail between that and showing it; without it, prices are not known.
        """
        if self._offered is None:
            try:
                self.hardware(stop, PRICES_SECONDS)
            except (Unavailable, NotAuthorised) as error:
                log.warning("no prices: %s", error)
        return self._offered or {}
