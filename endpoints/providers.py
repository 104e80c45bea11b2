"""Where endpoints can be made from this app, by whom, and with whose token."""

import logging
import threading
from collections.abc import Callable, Collection

from endpoints.client import Account, accounts
from endpoints.creation import FOLDER, CreationJournal
from endpoints.huggingface import HuggingFace
from endpoints.ray_serve import RayServe
from endpoints.store import FILE, DefinitionStore
from runtime.errors import BackendError, NotAuthorised
from runtime.messages import Message
from runtime.settings import Settings

log = logging.getLogger(__name__)


class Providers:
    """Made once by the app. `make_own` makes the provider of one's own machines; it raises
    Unavailable where Ray is not installed, and is asked when that provider is first wanted.

    On a private page whoever opens it is the owner. On a public one a visitor needs a token of
    their own for Hugging Face, and only the owner of the Space may use its machines.
    """

    def __init__(self, settings: Settings, make_own: Callable[[], RayServe]) -> None:
        self._settings = settings
        self._make_own = make_own
        self._own: RayServe | None = None
        self._making = threading.Lock()
        # On a public page a visitor's endpoints are nobody's to be told of later.
        self._journal = None if self.public else CreationJournal(settings.cache_dir / FOLDER)

    @property
    def public(self) -> bool:
        return self._settings.public

    @property
    def owners_token(self) -> bool:
        """Whether the app has a token that may be used where a visitor typed none."""
        return bool(self._settings.token) and not self.public

    def accounts(self, typed: str, stop: threading.Event | None = None) -> tuple[Account, ...]:
        """Whom the token may act for. Raises NotAuthorised, Unavailable, Cancelled."""
        return accounts(self._token(typed), stop)

    def hugging_face(self, typed: str, account: str) -> HuggingFace:
        """The endpoints of one of `accounts`. Raises NotAuthorised."""
        return HuggingFace(self._token(typed), account, journal=self._journal)

    def take_unfinished(self, account: str, there: Collection[str]) -> list[str]:
        """Endpoints whose creation the app did not live to see the end of, and that are `there`.

        Each is named once: whoever calls this tells the owner.
        """
        unfinished = self._journal.unfinished() if self._journal else []
        for owner, name in unfinished:
            if self._journal and owner == account:
                self._journal.end(owner, name)
        return [name for owner, name in unfinished if owner == account and name in there]

    def own_machines(self, signed_in: str = "") -> RayServe:
        """`signed_in`: the name that a visitor signed in with, if any.

        Raises NotAuthorised for whoever is not the owner, Unavailable where Ray is not installed.
        """
        if self.public and not self._owns(signed_in):
            raise NotAuthorised(
                Message("Only the owner of this page may make endpoints on its machines."),
                Message("Run this app on a machine of your own, or use Hugging Face's cloud."),
            )
        return self._own_machines()

    def bring_back(self) -> None:
        """Start again, in the background, the endpoints that ran when the app was last ended."""
        threading.Thread(target=self._bring_back, name="endpoints", daemon=True).start()

    def _bring_back(self) -> None:
        for account, name in self._journal.unfinished() if self._journal else ():
            log.warning(
                "The app was ended while it created the endpoint %s of %s: it may be there and "
                "cost money. Look at the list of endpoints.",
                name,
                account,
            )
        try:
            if DefinitionStore(self._settings.cache_dir / FILE).read():
                self._own_machines().start()
        except (BackendError, OSError) as error:
            log.warning("Endpoints on this machine are not back: %s", error)

    def _own_machines(self) -> RayServe:
        with self._making:
            self._own = self._own or self._make_own()
            return self._own

    def _owns(self, signed_in: str) -> bool:
        """A Space's id begins with the account it belongs to."""
        owner = (self._settings.space_id or "").partition("/")[0]
        return bool(signed_in) and signed_in == owner

    def _token(self, typed: str) -> str | None:
        token = self._settings.token
        return typed.strip() or (token.get_secret_value() if token and self.owners_token else None)
