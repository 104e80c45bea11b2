"""The endpoint backend: any server that speaks the pipeline contract or /v1/chat/completions.

huggingface_hub's client expects the router's answers, which are others, so this is a plain POST.
Sources: https://huggingface.co/docs/inference-endpoints,
https://huggingface.co/docs/inference-providers/tasks/chat-completion
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2

from backends.addresses import Addresses, place
from backends.posting import Line, NoDoor
from backends.remote import Remote, Request
from backends.sentences import WRONG_SHAPE
from backends.waiting import Patience
from tasks import chat
from tasks.base import Limits

CHAT = "/v1/chat/completions"
MODELS = "/v1/models"
# What a server may be given as its address that names a door rather than the house.
DOORS = (CHAT, "/v1/chat", "/v1", MODELS)

Door = Callable[[Line, Request], Any]


class EndpointBackend(Remote):
    """`url` has been checked by `addresses`; `token` is meant for it."""

    name = "endpoint"

    def __init__(
        self,
        url: httpx2.URL,
        token: str,
        addresses: Addresses,
        limits: Limits,
        patience: Patience,
    ) -> None:
        super().__init__(place(url), token, limits, patience)
        self._url = url
        self._addresses = addresses

    async def _ask(self, request: Request) -> None:
        asked = self._asked(request)
        line = Line(self._url, self._addresses, asked, self._token, self._patience)

        async def attempt(held: float | None) -> None:
            await self._through_a_door(replace(line, held=held), request)

        await self._until_answered(request, asked, attempt)

    async def _through_a_door(self, line: Line, request: Request) -> None:
        """Try what this address may speak; what does not exist there has done nothing."""
        closed: NoDoor | None = None
        for door in self._doors(request):
            try:
                return await door(line, request)
            except NoDoor as error:
                closed = closed or error
        assert closed
        raise closed.error from None

    def _doors(self, request: Request) -> Iterator[Door]:
        """In the order in which they are tried: a conversation goes to chat first, a text last."""
        first = next(iter(dict(request.inputs).values()))
        talks = request.task.chats and not isinstance(first, str)
        chats_only = any(self._url.path.rstrip("/").endswith(door) for door in DOORS)
        if talks or (chats_only and request.task.chats):
            yield self._chat
        if not chats_only:
            yield self._pipeline
        if "/models/" not in self._url.path:
            yield self._pipeline_of_many
        if request.task.chats and not talks and not chats_only:
            yield self._chat

    async def _pipeline(self, line: Line, request: Request) -> None:
        await self._post(line, request, self._url)

    async def _pipeline_of_many(self, line: Line, request: Request) -> None:
        """As a server of several models names them, such as another instance of this app."""
        path = f"/models/{request.model.id}/pipeline/{request.task.id}"
        await self._post(line, request, at(self._url, path))

    async def _post(self, line: Line, request: Request, url: httpx2.URL) -> None:
        task, inputs, options = request.task, request.inputs, request.options
        reply = await line.post(url, task.call(inputs, options))
        request.address = str(url)
        try:
            answer = task.parse(reply, inputs, options)
        except ValueError as error:
            raise line.asked.error(WRONG_SHAPE, str(error)) from error
        request.whole(answer)

    async def _chat(self, line: Line, request: Request) -> None:
        text = next(iter(dict(request.inputs).values()))
        model = await self._model_there(line, request)
        body = {"model": model, **chat.payload(text, request.options), "stream": True}
        new = ""
        request.address = str(at(self._url, CHAT))
        async for event in line.events(at(self._url, CHAT), body):
            try:
                new += said_by(event)
            except (LookupError, TypeError, AttributeError) as error:
                raise line.asked.error(WRONG_SHAPE, str(event)) from error
            request.so_far(chat.answer(text, new))
        request.whole(request.task.checked(chat.answer(text, new)))

    async def _model_there(self, line: Line, request: Request) -> str:
        """The name that the server knows its model by; ours if it does not tell."""
        try:
            told = await line.get(at(self._url, MODELS))
            names = [one["id"] for one in told["data"]]
        except (NoDoor, LookupError, TypeError):
            return request.model.id
        if not names or request.model.id in names:
            return request.model.id
        request.served = str(names[0])
        request.watch.note(f"The endpoint serves {request.served}, whichever model is chosen.")
        return request.served


def at(url: httpx2.URL, path: str) -> httpx2.URL:
    """`path` at the server of `url`, below whatever part of it is no door."""
    base = url.path.rstrip("/")
    for door in DOORS:
        base = base.removesuffix(door)
    return url.copy_with(path=base + path)


def said_by(event: Any) -> str:
    """The new text of a piece of an answer, or of a whole one. Raises as for a missing key."""
    if not event["choices"]:
        return ""
    choice = event["choices"][0]
    message = choice["delta"] if "delta" in choice else choice["message"]
    content = message.get("content") or ""
    if not isinstance(content, str):
        raise TypeError("content is no text")
    return content
