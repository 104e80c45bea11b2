from pathlib import Path

import pytest

from runtime.errors import BadInput
from tabs.csv_files import DELIMITERS, MOST_ROWS, read_csv
from tabs.text_encodings import ENCODINGS, decode
from tests.unit.tabs.spreadsheets import encoded, sheets

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
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "an old Excel file"),
        (b"Name,Age\nAnna\x01,3\n", "not a text file"),
        (b"Name,Age\nAnna,3,\nBen,4,5\n", r"Row 2 of the file has 3 cells"),
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


TABLES = list(sheets())


@pytest.mark.parametrize(
    ("text", "encoding", "content"), TABLES, ids=[f"{e}-{t[:12]}" for t, e, _ in TABLES]
)
def test_the_encoding_of_a_small_table_is_found(text: str, encoding: str, content: bytes) -> None:
    assert decode(content)[0] == text


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-16"])
def test_where_several_encodings_fit_the_menu_has_the_right_one(encoding: str) -> None:
    """Romanian has its commas below, or cedillas, at the same bytes."""
    text = "Nume,Oraş\nIonuţ,Timişoara\n"
    text = text if encoding == "cp1250" else text.translate(str.maketrans("şţ", "șț"))
    assert encoding in ENCODINGS
    assert decode(text.encode(encoding), encoding) == (text, encoding)


def test_tones_that_are_characters_of_their_own_are_joined_to_letters(tmp_path: Path) -> None:
    """A question typed by hand would not find them otherwise."""
    path = tmp_path / "table.csv"
    path.write_bytes(encoded("Tên,Tuổi\nNguyễn,30\nTrần,25\n", "cp1258"))
    assert read_csv(path).rows == [["Nguyễn", "30"], ["Trần", "25"]]


@pytest.mark.parametrize("text", sorted({text for text, _, _ in TABLES}))
@pytest.mark.parametrize(
    "encoding",
    ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_unicode_text_is_read_with_and_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-32-le", "UTF-32"),
     ("utf-32-be", "UTF-32")],
)  # fmt: skip
def test_unicode_text_begins_with_a_mark_in_either_order(
    tmp_path: Path, encoding: str, name: str
) -> None:
    file = read_csv(written(tmp_path, "\ufeff城市\t人口\r\n上海\t24\r\n", encoding))
    assert (file.headings, file.rows) == (HEADINGS, ROWS[:1])
    assert file.read_as == f"{name}, cells between tabs"


def test_what_was_guessed_wrongly_can_be_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, "Ville;Prix\nOrléans;1.5\n", "cp850")
    assert read_csv(path, "cp850").rows == [["Orléans", "1.5"]]
    assert read_csv(path, "cp850", ",").headings == ["Ville;Prix"]
    with pytest.raises(BadInput, match=r"cannot be read as UTF-8\. Choose another encoding"):
        read_csv(path, "utf-8-sig")


