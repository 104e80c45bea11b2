"""Who may ask, and how often."""

import hashlib
import hmac
import math
import time

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from serving.errors import Refused


def digest(token: str) -> str:
    """What stands for a token where the token itself has no business."""
    return hashlib.sha256(token.encode()).hexdigest()


class RequestGuard:
    """`digest`: of what callers must send, `per_minute`: how often each may; None for no such rule.

    A caller is an address: behind a proxy on this machine, the one that the proxy names. How often
    comes first, so that nobody can try many tokens.
    """

    def __init__(self, digest: str | None, per_minute: int | None) -> None:
        self._digest = digest
        self._limit = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage()) if per_minute else None

    @property
    def asks_for_a_token(self) -> bool:
        return self._digest is not None

    async def limit_rate(self, request: Request) -> None:
        """Raises Refused with status 429."""
        if self._limit is None or self._limiter is None:
            return
        caller = request.client.host if request.client else ""
        if not self._limiter.hit(self._limit, caller):
            opens = self._limiter.get_window_stats(self._limit, caller).reset_time
            seconds = max(1, math.ceil(opens - time.time()))
            raise Refused(
                429,
                f"More than {self._limit.amount} requests a minute. Try again in {seconds} s.",
                {"Retry-After": str(seconds)},
            )

    async def require_token(self, request: Request) -> None:
        """Raises Refused with status 401."""
        if self._digest is None:
            return
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        # Compared in the same time however much of it is right.
        matches = hmac.compare_digest(digest(token.strip()), self._digest)
        if scheme.lower() != "bearer" or not matches:
            problem = "The token is wrong." if token else "A token is needed."
            raise Refused(
                401,
                f"{problem} Send the header: Authorization: Bearer TOKEN",
                {"WWW-Authenticate": "Bearer"},
            )
