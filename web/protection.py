"""All middleware around an application, in its order."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from web.body_timeout import BodyTimeoutMiddleware
from web.content_encoding import ContentEncodingMiddleware
from web.failures import FailureMiddleware
from web.guard import HostMiddleware, OriginMiddleware
from web.headers import HeaderMiddleware, security_headers
from web.policy import WebPolicy

# What a page of another origin may read of an answer, beside what every page may.
EXPOSED = ("Retry-After", "X-Compute-Time", "X-Compute-Type", "X-Notes", "X-Queue-Time")


def protect(app: FastAPI, policy: WebPolicy) -> None:
    """Put the middleware around `app`; the last one added sees a request first.

    CORSMiddleware is there in any case: gradio 6.31 allows every origin under any name but
    localhost's, unless the application around it has one.
    """
    app.add_middleware(FailureMiddleware)
    app.add_middleware(ContentEncodingMiddleware)
    app.add_middleware(BodyTimeoutMiddleware)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"] if policy.public else list(policy.origins),
        allow_methods=["*"],
        allow_headers=["*"],
        allow_credentials=False,
        expose_headers=EXPOSED,
    )
    app.add_middleware(OriginMiddleware, policy=policy)
    app.add_middleware(HostMiddleware, policy=policy)
    app.add_middleware(HeaderMiddleware, headers=security_headers(policy))
