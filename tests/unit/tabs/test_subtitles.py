from tabs import subtitles

CHUNKS = [
    {"text": " Hello & <welcome>. ", "timestamp": (0.0, 1.25)},
    {"text": "  ", "timestamp": (1.25, 2.0)},
    {"text": "a --> b\nc", "timestamp": (3661.5, 3662.0)},
]


def test_srt_is_numbered_without_gaps() -> None:
    assert subtitles.srt(CHUNKS) == (
        "1\n00:00:00,000 --> 00:00:01,250\nHello & <welcome>.\n\n"
        "2\n01:01:01,500 --> 01:01:02,000\na → b c\n"
    )


def test_vtt_has_its_header_and_escapes() -> None:
    assert subtitles.vtt(CHUNKS) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.250\nHello &amp; &lt;welcome>.\n\n"
        "01:01:01.500 --> 01:01:02.000\na → b c\n"
    )


def test_rounding_never_makes_sixty_seconds() -> None:
    assert subtitles.clock(59.9996) == "00:01:00.000"
