from pathlib import Path

import pytest

from backends.local_factory import build_local_backend
from runtime.settings import Settings


def test_a_cache_that_cannot_be_written_is_told_with_what_it_costs(
    caplog: pytest.LogCaptureFixture, environ: dict[str, str]
) -> None:
    closed = {"CACHE_DIR": "/proc/self/cache", "HF_HUB_CACHE": "/proc/self/hub"}
    build_local_backend(Settings.from_environ({**environ, **closed}), None)
    assert caplog.messages == [
        "CACHE_DIR=/proc/self/cache cannot be written: "
        "models out of Python packages cannot be converted.",
        "HF_HUB_CACHE=/proc/self/hub cannot be written: models cannot be downloaded.",
    ]


def test_caches_that_are_not_there_yet_are_no_trouble(
    caplog: pytest.LogCaptureFixture, environ: dict[str, str], tmp_path: Path
) -> None:
    fresh = {"CACHE_DIR": str(tmp_path / "a" / "b"), "HF_HUB_CACHE": str(tmp_path / "hub")}
    build_local_backend(Settings.from_environ({**environ, **fresh}), None)
    assert caplog.messages == []
    assert list(tmp_path.iterdir()) == []
