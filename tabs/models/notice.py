"""What is said where the Hub cannot be asked: what works all the same, and the way out."""

from html import escape

from runtime.hub import Hub


def without_hub(hub: Hub) -> str:
    """HTML; names a mirror's variable as the visitor would type it."""
    if hub.offline:
        why = "HF_HUB_OFFLINE is set, so nothing is searched or downloaded."
        todo = "Unset it and start the app again to use the Hub."
        command = ""
    else:
        why = f"{hub.endpoint} cannot be reached from here, so it cannot be searched."
        todo = "To use a mirror of the Hub, start the app with its address:"
        command = "<pre><code>HF_ENDPOINT=https://your-mirror.example make run</code></pre>"
    works = "What is on this machine works, and is listed below."
    return (
        f'<div class="no-hub"><p>{escape(why)}</p><p>{escape(works)}</p>'
        f"<p>{escape(todo)}</p>{command}</div>"
    )
