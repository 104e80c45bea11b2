import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.errors import BadInput, ModelNotFound
from runtime.hub.client import FAILING_SECONDS, FINE_SECONDS, Hub, ReachabilityProbe
from tests.loopback_hub import LoopbackHub, Trouble

TOKEN = "hf_not_a_real_one"


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LoopbackHub]:
    with LoopbackHub({}) as hub:
        yield hub


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def in_cache(cache: Path, repo: str, files: dict[str, str], commit: str = "c" * 40) -> Path:
    """What huggingface_hub leaves behind: a snapshot, and main naming it."""
    home = cache / f"models--{repo.replace('/', '--')}"
    folder = home / "snapshots" / commit
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (home / "refs").mkdir(parents=True, exist_ok=True)
    (home / "refs" / "main").write_text(commit)
    return folder


class TestReachable:
    def test_a_hub_that_answers(self, server: LoopbackHub) -> None:
        hub = Hub(server.url)
        assert hub.reachable()
        assert hub.state == f"reachable ({server.url})"

    @pytest.mark.parametrize("status", [401, 403, 404, 405, 429])
    def test_any_answer_below_500_counts(self, server: LoopbackHub, status: int) -> None:
        server.trouble = Trouble(status=status)
        assert Hub(server.url).reachable()

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_a_broken_server_does_not(self, server: LoopbackHub, status: int) -> None:
        server.trouble = Trouble(status=status)
        assert not Hub(server.url).reachable()

    def test_nobody_listens(self) -> None:
        hub = Hub(f"http://127.0.0.1:{closed_port()}")
        assert not hub.reachable()
        assert hub.state.startswith("not reachable (http://127.0.0.1:")

    def test_a_server_that_never_answers(self, silent_port: int) -> None:
        started = time.monotonic()
        assert not Hub(f"http://127.0.0.1:{silent_port}", probe_seconds=0.3).reachable()
        assert time.monotonic() - started < 5  # loosely: the deadline, not the network, ended it

    def test_offline_asks_nobody(self, server: LoopbackHub) -> None:
        hub = Hub(server.url, offline=True)
        assert not hub.reachable()
        assert hub.state == f"offline by HF_HUB_OFFLINE ({server.url})"
        assert server.requests == []

    def test_yes_is_believed_for_minutes(self, server: LoopbackHub) -> None:
        clock = Clock()
        hub = Hub(server.url, clock=clock)
        assert hub.reachable()
        server.trouble = Trouble(status=503)
        clock.now += FINE_SECONDS - 1
        assert hub.reachable()
        assert server.count("HEAD") == 1
        clock.now += 2
        assert not hub.reachable()

    def test_no_is_believed_for_seconds(self, server: LoopbackHub) -> None:
        clock = Clock()
        server.trouble = Trouble(status=503)
        hub = Hub(server.url, clock=clock)
        assert not hub.reachable()
        server.trouble = Trouble()
        clock.now += FAILING_SECONDS - 1
        assert not hub.reachable()
        assert server.count("HEAD") == 1
        clock.now += 2
        assert hub.reachable()

    def test_no_token_is_needed_to_probe(self, server: LoopbackHub) -> None:
        Hub(server.url, token=TOKEN).reachable()
        assert server.count("HEAD") == 1
        assert server.authorizations == []


class TestProbe:
    def test_a_resolver_that_hangs_is_left_behind(self) -> None:
        answer = threading.Event()
        probe = ReachabilityProbe(answer.wait, seconds=0.1)
        assert not probe.answer()
        assert not answer.is_set()  # it is hanging still
        answer.set()

    def test_callers_at_the_same_time_share_one(self) -> None:
        asked: list[int] = []
        asking, answer = threading.Event(), threading.Event()

        def ask() -> bool:
            asked.append(1)
            asking.set()
            return answer.wait()

        probe = ReachabilityProbe(ask, seconds=30)
        answers: list[bool] = []
        callers = [
            threading.Thread(target=lambda: answers.append(probe.answer())) for _ in range(8)
        ]
        for caller in callers:
            caller.start()
        assert asking.wait(10)
        answer.set()
        for caller in callers:
            caller.join(10)
        assert answers == [True] * 8
        assert len(asked) == 1

    def test_a_late_answer_is_not_taken_for_a_later_question(self) -> None:
        clock = Clock()
        late = threading.Event()
        waits = iter([late, threading.Event()])
        probe = ReachabilityProbe(lambda: next(waits).wait(), seconds=0.1, clock=clock)
        assert not probe.answer()
        late.set()
        assert not probe.answer()
        clock.now += FAILING_SECONDS + 1
        assert not probe.answer()


class TestToken:
    @pytest.mark.parametrize(
        "endpoint",
        ["https://huggingface.co", "https://huggingface.co/", "https://hub-ci.huggingface.co",
         "https://hf.co"],
    )  # fmt: skip
    def test_the_hub_sees_it(self, endpoint: str) -> None:
        assert Hub(endpoint, token=TOKEN).token_for_endpoint == TOKEN

    @pytest.mark.parametrize(
        "endpoint",
        [
            "https://hf-mirror.com",
            "https://huggingface.co.example.org",
            "https://nothuggingface.co",
            "https://huggingface.co@example.org",
            "http://huggingface.co",  # readable on the way
            "http://127.0.0.1:8080",
        ],
    )
    def test_nobody_else_does(self, endpoint: str) -> None:
        assert Hub(endpoint, token=TOKEN).token_for_endpoint is False

    def test_none_is_no_leave_to_look_for_one(self) -> None:
        assert Hub("https://huggingface.co").token_for_endpoint is False


