"""table-question-answering: which cells of a table answer a question, and what to make of them."""

from collections import Counter
from collections.abc import Generator
from typing import (
    Annotated,
    Any,
    NotRequired,  # pydantic wants it below 3.12
)

from pydantic import Field
from typing_extensions import TypedDict

from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.api_contract import Call
from tasks.base import ForPrograms, Inputs, Limits, Options, Task
from tasks.json_values import Json, JsonObject
from tasks.parameters import TOKENIZER, OtherName, RequestValues
from tasks.tables import Table, read_table
from tasks.text import is_blank, most_tokens

COLUMN, ROW = 1, 2  # where TAPAS's token types, seven for each token, say where it stands


class Answer(TypedDict):
    answer: str
    coordinates: list[list[int]]
    cells: list[str]
    aggregator: NotRequired[str]


def _may_drop_rows(value: Json, parameters: RequestValues) -> RequestValues:
    strategies = {"drop_rows_to_fit": True, "do_not_truncate": False}
    return {"truncation": strategies.get(value, value) if isinstance(value, str) else value}


_CUT_ROWS = OtherName(
    "false or do_not_truncate: a table that is too long is refused", _may_drop_rows
)


class TableQuestionAnsweringInputs(Inputs):
    table: dict[str, Any] | list[Any]
    query: str | list[str]


class TableQuestionAnsweringOptions(Options):
    sequential: bool = Field(
        False,
        title=Message("Questions follow on from each other"),
        description=Message(
            "For models of conversations (SQA): each question may mean the answer before."
        ),
    )
    truncation: Annotated[
        bool, ForPrograms("false: a table that is too long is refused, and not cut")
    ] = True


class TableQuestionAnswering(Task):
    id = "table-question-answering"
    inputs = TableQuestionAnsweringInputs
    options = TableQuestionAnsweringOptions
    answer_shape = Answer | list[Answer]
    parameters = {**TOKENIZER, "truncation": _CUT_ROWS}

    def prepare(
        self, inputs: TableQuestionAnsweringInputs, options: Any, limits: Limits, watch: Watch
    ) -> tuple[Table, str | list[str]]:
        refuse_unusable_questions(inputs.query, limits)
        return read_table(inputs.table, limits), inputs.query

    def steps(
        self, pipe: Any, prepared: tuple[Table, str | list[str]], options: Any, watch: Watch
    ) -> Generator[list, None, dict | list[dict]]:
        """For one question a dict, for a list of them a list: `answer`, `coordinates` (row, column;
        from 0), `cells`, and `aggregator` where the model has any."""
        import pandas

        table, question = prepared
        queries = [question] if isinstance(question, str) else question
        frame = pandas.DataFrame(_readable(pipe, table, options.truncation, watch))
        for query in queries:
            _note_unread(pipe, frame, query, options.truncation, watch)
        answers: list[dict] = []
        group = len(queries) if options.sequential else 1
        for start in range(0, len(queries), group):
            if len(queries) > 1:
                watch.report(
                    Message("Reading the table"), start, len(queries), Message("questions")
                )
            batch = queries[start : start + group]
            replies = pipe(table=frame, query=batch, **self.pipeline_call(options))
            answers += [
                _clean_answer(reply)
                for reply in (replies if isinstance(replies, list) else [replies])
            ]
            if len(answers) < len(queries):
                yield list(answers)
        return answers[0] if isinstance(question, str) else answers

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        """The pipeline drops rows itself; with it, `truncation` would name a strategy."""
        return {"sequential": options.sequential}

    def parse_call(self, call: Call) -> tuple[dict[str, Any], JsonObject]:
        """huggingface_hub's types call the query a question."""
        inputs, options = super().parse_call(call)
        if "query" not in inputs and "question" in inputs:
            inputs["query"] = inputs.pop("question")
        return inputs, options

    def call(self, inputs: TableQuestionAnsweringInputs, options: Any) -> Call:
        """Columns of text: TAPAS fails on numbers."""
        table = read_table(inputs.table)
        return Call({"table": table, "query": inputs.query}, self.pipeline_call(options))

    def normalize_reply(
        self, reply: Json, inputs: TableQuestionAnsweringInputs, options: Any
    ) -> Any:
        """Some servers answer a list of one for a single question."""
        if isinstance(inputs.query, str) and isinstance(reply, list) and len(reply) == 1:
            return reply[0]
        return reply


