"""The Hub's search, as `tests/loopback_hub.py` answers it: `GET /api/models`.

Documented at https://huggingface.co/docs/hub/api#get-apimodels: search, author, filter (any number,
all must fit), pipeline_tag, num_parameters, inference_provider, sort, limit, expand, and pages by a
Link header whose cursor means nothing to the client. What it does not know it answers with 400, as
the Hub does.
"""

import base64
import re
from typing import Any
from urllib.parse import urlencode

SORTS = ("trendingScore", "likes", "downloads", "lastModified", "createdAt")
EXPANDS = {
    *SORTS, "author", "cardData", "config", "disabled", "gated", "gguf", "inference",
    "inferenceProviderMapping", "library_name", "pipeline_tag", "private", "safetensors", "sha",
    "siblings", "tags", "usedStorage",
}  # fmt: skip
KNOWN = {
    "search", "author", "filter", "pipeline_tag", "num_parameters", "inference_provider", "sort",
    "limit", "expand", "cursor", "full",
}  # fmt: skip
MOST = 1000
UNITS = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}


class BadQuery(ValueError):
    """Answered with 400 and this text."""


def page(
    models: list[dict[str, Any]], asked: dict[str, list[str]], address: str
) -> tuple[list[dict[str, Any]], str | None]:
    """(models of the page, Link header or None). Raises BadQuery."""
    if unknown := set(asked) - KNOWN:
        raise BadQuery(f"unknown parameters: {sorted(unknown)}")
    expand = asked.get("expand", [])
    if strange := set(expand) - EXPANDS:
        raise BadQuery(f"expand: {sorted(strange)}")
    one = {name: values[0] for name, values in asked.items()}
    sort = one.get("sort", "trendingScore")
    if sort not in SORTS:
        raise BadQuery(f"sort: {sort}")
    fitting = [model for model in models if _fits(model, one, asked.get("filter", []))]
    fitting.sort(key=lambda model: (sort in model, model.get(sort)), reverse=True)
    start = int(base64.b64decode(one["cursor"])) if "cursor" in one else 0
    limit = min(int(one.get("limit", MOST)), MOST)
    rest = {name: values for name, values in asked.items() if name != "cursor"}
    after = base64.b64encode(str(start + limit).encode()).decode()
    more = f'<{address}?{urlencode({**rest, "cursor": after}, doseq=True)}>; rel="next"'
    shown = [_told(model, expand) for model in fitting[start : start + limit]]
    return shown, more if start + limit < len(fitting) else None


def _told(model: dict[str, Any], expand: list[str]) -> dict[str, Any]:
    """Only what is expanded; without it everything but files and sizes, as the Hub does."""
    names = expand or EXPANDS - {"siblings", "safetensors", "config", "cardData"}
    return {"_id": "0" * 24, "id": model["id"]} | {n: model[n] for n in names if n in model}


def _fits(model: dict[str, Any], one: dict[str, str], filters: list[str]) -> bool:
    tags = {*model.get("tags", ()), model.get("pipeline_tag"), model.get("library_name")}
    provider = one.get("inference_provider")
    serving = model.get("providers", ())
    return (
        one.get("search", "").lower() in model["id"].lower()
        and one.get("author", model["author"]) == model["author"]
        and one.get("pipeline_tag", model.get("pipeline_tag")) == model.get("pipeline_tag")
        and tags.issuperset(filters)
        and (provider is None or bool(serving) and provider in ("all", *serving))
        and _in_range(model, one.get("num_parameters"))
    )


def _in_range(model: dict[str, Any], asked: str | None) -> bool:
    if asked is None:
        return True
    bounds = re.fullmatch(r"(?:min:([\d.]+)([KMB]?))?,?(?:max:([\d.]+)([KMB]?))?", asked)
    if not bounds:
        raise BadQuery(f"num_parameters: {asked}")
    low, low_unit, high, high_unit = bounds.groups()
    total = model.get("safetensors", {}).get("total")
    return (
        total is not None
        and (low is None or total >= float(low) * UNITS[low_unit])
        and (high is None or total <= float(high) * UNITS[high_unit])
    )
