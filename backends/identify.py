"""What answers at an address: the well-known servers of models, by what they say of themselves.

This app is told by the title of its own description, see serving/application.py. Sources of the
others: `GET /info` of Text Generation Inference and Text Embeddings Inference, `GET /v1/models` of
everything that speaks OpenAI's dialect, `GET /health` of Hugging Face's inference toolkit.
"""

from typing import Any

import httpx2

from backends.endpoint import MODELS, join_url
from backends.endpoint_client import EndpointClient, RouteNotFound
from runtime.messages import Message

OURSELVES = "Pipeline Playground"
OWNERS = {"vllm": "vLLM", "llamacpp": "llama.cpp"}
SHOWN = 3  # names of models


async def identify(client: EndpointClient) -> str:
    """One sentence. Raises BackendError, and ModelNotReady while it is waking up."""
    if info := await _object(client, "/info"):
        name = info.get("model_id", Message("a model"))
        version = info.get("version", "")
        if "model_type" in info:
            return Message(
                "Text Embeddings Inference {version} answers, with {model}.",
                version=version,
                model=name,
            )
        if "model_id" in info:
            return Message(
                "Text Generation Inference {version} answers, with {model}.",
                version=version,
                model=name,
            )
    ours = await _title(client) == OURSELVES
    models = await _models(client)
    names = [str(model.get("id", "")) for model in models]
    if ours and names:
        return Message(
            "Another instance of this app answers; among its models are {models}.",
            models=_short(names),
        )
    if ours:
        return Message("Another instance of this app answers.")
    if names:
        owner = OWNERS.get(
            str(models[0].get("owned_by", "")), Message("A server for conversations")
        )
        return Message("{server} answers, with {models}.", server=owner, models=_short(names))
    health = await _get(client, "/health")
    if isinstance(health, str) and health.strip().lower() == "ok":
        return Message(
            "Hugging Face's inference toolkit answers: it runs one model, as a pipeline does."
        )
    if health is None and await _get(client, "") is None:
        return Message(
            "A server answers, but knows none of the addresses that servers of models have."
        )
    return Message(
        "A server answers that this app does not know; run something to see whether it fits."
    )


async def _title(client: EndpointClient) -> Any:
    about = (await _object(client, "/openapi.json")).get("info")
    return about.get("title") if isinstance(about, dict) else None


async def _models(client: EndpointClient) -> list[dict[str, Any]]:
    reply = await _object(client, MODELS)
    data = reply.get("data") if reply else None
    return [model for model in data if isinstance(model, dict)] if isinstance(data, list) else []


async def _object(client: EndpointClient, path: str) -> dict[str, Any]:
    reply = await _get(client, path)
    return reply if isinstance(reply, dict) else {}


async def _get(client: EndpointClient, path: str) -> Any:
    """JSON or text; None where there is nothing."""
    url: httpx2.URL = join_url(client.url, path)
    try:
        return await client.get(url)
    except RouteNotFound:
        return None


def _short(names: list[str]) -> str:
    shown, more = ", ".join(names[:SHOWN]), len(names) - SHOWN
    return Message("{names} and {more} more", names=shown, more=more) if more > 0 else shown