class TestEndpoint:
    def test_a_password_is_not_shown(self) -> None:
        hub = Hub("https://me:secret@mirror.example.org/hub/", offline=True)
        assert hub.endpoint == "https://mirror.example.org/hub"
        assert hub.url == "https://me:secret@mirror.example.org/hub"
        assert "secret" not in hub.state

    @pytest.mark.parametrize(
        "endpoint",
        [
            *("", "huggingface.co", "ftp://example.org", "https://", "http://a:b:c", "http://[::1"),
            *("http://exa mple.org", "http://a..b", "http://例..jp", "http://a\\b", "http://%41"),
            *(f"http://{'a' * 70}.org", "http://mirror.lan?x=1", "http://mirror.lan#x"),
        ],
    )
    def test_nonsense_is_refused_by_name(self, endpoint: str) -> None:
        with pytest.raises(BadInput, match="HF_ENDPOINT"):
            Hub(endpoint)

    @pytest.mark.parametrize(
        "endpoint",
        ["http://10.0.0.1:8081", "http://[::1]:9", "http://my_mirror", "https://例え.jp/a%20b"],
    )
    def test_a_mirror_of_any_name_is_taken(self, endpoint: str) -> None:
        assert Hub(endpoint, offline=True).url == endpoint


class TestOnDisk:
    SINGLE = {"config.json": "{}", "tokenizer.json": "{}", "model.safetensors": "w"}
    INDEX = '{"weight_map": {"a": "model-1-of-2.safetensors", "b": "model-2-of-2.safetensors"}}'
    SHARDED = {
        "config.json": "{}",
        "vocab.txt": "",
        "model.safetensors.index.json": INDEX,
        "model-1-of-2.safetensors": "w",
        "model-2-of-2.safetensors": "w",
    }
    PICKLED = {"config.json": "{}", "vocab.json": "{}", "pytorch_model.bin": "w"}

    def hub(self, cache: Path) -> Hub:
        # Whoever asks the network here waits for it in vain.
        return Hub(f"http://127.0.0.1:{closed_port()}", cache_dir=cache)

    @pytest.mark.parametrize("files", [SINGLE, SHARDED, PICKLED])
    def test_whole(self, tmp_path: Path, files: dict[str, str]) -> None:
        folder = in_cache(tmp_path, "org/name", files)
        assert self.hub(tmp_path).on_disk("org/name") == folder
        assert self.hub(tmp_path).on_disk("org/name", "main") == folder
        assert self.hub(tmp_path).on_disk("org/name", "c" * 40) == folder

    @pytest.mark.parametrize("files", [SINGLE, SHARDED, PICKLED])
    def test_with_any_file_missing_it_is_not(self, tmp_path: Path, files: dict[str, str]) -> None:
        for number, missing in enumerate(files):
            repo = f"org/number{number}"
            in_cache(tmp_path, repo, {n: t for n, t in files.items() if n != missing})
            assert self.hub(tmp_path).on_disk(repo) is None, missing

    def test_a_pickle_only_where_it_is_trusted(self, tmp_path: Path) -> None:
        in_cache(tmp_path, "org/name", self.PICKLED)
        assert self.hub(tmp_path).on_disk("org/name", allow_pickle=False) is None

    @pytest.mark.parametrize("index", ["not json", "[]", "{}", '{"weight_map": {"a": "../x"}}'])
    def test_an_index_that_makes_no_sense(self, tmp_path: Path, index: str) -> None:
        in_cache(tmp_path, "org/name", {**self.SHARDED, "model.safetensors.index.json": index})
        assert self.hub(tmp_path).on_disk("org/name") is None

    def test_a_link_to_a_file_that_is_gone(self, tmp_path: Path) -> None:
        folder = in_cache(tmp_path, "org/name", {"config.json": "{}"})
        (folder / "model.safetensors").symlink_to("../../blobs/gone")
        assert self.hub(tmp_path).on_disk("org/name") is None

    def test_main_means_what_refs_say(self, tmp_path: Path) -> None:
        in_cache(tmp_path, "org/name", self.SINGLE, commit="a" * 40)
        newer = in_cache(tmp_path, "org/name", self.SINGLE, commit="b" * 40)
        assert self.hub(tmp_path).on_disk("org/name") == newer

    def test_never_heard_of(self, tmp_path: Path) -> None:
        assert self.hub(tmp_path).on_disk("org/name") is None
        assert self.hub(tmp_path / "no" / "such" / "folder").on_disk("org/name") is None

    @pytest.mark.parametrize(
        "name", ["", ".", "..", "../up", "/etc/passwd", "./here", "a/b/c", "C:\\x", "a b", "a--b"]
    )
    def test_a_path_is_not_a_name(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ModelNotFound, match="not the name of a model"):
            self.hub(tmp_path).on_disk(name)

    @pytest.mark.parametrize("revision", ["../../etc/passwd", "/etc/passwd", "a/../b", "", "a b"])
    def test_a_path_is_not_a_version(self, tmp_path: Path, revision: str) -> None:
        with pytest.raises(ModelNotFound, match="not a version"):
            self.hub(tmp_path).on_disk("org/name", revision)
