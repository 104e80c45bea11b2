from runtime.watch import Progress
from tabs import draw

HOSTILE = '<img src=x onerror="alert(1)">'


def test_whatever_comes_from_outside_is_escaped() -> None:
    for html in (
        draw.bars([(HOSTILE, 0.5)]),
        draw.table([HOSTILE], [[HOSTILE]]),
        draw.progress(Progress(HOSTILE, 1, 2, HOSTILE)),
        draw.problem(HOSTILE, HOSTILE, HOSTILE),
        draw.line(HOSTILE, "note"),
        draw.placeholder(HOSTILE),
    ):
        assert "<img" not in html


def test_bars_are_as_long_as_their_share() -> None:
    html = draw.bars([("a", 0.934), ("b", 1.7), ("c", -0.2)])
    assert "93.4 %" in html
    assert "width:93.4%" in html
    assert "width:100.0%" in html
    assert "1.70" in html
    assert "width:0.0%" in html


def test_progress_counts_bytes_in_megabytes_and_seconds_as_they_are() -> None:
    assert "12 of 268 MB" in draw.progress(Progress("Downloading", 12e6, 268e6, "bytes"))
    assert "3 of 90 s" in draw.progress(Progress("Listening", 3.2, 90.0, "s"))
    assert "width" not in draw.progress(Progress("Loading"))
