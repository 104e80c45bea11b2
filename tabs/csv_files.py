"""Tables out of text files: cells between commas, semicolons, tabs or bars; UTF-8 or GB18030."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import BadInput

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 1_000_000, 200, 60
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
ENCODINGS = {"utf-8-sig": "UTF-8", "gb18030": "GB18030"}  # the second takes GB2312 and GBK too
SAMPLE = 20_000  # characters by which the delimiter is guessed


@dataclass(frozen=True)
class CsvFile:
    """`read_as` tells encoding and delimiter in words."""

    headings: list[str]
    rows: list[list[str]]
    read_as: str


def read_csv(path: Path) -> CsvFile:
    """Raises BadInput for what is too large, no text, or not a table."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise BadInput(
            f"The file has {size / 1e6:.1f} MB.", f"Up to {MOST_BYTES / 1e6:.0f} MB can be opened."
        )
    text, encoding = _decoded(path.read_bytes())
    delimiter = _delimiter(text)
    lines = _lines(text, delimiter)
    headings = next(lines, [])
    if len(headings) > MOST_COLUMNS:
        raise BadInput(
            f"The file has {len(headings):,} columns.",
            f"Up to {MOST_COLUMNS} fit here: please leave some out.",
        )
    rows: list[list[str]] = []
    for number, row in enumerate(lines, start=1):
        if number > MOST_ROWS:  # what follows is not read, however much it is
            raise BadInput(
                f"The file has more than {MOST_ROWS} rows.", "Please shorten it to as many."
            )
        if len(row) != len(headings):
            raise BadInput(
                f"Row {number} of the file has {len(row)} cells, the heading has {len(headings)}.",
                f"Cells were parted at {DELIMITERS[delimiter]}: check that row and save it again.",
            )
        rows.append(row)
    if not rows:
        raise BadInput(
            "The file holds no table.", "It needs a line of headings and at least one row."
        )
    return CsvFile(headings, rows, f"{ENCODINGS[encoding]}, cells between {DELIMITERS[delimiter]}")


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    """The cells of each line that has any, one line after the other."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for line in reader:
            cells = [cell.strip() for cell in line]
            if any(cells):
                yield cells
    except csv.Error as error:
        raise BadInput(f"The file is not a proper CSV: {error}.", "Save it again as CSV.") from None


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith(b"PK"):
        raise BadInput("This is an Excel or a zip file.", "Save the table as CSV, then open that.")
    if b"\0" not in content:
        for encoding in ENCODINGS:
            try:
                return content.decode(encoding), encoding
            except UnicodeDecodeError:
                continue
    raise BadInput("This is not a text file.", "Save the table as CSV in UTF-8, then open that.")


def _delimiter(text: str) -> str:
    """The one that parts most lines into as many cells as the first; a comma where none does.

    Not by `csv.Sniffer`: in Python 3.11 a line of quotes keeps its patterns, and with them every
    thread of the process, for seconds.
    """
    sample = text[:SAMPLE]
    if len(text) > SAMPLE:
        sample = sample.rpartition("\n")[0] or sample  # the last line is not whole

    def fit(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = [len(line) for line in reader if line]
        if not widths or widths[0] == 1:
            return 0.0, 1
        return widths.count(widths[0]) / len(widths), widths[0]

    return max(DELIMITERS, key=fit)  # of equals the first