@pytest.mark.parametrize("encoding", [None, *ENCODINGS])
@pytest.mark.parametrize("content", [bytes(range(256)) * 40, bytes(range(128, 256)) * 7000])
def test_any_bytes_in_any_encoding_are_a_table_or_a_sentence(
    tmp_path: Path, encoding: str | None, content: bytes
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as error:
        read_csv(path, encoding)
    assert error.value.todo


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_line_for_excel_is_no_heading(tmp_path: Path, line: str, encoding: str) -> None:
    text = f"{line}\r\nName;Preis\r\nTee, grün;1,50\r\n"
    file = read_csv(written(tmp_path, text, encoding))
    assert (file.headings, file.rows) == (["Name", "Preis"], [["Tee, grün", "1,50"]])


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_line_for_excel_names_any_delimiter_of_the_menu(tmp_path: Path, delimiter: str) -> None:
    text = f"sep={delimiter}\na{delimiter}b\n1{delimiter}2\n"
    file = read_csv(written(tmp_path, text))
    assert (file.headings, file.rows, file.delimiter) == (["a", "b"], [["1", "2"]], delimiter)
    assert DELIMITERS[delimiter] in file.read_as


@pytest.mark.parametrize("delimiter", ["!", "§", "、"])
def test_a_delimiter_that_is_not_in_the_menu_is_told(tmp_path: Path, delimiter: str) -> None:
    path = written(tmp_path, f"sep={delimiter}\na{delimiter}b\n1{delimiter}2\n")
    with pytest.raises(BadInput, match=f"cells are between {delimiter} characters"):
        read_csv(path)


def test_a_first_heading_that_begins_alike_is_a_heading(tmp_path: Path) -> None:
    file = read_csv(written(tmp_path, "sep=x,b\n1,2\n"))
    assert file.headings == ["sep=x", "b"]


def test_the_line_for_excel_decides_where_lines_would_not(tmp_path: Path) -> None:
    file = read_csv(written(tmp_path, "sep=;\na,b;c\n1,2;3\n"))
    assert (file.headings, file.rows) == (["a,b", "c"], [["1,2", "3"]])


def test_blanks_before_quotes_are_no_part_of_a_cell(tmp_path: Path) -> None:
    text = 'Name, Stars, Note\nAnn, 1, "x, y"\nBob,  2,   "say ""hi"""\n'
    file = read_csv(written(tmp_path, text))
    assert file.headings == ["Name", "Stars", "Note"]
    assert file.rows == [["Ann", "1", "x, y"], ["Bob", "2", 'say "hi"']]


@pytest.mark.parametrize(
    "text",
    [
        'Name,Note\n"x, y" ,2\nb,3\n',
        'Name,Note \n"x, y"  , 2 \n"b" ,"3" \n',
        '"Name" ;"Note"\n"x, y" ; "2" \n b ; 3',
        '"Name"\t "Note" \n"x, y" \t2\n"b"\t3',
    ],
)
def test_blanks_behind_quotes_are_no_part_of_a_cell(tmp_path: Path, text: str) -> None:
    file = read_csv(written(tmp_path, text))
    assert file.headings == ["Name", "Note"]
    assert file.rows == [["x, y", "2"], ["b", "3"]]


def test_blanks_and_quotes_within_a_cell_stay(tmp_path: Path) -> None:
    text = 'Size,Says\n"5"" ,6"" ,7""","a ""b"" ,c"\n3\' 2" ,"one \n, two" \n'
    assert read_csv(written(tmp_path, text)).rows == [
        ['5" ,6" ,7"', 'a "b" ,c'],
        ["3' 2\"", "one \n, two"],
    ]


@pytest.mark.parametrize("cell", ['"x" y', '"x"y', '"x" "y"'])
def test_words_behind_quotes_are_told(tmp_path: Path, cell: str) -> None:
    with pytest.raises(BadInput, match="not a proper CSV"):
        read_csv(written(tmp_path, f"a,b\n{cell},2\n"))


def test_a_delimiter_at_the_end_of_a_line_is_no_cell(tmp_path: Path) -> None:
    file = read_csv(written(tmp_path, "Name,Age\nAnna,3,\nBen,4,,\n"))
    assert file.rows == [["Anna", "3"], ["Ben", "4"]]


@pytest.mark.parametrize("text", ["Temp\n21 °C\n22 °C\n", "Room,Temp\nA,21 °C\nB,19 °C\n"])
def test_a_lone_sign_is_no_chinese_letter(tmp_path: Path, text: str) -> None:
    file = read_csv(written(tmp_path, text, "cp1252"))
    assert "°C" in file.rows[0][-1]
    assert file.encoding == "cp1252"


@pytest.mark.parametrize("first", ["sep=;;", "sep=;,,", "sep=; ", '"sep=;";'])
def test_a_line_that_names_the_delimiter_may_be_filled_up(tmp_path: Path, first: str) -> None:
    file = read_csv(written(tmp_path, f"{first}\na;b\n1;2\n"))
    assert (file.headings, file.rows) == (["a", "b"], [["1", "2"]])


def test_columns_without_anything_are_left_out(tmp_path: Path) -> None:
    file = read_csv(written(tmp_path, "a,,b,,c,\n1,,2,,,\n3,,4,5,,\n"))
    assert (file.headings, file.rows) == (
        ["a", "b", "", "c"],
        [["1", "2", "", ""], ["3", "4", "5", ""]],
    )


@pytest.mark.parametrize("text", ["Kind,Found\nhéron,2\n", "a,b\nMüller,1\n"])
def test_of_encodings_that_read_it_alike_the_commonest_is_named(text: str) -> None:
    """Central European ones have the same letters at the same places."""
    assert text.encode("cp1252") == text.encode("cp1250")
    assert decode(text.encode("cp1252")) == (text, "cp1252")
