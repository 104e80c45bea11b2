"""The speech tab: microphone, files, silence, Stop."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile
from gradio.media import get_audio
from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, problem, put, run, speech, upload
from tests.serving import Served, free_port

START = "?tab=automatic-speech-recognition"  # one page for all its tests


@pytest.fixture
def recorder(page: Page) -> Page:
    """With nothing in it."""
    box = page.locator(".recording:visible")
    clear = box.get_by_label("Clear")
    if clear.is_visible():
        clear.click()
    expect(box.get_by_label("Play", exact=True)).to_have_count(0)
    return page


def transcript(page: Page) -> str:
    page.locator(".timing:visible").wait_for(timeout=PATIENCE_MS)
    return page.locator(".transcript:visible").inner_text()


def test_what_is_said_into_the_microphone_is_written_down(recorder: Page) -> None:
    box = recorder.locator(".recording:visible")
    box.get_by_role("button", name="Record", exact=True).click()
    # The file lasts 4.5 s and begins again: the whole sentence has been said once by then.
    box.locator("time", has_text=re.compile("0:0[6-9]")).wait_for()
    with recorder.expect_response("**/upload*"):  # the player is there before the server has it
        box.get_by_role("button", name="Stop", exact=True).click()
    box.get_by_label("Play", exact=True).wait_for()
    run(recorder)
    assert "never do it for free" in transcript(recorder)


def test_an_mp3_gives_its_words_with_times_and_subtitles(recorder: Page, tmp_path: Path) -> None:
    upload(recorder, get_audio("heath_ledger.mp3"))
    run(recorder)
    assert "never do it for free" in transcript(recorder)
    expect(recorder.locator(".table:visible")).to_contain_text("0:00.0")
    with recorder.expect_download() as download:
        recorder.get_by_role("link", name="SRT subtitles").click()
    download.value.save_as(tmp_path / "transcript.srt")
    assert "00:00:00,000 -->" in (tmp_path / "transcript.srt").read_text()


def test_an_example_needs_no_folder_that_the_app_is_started_from(
    visit: Callable[..., Page], environ: dict[str, str], tmp_path: Path
) -> None:
    """As on a Space: what gradio brings lies elsewhere, and gradio gives away no such file."""
    port = {"PORT": str(free_port())}
    app = Served({**environ, **port, "TMPDIR": str(tmp_path)}, tmp_path / "log", folder=tmp_path)
    try:
        page = visit(app.url)
        speech(page)
        page.get_by_text("A villain's advice").click()
        page.locator(".recording:visible").get_by_label("Play", exact=True).wait_for()
        page.close()
    finally:
        app.stop()


def test_silence_is_told_and_not_filled_with_words(recorder: Page, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(32_000), 16_000)
    upload(recorder, tmp_path / "silence.wav")
    run(recorder)
    assert "it is silent" in problem(recorder)


def test_no_recording_is_told(recorder: Page) -> None:
    run(recorder)
    assert "no recording yet" in problem(recorder)


def test_a_file_that_is_no_recording_is_told_and_the_next_run_works(
    recorder: Page, tmp_path: Path, forgiven: list[str]
) -> None:
    unreadable = "Waveform load error"  # which is all that the player says of it
    forgiven.append(unreadable)
    (tmp_path / "noise.wav").write_text("this is not sound")
    with recorder.expect_console_message(lambda said: said.text.startswith(unreadable)):
        put(recorder, tmp_path / "noise.wav")
    run(recorder)
    assert "cannot be read as a recording" in problem(recorder)


def test_stop_ends_a_long_transcription_and_the_next_run_works(
    recorder: Page, tmp_path: Path
) -> None:
    samples, rate = soundfile.read(get_audio("cate_blanch_2.mp3"), dtype="float32")
    soundfile.write(tmp_path / "long.wav", np.concatenate([samples] * 60), rate)
    upload(recorder, tmp_path / "long.wav")
    run(recorder)
    recorder.locator(".running:visible", has_text="Listening").wait_for(timeout=PATIENCE_MS)
    recorder.locator("button.stop:visible").click()
    recorder.locator(".note:visible", has_text="Stopped").wait_for(timeout=PATIENCE_MS)
    expect(recorder.locator("button.run:visible")).to_be_enabled(timeout=PATIENCE_MS)
    recorder.get_by_text("A villain's advice").click()
    assert "never do it for free" in transcript(recorder)


@pytest.fixture
def busy(visit: Callable[..., Page], served: Served, tmp_path: Path) -> Page:
    """A page on which a quarter of an hour of speech is being written down."""
    samples, rate = soundfile.read(get_audio("cate_blanch_2.mp3"), dtype="float32")
    soundfile.write(tmp_path / "long.wav", np.concatenate([samples] * 200), rate)
    page = visit(served.url)
    speech(page)
    upload(page, tmp_path / "long.wav")
    run(page)
    page.locator(".running:visible", has_text="Listening").wait_for(timeout=PATIENCE_MS)
    return page


def falls_idle(served: Served) -> bool:
    """In seconds, where the rest of the work would have taken minutes."""
    process = psutil.Process(served.process.pid)
    return any(process.cpu_percent(interval=2) < 20 for _ in range(15))


def test_a_visitor_who_leaves_takes_the_work_along(busy: Page, served: Served) -> None:
    busy.close()
    assert falls_idle(served)


def test_a_reload_ends_the_work_and_the_next_run_answers(
    busy: Page, served: Served, forgiven: list[str]
) -> None:
    forgiven += ["AbortError", "Unexpected error Connection errored out"]  # gradio's, as it goes
    busy.reload()
    busy.locator(".status-line dl").wait_for()
    assert falls_idle(served)
    speech(busy)
    busy.get_by_text("A villain's advice").click()
    run(busy)
    assert "never do it for free" in transcript(busy)


EMBED = """url => {
  document.body.innerHTML = `<iframe allow="microphone 'none'" width=1200 height=900></iframe>`;
  document.querySelector("iframe").src = url;
}"""


def test_a_frame_that_may_not_record_says_so_and_takes_a_file(
    visit: Callable[..., Page], served: Served, forgiven: list[str]
) -> None:
    forgiven.extend(
        ("AbortError", "Unexpected error Connection errored out")
    )  # of the page that goes
    page = visit(served.url)
    page.evaluate(EMBED, f"{served.url}/{START}")
    frame = page.frame_locator("iframe")
    box = frame.locator(".recording:visible")
    box.wait_for()
    expect(frame.locator("body")).to_have_class(re.compile("microphone-blocked"))
    note = "element => getComputedStyle(element, '::before').content"
    assert "allow it there, or upload a file" in box.evaluate(note)
    frame.locator(".status-line dl").wait_for()
    box.get_by_label("Upload file").click()
    box.locator("input[type=file]").set_input_files(get_audio("heath_ledger.mp3"))
    box.get_by_label("Play", exact=True).wait_for()
    frame.locator("button.run:visible").click()
    expect(frame.locator(".transcript:visible")).to_contain_text(
        "never do it for free", timeout=PATIENCE_MS
    )
