"""What is said where the Hub cannot be asked: what works all the same, and the way out."""

from runtime.hub import Hub
from runtime.messages import Message
from tabs.markup import Html


def without_hub(hub: Hub) -> Html:
    """Name a mirror's variable as the visitor would type it."""
    if hub.offline:
        why = Message("HF_HUB_OFFLINE is set, so nothing is searched or downloaded.")
        todo = Message("Unset it and start the app again to use the Hub.")
        command = Html("")
    else:
        why = Message(
            "{hub} cannot be reached from here, so it cannot be searched.", hub=hub.endpoint
        )
        todo = Message("To use a mirror of the Hub, start the app with its address:")
        command = Html("<pre><code>HF_ENDPOINT=https://your-mirror.example make run</code></pre>")
    works = Message("What is on this machine works, and is listed below.")
    return Html(
        '<div class="no-hub"><p>{}</p><p>{}</p><p>{}</p>{}</div>', why, works, todo, command
    )
