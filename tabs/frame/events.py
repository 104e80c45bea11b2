"""How the page's events are queued and shown: arguments that listeners have in common."""

# Requests under way at once; gradio has 40 threads, and some must be left for Stop.
CONCURRENT_RUNS = 20
CONCURRENT_LOOKS = 5  # questions who serves a model, and tests of endpoints

# Behind buttons of the page, not functions of its API.
PRIVATE = {"api_visibility": "private", "show_progress": "hidden"}
AT_ONCE = {**PRIVATE, "queue": False}

RUNS = {"concurrency_limit": CONCURRENT_RUNS, "concurrency_id": "runs"}
