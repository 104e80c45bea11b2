"""Turn away what a foreign web page sends, however it reached this server."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from web.policy import WebPolicy, forwarded_hosts, host_name, is_same_origin

# Sec-Fetch-Site of requests that another origin's page made.
OTHER_SITES = ("cross-site", "same-site")


class HostMiddleware:
    """Answers to known names only (421), those in X-Forwarded-Host included.

    A request without a Host is no browser's. A name that a foreign page brought (DNS rebinding)
    makes that page this server's own to the browser, so that no rule about origins holds.
    """

    def __init__(self, app: ASGIApp, policy: WebPolicy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope = {**scope, "headers": list(scope["headers"])}
        headers = MutableHeaders(scope=scope)
        # gradio 6.31 makes addresses of both, and keeps the first caller's for everybody.
        del headers["x-gradio-server"]
        if self._policy.public and not self._policy.may_forward(headers):
            del headers["x-forwarded-host"]
        hosts = [*headers.getlist("host"), *forwarded_hosts(headers)]
        foreign = [host for host in hosts if not self._policy.answers_to(host)]
        if foreign:
            await misdirected(headers, foreign[0])(scope, receive, send)
            return
        await self._app(scope, receive, send)


class OriginMiddleware:
    """Refuses what pages of other origins ask a private server for (403).

    On a public one it takes off their cookies instead: they may do what anybody may, and nothing
    that a visitor who signed in may. Pages of `policy.origins` may call both, without cookies too.
    """

    def __init__(self, app: ASGIApp, policy: WebPolicy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if is_foreign(headers) and not is_visit(scope, headers, bool(self._policy.frames)):
            named = headers.get("origin", "").lower() in self._policy.origins
            if not self._policy.public and not named:
                await refusal(headers.get("origin"))(scope, receive, send)
                return
            scope = {**scope, "headers": list(scope["headers"])}
            del MutableHeaders(scope=scope)["cookie"]
        await self._app(scope, receive, send)


def is_foreign(headers: Headers) -> bool:
    """Whether a browser sent this for a page of another origin. Programs send no such headers."""
    origin = headers.get("origin")
    if origin is not None:
        return not is_same_origin(origin, [headers.get("host", ""), *forwarded_hosts(headers)])
    return headers.get("sec-fetch-site") in OTHER_SITES


def is_visit(scope: Scope, headers: Headers, framed: bool) -> bool:
    """Whether somebody followed a link to this page, as from a search or back from a sign-in.

    `framed`: it may be in a frame, where a Space's visitors sign in; the page says itself whose.
    """
    places = ("document", "iframe") if framed else ("document",)
    opened = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") in places
    return scope.get("method") in ("GET", "HEAD") and "origin" not in headers and opened


def misdirected(headers: Headers, host: str) -> Response:
    name = host_name(host) or "this one"
    text = (
        f"This page does not answer to the name {name[:200]!r}. If the name is yours, start the "
        "app with it in ALLOWED_HOSTS; otherwise open the page by localhost or by its address in "
        "numbers."
    )
    if "text/html" in headers.get("accept", ""):
        return PlainTextResponse(text, 421)
    return JSONResponse({"error": text}, 421)


def refusal(origin: str | None) -> Response:
    page = f"a page of {origin[:200]!r}" if origin else "another site's page"
    text = (
        f"This request comes from {page}, which may not use this app. Open the app's own page; if "
        "that site is yours, start the app with its origin in ALLOWED_ORIGINS."
    )
    return JSONResponse({"error": text}, 403)
