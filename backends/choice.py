"""The three backends as one: which of them a visitor's choice means, and with whose token."""

from backends.base import Backend
from backends.local import LocalBackend
from backends.offers import Offer
from backends.where import Where
from runtime.errors import BadInput
from runtime.settings import Settings
from runtime.watch import Watch


class Backends:
    """Made once by the app. `local` keeps models; the others are made anew for each request."""

    def __init__(self, local: LocalBackend, settings: Settings) -> None:
        self.local = local
        self._settings = settings

    @property
    def owners_token(self) -> bool:
        """Whether requests to the Inference API may bring a token that no visitor typed."""
        return bool(self._settings.token) and not self._settings.public

    def at(self, where: Where) -> Backend:
        """The backend for one request. Raises BadInput or NotAuthorised."""
        if where.kind == "local":
            return self.local
        raise BadInput("This is not there yet.", "Choose Local.")

    def served(self, model_id: str, where: Where) -> list[Offer]:
        """Who serves the model on the Inference API; empty if nobody does.

        Answers are believed for some minutes. Raises BackendError.
        """
        return []

    def identify(self, where: Where, watch: Watch) -> str:
        """One sentence that names what answers at `where`. Raises BackendError."""
        raise BadInput("This is not there yet.", "Choose Local.")
