"""One's own machines: Ray Serve as it is, from the form to the deletion.

One test for a whole life, because Ray and a replica take their time to come up.
"""

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from huggingface_hub import InferenceClient
from playwright.sync_api import Page, expect

from endpoints.replica import MOST_ONGOING
from tests.browser.actions import PATIENCE_MS, run
from tests.browser.endpoints.actions import (
    answered,
    back,
    choose,
    create,
    field,
    has_state,
    listed,
    press,
    told,
)
from tests.replicas import Load, processes, replicas
from tests.serving import Served, free_port

MODEL = "sample/sentiment-en"
NAME = "mood"
TEXT = "I am really happy today!"


class Machine:
    """The app on a machine of one's own; it can be ended and started again."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self.port = str(free_port())
        self._environ = {
            **environ,
            "PORT": str(free_port()),
            "CACHE_DIR": str(folder),
            "ENDPOINTS_PORT": self.port,
            "ENDPOINTS_CPUS": "2",
        }
        self._log = folder / "app.log"
        self.start()

    def start(self) -> None:
        self.app = Served(self._environ, self._log)

    def again(self) -> None:
        self.app.stop()
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/{NAME}"


@pytest.fixture(scope="module")
def machine(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    own = Machine(environ, tmp_path_factory.mktemp("machine"))
    yield own
    own.app.stop()


def own_machines(page: Page) -> None:
    back(page)
    page.get_by_role("radio", name="Your own machines").check()


def test_the_life_of_an_endpoint(visit: Callable[..., Page], machine: Machine) -> None:
    page = visit(machine.app.url)
    own_machines(page)
    expect(page.locator(".placeholder:visible")).to_have_text("There is no endpoint yet.")
    page.get_by_role("tab", name="Create one").click()
    expect(field(page, "CPUs for each replica")).to_have_value("1")
    expect(page.get_by_label("Instance")).not_to_be_visible()
    choose(page, "Model", MODEL)
    expect(field(page, "Name")).to_have_value("sentiment-en")
    field(page, "Name").fill(NAME)
    field(page, "CPUs for each replica").fill("64")
    create(page)
    refused = told(page).locator(".problem")
    expect(refused).to_contain_text("No machine has 64 CPUs", timeout=PATIENCE_MS)
    expect(field(page, "Name")).to_have_value(NAME)
    field(page, "CPUs for each replica").fill("1")
    create(page)
    has_state(page, NAME, "Running")
    expect(listed(page, NAME)).to_contain_text(machine.address)
    kill_its_replica(machine)
    has_state(page, NAME, "Running")
    kill_ray(page, machine)
    has_state(page, NAME, "Running")

    press(page, NAME, "Test in its tab")
    expect(field(page, "Address of the endpoint")).to_have_value(machine.address)
    answered(page, TEXT, "POSITIVE")
    expect(page.locator(".timing:visible")).to_contain_text("(Endpoint)")

    back(page)
    press(page, NAME, "Pause")
    has_state(page, NAME, "Paused")
    page.get_by_role("tab", name="Understand", exact=True).click()
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("paused", timeout=PATIENCE_MS)
    back(page)
    press(page, NAME, "Resume")
    has_state(page, NAME, "Running")
    press(page, NAME, "Scale to zero")
    has_state(page, NAME, "Scaled to zero")
    press(page, NAME, "Test in its tab")
    answered(page, "This is awful.", "NEGATIVE")  # the request woke it
    page.close()

    machine.again()  # its endpoints come back with it, before anybody opens the page
    client = httpx.Client(timeout=120)
    answer = until_answered(client, machine.address)
    assert answer.json()[0][0]["label"] == "POSITIVE"
    page = visit(machine.app.url)
    own_machines(page)
    has_state(page, NAME, "Running")
    press(page, NAME, "Delete")
    field(page, "Name of the endpoint to delete").fill(NAME)
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".placeholder:visible")).to_have_text(
        re.compile("no endpoint"), timeout=PATIENCE_MS
    )
    assert client.post(machine.address, json={"inputs": TEXT}).status_code == 404


def kill_its_replica(machine: Machine) -> None:
    """Under load; nothing but the requests on it fails."""
    hub_client = InferenceClient(model=machine.address)
    assert hub_client.text_classification(TEXT)[0].label == "POSITIVE"
    (victim,) = replicas(NAME, machine.app.process.pid)
    with Load(lambda: hub_client.text_classification(TEXT)) as load:
        load.until_each_has(5)
        killed = time.monotonic()
        victim.kill()
        load.until_each_has(load.most + 5)  # they wait for the new one
    assert len(load.lost) <= MOST_ONGOING, load.lost
    assert all(began <= killed for began, _ in load.lost), (killed, load.lost)
    assert victim not in replicas(NAME, machine.app.process.pid)


def kill_ray(page: Page, machine: Machine) -> None:
    """Whoever comes to the list reads that it stopped, and sees the list as soon as it is back."""
    (victim,) = processes("gcs_server", machine.app.process.pid)
    victim.kill()
    end, tick = time.monotonic() + PATIENCE_MS / 1000, threading.Event()
    while "Ray stopped" not in machine.app.log():
        assert time.monotonic() < end
        tick.wait(0.05)
    page.get_by_role("tab", name="Understand", exact=True).click()
    back(page)
    said = page.locator(".told:visible", has_text="Ray stopped and is being started again.")
    expect(said).to_be_visible(timeout=PATIENCE_MS)
    expect(said).to_have_count(0, timeout=PATIENCE_MS)


def until_answered(client: httpx.Client, address: str) -> httpx.Response:
    """Ray takes seconds to be there again; until then nobody listens, or not for this endpoint."""
    end, tick = time.monotonic() + PATIENCE_MS / 1000, threading.Event()
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            answer = client.post(address, json={"inputs": TEXT})
            if answer.is_success:
                return answer
        tick.wait(0.2)
    raise AssertionError(f"{address} is not back")
