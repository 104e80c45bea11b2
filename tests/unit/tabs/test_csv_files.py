from pathlib import Path

import pytest

from runtime.errors import BadInput
from tabs.csv_files import MOST_ROWS, read_csv
from tabs.text_encodings import ENCODINGS

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


# What spreadsheets save in each country, and a codec that a program there writes.
TABLES = [
    ("Ville,Habitants\r\nOrléans,116 000\r\nBéziers,78 000\r\n", "cp1252"),
    ("Ville,Habitants\r\nOrléans,116 000\r\nBéziers,78 000\r\n", "mac-roman"),
    ("Article;Prix\r\nThé;12,50 €\r\nGâteau;3 €\r\n", "cp1252"),
    ("Name,Says\nAnn,it’s “fine” – really\n", "cp1252"),
    ("Item,Price\nTea,£3\nCake,£4.50\n", "cp1252"),
    ("By,År\nTromsø,1990\nÅlesund,2001\n", "cp1252"),
    ("Stadt;Größe\r\nMünchen;1,5\r\nKöln;1,1\r\n", "cp1252"),
    ("Nombre,Año\nPeña,1990\nMuñoz,2001\n¿Quién?,3\n", "cp1252"),
    ("Miasto,Ludność\nŁódź,680\nKraków,770\nGdańsk,470\n", "cp1250"),
    ("Şehir,Nüfus\nİstanbul,15\nİzmir,4\nEskişehir,1\n", "cp1254"),
    ("Город;Население\r\nМосква;13\r\nКазань;1,3\r\n", "cp1251"),
    ("Имя,Возраст\nАнна,30\n", "cp1251"),
    ("Город;Население\r\nМосква;13\r\nКазань;1,3\r\n", "koi8-r"),
    ("Πόλη,Πληθυσμός\nΑθήνα,3\nΠάτρα,0.2\n", "cp1253"),
    ("עיר,אוכלוסייה\nירושלים,1\nחיפה,0.3\n", "cp1255"),
    ("المدينة,السكان\nالقاهرة,10\nدبي,3\n", "cp1256"),
    ("เมือง,ประชากร\nกรุงเทพ,8\nเชียงใหม่,0.1\n", "cp874"),
    ("名前,年齢\n田中太郎,30\n佐藤花子,25\n", "cp932"),
    ("商品,価格\nりんご,100\nバナナ,80\n", "euc_jp"),
    ("城市,人口\n上海,2400\n北京,2100\n", "gb18030"),
    ("姓名,年龄\n张伟,30\n", "gbk"),
    ("城市,人口\n臺北,250\n高雄,270\n", "big5"),
    ("姓名,年齡,地址\n陳大文,30,香港九龍\n", "cp950"),
    ("도시,인구\n서울,940\n부산,330\n", "cp949"),
]


@pytest.mark.parametrize(("text", "encoding"), TABLES)
def test_each_encoding_of_a_spreadsheet_is_found(tmp_path: Path, text: str, encoding: str) -> None:
    expected = read_csv(written(tmp_path, text))
    file = read_csv(written(tmp_path, text, encoding))
    assert (file.headings, file.rows) == (expected.headings, expected.rows)


@pytest.mark.parametrize("text", [text for text, _ in TABLES])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_unicode_text_is_read_with_and_without_a_mark(
    tmp_path: Path, text: str, encoding: str
) -> None:
    expected = read_csv(written(tmp_path, text))
    file = read_csv(written(tmp_path, text, encoding))
    assert (file.headings, file.rows) == (expected.headings, expected.rows)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_unicode_text_begins_with_a_mark_in_either_order(tmp_path: Path, encoding: str) -> None:
    file = read_csv(written(tmp_path, "\ufeff城市\t人口\r\n上海\t24\r\n", encoding))
    assert (file.headings, file.rows) == (HEADINGS, ROWS[:1])
    assert file.read_as == "UTF-16, cells between tabs"


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


def test_the_line_for_excel_decides_where_lines_would_not(tmp_path: Path) -> None:
    file = read_csv(written(tmp_path, "sep=;\na,b;c\n1,2;3\n"))
    assert (file.headings, file.rows) == (["a,b", "c"], [["1,2", "3"]])


def test_blanks_before_quotes_are_no_part_of_a_cell(tmp_path: Path) -> None:
    text = 'Name, Stars, Note\nAnn, 1, "x, y"\nBob,  2,   "say ""hi"""\n'
    file = read_csv(written(tmp_path, text))
    assert file.headings == ["Name", "Stars", "Note"]
    assert file.rows == [["Ann", "1", "x, y"], ["Bob", "2", 'say "hi"']]


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
