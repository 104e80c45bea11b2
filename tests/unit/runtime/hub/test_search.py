"""Searching the Hub, over real HTTP: what is asked, what comes back, and what goes wrong."""

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from runtime.errors import BadInput, NotAuthorised, RateLimited, Unavailable
from runtime.hub import Hub, search
from runtime.hub.search import PAGE, Query
from tests.loopback_hub import LoopbackHub, Trouble
from tests.serving import NO_HUB

FACTS = {
    "pipeline_tag": "text-classification",
    "library_name": "transformers",
    "tags": ["transformers", "en", "license:mit"],
    "downloads": 1000,
    "likes": 3,
    "trendingScore": 1,
    "lastModified": "2024-05-01T10:00:00.000Z",
    "createdAt": "2023-05-01T10:00:00.000Z",
    "safetensors": {"parameters": {"F32": 100, "BF16": 10}, "total": 110},
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LoopbackHub]:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "README.md").write_text("# A model\n")
    names = [f"many/model-{number:02}" for number in range(2 * PAGE + 3)]
    special = {
        "org/liked": FACTS | {"likes": 99, "gated": "manual"},
        "org/large": FACTS
        | {"safetensors": {"parameters": {"BF16": 7 * 10**9}, "total": 7 * 10**9}},
        "org/picture": {"pipeline_tag": "image-classification", "library_name": "timm", "tags": []},
        "org/served": FACTS | {"tags": ["zh", "transformers"], "providers": ["together"]},
        "org/new": FACTS | {"trendingScore": 50, "lastModified": "2025-01-01T00:00:00.000Z"},
        "org/used": FACTS | {"downloads": 10**6, "createdAt": "2025-02-01T00:00:00.000Z"},
    }
    info = dict.fromkeys(names, FACTS) | special
    with LoopbackHub(dict.fromkeys(info, tmp_path / "model"), info) as hub:
        yield hub


@pytest.fixture
def hub(server: LoopbackHub, tmp_path: Path) -> Hub:
    return Hub(server.url, tmp_path / "hub")


def ids(hub: Hub, **asked: str) -> list[str]:
    return [model.id for model in search.search(hub, Query(**asked)).models]


def test_a_model_comes_with_what_decides_in_one_request(server: LoopbackHub, hub: Hub) -> None:
    (model,) = search.search(hub, Query(text="org/liked")).models
    assert (model.task, model.library, model.licence) == (
        "text-classification", "transformers", "mit",
    )  # fmt: skip
    assert (model.parameters, model.bytes, model.gated, model.safetensors) == (110, 420, True, True)
    assert (model.downloads, model.likes) == (1000, 99)
    assert f"{model.updated:%Y-%m-%d}" == "2024-05-01"
    assert server.count("GET") == 1


def test_a_model_that_says_little_is_shown_all_the_same(hub: Hub) -> None:
    (model,) = search.search(hub, Query(task="image-classification")).models
    assert (model.id, model.parameters, model.bytes, model.safetensors) == (
        "org/picture", None, None, False,
    )  # fmt: skip
    assert (model.licence, model.gated, model.updated, model.downloads) == ("", False, None, 0)


def test_every_filter_is_the_hubs_own(hub: Hub) -> None:
    assert ids(hub, text="ORG/LAR") == ["org/large"]
    assert ids(hub, language="zh") == ["org/served"]
    assert ids(hub, library="timm") == ["org/picture"]
    assert ids(hub, size="min:6B,max:9B") == ["org/large"]
    assert ids(hub, provider="all") == ids(hub, provider="together") == ["org/served"]
    assert ids(hub, provider="nebius") == []
    assert "org/served" not in ids(hub, text="org", licence="mit")


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("trendingScore", "org/new"),
        ("likes", "org/liked"),
        ("downloads", "org/used"),
        ("lastModified", "org/new"),
        ("createdAt", "org/used"),
    ],
)
def test_sorted_as_asked(hub: Hub, sort: search.Sort, first: str) -> None:
    assert ids(hub, sort=sort)[0] == first


def test_pages_follow_each_other_to_the_end(hub: Hub) -> None:
    seen, cursor = [], None
    for expected in (PAGE, PAGE, 3):
        page = search.search(hub, Query(text="many/"), cursor)
        assert len(page.models) == expected
        seen += [model.id for model in page.models]
        cursor = page.cursor
    assert cursor is None
    assert len(set(seen)) == 2 * PAGE + 3


def test_a_link_leads_nowhere_but_to_this_hub(server: LoopbackHub, hub: Hub) -> None:
    server.trouble = Trouble(
        answer="[]", answer_headers={"Link": '<https://evil.example/?cursor=abc>; rel="next"'}
    )
    page = search.search(hub, Query())
    assert page.cursor == "abc"
    search.search(hub, Query(), page.cursor)
    asked = parse_qs(urlsplit(server.requests[-1].path).query)
    assert asked["cursor"] == ["abc"]


def test_a_rate_limit_is_told_at_once_with_its_end(server: LoopbackHub, hub: Hub) -> None:
    server.trouble = Trouble(status=429, headers={"Retry-After": "40"}, only="/api/models")
    began = time.monotonic()
    with pytest.raises(RateLimited, match="in 40 seconds"):
        search.search(hub, Query())
    assert time.monotonic() - began < 5
    assert server.count("GET") == 1


@pytest.mark.parametrize(
    ("trouble", "kind", "says"),
    [
        (Trouble(status=400, only="/api"), BadInput, "did not understand this search"),
        (Trouble(status=404, only="/api"), Unavailable, "has no search"),
        (Trouble(status=403, only="/api"), NotAuthorised, "refuses to give the list of models"),
        (Trouble(status=502, only="/api"), Unavailable, "trouble of its own"),
        (Trouble(answer="<html>Sign in first</html>"), Unavailable, "does not answer as a Hub"),
        (Trouble(answer='{"error": "no"}'), Unavailable, "does not answer as a Hub"),
        (Trouble(answer='[{"name": "no id"}]'), Unavailable, "does not answer as a Hub"),
        (Trouble(answer='[{"id": "a/b", "safetensors": 3}]'), Unavailable, "as a Hub does"),
    ],
)
def test_what_goes_wrong_is_said(
    server: LoopbackHub, hub: Hub, trouble: Trouble, kind: type, says: str
) -> None:
    server.trouble = trouble
    with pytest.raises(kind, match=says):
        search.search(hub, Query())


def test_an_impossible_search_is_refused_by_the_hub_and_told(hub: Hub) -> None:
    with pytest.raises(BadInput, match="fewer filters"):
        search.search(hub, Query(size="large"))


def test_no_token_goes_to_a_mirror(server: LoopbackHub, tmp_path: Path) -> None:
    search.search(Hub(server.url, tmp_path, token="hf_secret"), Query())
    assert server.authorizations == []


def test_without_a_hub_it_is_over_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable, match="HF_ENDPOINT"):
        search.search(Hub(NO_HUB, tmp_path), Query())
    assert time.monotonic() - began < 3


def test_the_providers_have_names() -> None:
    assert "hf-inference" in search.providers()
