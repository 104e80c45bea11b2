"""Pictures: png, jpeg and other common files -> pixels in RGB."""

import io
import struct
from pathlib import Path
from typing import Any

# What PIL may take a picture for: among what else it knows is EPS, which it hands to Ghostscript.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")


class NotAPicture(ValueError):
    """Content in none of FORMATS, or damaged."""


class TooManyPixels(ValueError):
    """A picture beyond the limit."""


def decode(source: Path | bytes, most_pixels: int) -> Any:
    """Read a file (or its bytes) as a PIL picture in RGB. Raises NotAPicture and TooManyPixels.

    The size is read first: a small file may hold a picture of any size.
    """
    from PIL import Image

    try:
        with Image.open(
            io.BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS
        ) as picture:
            if picture.width * picture.height > most_pixels:
                raise TooManyPixels
            return picture.convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels from None
    except TooManyPixels:
        raise
    # What PIL 12 raises for damaged files; UnidentifiedImageError is an OSError.
    except (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error):
        raise NotAPicture from None
