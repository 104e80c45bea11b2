"""Transcripts with times as subtitle files."""

from collections.abc import Iterable
from typing import Any

Chunks = Iterable[dict[str, Any]]  # {"text": str, "timestamp": (start, end)}, seconds


def srt(chunks: Chunks) -> str:
    """SubRip: numbered, times with a comma."""
    return "\n".join(
        f"{number}\n{clock(start, ',')} --> {clock(end, ',')}\n{text}\n"
        for number, (start, end, text) in enumerate(_cues(chunks), start=1)
    )


def vtt(chunks: Chunks) -> str:
    """WebVTT (https://www.w3.org/TR/webvtt1/): a header, times with a point, & and < escaped."""
    cues = (
        f"{clock(start)} --> {clock(end)}\n{text.replace('&', '&amp;').replace('<', '&lt;')}\n"
        for start, end, text in _cues(chunks)
    )
    return "\n".join(["WEBVTT\n", *cues])


def clock(seconds: float, mark: str = ".") -> str:
    """3661.5 -> 01:01:01.500"""
    milliseconds = round(seconds * 1000)
    whole, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{mark}{thousandths:03}"


def _cues(chunks: Chunks) -> Iterable[tuple[float, float, str]]:
    for chunk in chunks:
        # A line break, and "-->" inside the text, would end the cue.
        text = " ".join(chunk["text"].split()).replace("-->", "→")
        if text:
            yield *chunk["timestamp"], text
