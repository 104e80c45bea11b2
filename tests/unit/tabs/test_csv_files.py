from pathlib import Path

import pytest

from runtime.errors import BadInput
from tabs.csv_files import MOST_ROWS, read_csv

HEADINGS, ROWS = ["城市", "人口"], [["上海", "24"], ["Zürich", "0.4"]]


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("delimiter", "name"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs")]
)
def test_encodings_and_delimiters_are_found(
    tmp_path: Path, encoding: str, delimiter: str, name: str
) -> None:
    text = "\r\n".join(delimiter.join(row) for row in [HEADINGS, *ROWS])
    file = read_csv(written(tmp_path, text, encoding))
    assert (file.headings, file.rows) == (HEADINGS, ROWS)
    assert name in file.read_as
    assert ("GB18030" if encoding == "gb18030" else "UTF-8") in file.read_as


def test_quoted_cells_may_hold_delimiters_quotes_and_lines(tmp_path: Path) -> None:
    text = 'Name,Says\nAnna,"yes, no"\nBen,"a ""b"""\nCleo,"one\ntwo"\n'
    assert read_csv(written(tmp_path, text)).rows == [
        ["Anna", "yes, no"],
        ["Ben", 'a "b"'],
        ["Cleo", "one\ntwo"],
    ]


def test_one_column_and_blank_lines(tmp_path: Path) -> None:
    file = read_csv(written(tmp_path, "Name\n\nAnna\n  \nBen\n"))
    assert (file.headings, file.rows) == (["Name"], [["Anna"], ["Ben"]])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no table"),
        (b"Name,Age\n\n", "holds no table"),
        (b"Name,Age\nAnna,3\nBen\n", r"Row 2 of the file has 1 cells, the heading has 2"),
        (b"Name,Age\nAnna,3,4\n", r"Row 1 of the file has 3 cells, the heading has 2"),
        (b'Name,Age\n"Anna,3\n', "not a proper CSV"),
        (b"PK\x03\x04rest", "Excel or a zip file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a text file"),
        (b"Name,Age\n\xff\xff\xff,3\n", "not a text file"),
        (b"a\n" + b"1\n" * (MOST_ROWS + 1), "has 201 rows and 1 columns"),
        (b",".join([b"a"] * 61) + b"\n" + b",".join([b"1"] * 61), "has 1 rows and 61 columns"),
        (b"a" * 1_200_000, r"has 1\.2 MB\. Up to 1 MB"),
    ],
)
def test_each_file_that_is_no_table_is_told_in_its_own_words(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=said):
        read_csv(path)
