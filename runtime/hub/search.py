"""Which models the Hub has: one request for a page of them, with what decides for each.

Contract: https://huggingface.co/docs/hub/api#get-apimodels. Not `HfApi.list_models`: that gives no
page's end to go on from later, and sleeps through a rate limit instead of telling of it.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from urllib.parse import parse_qs, urlsplit

from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.hf_api import ModelInfo
from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

from runtime.errors import BackendError, BadInput, Unavailable
from runtime.hub.client import Hub
from runtime.hub.errors import NOT_A_HUB, TABLE, translate
from runtime.hub.repository import API_SECONDS
from runtime.messages import Message

PAGE = 20  # models to a page
LONGEST = 200  # characters of a search that anyone types

Sort = Literal["trendingScore", "likes", "downloads", "lastModified", "createdAt"]

FACTS = (
    "pipeline_tag", "library_name", "gated", "downloads", "likes", "lastModified", "safetensors",
    "tags",
)  # fmt: skip

# Bytes of one number, by safetensors' name of its type.
WIDTHS = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2, "I16": 2}


@dataclass(frozen=True)
class Query:
    """What is asked for; an empty field asks for nothing.

    `size`: parameters as the Hub's own page writes them, such as "min:0,max:3B". `provider`: who
    serves the model, "all" for anyone.
    """

    text: str = ""
    task: str = ""
    language: str = ""
    library: str = ""
    licence: str = ""
    size: str = ""
    provider: str = ""
    sort: Sort = "trendingScore"


@dataclass(frozen=True)
class ModelSummary:
    """One model. `parameters` and `bytes` of its safetensors; None where it has none."""

    id: str
    task: str
    library: str
    licence: str
    parameters: int | None
    bytes: int | None
    gated: bool
    downloads: int
    likes: int
    updated: datetime | None

    @property
    def safetensors(self) -> bool:
        return self.parameters is not None


@dataclass(frozen=True)
class SearchPage:
    """Models in the order asked for; `cursor` is where the next page begins, None at the end."""

    models: tuple[ModelSummary, ...]
    cursor: str | None


def providers() -> tuple[str, ...]:
    """The inference providers that huggingface_hub knows."""
    from huggingface_hub.inference._providers import PROVIDER_T

    return get_args(PROVIDER_T)


def search(hub: Hub, query: Query, cursor: str | None = None) -> SearchPage:
    """One page.

    Raises Unavailable (at once without a Hub), RateLimited, NotAuthorised, BadInput.
    """
    if not hub.reachable():
        raise Unavailable(
            Message("There is nothing to search: the Hub is {state}.", state=hub.state),
            Message("What is on this machine works without it; HF_ENDPOINT names a mirror."),
        )
    parameters = _parameters(query) + ([("cursor", cursor)] if cursor else [])
    try:
        response = get_session().get(
            f"{hub.url}/api/models",
            params=parameters,
            headers=build_hf_headers(token=hub.token_for_endpoint),
            timeout=API_SECONDS,
        )
        hf_raise_for_status(response)
        models = tuple(summarize(ModelInfo(**row)) for row in _rows(response.json()))
    except HfHubHTTPError as error:
        raise _refused(error, hub) from error
    except TABLE.types as error:
        raise translate(error, "", hub.endpoint) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:  # JSON, but not the Hub's
        kind, what, todo = NOT_A_HUB
        raise kind(what.format(endpoint=hub.endpoint), todo) from error
    return SearchPage(models, _cursor(response.links.get("next", {}).get("url")))


def summarize(info: ModelInfo) -> ModelSummary:
    """What decides, out of huggingface_hub's answer."""
    tags = [tag.partition(":") for tag in info.tags or ()]
    counts = info.safetensors.parameters if info.safetensors else None
    return ModelSummary(
        id=info.id,
        task=info.pipeline_tag or "",
        library=info.library_name or "",
        licence=next((value for name, _, value in tags if name == "license"), ""),
        parameters=sum(counts.values()) if counts else None,
        bytes=sum(n * WIDTHS.get(kind, 1) for kind, n in counts.items()) if counts else None,
        gated=bool(info.gated),
        downloads=info.downloads or 0,
        likes=info.likes or 0,
        updated=info.last_modified,
    )


def _parameters(query: Query) -> list[tuple[str, Any]]:
    licence = f"license:{query.licence}" if query.licence else ""
    pairs = [
        ("search", query.text.strip()[:LONGEST]),
        ("pipeline_tag", query.task),
        ("num_parameters", query.size),
        ("inference_provider", query.provider),
        *(("filter", tag) for tag in (query.language, query.library, licence)),
        ("sort", query.sort),
    ]
    filled = [(name, value.strip()) for name, value in pairs if value.strip()]
    return [*filled, ("limit", PAGE), *(("expand", fact) for fact in FACTS)]


def _rows(content: Any) -> list[dict[str, Any]]:
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise json.JSONDecodeError("not a list of models", "", 0)
    return content


def _cursor(url: str | None) -> str | None:
    """Only the cursor of the link: a server may not send us, with our token, to another host."""
    return next(iter(parse_qs(urlsplit(url).query).get("cursor", [])), None) if url else None


def _refused(error: HfHubHTTPError, hub: Hub) -> BackendError:
    """What is said about a model elsewhere is said about the search here."""
    status = error.response.status_code
    if status in (400, 422):
        return BadInput(
            Message("{endpoint} did not understand this search.", endpoint=hub.endpoint),
            Message("Try it with fewer filters."),
        )
    if status in (404, 405):
        return Unavailable(
            Message("{endpoint} has no search.", endpoint=hub.endpoint),
            Message("Type the name of a model into the menu of a task's tab."),
        )
    return translate(error, Message("the list of models"), hub.endpoint)
