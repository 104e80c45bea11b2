"""Servers of models, played by ASGI apps behind which real models answer.

`Toolkit` speaks as an Inference Endpoint with Hugging Face's inference toolkit, `Chat` as vLLM or
TGI do, `Router` as router.huggingface.co, `HubApi` what the Hub says of models that are served.
Each answers by `answer(model_id, task, inputs, options)`. What a test wants to go wrong is appended
to `troubles`, an app for each request; what was asked is in `asked`.

Sources: https://github.com/huggingface/huggingface-inference-toolkit,
https://huggingface.co/docs/inference-providers
"""

import asyncio
import base64
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from runtime.errors import BackendError
from serving import chat_request
from tasks.api_contract import Call
from tasks.base import Task

Answer = Callable[[str, Task, Any, Any], Any]


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Played:
    """`models`: the task of each model id that is served."""

    answer: Answer
    models: dict[str, Task]
    asked: list[Asked] = field(default_factory=list)
    troubles: deque = field(default_factory=deque)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.body()
        heads = dict(request.headers)
        self.asked.append(Asked(request.method, request.url.path, heads, body))
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble:
            await trouble(scope, receive, send)
            return
        try:
            response = await self.respond(request, body)
        except BackendError as error:
            response = JSONResponse({"error": str(error)}, 400)
        await response(scope, receive, send)

    async def respond(self, request: Request, body: bytes) -> Response:
        raise NotImplementedError

    async def value(self, model: str, body: bytes, kind: str) -> tuple[Any, Any, Task]:
        """The answer in the common shape, and its inputs."""
        task = self.models[model]
        given, wanted = task.parse_call(_call(body, kind, task))
        inputs, options = task.read_inputs(given), task.read_options(wanted)
        return await asyncio.to_thread(self.answer, model, task, inputs, options), inputs, task

    async def conversation(self, body: bytes) -> Response:
        """An answer of /v1/chat/completions, in pieces."""
        asked = json.loads(body)
        task = self.models[asked["model"]]
        given, wanted = chat_request.read(asked, task.options)
        inputs, options = task.read_inputs(given), task.read_options(wanted)
        answer = await asyncio.to_thread(self.answer, asked["model"], task, inputs, options)
        said = answer[0]["generated_text"][-1]["content"]

        async def pieces() -> Any:
            for start in range(0, len(said), 4):
                yield event({"choices": [{"delta": {"content": said[start : start + 4]}}]})
            yield "data: [DONE]\n\n"

        return StreamingResponse(pieces(), media_type="text/event-stream")


class Toolkit(Played):
    """One model; every failure is a 400."""

    async def respond(self, request: Request, body: bytes) -> Response:
        if request.method == "GET":
            known = request.url.path in ("/", "/health")
            return PlainTextResponse("Ok" if known else "Not Found", 200 if known else 404)
        if request.url.path != "/":
            return JSONResponse({"error": "Not Found"}, 404)
        (model,) = self.models
        value, _, _ = await self.value(model, body, request.headers["content-type"])
        return JSONResponse(value)


class Chat(Played):
    """A server for conversations only."""

    owner = "vllm"

    async def respond(self, request: Request, body: bytes) -> Response:
        if (request.method, request.url.path) == ("GET", "/v1/models"):
            data = [{"id": model, "owned_by": self.owner} for model in self.models]
            return JSONResponse({"object": "list", "data": data})
        if (request.method, request.url.path) == ("POST", "/v1/chat/completions"):
            return await self.conversation(body)
        return JSONResponse({"detail": "Not Found"}, 404)


class Router(Played):
    """Serves everything as hf-inference, and conversations under /v1 as well."""

    async def respond(self, request: Request, body: bytes) -> Response:
        if request.url.path.endswith("/v1/chat/completions"):
            return await self.conversation(body)
        model = request.url.path.removeprefix("/hf-inference/models/").partition("/pipeline/")[0]
        kind = request.headers["content-type"]
        value, inputs, task = await self.value(model, body, kind)
        return JSONResponse(task.reply(value, inputs))


class HubApi(Played):
    """`https://huggingface.co/api/models/ID`; `offers`: providers other than the usual one."""

    offers: dict[str, list[dict[str, str]]] = {}

    async def respond(self, request: Request, body: bytes) -> Response:
        if request.url.path == "/api/whoami-v2":
            return JSONResponse({"name": "someone"})
        model = request.url.path.removeprefix("/api/models/")
        if request.method == "HEAD":
            return Response()
        if model not in self.models:
            return JSONResponse({"error": "Not found"}, 404, {"X-Error-Code": "RepoNotFound"})
        task = self.models[model].id
        served = [{"provider": "hf-inference", "task": task, "status": "live"}]
        mapping = [
            {"providerId": model, "hf_model_id": model, **offer}
            for offer in self.offers.get(model, served)
        ]
        # A list, as the Hub answers now.
        about = {"id": model, "pipeline_tag": task, "tags": [task]}
        return JSONResponse({**about, "inferenceProviderMapping": mapping})


def event(told: Any) -> str:
    return f"data: {json.dumps(told)}\n\n"


def _call(body: bytes, kind: str, task: Task) -> Call:
    """What servers make of a body: raw media, media as base64, or JSON as it is."""
    if kind != "application/json":
        return Call(body, {})
    asked = json.loads(body)
    inputs = asked.pop("inputs")
    parameters = asked.pop("parameters", {}) | asked
    name = next(iter(task.inputs.model_fields.values()))
    media = isinstance(inputs, str) and bytes in getattr(name.annotation, "__args__", ())
    return Call(base64.b64decode(inputs) if media else inputs, parameters)


class Serving:
    """An ASGI app on a port of this machine while inside the `with`; `config` is uvicorn's."""

    def __init__(self, app: Any, **config: Any) -> None:
        usual = {"port": 0, "log_level": "warning", "lifespan": "off"}
        made = uvicorn.Config(app, timeout_graceful_shutdown=1, **usual, **config)
        self._server = uvicorn.Server(made)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(),), daemon=True)
        self.url = ""

    async def _run(self) -> None:
        self._server.config.load()
        serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            await asyncio.sleep(0)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._ready.set()
        await serving

    def __enter__(self) -> "Serving":
        self._thread.start()
        if not self._ready.wait(30):
            raise RuntimeError("The server did not start.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(30)
