"""Tables out of text files: cells between commas, semicolons, tabs or bars; UTF-8 or GB18030."""

import csv
import io
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
    delimiter = _delimiter(text[:SAMPLE])
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadInput(f"The file is not a proper CSV: {error}.", "Save it again as CSV.") from None
    lines = [[cell.strip() for cell in line] for line in lines if any(map(str.strip, line))]
    if len(lines) < 2:
        raise BadInput(
            "The file holds no table.", "It needs a line of headings and at least one row."
        )
    headings, *rows = lines
    for number, row in enumerate(rows, start=1):
        if len(row) != len(headings):
            raise BadInput(
                f"Row {number} of the file has {len(row)} cells, the heading has {len(headings)}.",
                f"Cells were parted at {DELIMITERS[delimiter]}: check that row and save it again.",
            )
    if len(rows) > MOST_ROWS or len(headings) > MOST_COLUMNS:
        raise BadInput(
            f"The file has {len(rows):,} rows and {len(headings):,} columns.",
            f"Up to {MOST_ROWS} rows and {MOST_COLUMNS} columns fit here: please shorten it.",
        )
    return CsvFile(headings, rows, f"{ENCODINGS[encoding]}, cells between {DELIMITERS[delimiter]}")


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


def _delimiter(sample: str) -> str:
    """A table of one column has none to be found: a comma will do."""
    try:
        return csv.Sniffer().sniff(sample, "".join(DELIMITERS)).delimiter
    except csv.Error:
        return ","
