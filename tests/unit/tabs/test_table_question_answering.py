from typing import Any

import gradio as gr
import pandas
import pytest
from gradio.components.dataframe import DataframeData

from runtime.errors import BadInput
from tabs.table_question_answering import TAB, add_column, add_row, bounded, open_csv

HOSTILE = '<img src=x onerror="alert(1)">'


def frame(*lines: list[Any]) -> pandas.DataFrame:
    return pandas.DataFrame(list(lines[1:]), columns=lines[0])


def collect(table: pandas.DataFrame, query: str | None) -> dict[str, Any]:
    return TAB.collect({"table": table, "query": query})


def answer(cells: list[tuple[int, int, str]], aggregator: str | None = "NONE") -> dict[str, Any]:
    found: dict[str, Any] = {
        "answer": ", ".join(text for _, _, text in cells),
        "coordinates": [[row, column] for row, column, _ in cells],
        "cells": [text for _, _, text in cells],
    }
    return found | ({"aggregator": aggregator} if aggregator else {})


TABLE = {"Name": ["Anna", "Ben"], "Age": ["31", "9"]}
AGES = [(0, 1, "31"), (1, 1, "9")]


class TestCollect:
    def test_columns_and_one_question(self) -> None:
        given = collect(frame(["Name", "Age"], ["Anna", "31"], ["Ben", " 9 "]), " Who? \n")
        assert given == {"table": TABLE, "query": "Who?"}

    def test_several_lines_are_several_questions(self) -> None:
        assert collect(frame(["a"], ["1"]), "Who?\n\nHow many?\n")["query"] == ["Who?", "How many?"]

    def test_what_was_never_filled_in_does_not_count(self) -> None:
        table = frame(
            ["Name", "", "Age", "Column 4"],
            ["Anna", "", "31", None],
            ["", None, float("nan"), ""],
            ["Ben", "", "9", ""],
        )
        assert collect(table, "Who?")["table"] == TABLE

    def test_an_empty_table_is_told(self) -> None:
        with pytest.raises(BadInput, match="The table is empty"):
            collect(frame(["a", "b"], ["", None]), "Who?")

    def test_a_missing_and_a_repeated_heading_are_told(self) -> None:
        with pytest.raises(BadInput, match="Column 2 has no heading"):
            collect(frame(["a", ""], ["1", "2"]), "Who?")
        with pytest.raises(BadInput, match="Two columns are called 'a'"):
            collect(frame(["a", "a"], ["1", "2"]), "Who?")


class TestShow:
    def show(self, found: Any, query: Any = "Who?", table: Any = None) -> tuple[str, str]:
        said, drawn = TAB.show(found, {"table": table or TABLE, "query": query}, True)
        return said, drawn

    def test_cells_are_the_answer_and_marked_where_they_stand(self) -> None:
        said, drawn = self.show(answer([(1, 0, "Ben")]))
        assert ">Ben</p>" in said
        assert drawn.count("<mark>") == 1
        assert "<td class=hit><mark>Ben</mark></td><td>9</td>" in drawn

    @pytest.mark.parametrize(
        ("aggregator", "result", "how"),
        [
            ("SUM", "40", "Sum of 2 cells"),
            ("AVERAGE", "20", "Average of 2 cells"),
            ("COUNT", "2", "Count of 2 cells"),
        ],
    )
    def test_aggregators_are_named_and_done(self, aggregator: str, result: str, how: str) -> None:
        said, _ = self.show(answer(AGES, aggregator))
        assert f">{result}</p>" in said
        assert f">{how}</p>" in said
        assert TAB.gist(answer(AGES, aggregator), {}) == f"{how}: {result}"

    def test_what_cannot_be_computed_says_why(self) -> None:
        said, _ = self.show(answer([(0, 0, "Anna"), (0, 1, "31")], "SUM"))
        assert "Sum of 2 cells asked for, but not computed: “Anna” is not a number" in said
        assert ">Anna, 31</p>" in said

    @pytest.mark.parametrize("aggregator", ["NONE", "SUM", "AVERAGE", None])
    def test_no_cell_is_told(self, aggregator: str | None) -> None:
        said, drawn = self.show(answer([], aggregator))
        assert "No cell of this table answers that." in said
        assert "<mark>" not in drawn

    def test_a_model_without_aggregators(self) -> None:
        assert ">9</p>" in self.show(answer([(1, 1, "9")], None))[0]

    def test_several_answers_are_numbered_in_the_table(self) -> None:
        both = [answer([(1, 0, "Ben")]), answer(AGES, "SUM")]
        said, drawn = self.show(both, ["Who is 9?", "Total age?"])
        assert said.index("Who is 9?") < said.index(">Ben<") < said.index("Total age?")
        assert "<mark>Ben<sup>1</sup></mark>" in drawn
        assert "<mark>9<sup>2</sup></mark>" in drawn
        assert TAB.gist(both, {}) == "Ben; Sum of 2 cells: 40"

    def test_a_growing_answer_shows_what_there_is(self) -> None:
        said, _ = self.show([answer([(1, 0, "Ben")])], ["Who is 9?", "Total age?"])
        assert "Who is 9?" in said
        assert "Total age?" not in said

    def test_whatever_comes_from_outside_is_escaped(self) -> None:
        found = answer([(0, 0, HOSTILE)], HOSTILE)
        said, drawn = self.show([found, found], [HOSTILE, HOSTILE], {HOSTILE: [HOSTILE]})
        assert "<img" not in said + drawn


def test_rows_and_columns_are_added_empty() -> None:
    table = frame(["a", "b"], ["1", None])
    assert add_row(table) == {"headers": ["a", "b"], "data": [["1", ""], ["", ""]]}
    assert add_column(table) == {"headers": ["a", "b", "Column 3"], "data": [["1", "", ""]]}


def test_an_example_fills_table_and_question() -> None:
    content = {"query": "Who?", "table": [["Name", "Age"], ["Anna", "31"]]}
    assert TAB.example(content) == {
        "query": "Who?",
        "table": {"headers": ["Name", "Age"], "data": [["Anna", "31"]]},
    }
    assert TAB.caption(content) == "Who?"


@pytest.mark.parametrize("named", ["/etc/passwd", {"path": "/etc/passwd"}, None, 7])
def test_no_file_of_the_server_can_be_named_as_a_csv(named: Any) -> None:
    _, said, *_ = open_csv(named)
    assert "not a file that was uploaded here" in said
    assert "root" not in said


def preprocess(given: DataframeData) -> pandas.DataFrame:
    return bounded(gr.Dataframe(type="pandas").preprocess)(given)


@pytest.mark.parametrize(
    ("columns", "rows"), [(1_000_000, 1), (1_001, 0), (1_000, 101), (1, 100_001)]
)
def test_a_table_of_any_size_made_by_hand_is_refused(columns: int, rows: int) -> None:
    payload = DataframeData(
        headers=[str(n) for n in range(columns)], data=[["1"] * columns for _ in range(rows)]
    )
    with pytest.raises(gr.Error, match="Up to 1,000 columns and 15,000 cells can be taken"):
        preprocess(payload)


def test_a_row_longer_than_its_headings_is_measured_too() -> None:
    with pytest.raises(gr.Error, match="Up to 1,000 columns"):
        preprocess(DataframeData(headers=["a"], data=[["1"] * 1_001]))


def test_a_table_that_can_be_taken_is_a_data_frame_as_before() -> None:
    given = DataframeData(headers=["a", "b"], data=[["=1+1", "2"]])
    assert preprocess(given).to_dict("list") == {"a": ["=1+1"], "b": ["2"]}
