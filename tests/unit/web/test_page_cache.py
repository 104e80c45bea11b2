"""The page is made once for all who come by the same name, and for nobody in particular."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from tests.unit.web.conftest import running
from web.page_cache import PageCacheMiddleware


@pytest.fixture
def page() -> Iterator[str]:
    """Answers how often it was asked, by which name and with which cookies."""
    app = FastAPI()
    app.state.calls = 0

    @app.get("/{path:path}")
    async def answer(request: Request, path: str) -> JSONResponse:
        app.state.calls += 1
        number = app.state.calls
        await asyncio.sleep(0)  # others come in while it is made
        found = {"call": number, "host": request.headers["host"], **request.cookies}
        if path == "broken":
            raise RuntimeError("a failure")
        return JSONResponse(found, 404 if path == "missing" else 200, headers={"X-Kept": "yes"})

    app.add_middleware(PageCacheMiddleware, paths=("/", "/missing", "/broken"), pages=("zh",))
    with running(app) as url:
        yield url


def test_many_who_come_at_once_get_one_answer(page: str) -> None:
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(httpx.get, [page] * 32))
    assert {reply.text for reply in replies} == {replies[0].text}
    assert {reply.headers["x-kept"] for reply in replies} == {"yes"}


def test_a_visitors_cookies_are_not_in_what_others_get(page: str) -> None:
    assert "secret" not in httpx.get(page, headers={"Cookie": "secret=1"}).json()
    assert "secret" in httpx.get(f"{page}/other", headers={"Cookie": "secret=1"}).json()


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Forwarded-Proto"])
def test_each_name_has_its_own(page: str, header: str) -> None:
    first = httpx.get(page).json()
    assert httpx.get(page, headers={header: "play.example.org"}).json()["call"] > first["call"]
    assert httpx.get(page).json() == first


@pytest.mark.parametrize("path", ["/other", "/missing"])
def test_the_rest_is_asked_each_time(page: str, path: str) -> None:
    assert httpx.get(page + path).json() != httpx.get(page + path).json()


@pytest.mark.parametrize("query", ["tab=x&model=y", "deep_link=a", "page=none", "page=", "&" * 300])
def test_no_query_makes_another_page(page: str, query: str) -> None:
    assert httpx.get(f"{page}/?{query}").json() == httpx.get(page).json()


def test_but_one_that_names_a_page(page: str) -> None:
    chinese = httpx.get(f"{page}/?page=zh").json()
    assert chinese["call"] != httpx.get(page).json()["call"]
    assert httpx.get(f"{page}/?a=b&page=zh").json() == chinese


def test_a_failure_is_not_kept(page: str) -> None:
    for _ in range(2):
        assert httpx.get(f"{page}/broken").status_code == 500
    assert httpx.get(page).json()["call"] == 3
