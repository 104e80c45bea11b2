"""What the lists show, and why a model cannot be tried."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backends.local import LocalBackend
from runtime import device
from runtime.hub import Hub
from runtime.hub.model_details import ModelDetails
from runtime.hub.search import ModelSummary, Query
from runtime.local_models import LocalModel
from runtime.messages import Message
from runtime.model_files import ModelFiles
from runtime.visitor_quota import VisitorQuota
from tabs.frame.i18n import languages
from tabs.models import cards, compatibility, notice, search_form
from tabs.models.compatibility import MemoryRoom
from tasks.base import Limits
from tests.serving import NO_HUB

TITLES = {"text-classification": "Sentiment"}
FOUND = ModelSummary(
    "org/model", "text-classification", "transformers", "mit", 66_955_010, 267_820_040, True, 1234,
    56, datetime(2024, 5, 1, tzinfo=UTC),
)  # fmt: skip
BARE = ModelSummary("org/bare", "", "", "", None, None, False, 0, 0, None)
FILES = (("config.json", 700), ("model.safetensors", 267_820_040))
ABOUT = ModelDetails(FOUND, FILES, "")
SPACE = MemoryRoom(10**9, 4)


def local(home: Path, visitors: VisitorQuota | None = None) -> LocalBackend:
    weights = ModelFiles(Hub(NO_HUB, home), home, home, 10**9, visitors)
    return LocalBackend(weights, lambda: device.choose("-1"), 10**9, 60, Limits())


def texts(html: str) -> list[str]:
    return [text for text in re.findall(r">([^<]+)<", html) if text.strip()]


def test_a_card_says_what_decides() -> None:
    drawn = texts(cards.card(FOUND, "Sentiment", on_disk=True, fits=False))
    assert drawn == [
        "org/model", "Sentiment", "67M parameters", "268 MB", "mit", "Asks for consent",
        "Too large here", "On disk", "1.2k downloads", "56 likes", "Updated 2024-05-01",
    ]  # fmt: skip


def test_what_the_hub_does_not_say_is_not_made_up() -> None:
    drawn = texts(cards.card(BARE, None, on_disk=False, fits=None))
    assert drawn == [
        "org/bare", "No task named", "Size not told", "Licence not stated", "No safetensors",
        "0 downloads", "0 likes",
    ]  # fmt: skip


def test_names_from_the_hub_are_escaped() -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    model = replace(FOUND, id=hostile, task=hostile, licence=hostile, library=hostile)
    about = ModelDetails(model, ((hostile, 1),), "")
    for drawn in (
        cards.card(model, None, True, True),
        cards.head(about, [], True, True, hostile),
        cards.files(about),
        cards.shelf([LocalModel(hostile, "hub", 1, True)], {}, deletable=True),
        cards.trying([hostile], None),
    ):
        assert "<img" not in drawn


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (900, "900 B"), (1500, "1.5 kB"), (8.9e6, "8.9 MB"), (268e6, "268 MB"),
     (1.44e9, "1.4 GB"), (140e9, "140.0 GB")],
)  # fmt: skip
def test_bytes_in_words(size: float, words: str) -> None:
    assert cards.amount(size) == words


def test_only_the_owner_is_offered_to_delete() -> None:
    items = [LocalModel("org/model", "hub", 10**6, True)]
    assert "delete" in cards.shelf(items, {}, deletable=True)
    assert "delete" not in cards.shelf(items, {}, deletable=False)


def reasons(about: ModelDetails, backend: LocalBackend, **more: object) -> list[str]:
    given = {"listed": False, "tasks": [about.model.task], "titles": TITLES, "space": SPACE,
             "on_disk": False} | more  # fmt: skip
    return compatibility.obstacles(about, local=backend, **given)


def test_a_model_that_can_be_tried_has_no_obstacles(tmp_path: Path) -> None:
    assert reasons(ABOUT, local(tmp_path)) == []


def test_each_condition_that_fails_is_named(tmp_path: Path) -> None:
    backend = local(tmp_path)
    other = ModelDetails(replace(FOUND, task="text-to-video"), FILES, "")
    assert reasons(other, backend) == ["Its task, text-to-video, has no tab on this page."]
    assert "names no task" in reasons(ABOUT, backend, tasks=[])[0]
    pickled = ModelDetails(BARE, (("config.json", 1), ("pytorch_model.bin", 5)), "")
    assert "not safetensors" in reasons(pickled, backend, tasks=["text-classification"])[0]
    assert reasons(pickled, backend, listed=True, tasks=["text-classification"]) == []
    large = ModelDetails(replace(FOUND, parameters=10**9), FILES, "")
    assert reasons(large, backend) == ["It needs 4.0 GB of memory, and 1.0 GB are set aside here."]
    assert reasons(large, backend, space=None) == []
    huge = ModelDetails(FOUND, (("config.json", 1), ("model.safetensors", 2 * 10**9)), "")
    assert "this page loads up to 1.0 GB" in reasons(huge, backend)[0]
    assert reasons(huge, backend, on_disk=True) == []


def test_strangers_are_held_to_the_owners_limit_also_on_disk(tmp_path: Path) -> None:
    backend = local(tmp_path, VisitorQuota(10**8, 3, ()))
    assert "up to 100 MB" in reasons(ABOUT, backend, on_disk=True)[0]
    assert reasons(ABOUT, backend, on_disk=True, listed=True) == []


def test_room_is_told_without_torch_where_it_can_be(tmp_path: Path) -> None:
    backend = local(tmp_path)
    assert compatibility.room(backend, "-1") == MemoryRoom(10**9, 4)
    assert compatibility.room(backend, "mps") == MemoryRoom(10**9, 2)
    assert compatibility.room(backend, "0") == MemoryRoom(10**9, 2)
    unset = LocalBackend(backend.weights, lambda: device.choose("-1"), None, 60, Limits())
    assert compatibility.room(unset, "0") is None
    room = compatibility.room(unset, "-1")
    assert room is not None
    assert room.per_parameter == 4


def test_empty_menus_ask_for_nothing() -> None:
    assert search_form.read((None, "any", "any", "", "any", "any", None, "likes")) == Query(
        sort="likes"
    )


def test_all_of_it_is_told_in_chinese(tmp_path: Path) -> None:
    chinese = languages()[1].words
    backend = local(tmp_path, VisitorQuota(10**6, 3, ()))
    pickled = ModelDetails(replace(BARE, task="text-to-video"), (("a.bin", 5),), "")
    large = ModelDetails(replace(FOUND, parameters=10**9), FILES, "")
    drawn = [
        cards.card(FOUND, Message("Sentiment"), True, True),
        cards.card(BARE, None, False, False),
        cards.head(ABOUT, ["情感"], False, False, "https://x.example"),
        cards.head(ModelDetails(BARE, (), ""), [], True, True, ""),
        cards.files(ABOUT),
        cards.shelf([LocalModel("org/a", "hub", 5, False)], {"org/a": Message("Sentiment")}, True),
        cards.shelf([], {}, True),
        cards.trying(reasons(pickled, backend) + reasons(large, backend), None),
        cards.trying(reasons(ABOUT, backend, tasks=[]), None),
        cards.trying([], Message("Sentiment")),
        notice.without_hub(Hub(NO_HUB, tmp_path)),
        notice.without_hub(Hub(NO_HUB, tmp_path, offline=True)),
    ]
    allowed = re.compile(
        r"org/\w+|mit|transformers|[\w-]+\.(json|bin|safetensors)|text-to-video|[\d.]+ ?[kMGB]{0,2}"
        r"|HF_ENDPOINT=.*|text-classification"
    )
    said = {text.strip() for html in drawn for text in texts(chinese.in_html(html))}
    english = [
        t for t in said if re.search("[A-Za-z]{2}", t) and not re.search("[\u4e00-\u9fff]", t)
    ]
    assert [text for text in english if not allowed.fullmatch(text)] == []
