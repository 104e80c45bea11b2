"""Who may call an endpoint of Hugging Face, in words.

https://huggingface.co/docs/inference-endpoints/guides/configuration#authentication calls the API's
`private` Private, `authenticated` HF Restricted and `public` Public. huggingface_hub 2 refuses the
older `protected` and names `authenticated` in its place.
"""

from endpoints.base import Level
from runtime.errors import BadInput

ABOUT: dict[Level, str] = {
    Level.PRIVATE: "Only you, or members of the organization it belongs to, each with a token.",
    Level.AUTHENTICATED: "Anyone who has a Hugging Face account, with a token of their own; you "
    "pay for what they use.",
    Level.PUBLIC: "Anyone on the internet, without a token; you pay for what they use.",
}
PROTECTED = (
    "“protected” is called “authenticated” now: anyone with a Hugging Face account may call it. "
    "For yourself and your organization alone, choose “private”."
)


def level(word: str) -> tuple[Level, str]:
    """The level that a word means, and a note if it is an old one. Raises BadInput."""
    if word == "protected":
        return Level.AUTHENTICATED, PROTECTED
    if word not in list(Level):
        raise BadInput(
            f"“{word}” is not a security level.", "Choose private, authenticated or public."
        )
    return Level(word), ""
