"""How this section's events are queued: so many at once, of all visitors together."""

from tabs.frame.events import PRIVATE

MULTIPLE = {"trigger_mode": "multiple"}
WATCHES = {"concurrency_limit": 20, "concurrency_id": "watches", **PRIVATE, **MULTIPLE}
CALLS = {"concurrency_limit": 10, "concurrency_id": "endpoint-calls", **PRIVATE}
LOOKS = {"concurrency_limit": 10, "concurrency_id": "endpoint-looks", **PRIVATE, **MULTIPLE}
