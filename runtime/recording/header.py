"""How long a recording is by its header."""

import re
from typing import TYPE_CHECKING, Any

from runtime.recording.kinds import Part

if TYPE_CHECKING:
    from av.container import InputContainer

# The containers that say in front how long they are. Of the others FFmpeg tells what it reckons
# from the rate of bits, or finds at the end of the file.
_PROMISING = {"flac", "ogg", "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "asf"}
_A_DAY = 86_400.0  # nobody announces more in earnest


class ContainerHeader:
    """`seconds`: as the header says or FFmpeg guesses, None where neither does."""

    def __init__(self, container: "InputContainer", part: Part) -> None:
        self._part = part
        stream = container.streams.audio[0]
        length: Any = stream.duration and float(stream.duration * (stream.time_base or 0))
        self.seconds = float(length or (container.duration or 0) / 1e6) or None
        self._promises = container.format.name in _PROMISING or (
            container.format.name == "mp3" and _counts(part)
        )

    def promise(self, found: float) -> float:
        """The seconds that should be there, where `found` are; `found` if nothing was promised."""
        if 0 < self._part.share < 1:
            return found / self._part.share
        promised = (self.seconds or 0.0) if self._promises else 0.0
        return promised if promised < _A_DAY else found


def _counts(part: Part) -> bool:
    """Whether an mp3 begins with a frame that counts what follows, and no more than that follows.

    Of joined ones it counts the first alone. http://gabriel.mp3-tech.org/mp3infotag.html
    """
    head = part.content.beginning(256)
    found = re.search(rb"(?:Xing|Info)\0\0\0[\x03\x07\x0b\x0f].{4}(.{4})", head, re.DOTALL)
    return bool(found) and int.from_bytes(found[1], "big") >= len(part.content)
