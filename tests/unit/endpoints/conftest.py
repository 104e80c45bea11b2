"""HfApi as it is, over real https, to a service that is played on this machine."""

import ssl
import threading
from collections.abc import Iterator

import httpx2
import pytest
from huggingface_hub import set_client_factory
from huggingface_hub.utils._http import default_client_factory, hf_request_event_hook

from endpoints.huggingface import HuggingFace
from endpoints.polling import THREAD
from tests.elsewhere import Elsewhere
from tests.loopback_endpoints import TOKEN, USER, LoopbackEndpoints


@pytest.fixture(scope="session")
def internet() -> Iterator[Elsewhere]:
    with Elsewhere(LoopbackEndpoints().hosts) as elsewhere:
        yield elsewhere


@pytest.fixture
def service(internet: Elsewhere) -> Iterator[LoopbackEndpoints]:
    """Reached by this process until the test is over; any other host is refused."""
    played = LoopbackEndpoints()
    internet.hosts.update(played.hosts)
    told = internet.environ
    trusted = ssl.create_default_context(cafile=told["SSL_CERT_FILE"])

    def client() -> httpx2.Client:  # the library's own, but for the way
        return httpx2.Client(
            event_hooks={"request": [hf_request_event_hook]},
            follow_redirects=True,
            timeout=None,
            proxy=told["HTTPS_PROXY"],
            verify=trusted,
        )

    set_client_factory(client)
    yield played
    played.trouble.release.set()
    # Nobody may still read from a connection of the client that is closed with this.
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join(30)
    set_client_factory(default_client_factory)


@pytest.fixture
def provider(service: LoopbackEndpoints) -> HuggingFace:
    return HuggingFace(TOKEN, USER)
