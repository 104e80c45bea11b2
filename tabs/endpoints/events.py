"""How this section's events are queued: so many at once, of all visitors together."""

from tabs.frame.events import PRIVATE, ListenerOptions

WATCHES: ListenerOptions = {
    **PRIVATE,
    "trigger_mode": "multiple",
    "concurrency_limit": 20,
    "concurrency_id": "watches",
}
CALLS: ListenerOptions = {**PRIVATE, "concurrency_limit": 10, "concurrency_id": "endpoint-calls"}
ACTIONS: ListenerOptions = {**CALLS, "trigger_mode": "multiple"}  # one for each card of the list
LOOKS: ListenerOptions = {
    **PRIVATE,
    "trigger_mode": "multiple",
    "concurrency_limit": 10,
    "concurrency_id": "endpoint-looks",
}
