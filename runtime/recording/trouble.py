"""What is wrong with a recording, in words."""

import mmap

from runtime.errors import BadInput
from runtime.messages import Message

ACCEPTED = "wav, flac, ogg, mp3, m4a (also mp4) and webm"


def unreadable(content: bytes | mmap.mmap = b"") -> BadInput:
    # An mp4 is told apart by its first box, and useless without the index, which phones write last.
    if content[4:8] == b"ftyp" and content.find(b"moov") < 0:
        return BadInput(
            Message("The end of this file is missing, which says how to read the rest."),
            Message("Record it again, or repair it with the program that it comes from."),
        )
    return BadInput(
        Message("This file cannot be read as a recording."),
        Message("Accepted are {accepted}.", accepted=ACCEPTED),
    )


def damaged() -> BadInput:
    return BadInput(
        Message("This file is damaged: nothing of it can be read."),
        Message("Accepted are {accepted}.", accepted=ACCEPTED),
    )


def soundless() -> BadInput:
    return BadInput(
        Message("There is no sound in this file."),
        Message("Record again, or choose {accepted}.", accepted=ACCEPTED),
    )


def too_few_samples(rate: int, least: int) -> BadInput:
    return BadInput(
        Message("This recording has {rate:,} samples a second, too few for speech.", rate=rate),
        Message("Record it at {least:,} or more; most have 8,000 to 48,000.", least=least),
    )


def too_long(max_seconds: float, announced: float) -> BadInput:
    """`announced`: its length in seconds by its header, if that says more than was read."""
    most = duration(max_seconds)
    if announced > max_seconds:
        what = Message(
            "This recording is {duration} long; at most {most} can be read here.",
            duration=duration(announced),
            most=most,
        )
    else:
        what = Message(
            "This recording is longer than {most}; at most {most} can be read here.", most=most
        )
    return BadInput(
        what,
        Message("Cut it into shorter parts, one at a time."),
    )


def duration(seconds: float) -> str:
    """As in "45 s", "12 min 5 s", "2 h 10 min", "10 min"."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join([f"{count} {unit}" for count, unit in parts if count][:2])
