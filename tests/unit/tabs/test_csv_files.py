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
    ("text", "headings", "rows"),
    [
        ("City;Said\nRome;yes, no\nBonn;a, b, c\n", ["City", "Said"], 2),
        ("City, country;People\nRome;2\nBonn;0.3\n", ["City, country", "People"], 2),
        ("a,b;c\n1,2;3\n", ["a", "b;c"], 1),
        ('"a;b","c"\n"1;2","3"\n', ["a;b", "c"], 1),
        ("a\tb\n" + "1\t2\n" * 199, ["a", "b"], 199),
        ("a|b\n" + f"{'x' * 300}|2\n" * 150, ["a", "b"], 150),
    ],
)
def test_a_delimiter_is_the_one_that_lines_agree_on(
    tmp_path: Path, text: str, headings: list[str], rows: int
) -> None:
    file = read_csv(written(tmp_path, text))
    assert (file.headings, len(file.rows)) == (headings, rows)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_a_formula_is_read_as_it_is_written(tmp_path: Path, cell: str) -> None:
    assert read_csv(written(tmp_path, f"a,b\n{cell},1\n")).rows == [[cell, "1"]]


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
        (b"a\n" + b"1\n" * (MOST_ROWS + 1), "has more than 200 rows"),
        (b",".join([b"a"] * 61) + b"\n" + b",".join([b"1"] * 61), "has 61 columns"),
        (b"," * 999_998 + b"a", "has 999,999 columns"),
        (b"a\n" * 499_999, "has more than 200 rows"),
        (b"a\n" * 202 + b'"', "has more than 200 rows"),  # no further is it read
        (b"\n" * 999_999, "holds no table"),
        (b'"' * 999_999, "not a proper CSV"),
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
