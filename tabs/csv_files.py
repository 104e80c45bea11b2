"""Tables out of text files as spreadsheets save them: any encoding, any usual delimiter."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import BadInput
from runtime.messages import Message
from tabs.text_encodings import ENCODINGS, decode

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 1_000_000, 200, 60
FOUND = {
    ",": Message("commas"),
    ";": Message("semicolons"),
    "\t": Message("tabs"),
    "|": Message("bars"),
}
# What else stands within cells too often to be found: a first line names it, or the visitor.
DELIMITERS = {
    **FOUND,
    ":": Message("colons"),
    "^": Message("carets"),
    "~": Message("tildes"),
    "#": Message("number signs"),
}
SAMPLE = 20_000  # characters by which the delimiter is guessed
# Excel reads this first line, and writes none of it into the table.
# Programs that fill up every line put delimiters behind it.
SEP_LINE = re.compile(r'"?sep=([^\w"\r\n])"?(?:\1|[,;\t| ])*(?:\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True)
class CsvFile:
    """A table, and how it was read: `encoding` and `delimiter` are keys of the tables of both."""

    headings: list[str]
    rows: list[list[str]]
    encoding: str
    delimiter: str

    @property
    def read_as(self) -> Message:
        """Say encoding and delimiter in words."""
        return Message(
            "{encoding}, cells between {delimiter}",
            encoding=ENCODINGS[self.encoding],
            delimiter=DELIMITERS[self.delimiter],
        )


def read_csv(path: Path, encoding: str | None = None, delimiter: str | None = None) -> CsvFile:
    """Find out encoding and delimiter unless they are named.

    Raises BadInput for what is too large, no text, or not a table.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise BadInput(
            Message("The file has {size:.1f} MB.", size=size / 1e6),
            Message("Up to {most:.0f} MB can be opened.", most=MOST_BYTES / 1e6),
        )
    content = path.read_bytes()
    _refuse_spreadsheet(content)
    text, encoding = decode(content, encoding)
    if sep := SEP_LINE.match(text):
        text, delimiter = text[sep.end() :], delimiter or _usable_delimiter(sep[1])
    delimiter = delimiter or _delimiter(text)
    headings, rows = _without_empty_columns(*_table(_lines(text, delimiter), delimiter))
    return CsvFile(headings, rows, encoding, delimiter)


def _usable_delimiter(delimiter: str) -> str:
    if delimiter not in DELIMITERS:
        raise BadInput(
            Message(
                "The first line of the file says that cells are between {character} characters.",
                character=delimiter,
            ),
            Message("Save the table with commas, semicolons or tabs."),
        )
    return delimiter


def _table(lines: Iterator[list[str]], delimiter: str) -> tuple[list[str], list[list[str]]]:
    headings = next(lines, [])
    if len(headings) > MOST_COLUMNS:
        raise BadInput(
            Message("The file has {count:,} columns.", count=len(headings)),
            Message("Up to {most} fit here: please leave some out.", most=MOST_COLUMNS),
        )
    rows: list[list[str]] = []
    for number, row in enumerate(lines, start=1):
        if number > MOST_ROWS:  # what follows is not read, however much it is
            raise BadInput(
                Message("The file has more than {most} rows.", most=MOST_ROWS),
                Message("Please shorten it to as many."),
            )
        if not any(row[len(headings) :]):  # a delimiter at the end of the line is no cell
            row = row[: len(headings)]
        if len(row) != len(headings):
            raise BadInput(
                Message(
                    "Row {row} of the file has {cells} cells, the heading has {headings}.",
                    row=number,
                    cells=len(row),
                    headings=len(headings),
                ),
                Message(
                    "Cells were parted at {delimiter}: check that row and save it again.",
                    delimiter=DELIMITERS[delimiter],
                ),
            )
        rows.append(row)
    if not rows:
        raise BadInput(
            Message("The file holds no table."),
            Message("It needs a line of headings and at least one row."),
        )
    return headings, rows


def _without_empty_columns(
    headings: list[str], rows: list[list[str]]
) -> tuple[list[str], list[list[str]]]:
    """Leave out columns without heading and cells, as sheets have them that were once wider."""
    kept = [
        number
        for number, heading in enumerate(headings)
        if heading or any(row[number] for row in rows)
    ]
    return [headings[n] for n in kept], [[row[n] for n in kept] for row in rows]


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    """The cells of each line that has any, one line after the other."""
    try:
        for line in _reader(text, delimiter, strict=True):
            cells = [cell.strip() for cell in line]
            if any(cells):
                yield cells
    except csv.Error as error:
        raise BadInput(
            Message("The file is not a proper CSV: {error}.", error=error),
            Message("Save it again as CSV."),
        ) from None


def _reader(text: str, delimiter: str, strict: bool = False) -> Iterator[list[str]]:
    """Blanks around quotes are no part of a cell, as people write them by hand: `"x, y" , 2`."""
    end = rf"[{re.escape(delimiter)}\r\n]"
    quoted = rf"(?:(?<={end})|\A)( *+\"(?:[^\"]++|\"\")*+\") *+(?={end}|\Z)"
    lines = io.StringIO(re.sub(quoted, r"\1", text), newline="")
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=strict)


def _refuse_spreadsheet(content: bytes) -> None:
    if content.startswith(b"PK"):
        raise BadInput(
            Message("This is an Excel or a zip file."),
            Message("Save the table as CSV, then open that."),
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):  # OLE, which .xls is
        raise BadInput(
            Message("This is an old Excel file."), Message("Save the table as CSV, then open that.")
        )


def _delimiter(text: str) -> str:
    """The one that parts most lines into as many cells as the first; a comma where none does.

    Not by `csv.Sniffer`: in Python 3.11 a line of quotes keeps its patterns, and with them every
    thread of the process, for seconds.
    """
    sample = text[:SAMPLE]
    if len(text) > SAMPLE:
        sample = sample.rpartition("\n")[0] or sample  # the last line is not whole

    def fit(delimiter: str) -> tuple[float, int]:
        widths = [len(line) for line in _reader(sample, delimiter) if line]
        if not widths or widths[0] == 1:
            return 0.0, 1
        return widths.count(widths[0]) / len(widths), widths[0]

    return max(FOUND, key=fit)  # of equals the first
