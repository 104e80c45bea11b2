"""Who may call an endpoint of Hugging Face, in words, and what older words for it mean.

https://huggingface.co/docs/inference-endpoints/guides/configuration#authentication calls the API's
`private` Private, `authenticated` HF Restricted and `public` Public. huggingface_hub 2 refuses the
older `protected` and names `authenticated` in its place.
"""

from endpoints.base import Level
from runtime.messages import Message

NAMES: dict[Level, Message] = {
    Level.PRIVATE: Message("Private"),
    Level.AUTHENTICATED: Message("Authenticated"),
    Level.PUBLIC: Message("Public"),
}
ABOUT: dict[Level, Message] = {
    Level.PRIVATE: Message(
        "Only you, or members of the organization it belongs to, each with a token."
    ),
    Level.AUTHENTICATED: Message(
        "Anyone who has a Hugging Face account, with a token of their own; you pay for what they "
        "use."
    ),
    Level.PUBLIC: Message("Anyone on the internet, without a token; you pay for what they use."),
}
OLD = {"protected": Level.AUTHENTICATED}


def level(word: str | None) -> Level | None:
    """The level that the API's word means; None for one that is not known here."""
    return OLD.get(word or "") or (Level(word) if word in list(Level) else None)
