"""What answers at an address: the well-known servers of models, by what they say of themselves.

Sources: `GET /info` of Text Generation Inference and Text Embeddings Inference, `GET /v1/models` of
everything that speaks OpenAI's dialect, `GET /health` of Hugging Face's inference toolkit.
"""

from typing import Any

import httpx2

from backends.endpoint import MODELS, at
from backends.posting import Line, NoDoor

OURSELVES = "pipeline-playground"  # `owned_by` in our own /v1/models, see serving/
OWNERS = {"vllm": "vLLM", "llamacpp": "llama.cpp", OURSELVES: "Pipeline Playground"}
SHOWN = 3  # names of models


async def identify(line: Line) -> str:
    """One sentence. Raises BackendError, and NotReady while it is waking up."""
    if info := await _object(line, "/info"):
        name = info.get("model_id", "a model")
        version = info.get("version", "")
        if "model_type" in info:
            return f"Text Embeddings Inference {version} answers, with {name}."
        if "model_id" in info:
            return f"Text Generation Inference {version} answers, with {name}."
    if models := await _models(line):
        owner = OWNERS.get(str(models[0].get("owned_by", "")), "A server for conversations")
        names = [str(model.get("id", "")) for model in models]
        more = len(names) - SHOWN
        told = ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
        return f"{owner} answers, with {told}."
    health = await _get(line, "/health")
    if isinstance(health, str) and health.strip().lower() == "ok":
        return "Hugging Face's inference toolkit answers: it runs one model, as a pipeline does."
    if health is None and await _get(line, "") is None:
        return "A server answers, but knows none of the addresses that servers of models have."
    return "A server answers that this app does not know; run something to see whether it fits."


async def _models(line: Line) -> list[dict[str, Any]]:
    told = await _object(line, MODELS)
    data = told.get("data") if told else None
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


async def _object(line: Line, path: str) -> dict[str, Any]:
    told = await _get(line, path)
    return told if isinstance(told, dict) else {}


async def _get(line: Line, path: str) -> Any:
    """JSON or text; None where there is nothing."""
    url: httpx2.URL = at(line.url, path)
    try:
        return await line.get(url)
    except NoDoor:
        return None
