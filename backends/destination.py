"""Where a visitor wants a request to run; part of the visitor's session, never of the process."""

from dataclasses import dataclass, field
from typing import Literal

AUTO = "auto"


@dataclass(frozen=True)
class Destination:
    """`provider` counts for "hub" only, `url` and `endpoint_token` for "endpoint" only.

    Tokens are the visitor's own and are left out of the repr. `endpoint_token` is the one typed
    for `url`; `token`, typed or by signing in, goes to the Inference API and nowhere else.
    """

    kind: Literal["local", "hub", "endpoint"] = "local"
    provider: str = AUTO
    url: str = ""
    token: str = field(default="", repr=False)
    endpoint_token: str = field(default="", repr=False)
