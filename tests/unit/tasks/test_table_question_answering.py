from pathlib import Path
from typing import Any

import pandas
import pytest

from runtime.device import Device
from runtime.errors import BadInput, ModelNotFound
from runtime.watch import Watch
from tasks.base import Limits
from tasks.table_question_answering import TASK
from tests import tiny_models

CPU = Device("cpu", "float32", "a test")
TABLE = {"name": ["anna", "ben", "cleo"], "age": ["31", "9", "55"]}
QUERIES = ["how old is ben?", "who is 55?", "how many?"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.tapas(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    return TASK.load(folder, CPU)


def prepare(table: Any, query: Any, **limits: int) -> Any:
    inputs = TASK.read_inputs({"table": table, "query": query})
    return TASK.prepare(inputs, TASK.read_options({}), Limits(**limits), Watch())


def steps(
    pipe: Any, table: Any, query: Any, watch: Watch | None = None, **options: Any
) -> list[Any]:
    """Every answer on the way, the whole one last."""
    prepared = prepare(table, query)
    running = TASK.steps(pipe, prepared, TASK.read_options(options), watch or Watch())
    answers = []
    while True:
        try:
            answers.append(next(running))
        except StopIteration as end:
            return [*answers, end.value]


def notes(pipe: Any, table: Any, query: str = "how many?") -> list[str]:
    watch = Watch()
    steps(pipe, table, query, watch)
    return watch.notes


class TestPrepare:
    @pytest.mark.parametrize("query", ["", " \n", [], ["", " "]])
    def test_no_question_is_told(self, query: str | list[str]) -> None:
        with pytest.raises(BadInput, match="There is no question"):
            prepare(TABLE, query)

    def test_too_many_or_too_long_questions_are_told_with_the_limit(self) -> None:
        with pytest.raises(BadInput, match=r"These are 6 questions\. Up to 5 at once"):
            prepare(TABLE, ["who?"] * 6, items=5)
        with pytest.raises(BadInput, match=r"has 101 characters\. Up to 100 fit"):
            prepare(TABLE, "w" * 101, characters=100)

    def test_an_unusable_table_is_told(self) -> None:
        with pytest.raises(BadInput, match="The table is empty"):
            prepare({}, "who?")

    @pytest.mark.parametrize("wrong", [{"table": "a,b"}, {"query": 7}, {"query": [7]}])
    def test_a_wrong_type_is_told_with_its_name(self, wrong: dict) -> None:
        with pytest.raises(BadInput, match=f"'{next(iter(wrong))}' does not fit"):
            TASK.read_inputs({"table": TABLE, "query": "who?"} | wrong)

    def test_an_unknown_option_is_told_with_those_there_are(self) -> None:
        with pytest.raises(BadInput, match="no option 'padding' here. Allowed: sequential"):
            TASK.read_options({"padding": True})


class TestAnswer:
    def test_it_is_the_bare_pipeline_s_as_plain_json(self, pipe: Any, folder: Path) -> None:
        from transformers import pipeline

        bare = pipeline("table-question-answering", model=str(folder))
        theirs = [bare(table=TABLE, query=query) for query in QUERIES]
        ours = steps(pipe, TABLE, QUERIES)[-1]
        assert any(one["cells"] for one in ours)
        for one, other in zip(ours, theirs, strict=True):
            assert one == other | {"coordinates": [list(place) for place in other["coordinates"]]}
            frame = pandas.DataFrame(TABLE)
            assert one["cells"] == [frame.iat[row, column] for row, column in one["coordinates"]]

    def test_one_question_gets_a_dict_and_a_list_a_list_even_of_one(self, pipe: Any) -> None:
        one = steps(pipe, TABLE, QUERIES[0])[-1]
        assert set(one) == {"answer", "coordinates", "cells", "aggregator"}
        assert steps(pipe, TABLE, QUERIES[:1])[-1] == [one]

    def test_several_questions_come_one_by_one(self, pipe: Any) -> None:
        told: list[float | None] = []
        growing = steps(pipe, TABLE, QUERIES, Watch(lambda progress: told.append(progress.done)))
        assert [len(part) for part in growing] == [1, 2, 3]
        assert growing[-1][:1] == growing[0]
        assert told == [0, 1, 2]

    def test_records_are_read_as_columns_are(self, pipe: Any) -> None:
        rows = [dict(zip(TABLE, cells, strict=True)) for cells in zip(*TABLE.values(), strict=True)]
        assert steps(pipe, rows, QUERIES)[-1] == steps(pipe, TABLE, QUERIES)[-1]

    def test_questions_that_follow_on_are_read_together(self, pipe: Any, folder: Path) -> None:
        from transformers import pipeline

        bare = pipeline("table-question-answering", model=str(folder))
        theirs = bare(table=TABLE, query=QUERIES, sequential=True)
        ours = steps(pipe, TABLE, QUERIES, sequential=True)
        assert len(ours) == 1
        assert [one["answer"] for one in ours[0]] == [one["answer"] for one in theirs]

    def test_a_model_without_aggregators_names_none(self, tmp_path: Path) -> None:
        folder = tiny_models.tapas(tmp_path, num_aggregation_labels=0, aggregation_labels=None)
        config = folder / "config.json"
        config.write_text(config.read_text().replace('"aggregation_labels": null,', ""))
        one = steps(TASK.load(folder, CPU), TABLE, QUERIES[0])[-1]
        assert set(one) == {"answer", "coordinates", "cells"}

    def test_a_model_for_something_else_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelNotFound, match="not made for table-question-answering"):
            TASK.load(tiny_models.bert(tmp_path), CPU)


class TestWhatWasNotRead:
    def test_what_fits_has_no_note(self, pipe: Any) -> None:
        assert notes(pipe, TABLE) == []
        assert notes(pipe, {"a": ["bcd"] * 11, "b": ["x"] * 11}) == []  # 58 of 64 tokens

    def test_cells_that_were_cut_are_counted(self, pipe: Any) -> None:
        said = notes(pipe, {"a": ["wxyz wxyz wxyz", "wxyz wxyz wxyz", "x"], "b": ["y"] * 3})
        assert said == []
        said = notes(pipe, {"a": ["wxyz " * 9, "wxyz " * 9, "x"], "b": ["y"] * 3})
        assert said == ["Of 2 long cells only the beginning was read, so that the table fits."]

    def test_rows_that_were_dropped_are_counted(self, pipe: Any) -> None:
        said = notes(pipe, {"a": ["1"] * 40, "b": ["2"] * 40})
        assert said == ["Only the first 26 of 40 rows were read: no more fit the model."]

    def test_rows_beyond_those_the_model_tells_apart_are_not_read(self, tmp_path: Path) -> None:
        folder = tiny_models.tapas(tmp_path, max_num_rows=8, max_position_embeddings=512)
        pipe = TASK.load(folder, CPU)
        ten = {"a": [str(n) for n in range(10)]}
        assert notes(pipe, ten) == [
            "Only the first 7 of 10 rows were read: the model knows no more."
        ]
        assert notes(pipe, {"a": ten["a"][:7]}) == []
        assert steps(pipe, ten, "9?")[-1] == steps(pipe, {"a": ten["a"][:7]}, "9?")[-1]

    def test_too_many_columns_are_told_with_the_limit(self, tmp_path: Path) -> None:
        pipe = TASK.load(tiny_models.tapas(tmp_path, max_num_columns=4), CPU)
        assert steps(pipe, {name: ["1"] for name in "abc"}, "a?")
        with pytest.raises(BadInput, match=r"has 4 columns\. This model can tell 3 apart"):
            steps(pipe, {name: ["1"] for name in "abcd"}, "a?")

    def test_a_question_that_leaves_no_room_is_told(self, pipe: Any) -> None:
        with pytest.raises(BadInput, match="alone fill the 64 tokens"):
            steps(pipe, TABLE, "w" * 70)
