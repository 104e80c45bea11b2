"""Starting: quick when all is well, one clear line when it is not."""

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.serving import ROOT, Served, free_port

FIRST_PAGE = """
import sys
import httpx
import app
from runtime.settings import Settings
import os

blocks, *_ = app.build(Settings.from_environ(os.environ))
_, url, _ = blocks.launch(prevent_thread_lock=True, server_port=0, quiet=True)
page = httpx.get(url)
assert page.status_code == 200 and "Pipeline Playground" in page.text, page
print(sorted({"torch", "transformers", "soundfile", "av"} & set(sys.modules)))
"""


def python(source: str, environ: dict[str, str]) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", source],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": environ["CACHE_DIR"], **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_first_page_needs_neither_torch_nor_transformers(environ: dict[str, str]) -> None:
    done = python(FIRST_PAGE.replace("server_port=0", "server_port=None"), environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("[]")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"PORT": "http"}, "PORT"),
        ({"CATALOGUE": "no-such-file.yaml"}, "no-such-file.yaml"),
        ({"HF_ENDPOINT": "nonsense"}, "HF_ENDPOINT"),
        ({"MAX_MODEL_GB": "inf"}, "MAX_MODEL_GB: Input should be a finite number."),
        ({"CACHE_DIR": "~no-such-user/x"}, "CACHE_DIR: There is no such home"),
        ({"HF_TOKEN": "hf_\udcff\udcfe"}, "HF_TOKEN: "),  # as the bytes FF and FE
        ({"HF_HUB_DOWNLOAD_TIMEOUT": "abc"}, "HF_HUB_DOWNLOAD_TIMEOUT: A whole number"),
    ],
)
def test_a_wrong_setting_ends_the_start_with_one_line(
    environ: dict[str, str], wrong: dict[str, str], said: str
) -> None:
    done = python("import app; app.main()", {"HOME": environ["CACHE_DIR"], **environ, **wrong})
    assert done.returncode == 1
    assert done.stderr.startswith("Pipeline Playground cannot start. ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert "hf_" not in done.stderr


ROW = "  - {id: a/b, about: -, languages: [en], licence: mit, source: hub, size_mb: "


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            f"text-classification:\n{ROW}1,\n    sise_mb: 3}}\n",
            "line 3, text-classification.0.sise_mb",
        ),
        (f"text-classification:\n{ROW}1:30}}\n", "line 2, text-classification.0.size_mb"),
        ("text-classification: &all [*all]\n", "line 1, text-classification.0"),
    ],
)
def test_a_broken_catalogue_ends_the_start_with_file_line_and_key(
    environ: dict[str, str], tmp_path: Path, text: str, place: str
) -> None:
    broken = tmp_path / "models.yaml"
    broken.write_text(text)
    done = python("import app; app.main()", {**environ, "CATALOGUE": str(broken)})
    assert done.returncode == 1
    assert done.stderr.startswith(f"Pipeline Playground cannot start. {broken}, {place}: ")
    assert done.stderr.count("\n") == 1


def test_a_preloaded_model_is_in_memory_at_first_and_no_token_is_in_the_log(
    environ: dict[str, str], tmp_path: Path
) -> None:
    catalogue = tmp_path / "models.yaml"
    row = "about: -, languages: [en], licence: mit, size_mb: 9, preload: true"
    catalogue.write_text(
        f"text-classification:\n  - {{id: org/unreachable, source: hub, {row}}}\n"
        f"  - {{id: sample/sentiment-en, source: sample, {row}}}\n"
    )
    token = "hf_thisIsNotARealTokenAtAll"
    wanted = {"CATALOGUE": str(catalogue), "PRELOAD": "1", "PORT": str(free_port())}
    app = Served({**environ, **wanted, "HF_TOKEN": token}, tmp_path / "app.log")
    try:
        status = httpx.get(f"{app.url}/status/sample/sentiment-en").json()
        assert status["loaded"]
        assert "org/unreachable could not be preloaded: " in app.log()
        assert "sample/sentiment-en was preloaded in " in app.log()
        assert token not in app.log()
    finally:
        app.stop()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_what_runs_comes_to_its_end_when_the_app_is_ended(
    environ: dict[str, str], tmp_path: Path, ending: signal.Signals
) -> None:
    app = Served({**environ, "PORT": str(free_port())}, tmp_path / "app.log")
    given = {"inputs": "Once upon a time", "parameters": {"max_new_tokens": 200, "seed": 1}}
    path, patient = "/models/sample/text-generation-en", {"X-Wait-For-Model": "true"}
    assert httpx.post(app.url + path, json=given, headers=patient, timeout=120).is_success
    with ThreadPoolExecutor(1) as pool, httpx.Client(timeout=60) as heart:
        with heart.stream("GET", f"{app.url}/gradio_api/heartbeat/visitor") as beating:
            next(beating.iter_bytes())
            running = pool.submit(httpx.post, app.url + path, json=given, timeout=60)
            while "requests_in_progress 1.0" not in httpx.get(f"{app.url}/metrics").text:
                assert not running.done(), "it is over before anybody could look"
            app.process.send_signal(ending)
            assert running.result().status_code == 200
        assert app.process.wait(timeout=15) == 0, "the page that is open does not hold it"
    assert "Traceback" not in app.log()


def test_uploads_are_for_one_user_and_one_run(environ: dict[str, str], tmp_path: Path) -> None:
    def start() -> Served:
        own = {"PORT": str(free_port()), "TMPDIR": str(tmp_path)}
        return Served({**environ, **own}, tmp_path / "app.log")

    def folders() -> list[Path]:
        return list(tmp_path.glob("pipeline-playground-uploads-*"))

    killed = start()
    sent = httpx.post(f"{killed.url}/gradio_api/upload", files={"files": ("a.wav", b"a recording")})
    (folder,) = folders()
    assert folder in Path(sent.json()[0]).parents
    assert folder.stat().st_mode & 0o077 == 0, "nobody else reads it"
    killed.process.kill()
    killed.process.wait()
    second = start()
    assert not folder.exists(), "the recording is gone"
    assert len(folders()) == 1
    second.stop()
    assert folders() == []


def test_a_port_that_is_taken_ends_the_start_at_once_with_one_line(
    environ: dict[str, str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = python("import app; app.main()", {**environ, "PORT": port})
    assert done.returncode == 1
    assert f"PORT: port {port} on 127.0.0.1 is taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_zerogpu_is_refused_where_its_package_is_missing(environ: dict[str, str]) -> None:
    done = python("import app; app.main()", {**environ, "SPACES_ZERO_GPU": "true"})
    assert done.returncode == 1
    assert "the package spaces is missing" in done.stderr
    assert "Traceback" not in done.stderr
