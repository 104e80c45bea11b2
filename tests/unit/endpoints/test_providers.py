"""Who may make endpoints, and with whose token."""

from pathlib import Path

import pytest

import app
from endpoints.providers import Providers
from runtime.errors import NotAuthorised, Unavailable
from runtime.settings import Settings
from tests.loopback_endpoints import TOKEN, USER, LoopbackEndpoints

# Ray's own models are written for an older pydantic.
pytestmark = pytest.mark.filterwarnings("ignore:Using extra keyword arguments on `Field`")

SPACE = {"SPACE_ID": "someone/playground"}


def providers(folder: Path, **environ: str) -> Providers:
    settings = Settings.from_environ({"CACHE_DIR": str(folder), **environ})
    rows, drawn = app.offered(settings)
    tasks = {task_id: tab.task for task_id, tab in drawn.items()}
    weights = app.local_backend(settings, rows).weights
    return Providers(settings, lambda: app.own_machines(settings, rows, tasks, weights))


def tokens(service: LoopbackEndpoints) -> set[str | None]:
    """Sent for what we asked; huggingface_hub has a question of its own, without a token."""
    ours = ("/api/whoami", "/v2/")
    return {r.authorization for r in service.requests if r.path.startswith(ours)}


def test_on_a_private_page_the_apps_own_token_counts(
    service: LoopbackEndpoints, tmp_path: Path
) -> None:
    here = providers(tmp_path, HF_TOKEN=TOKEN)
    assert here.owners_token
    assert here.accounts("")[0].name == USER
    assert here.hugging_face("", USER).list() == ()
    assert tokens(service) == {f"Bearer {TOKEN}"}


def test_a_typed_token_counts_before_it(service: LoopbackEndpoints, tmp_path: Path) -> None:
    here = providers(tmp_path, HF_TOKEN="hf_another")
    assert here.accounts(f" {TOKEN} ")[0].name == USER
    assert tokens(service) == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("public", [SPACE, SPACE | {"SHARE_TOKEN": "1"}, {"PUBLIC": "1"}])
def test_on_a_public_page_the_owners_token_makes_no_endpoints(
    service: LoopbackEndpoints, tmp_path: Path, public: dict[str, str]
) -> None:
    here = providers(tmp_path, HF_TOKEN=TOKEN, **public)
    assert not here.owners_token
    with pytest.raises(NotAuthorised, match="need a token of yours"):
        here.accounts("")
    with pytest.raises(NotAuthorised, match="need a token of yours"):
        here.hugging_face("", USER)
    assert service.requests == []
    assert here.accounts(TOKEN)[0].name == USER


@pytest.mark.parametrize("signed_in", ["", "somebody", "some", "someone/playground"])
@pytest.mark.parametrize("public", [SPACE, {"PUBLIC": "1"}])
def test_strangers_of_a_public_page_do_not_reach_its_machines(
    tmp_path: Path, public: dict[str, str], signed_in: str
) -> None:
    with pytest.raises(NotAuthorised, match="Only the owner"):
        providers(tmp_path, **public).own_machines(signed_in)


def test_the_owner_of_a_space_does_and_so_does_whoever_opens_a_private_page(
    tmp_path: Path,
) -> None:
    space, private = providers(tmp_path, **SPACE), providers(tmp_path)
    assert space.own_machines("someone") is space.own_machines("someone")
    assert private.own_machines() is private.own_machines("anyone")


def test_where_nothing_is_defined_nothing_is_started(tmp_path: Path) -> None:
    own = providers(tmp_path, RAY_ADDRESS="127.0.0.1:9").own_machines()  # nobody is there
    assert own.list() == ()
    with pytest.raises(Unavailable):
        own.hardware()
