"""What is wrong with a recording, in words."""

import mmap

from runtime.errors import BadInput

ACCEPTED = "wav, flac, ogg, mp3, m4a (also mp4) and webm"


def unreadable(content: bytes | mmap.mmap = b"") -> BadInput:
    # An mp4 is told apart by its first box, and useless without the index, which phones write last.
    if content[4:8] == b"ftyp" and content.find(b"moov") < 0:
        return BadInput(
            "The end of this file is missing, which says how to read the rest.",
            "Record it again, or repair it with the program that it comes from.",
        )
    return BadInput("This file cannot be read as a recording.", f"Accepted are {ACCEPTED}.")


def damaged() -> BadInput:
    return BadInput("This file is damaged: nothing of it can be read.", f"Accepted are {ACCEPTED}.")


def soundless() -> BadInput:
    return BadInput("There is no sound in this file.", f"Record again, or choose {ACCEPTED}.")


def too_few_samples(rate: int, least: int) -> BadInput:
    return BadInput(
        f"This recording has {rate:,} samples a second, too few for speech.",
        f"Record it at {least:,} or more; most have 8,000 to 48,000.",
    )


def too_long(max_seconds: float, announced: float) -> BadInput:
    """`announced`: its length in seconds by its header, if that says more than was read."""
    most = duration(max_seconds)
    length = (
        f"is {duration(announced)} long" if announced > max_seconds else f"is longer than {most}"
    )
    return BadInput(
        f"This recording {length}; at most {most} can be read here.",
        "Cut it into shorter parts, one at a time.",
    )


def duration(seconds: float) -> str:
    """As in "45 s", "12 min 5 s", "2 h 10 min", "10 min"."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join([f"{count} {unit}" for count, unit in parts if count][:2])
