"""What is counted, in Prometheus' text format. Each application has a registry of its own."""

import time
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.pool import Resident

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
UNLISTED = "other"  # one name for all models out of the catalogue: anybody could make up more
LABELS = ("task", "model")


class Metrics:
    """`residents`: what is in memory at this moment, for whomever it was loaded."""

    def __init__(self, residents: Callable[[], Iterable[Resident]]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_InMemory(residents))
        self.requests = Counter(
            "playground_requests",
            "Requests answered, by task, model and HTTP status.",
            (*LABELS, "status"),
            registry=self._registry,
        )
        self.errors = Counter(
            "playground_errors",
            "Requests answered by an error, by task, model and HTTP status.",
            (*LABELS, "status"),
            registry=self._registry,
        )
        self.latency = Histogram(
            "playground_request_seconds",
            "From a request's arrival to the end of its answer.",
            LABELS,
            buckets=SECONDS,
            registry=self._registry,
        )
        self.queue = Histogram(
            "playground_queue_seconds",
            "What of that was spent waiting for the device.",
            LABELS,
            buckets=SECONDS,
            registry=self._registry,
        )
        self.in_progress = Gauge(
            "playground_requests_in_progress",
            "Requests that have come and are not answered yet.",
            registry=self._registry,
        )

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def record(self, label_values: tuple[str, str], status: int, seconds: float) -> None:
        self.requests.labels(*label_values, status).inc()
        if status >= 400:
            self.errors.labels(*label_values, status).inc()
        self.latency.labels(*label_values).observe(seconds)


class MetricsMiddleware:
    """ASGI middleware: counts each POST. A handler names its task and model by `metric_labels`."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        status = 500
        state = scope.setdefault("state", {})
        state["metric_labels"] = ("", "")

        async def record_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        start = time.perf_counter()
        try:
            with self._metrics.in_progress.track_inprogress():
                await self._app(scope, receive, record_status)
        finally:
            self._metrics.record(state["metric_labels"], status, time.perf_counter() - start)


class _InMemory(Collector):
    def __init__(self, residents: Callable[[], Iterable[Resident]]) -> None:
        self._residents = residents

    def collect(self) -> Iterator[GaugeMetricFamily]:
        residents = list(self._residents())
        yield GaugeMetricFamily("playground_models_in_memory", "How many.", value=len(residents))
        sizes = GaugeMetricFamily(
            "playground_model_memory_bytes", "What each model takes.", labels=LABELS
        )
        for resident in residents:
            task_id, model_id, _ = resident.key
            sizes.add_metric((task_id, model_id), resident.size)
        yield sizes
