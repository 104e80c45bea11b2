"""The headers that a careful page sends with every answer."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.policy import WebPolicy

# gradio 6.31 needs both "unsafe" sources: its page has inline scripts and styles, and it makes
# functions of the JavaScript that listeners bring. Recordings and pictures are blob: and data:.


def content_security_policy(policy: WebPolicy) -> str:
    """Nothing comes from another host, and nobody else frames the page."""
    directives = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' data: blob:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(("'self'", *policy.frames)),
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def security_headers(policy: WebPolicy) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": content_security_policy(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=()",
    }
    if not policy.public:
        headers["Cross-Origin-Resource-Policy"] = (
            "same-origin"  # no picture or script of ours there
        )
    if not policy.frames:
        headers["X-Frame-Options"] = "SAMEORIGIN"  # for browsers that know no frame-ancestors
    return headers


class HeaderMiddleware:
    """Adds `headers` to every answer that does not set them itself."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
