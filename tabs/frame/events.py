"""How the page's events are queued and shown: arguments that listeners have in common."""

from tabs.frame.admission import PLACES

CONCURRENT_LOOKS = 5  # questions who serves a model, and tests of endpoints

# Behind buttons of the page, not functions of its API.
# `show_progress_on`: gradio 6.31 tells every output of every event that ever ran how each one goes,
# although nothing of that is shown; opening the page took it a quarter of a second.
PRIVATE = {"api_visibility": "private", "show_progress": "hidden", "show_progress_on": []}
AT_ONCE = {**PRIVATE, "queue": False}
# After what a visitor sets: gradio drops an `input` that comes while one before it is answered.
LATEST = {**AT_ONCE, "trigger_mode": "always_last"}

# Who may run is decided by `Admission`: in gradio's own queue a visitor waits without a word.
RUNS = {"concurrency_limit": None, "concurrency_id": "runs"}
CALLS = {"concurrency_limit": PLACES, "concurrency_id": "calls"}  # of the API's functions
