"""A process that is killed while it creates an endpoint leaves word of it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from endpoints.creation import FOLDER, CreationJournal
from endpoints.huggingface import HuggingFace
from runtime.errors import RateLimited
from tests.loopback_endpoints import TOKEN, USER, LoopbackEndpoints, Trouble
from tests.serving import ROOT
from tests.unit.endpoints.test_providers import providers
from tests.unit.endpoints.wishes import spec

KILLED = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from endpoints.creation import CreationJournal
CreationJournal(Path(sys.argv[1])).begin("org/team", "my-model")
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def journal(tmp_path: Path) -> CreationJournal:
    return CreationJournal(tmp_path / FOLDER)


def kill_while_creating(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert done.returncode == -9


def test_what_a_killed_process_created_is_found_and_told_once(
    tmp_path: Path, journal: CreationJournal
) -> None:
    kill_while_creating(tmp_path / FOLDER)
    assert journal.unfinished() == [("org/team", "my-model")]
    here = providers(tmp_path)
    assert here.take_unfinished("somebody", ["my-model"]) == []
    assert here.take_unfinished("org/team", ["my-model", "other"]) == ["my-model"]
    assert here.take_unfinished("org/team", ["my-model", "other"]) == []


def test_what_was_never_made_is_told_to_nobody(tmp_path: Path, journal: CreationJournal) -> None:
    kill_while_creating(tmp_path / FOLDER)
    assert providers(tmp_path).take_unfinished("org/team", ["other"]) == []
    assert journal.unfinished() == []


def test_what_another_app_is_creating_now_is_left_to_it(
    tmp_path: Path, journal: CreationJournal
) -> None:
    journal.begin("me", "mine")
    command = "from runtime.processes import process_mark; print(process_mark()); input()"
    with subprocess.Popen(
        [sys.executable, "-c", command], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdin
        assert other.stdout
        (tmp_path / FOLDER / "me@theirs").write_bytes(other.stdout.readline().strip())
        assert journal.unfinished() == []
        other.stdin.close()
    assert journal.unfinished() == [("me", "theirs")]
    (tmp_path / FOLDER / "me@theirs").write_text("another-machine~1~1.00")
    assert journal.unfinished() == []


def test_a_creation_is_written_down_before_it_is_sent_and_gone_afterwards(
    service: LoopbackEndpoints, journal: CreationJournal, tmp_path: Path
) -> None:
    provider = HuggingFace(TOKEN, USER, journal=journal)
    wish = spec(provider)
    service.trouble = trouble = Trouble(hang=True, method="POST")
    with ThreadPoolExecutor(1) as pool:
        created = pool.submit(provider.create, wish)
        assert trouble.held.wait(30)
        assert [path.name for path in (tmp_path / FOLDER).iterdir()] == [f"{USER}@my-model"]
        trouble.release.set()
        assert created.result().name == "my-model"
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_refused_one_is_gone_too(
    service: LoopbackEndpoints, journal: CreationJournal, tmp_path: Path
) -> None:
    provider = HuggingFace(TOKEN, USER, journal=journal)
    wish = spec(provider)
    service.trouble = Trouble(status=429, method="POST")
    with pytest.raises(RateLimited):
        provider.create(wish)
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_folder_that_cannot_be_written_keeps_nobody_from_creating(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file")
    journal = CreationJournal(tmp_path / FOLDER)
    journal.begin("me", "mine")
    assert journal.unfinished() == []
    journal.end("me", "mine")


def test_a_public_page_keeps_no_word_of_its_visitors(tmp_path: Path) -> None:
    kill_while_creating(tmp_path / FOLDER)
    assert providers(tmp_path, PUBLIC="1").take_unfinished("org/team", ["my-model"]) == []
