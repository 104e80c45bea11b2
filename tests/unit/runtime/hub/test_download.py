import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from huggingface_hub import snapshot_download

from runtime.errors import (
    BackendError,
    BadInput,
    Cancelled,
    DiskFull,
    Gated,
    ModelNotFound,
    NotAuthorised,
    RateLimited,
    Unavailable,
)
from runtime.hub.client import DownloadPolicy, Hub
from runtime.hub.download import download
from runtime.watch import Progress, Watch
from tests.loopback_hub import LoopbackHub, Trouble
from tests.small_disk import SmallDisk

REPO = "org/name"
TOKEN = "hf_not_a_real_one"
PATIENCE = DownloadPolicy(attempts=3, pause_seconds=0.01)
WEIGHTS = 300_000  # bytes; several pieces of the server's, several chunks of the client's

NEEDED = {
    "config.json": "{}",
    "generation_config.json": "{}",
    "tokenizer.json": '{"version": "1.0"}',
    "merges.txt": "a b",
    "spiece.model": "pieces",
    "source.spm": "pieces",
    "chat_template.jinja": "{{ messages }}",
    "additional_chat_templates/tools.jinja": "{{ tools }}",
    "1_Pooling/config.json": "{}",
    "empty.txt": "",
}
NOT_NEEDED = [
    "README.md",
    "modeling_custom.py",
    "trainer_state.json",
    "tf_model.h5",
    "tf_model.h5.index.json",
    "flax_model.msgpack",
    "rust_model.ot",
    "model.fp16.safetensors",
    "consolidated.safetensors",
    "training_args.bin",
    "model-q4.gguf",
    "onnx/model.onnx",
    "onnx/config.json",
    "openvino/openvino_model.bin",
    "original/model.safetensors",
    "coreml/weights.bin",
    "runs/events.json",
]


