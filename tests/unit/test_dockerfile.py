"""What can be known of the container without a container engine."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.settings import Settings
from tests.serving import ROOT, Served
from tests.unit.test_imports import LEVELS, sources

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
INSTRUCTIONS = [
    (words[0], words[1].strip())
    for line in DOCKERFILE.splitlines()
    if len(words := line.split(maxsplit=1)) == 2 and words[0].isupper()
]
ALLOWED = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.M)


def of(instruction: str) -> list[str]:
    return [rest for name, rest in INSTRUCTIONS if name == instruction]


def environment() -> dict[str, str]:
    """What the image sets, in all of its stages."""
    return dict(re.findall(r"(\w+)=(\S+)", " ".join(of("ENV"))))


def test_all_of_the_running_app_gets_into_the_image_and_nothing_else() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in sources()} <= {*ALLOWED}
    assert "models.yaml" in ALLOWED
    # Packages of the app, their samples, what pip reads. No .env, no .git, no tests.
    rest = {*ALLOWED} - {*LEVELS, "app.py", "models.yaml", "samples"}
    assert all(re.fullmatch(r"requirements[\w-]*\.txt", name) for name in rest)
    assert [name for name in ALLOWED if not (ROOT / name).exists()] == []


def test_what_pip_installs_is_there_and_gets_in() -> None:
    named = set(re.findall(r"requirements[\w-]*\.txt", " ".join(of("RUN"))))
    assert named == {"requirements.txt", "requirements-offline.txt"}
    assert named <= {*ALLOWED}


def test_a_choice_of_torch_is_a_stage() -> None:
    stages = [stage.split()[-1] for stage in of("FROM")]
    assert {"torch-cpu", "torch-cuda"} < set(stages)
    assert "TORCH=cpu" in of("ARG")
    (torch,) = re.findall(r"^torch\b.*$", (ROOT / "requirements.txt").read_text(), re.M)
    assert "grep '^torch' requirements.txt" in " ".join(of("RUN"))
    assert "torch" in torch


def test_its_settings_are_settings() -> None:
    settings = Settings.from_environ(environment())
    assert settings.host == "0.0.0.0"
    assert of("EXPOSE") == [str(settings.port)]
    for folder in (settings.cache_dir, settings.hub_cache):
        assert folder is not None
        assert folder.is_relative_to("/data")
    assert of("USER") == ["1000"]


@pytest.fixture
def health() -> list[str]:
    """The health check's own command, with this Python."""
    _, _, command = of("HEALTHCHECK")[0].partition(" CMD ")
    program, *arguments = json.loads(command)
    assert program == "python"
    return [sys.executable, *arguments]


def test_the_health_check_finds_the_app_well(health: list[str], served: Served) -> None:
    port = served.url.rpartition(":")[2]
    assert subprocess.run(health, env=os.environ | {"PORT": port}, check=False).returncode == 0


def test_the_health_check_fails_where_nobody_listens(health: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        health, env=os.environ | {"PORT": "9"}, check=False, stderr=(tmp_path / "log").open("wb")
    )
    assert done.returncode != 0


def test_nginx_takes_uploads_as_large_as_the_app() -> None:
    nginx = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    (largest,) = re.findall(r"client_max_body_size (\d+)m;", nginx)
    (app,) = re.findall(r"MOST_UPLOAD_MB = (\d+)", (ROOT / "tabs/frame/application.py").read_text())
    assert int(largest) >= int(app)
    assert f"127.0.0.1:{Settings.from_environ({}).port}" in nginx
