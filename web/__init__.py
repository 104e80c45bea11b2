"""What stands between the network and the app: names, origins, headers, bodies, connections.

ASGI middleware and the server itself; docs/security.md says what each protects from.
"""

from web.policy import WebPolicy
from web.protection import protect

__all__ = ["WebPolicy", "protect"]