def noise(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with what transformers needs and much that it does not."""
    folder = tmp_path / "repo"
    for name in (*NEEDED, *NOT_NEEDED):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(NEEDED.get(name, "not needed"))
    (folder / "model.safetensors").write_bytes(noise(WEIGHTS))
    (folder / "pytorch_model.bin").write_bytes(noise(WEIGHTS, seed=1))
    return folder


@pytest.fixture
def server(repo: Path) -> Iterator[LoopbackHub]:
    with LoopbackHub({REPO: repo}) as hub:
        yield hub


@pytest.fixture
def hub(server: LoopbackHub, tmp_path: Path) -> Hub:
    return Hub(server.url, cache_dir=tmp_path / "cache", token=TOKEN, patience=PATIENCE)


def get(
    hub: Hub,
    watch: Watch | None = None,
    repo_id: str = REPO,
    revision: str | None = None,
    allow_pickle: bool = False,
    max_bytes: int | None = None,
) -> Path:
    return download(hub, repo_id, revision, watch or Watch(), allow_pickle, max_bytes)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def partials(hub: Hub) -> list[Path]:
    return list(hub.cache_dir.rglob("*.incomplete"))


def use_shards(repo: Path, listed: int = 2, present: int = 2) -> None:
    (repo / "model.safetensors").unlink()
    shards = [f"model-{n:05}-of-{listed:05}.safetensors" for n in range(1, listed + 1)]
    for number, shard in enumerate(shards[:present]):
        (repo / shard).write_bytes(noise(WEIGHTS, seed=number))
    index = {"weight_map": {f"layer.{n}": shard for n, shard in enumerate(shards)}}
    (repo / "model.safetensors.index.json").write_text(json.dumps(index))


class TestWhatIsFetched:
    def test_what_transformers_needs_and_nothing_else(
        self, hub: Hub, server: LoopbackHub, repo: Path
    ) -> None:
        folder = get(hub)
        assert names(folder) == {*NEEDED, "model.safetensors"}
        for name in names(folder):
            assert (folder / name).read_bytes() == (repo / name).read_bytes()
        assert hub.on_disk(REPO) == folder
        assert partials(hub) == []

    def test_every_shard_of_the_index_and_no_leftover(self, hub: Hub, repo: Path) -> None:
        use_shards(repo)
        (repo / "model-00001-of-00009.safetensors").write_bytes(b"from an earlier upload")
        index = "model.safetensors.index.json"
        shards = {f"model-0000{n}-of-00002.safetensors" for n in (1, 2)}
        folder = get(hub)
        assert names(folder) == {*NEEDED, index, *shards}
        assert hub.on_disk(REPO) == folder

    def test_a_shard_that_is_not_there(self, hub: Hub, repo: Path) -> None:
        use_shards(repo, listed=3, present=2)
        with pytest.raises(ModelNotFound, match="no complete weights"):
            get(hub)
        assert hub.on_disk(REPO) is None

    def test_a_pickle_where_it_is_trusted(self, hub: Hub, repo: Path) -> None:
        (repo / "model.safetensors").unlink()
        assert "pytorch_model.bin" in names(get(hub, allow_pickle=True))

    def test_safetensors_are_preferred_even_then(self, hub: Hub) -> None:
        assert "pytorch_model.bin" not in names(get(hub, allow_pickle=True))

    def test_a_pickle_from_a_visitor(self, hub: Hub, server: LoopbackHub, repo: Path) -> None:
        (repo / "model.safetensors").unlink()
        with pytest.raises(ModelNotFound, match="pickle") as raised:
            get(hub)
        assert "must have safetensors" in raised.value.todo
        assert server.count("GET", "/resolve/") == 0

    def test_no_weights_at_all(self, hub: Hub, repo: Path) -> None:
        (repo / "model.safetensors").unlink()
        (repo / "pytorch_model.bin").unlink()
        with pytest.raises(ModelNotFound, match="holds its weights as GGUF"):
            get(hub)

    def test_weights_of_another_library(self, hub: Hub, repo: Path) -> None:
        (repo / "config.json").unlink()
        with pytest.raises(ModelNotFound, match=r"no config\.json"):
            get(hub)

    def test_too_large_tells_both_sizes(self, hub: Hub, server: LoopbackHub) -> None:
        server.trouble = Trouble(sizes={"model.safetensors": 4_200_000_000})
        with pytest.raises(BadInput, match=r"4\.2 GB.*up to 2\.0 GB"):
            get(hub, max_bytes=2_000_000_000)
        assert server.count("GET", "/resolve/") == 0

    def test_the_limit_counts_shards(self, hub: Hub, server: LoopbackHub, repo: Path) -> None:
        use_shards(repo)
        with pytest.raises(BadInput, match=r"0\.6 MB.*up to 0\.5 MB"):
            get(hub, max_bytes=500_000)
        assert server.count("GET", "-of-00002") == 0

    def test_more_than_the_disk_holds(self, hub: Hub, server: LoopbackHub) -> None:
        server.trouble = Trouble(sizes={"model.safetensors": 10**18})
        with pytest.raises(DiskFull, match=r"needs 1000000000\.0 GB in .* are free") as raised:
            get(hub)
        assert "HF_HUB_CACHE" in raised.value.todo
        assert server.count("GET", "/resolve/") == 0

    @pytest.mark.parametrize("name", ["../up", "/etc", "a/b/c", "", "https://example.org/x"])
    def test_a_path_is_not_a_name(self, hub: Hub, server: LoopbackHub, name: str) -> None:
        with pytest.raises(ModelNotFound, match="not the name of a model"):
            get(hub, repo_id=name)
        assert server.requests == []


class TestTheCache:
    def test_nothing_is_fetched_twice(self, hub: Hub, server: LoopbackHub) -> None:
        first = get(hub)
        fetched = server.count("GET", "/resolve/")
        assert get(hub) == first
        assert server.count("GET", "/resolve/") == fetched

    def test_other_tools_find_it_there(self, hub: Hub) -> None:
        folder = get(hub)
        found = snapshot_download(REPO, cache_dir=hub.cache_dir, local_files_only=True)
        assert Path(found) == folder

    def test_what_other_tools_left_is_used(self, hub: Hub, server: LoopbackHub) -> None:
        theirs = snapshot_download(REPO, cache_dir=hub.cache_dir, endpoint=server.url, token=False)
        fetched = server.count("GET", "/resolve/")
        assert get(hub) == Path(theirs)
        assert server.count("GET", "/resolve/") == fetched

    def test_a_new_version_takes_only_what_changed(
        self, hub: Hub, server: LoopbackHub, repo: Path
    ) -> None:
        old = get(hub)
        (repo / "config.json").write_text('{"new": true}')
        fetched = server.count("GET", "/resolve/")
        new = get(hub)
        assert new != old
        assert hub.on_disk(REPO) == new
        assert server.count("GET", "/resolve/") == fetched + 1

    def test_the_old_version_serves_until_the_new_one_is_whole(
        self, hub: Hub, server: LoopbackHub, repo: Path
    ) -> None:
        old = get(hub)
        (repo / "model.safetensors").write_bytes(noise(WEIGHTS, seed=5))
        server.trouble = Trouble(damage=True)
        with pytest.raises(Unavailable):
            get(hub)
        assert hub.on_disk(REPO) == old

    def test_a_version_by_its_commit(self, hub: Hub, server: LoopbackHub) -> None:
        commit = server.commit(REPO)
        folder = get(hub, revision=commit)
        assert folder.name == commit
        assert hub.on_disk(REPO, commit) == folder
        assert hub.on_disk(REPO) is None  # nobody said that this is main

    def test_a_version_that_does_not_exist(self, hub: Hub) -> None:
        with pytest.raises(ModelNotFound, match="no such version"):
            get(hub, revision="v9")

    if Path("/dev/full").exists():  # Linux: a device on which every write fails for lack of space

        def test_a_cache_on_a_full_disk(self, hub: Hub, server: LoopbackHub) -> None:
            etag = server.etag(server.repos[REPO] / "model.safetensors")
            partial = hub.cache_dir / "models--org--name" / "blobs" / f"{etag}.incomplete"
            partial.parent.mkdir(parents=True)
            partial.symlink_to("/dev/full")
            with pytest.raises(DiskFull, match="disk is full") as raised:
                get(hub)
            assert "HF_HUB_CACHE" in raised.value.todo
            assert hub.on_disk(REPO) is None

    def test_a_disk_that_fills_up_meanwhile_and_then_has_room(
        self, server: LoopbackHub, disk: SmallDisk
    ) -> None:
        """Another program takes the room once the download has been found to fit."""
        hub = Hub(server.url, cache_dir=disk.path / "hub", patience=PATIENCE)
        server.trouble = Trouble(hold_after=100_000)
        rest = disk.path / "of another program"

        def fill(progress: Progress) -> None:
            if server.held.is_set() and not rest.exists():
                with suppress(OSError), rest.open("wb", buffering=0) as stream:
                    while stream.write(bytes(4096)):
                        pass
                server.release.set()

        with pytest.raises(DiskFull, match=r"org/name needs 0\.[12] MB in .* are free") as raised:
            get(hub, Watch(fill))
        assert str(disk.path / "hub") in raised.value.what
        assert "HF_HUB_CACHE" in raised.value.todo
        assert hub.on_disk(REPO) is None
        rest.unlink()
        assert (get(hub) / "model.safetensors").read_bytes() == noise(WEIGHTS)
        ranges = [r.range for r in server.requests if "model.safetensors" in r.path]
        assert len(ranges) == 2, "it went on"
        assert ranges[1].startswith("bytes=")
        assert partials(hub) == []

    def test_a_model_larger_than_the_disk(self, server: LoopbackHub, disk: SmallDisk) -> None:
        repo = server.repos[REPO]
        (repo / "model.safetensors").write_bytes(noise(2_000_000))
        hub = Hub(server.url, cache_dir=disk.path / "hub", patience=PATIENCE)
        with pytest.raises(DiskFull, match=r"needs 2\.0 MB in .*, and 1\.0 MB are free"):
            get(hub)
        assert server.count("GET", "model.safetensors") == 0
        disk.grow(4)
        assert (get(hub) / "model.safetensors").stat().st_size == 2_000_000

    def test_a_cache_that_cannot_be_made(self, server: LoopbackHub, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        hub = Hub(server.url, cache_dir=tmp_path / "file" / "cache", patience=PATIENCE)
        with pytest.raises(Unavailable, match="cannot be written"):
            get(hub)


class TestTheLine:
    def test_a_cut_goes_on_where_it_ended(self, hub: Hub, server: LoopbackHub) -> None:
        server.trouble = Trouble(cut_after=100_000, cuts=100)
        folder = get(hub)
        assert (folder / "model.safetensors").read_bytes() == noise(WEIGHTS)
        ranges = [r.range for r in server.requests if "model.safetensors" in r.path]
        assert ranges == [None, "bytes=100000-", "bytes=200000-"]

    def test_a_server_without_ranges(self, hub: Hub, server: LoopbackHub) -> None:
        server.trouble = Trouble(cut_after=100_000, cuts=2, only=".safetensors", no_ranges=True)
        assert (get(hub) / "model.safetensors").read_bytes() == noise(WEIGHTS)
        assert server.count("GET", "model.safetensors") == 3

    def test_lost_for_good_keeps_what_arrived(self, hub: Hub, server: LoopbackHub) -> None:
        server.trouble = Trouble(hold_after=100_000)
        soon = DownloadPolicy(attempts=2, pause_seconds=0.01, read_seconds=0.5)
        with pytest.raises(Unavailable, match="lost") as raised:
            get(Hub(server.url, cache_dir=hub.cache_dir, patience=soon))
        assert "try again" in raised.value.todo
        assert [part.stat().st_size for part in partials(hub)] == [server_piece_end(100_000)]
        assert hub.on_disk(REPO) is None
        server.trouble = Trouble()
        before = len(server.requests)
        folder = get(hub)
        assert (folder / "model.safetensors").read_bytes() == noise(WEIGHTS)
        fetched = [r for r in server.requests[before:] if "/resolve/" in r.path]
        assert [r.range for r in fetched] == [f"bytes={server_piece_end(100_000)}-"]

    def test_damage_is_noticed_and_thrown_away(self, hub: Hub, server: LoopbackHub) -> None:
        server.trouble = Trouble(damage=True)
        with pytest.raises(Unavailable, match="damaged"):
            get(hub)
        assert partials(hub) == []
        assert hub.on_disk(REPO) is None

    def test_more_bytes_than_were_announced(self, hub: Hub, server: LoopbackHub) -> None:
        server.trouble = Trouble(sizes={"model.safetensors": 1000})
        with pytest.raises(Unavailable):
            get(hub)
        assert hub.on_disk(REPO) is None

    def test_a_mirror_whose_listing_says_little(self, hub: Hub, server: LoopbackHub) -> None:
        server.trouble = Trouble(bare=True)
        assert (get(hub) / "model.safetensors").read_bytes() == noise(WEIGHTS)

    def test_no_token_goes_to_a_mirror(
        self, hub: Hub, server: LoopbackHub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_TOKEN", TOKEN)  # huggingface_hub would read it by itself
        server.trouble = Trouble(bare=True)  # the way with the most requests
        get(hub)
        assert server.count("HEAD", "/resolve/") > 0
        assert server.count("GET", "/resolve/") > 0
        assert server.authorizations == []


def server_piece_end(held: int) -> int:
    """The server holds at the end of a piece: the first multiple of its size from `held` on."""
    piece = 16 * 1024
    return -(-held // piece) * piece


class TestAnswers:
    @pytest.mark.parametrize(
        ("trouble", "kind", "words"),
        [
            (Trouble(status=401), ModelNotFound, "org/name"),
            (Trouble(status=404, headers={"X-Error-Code": "RepoNotFound"}), ModelNotFound, "no mo"),
            (Trouble(status=403), NotAuthorised, "HF_TOKEN"),
            (Trouble(status=429, headers={"Retry-After": "30"}), RateLimited, "30 seconds"),
            (Trouble(status=500, only="/api/"), Unavailable, "trouble"),
            (Trouble(status=503, only="model.safetensors"), Unavailable, "trouble"),
            (Trouble(status=429, only="tokenizer"), RateLimited, "few minutes"),
            (Trouble(answer="<html>Please sign in</html>"), Unavailable, "as a Hub"),
            (Trouble(answer="[]"), Unavailable, "as a Hub"),
            (Trouble(answer='{"id": "org/name"}'), Unavailable, "as a Hub"),
            (Trouble(answer='{"sha": "../../x"}'), Unavailable, "as a Hub"),
        ],
    )
    def test_in_words(
        self,
        hub: Hub,
        server: LoopbackHub,
        trouble: Trouble,
        kind: type[BackendError],
        words: str,
    ) -> None:
        server.trouble = trouble
        with pytest.raises(kind, match=words):
            get(hub)
        assert hub.on_disk(REPO) is None

    def test_gated_gives_the_link(self, hub: Hub, server: LoopbackHub) -> None:
        # As on the Hub: the listing is for everybody, the files are not.
        gated = {"X-Error-Code": "GatedRepo"}
        server.trouble = Trouble(status=403, headers=gated, only="/resolve/")
        with pytest.raises(Gated) as raised:
            get(hub)
        assert f"{server.url}/{REPO}" in raised.value.todo

    def test_an_unknown_model(self, hub: Hub) -> None:
        with pytest.raises(ModelNotFound, match="There is no model org/unknown"):
            get(hub, repo_id="org/unknown")

    def test_a_hub_that_is_away(self, server: LoopbackHub, tmp_path: Path) -> None:
        server.trouble = Trouble(status=503)
        with pytest.raises(Unavailable, match="not reachable") as raised:
            get(Hub(server.url, cache_dir=tmp_path))
        assert "HF_ENDPOINT" in raised.value.todo

    def test_offline(self, server: LoopbackHub, tmp_path: Path) -> None:
        with pytest.raises(Unavailable, match="HF_HUB_OFFLINE"):
            get(Hub(server.url, cache_dir=tmp_path, offline=True))
        assert server.requests == []


class TestProgressAndStop:
    def test_progress_rises_and_ends_at_the_total(self, hub: Hub, server: LoopbackHub) -> None:
        seen: list[Progress] = []
        half_way = threading.Event()

        def on_progress(progress: Progress) -> None:
            seen.append(progress)
            if progress.done and server.held.is_set() and progress.done >= 100_000:
                half_way.set()
                server.release.set()

        server.trouble = Trouble(hold_after=100_000)
        folder = get(hub, Watch(on_progress))
        assert half_way.is_set()  # it was told in the middle of the file, not only at its end
        total = sum((folder / name).stat().st_size for name in names(folder))
        known = [p for p in seen if p.done is not None]
        assert [p.done for p in known] == sorted(p.done for p in known)
        assert {(p.text, p.total, p.unit) for p in known} == {
            (f"Downloading {REPO}", total, "bytes")
        }
        assert known[-1].fraction == 1.0

    def test_stop_in_the_middle_of_a_file(self, hub: Hub, server: LoopbackHub) -> None:
        stop = threading.Event()

        def on_progress(progress: Progress) -> None:
            if progress.done is not None and progress.done >= 100_000:
                stop.set()

        # The server falls silent there, and the client's patience (10 s) is far from used up.
        server.trouble = Trouble(hold_after=100_000)
        with ThreadPoolExecutor(1) as pool, pytest.raises(Cancelled):
            pool.submit(get, hub, Watch(on_progress, stop)).result(timeout=8)
        assert hub.on_disk(REPO) is None
        assert not list(hub.cache_dir.rglob("snapshots/*/model.safetensors"))

        server.trouble = Trouble()
        server.release.set()
        before = len(server.requests)
        folder = get(hub)
        assert (folder / "model.safetensors").read_bytes() == noise(WEIGHTS)
        again = [r for r in server.requests[before:] if "/resolve/" in r.path]
        assert [r.range is not None for r in again] == [True]  # the rest of one file, no more

    def test_stop_while_the_server_is_silent(self, hub: Hub, server: LoopbackHub) -> None:
        assert hub.reachable()
        server.trouble = Trouble(hang=True)
        stop = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(get, hub, Watch(stop=stop))
            wait_until(lambda: server.count("GET", "/api/") == 1)
            stop.set()
            with pytest.raises(Cancelled):
                running.result(timeout=5)

    def test_stopped_before_it_began(self, hub: Hub) -> None:
        stop = threading.Event()
        stop.set()
        with pytest.raises(Cancelled):
            get(hub, Watch(stop=stop))

    def test_two_visitors_fetch_it_once(self, hub: Hub, server: LoopbackHub) -> None:
        server.trouble = Trouble(hold_after=100_000)
        waiting = threading.Event()

        def on_progress(progress: Progress) -> None:
            if progress.text.startswith("Waiting for another download"):
                waiting.set()

        with ThreadPoolExecutor(2) as pool:
            first: Future[Path] = pool.submit(get, hub)
            assert server.held.wait(30)
            second = pool.submit(get, hub, Watch(on_progress))
            assert waiting.wait(30)
            server.release.set()
            assert first.result(30) == second.result(30)
        asked = [r.path for r in server.requests if "/resolve/" in r.path]
        assert len(asked) == len(set(asked))

    def test_whoever_waits_can_stop_too(self, hub: Hub, server: LoopbackHub) -> None:
        server.trouble = Trouble(hold_after=100_000)
        stop = threading.Event()

        def on_progress(progress: Progress) -> None:
            if progress.text.startswith("Waiting for another download"):
                stop.set()

        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(get, hub)
            assert server.held.wait(30)
            with pytest.raises(Cancelled):
                get(hub, Watch(on_progress, stop))
            server.release.set()
            assert first.result(30) == hub.on_disk(REPO)


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Look again and again until it is so, or fail."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        pause.wait(0.01)
