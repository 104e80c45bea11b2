import asyncio
from typing import Any

import pytest
from fastapi import Request

from serving.auth import RequestGuard, digest
from serving.errors import Refused


def request(authorization: str | None = None, caller: str = "10.0.0.1") -> Request:
    headers = [(b"authorization", authorization.encode())] if authorization else []
    return Request({"type": "http", "headers": headers, "client": (caller, 1)})


def refusal(step: Any, *given: Any) -> Refused | None:
    try:
        asyncio.run(step(*given))
    except Refused as refused:
        return refused
    return None


def test_without_a_token_everybody_is_known() -> None:
    guard = RequestGuard(None, None)
    assert refusal(guard.require_token, request()) is None
    assert refusal(guard.require_token, request("Bearer hf_of_somebody")) is None


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_right_token_passes(scheme: str) -> None:
    assert (
        refusal(RequestGuard(digest("secret"), None).require_token, request(f"{scheme} secret"))
        is None
    )


@pytest.mark.parametrize(
    "sent", [None, "Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "Basic secret", "secret"]
)
def test_any_other_does_not(sent: str | None) -> None:
    refused = refusal(RequestGuard(digest("secret"), None).require_token, request(sent))
    assert refused is not None
    assert refused.status_code == 401
    assert refused.headers == {"WWW-Authenticate": "Bearer"}
    assert "secret" not in refused.detail.replace("TOKEN", "")


def test_each_caller_has_so_many_requests_a_minute() -> None:
    guard = RequestGuard(None, 2)
    assert [refusal(guard.limit_rate, request()) for _ in range(2)] == [None, None]
    refused = refusal(guard.limit_rate, request())
    assert refused is not None
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refusal(guard.limit_rate, request(caller="10.0.0.2")) is None


def test_without_a_limit_there_is_none() -> None:
    guard = RequestGuard(None, None)
    assert all(refusal(guard.limit_rate, request()) is None for _ in range(100))
