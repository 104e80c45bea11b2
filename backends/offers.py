"""Who serves a model on the Inference API, asked of the Hub before anybody clicks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """One provider that serves a model.

    `task` in the Hub's words, "conversational" for chat; `status` "live" or "staging".
    """

    provider: str
    task: str
    status: str