def refuse_unusable_questions(query: str | list[str], limits: Limits) -> None:
    """Raises BadInput for no question, an empty one, too many or too long ones."""
    queries = [query] if isinstance(query, str) else query
    empty = [place for place, question in enumerate(queries) if is_blank(question)]
    if len(empty) == len(queries):
        raise BadInput(
            Message("There is no question."),
            Message("Type one about the table, or click an example."),
        )
    if empty:
        raise BadInput(
            Message(
                "Question {number} of {total} is empty (index {index}).",
                number=empty[0] + 1,
                total=len(queries),
                index=empty[0],
            ),
            Message("Fill it in, or leave it out."),
        )
    if len(queries) > limits.items:
        raise BadInput(
            Message("These are {total:,} questions.", total=len(queries)),
            Message("Up to {most:,} at once.", most=limits.items),
        )
    characters = sum(map(len, queries))
    if characters > limits.characters:
        raise BadInput(
            Message("The question has {characters:,} characters.", characters=characters),
            Message("Up to {most:,} fit.", most=limits.characters),
        )


def _readable(pipe: Any, table: Table, cut: bool, watch: Watch) -> Table:
    """As many rows as the model can tell apart; it can, beside them, tell their heading.

    Left alone, transformers would take the rows beyond for one another, or raise IndexError.
    """
    config, reader = pipe.model.config, pipe.tokenizer
    _, columns, rows, _, ranks, inverse, _ = config.type_vocab_sizes
    most_columns = min(config.max_num_columns, columns, reader.max_column_id) - 1
    most_rows = min(config.max_num_rows, rows, ranks, inverse, reader.max_row_id) - 1
    if len(table) > most_columns:
        raise BadInput(
            Message("The table has {columns} columns.", columns=len(table)),
            Message(
                "This model can tell {most} apart: leave out those you do not ask about.",
                most=most_columns,
            ),
        )
    total = len(next(iter(table.values())))
    if total > most_rows and not cut:
        raise _too_long(total)
    if total > most_rows:
        watch.note(
            Message(
                "Only the first {rows} of {total} rows were read: the model knows no more.",
                rows=most_rows,
                total=total,
            )
        )
    return {name: cells[:most_rows] for name, cells in table.items()}


def _too_long(rows: int) -> BadInput:
    return BadInput(
        Message("The table of {rows} rows is more than this model reads.", rows=rows),
        Message("Leave rows out, or allow truncation."),
    )


def _note_unread(pipe: Any, frame: Any, query: str, may_cut: bool, watch: Watch) -> None:
    """The pipeline cuts cells, then drops rows until all fits, and says nothing: this does."""
    most = most_tokens(pipe)
    cells = [*frame.columns, *frame.to_numpy().ravel()]
    if sum(len(text.encode()) or 1 for text in (query, *cells)) < most - 2:  # a token is >= a byte
        return
    reader = pipe.tokenizer
    encoding = reader(table=frame, queries=query, truncation="drop_rows_to_fit", verbose=False)
    tokens_read = Counter((types[ROW], types[COLUMN]) for types in encoding["token_type_ids"])
    rows = max(row for row, _ in tokens_read)
    if not rows or len(encoding["input_ids"]) > most:
        raise BadInput(
            Message(
                "The question and the headings alone fill the {most} tokens that this model reads.",
                most=most,
            ),
            Message("Shorten the question, or leave out columns."),
        )
    lines = [list(frame.columns), *frame.to_numpy().tolist()]
    cut = sum(
        tokens_read[row, column] < len(reader.tokenize(text))
        for row, line in enumerate(lines[: rows + 1])
        for column, text in enumerate(line, start=1)
    )
    if (rows < len(frame) or cut) and not may_cut:
        raise _too_long(len(frame))
    if rows < len(frame):
        watch.note(
            Message(
                "Only the first {rows} of {total} rows were read: no more fit the model.",
                rows=rows,
                total=len(frame),
            )
        )
    if cut:
        watch.note(
            Message(
                "Of {cut} long cells only the beginning was read, so that the table fits.", cut=cut
            )
        )


def _clean_answer(answer: dict) -> dict:
    """Lists instead of tuples, and numbers that JSON knows."""
    coordinates = [[int(row), int(column)] for row, column in answer["coordinates"]]
    return {**answer, "coordinates": coordinates, "cells": list(map(str, answer["cells"]))}


TASK = TableQuestionAnswering()
