"""What is written down outlives the process, whole or not at all."""

from contextlib import suppress
from pathlib import Path

import pytest

from endpoints.replica import NEVER_SECONDS, scaling
from endpoints.store import Definition, DefinitionStore
from runtime.catalogue import Model, VisitorModel
from runtime.errors import BackendError, DiskFull, Unavailable
from tests.small_disk import SmallDisk

ROW = {"id": "sample/sentiment-en", "languages": ["en"], "licence": "apache-2.0", "size_mb": 3.0}


def definition(name: str = "mood", **more: object) -> Definition:
    given = {
        "name": name,
        "task": "text-classification",
        "row": {**ROW, "source": "sample", "about": "Short."},
        "listed": True,
        "min_replicas": 1,
        "max_replicas": 2,
        "scale_to_zero_minutes": None,
        "cpus": 1.0,
        "gpus": 0.0,
        "memory_gb": None,
    }
    return Definition.model_validate({**given, **more})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "endpoints.json"


def test_there_are_none_at_first(file: Path) -> None:
    assert DefinitionStore(file).read() == {}


def test_another_process_reads_what_one_wrote(file: Path) -> None:
    mood = definition(paused=True)
    with DefinitionStore(file).change() as there:
        there["mood"] = mood
    assert DefinitionStore(file).read() == {"mood": mood}


def test_an_error_in_between_changes_nothing(file: Path) -> None:
    with DefinitionStore(file).change() as there:
        there["mood"] = definition()
    with pytest.raises(BackendError), DefinitionStore(file).change() as there:  # noqa: PT012
        del there["mood"]
        raise BackendError("No.", "")
    assert list(DefinitionStore(file).read()) == ["mood"]


@pytest.mark.parametrize("content", ["", "[]", '{"mood": {}}', "\x00"])
def test_a_file_that_is_none_of_ours_is_told(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)
    with pytest.raises(Unavailable, match="endpoints.json cannot be read"):
        DefinitionStore(file).read()
    with pytest.raises(Unavailable), DefinitionStore(file).change():
        pass
    assert file.read_text() == content


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, where a folder should be")
    with (
        pytest.raises(Unavailable, match="cannot be written"),
        DefinitionStore(tmp_path / "taken" / "endpoints.json").change(),
    ):
        pass


def test_a_full_disk_is_told_and_leaves_the_list_as_it_was(disk: SmallDisk) -> None:
    kept = DefinitionStore(disk.path / "endpoints.json")
    with kept.change() as there:
        there["mood"] = definition()
    rest = disk.path / "of another program"
    with suppress(OSError), rest.open("wb", buffering=0) as stream:
        while stream.write(bytes(4096)):
            pass
    with pytest.raises(DiskFull, match="the list of endpoints does not fit into") as told:
        add(kept)
    assert "CACHE_DIR" in told.value.todo
    assert list(kept.read()) == ["mood"]
    assert not list(disk.path.glob("*.unfinished"))
    rest.unlink()
    add(kept)
    assert list(kept.read()) == ["mood", "more"]


def add(kept: DefinitionStore) -> None:
    with kept.change() as there:
        there["more"] = definition("more")


def test_a_model_out_of_the_catalogue_stays_one() -> None:
    assert type(definition().model) is Model
    stranger = VisitorModel(id="someone/something")
    assert definition(row=stranger.model_dump(), listed=False).model == stranger


class TestScaling:
    """What Serve is told of it."""

    def test_one_that_never_goes_to_zero(self) -> None:
        told = scaling(definition())
        assert (told["min_replicas"], told["initial_replicas"], told["max_replicas"]) == (1, 1, 2)

    def test_one_that_goes_to_zero_after_minutes_starts_with_a_replica(self) -> None:
        told = scaling(definition(min_replicas=0, scale_to_zero_minutes=3))
        assert (told["min_replicas"], told["initial_replicas"]) == (0, 1)
        assert told["downscale_to_zero_delay_s"] == 180

    def test_without_minutes_it_never_goes_by_itself(self) -> None:
        assert scaling(definition(min_replicas=0))["downscale_to_zero_delay_s"] == NEVER_SECONDS

    def test_sent_to_zero_it_starts_with_none(self) -> None:
        told = scaling(definition(min_replicas=2, at_zero=True))
        assert (told["min_replicas"], told["initial_replicas"]) == (0, 0)
