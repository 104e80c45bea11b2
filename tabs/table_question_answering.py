"""Ask a table: the cells that answer stand out in it, and sums, averages and counts are done."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.components.dataframe import DataframeData

from runtime.errors import BackendError
from runtime.messages import Message
from tabs import draw, table_answers
from tabs.base import Tab
from tabs.csv_files import DELIMITERS, read_csv
from tabs.frame.events import AT_ONCE, LATEST
from tabs.frame.uploads import uploaded
from tabs.markup import Html
from tabs.text_encodings import ENCODINGS
from tasks.table_question_answering import TASK
from tasks.tables import read_table
from tasks.text import is_blank

MOST_COLUMNS, MOST_CELLS = 1_000, 15_000  # of what a visitor may paste; the task reads fewer
START = {
    "headers": [Message("Column {number}", number=number) for number in (1, 2, 3)],
    "data": [["", "", ""]] * 3,
}


class TableQuestionAnsweringTab(Tab):
    title = Message("Ask a table")
    group = Message("Understand")
    intro = Message(
        "Fill in a table or open a CSV file, then ask: the cells that answer are marked."
    )
    task = TASK

    def inputs(self) -> dict[str, Component]:
        table = gr.Dataframe(
            START,
            type="pandas",
            datatype="str",
            interactive=True,
            wrap=True,
            max_height=380,
            buttons=[],
            label=Message("Your table: double-click a cell or a heading to change it"),
            elem_classes="asked-table",
        )
        vars(table)["preprocess"] = bounded(table.preprocess)
        with gr.Row(elem_classes="table-buttons"):
            # Its value is never read by Run, so that no request can name a file there.
            opened = gr.UploadButton(
                Message("Open a CSV file"), file_types=[".csv", ".tsv", ".txt"], size="sm"
            )
            row = gr.Button(Message("Add row"), size="sm")
            column = gr.Button(Message("Add column"), size="sm")
        read = gr.HTML()
        with gr.Row(elem_classes="table-buttons"):
            menus = [
                gr.Dropdown(
                    [(words, key) for key, words in choices.items()],
                    value=None,
                    label=label,
                    visible=False,  # until a file is opened
                    min_width=200,
                )
                for label, choices in (
                    (Message("Read as"), ENCODINGS),
                    (Message("Cells between"), DELIMITERS),
                )
            ]
        outputs = [table, read, *menus]
        opened.upload(open_csv, opened, outputs, **AT_ONCE)
        menus[0].input(open_csv, [opened, menus[0]], outputs, **LATEST)
        menus[1].input(open_csv, [opened, *menus], outputs, **LATEST)
        row.click(add_row, table, table, **AT_ONCE)
        column.click(add_column, table, table, **AT_ONCE)
        query = gr.Textbox(
            label=Message("Your question"),
            placeholder=Message(
                "Which city has the most people? One question per line for several."
            ),
            lines=2,
            max_lines=8,
        )
        return {"table": table, "query": query}

    def outputs(self) -> list[Component]:
        return [
            gr.HTML(
                draw.placeholder(
                    Message("The answer will appear here, and its cells in the table.")
                )
            ),
            gr.HTML(),
        ]

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        """Rows and columns that hold nothing do not count; several lines are several questions."""
        headings, rows = _content(values["table"])
        rows = [row for row in rows if any(row)]
        used = [n for n in range(len(headings)) if any(row[n] for row in rows)]
        filled = [[line[n] for n in used] for line in (headings, *rows)]
        lines = (values["query"] or "").splitlines()
        queries = [line.strip() for line in lines if not is_blank(line)]
        table = read_table(filled if used else [])
        return {"table": table, "query": queries if len(queries) > 1 else "".join(queries)}

    def show(self, value: dict | list, inputs: dict[str, Any], done: bool) -> list[Any]:
        alone = isinstance(inputs["query"], str)
        answers = value if isinstance(value, list) else [value]
        queries = [None] if alone else inputs["query"]
        rows = Html.join(
            table_answers.answer_html(answer, query, number)
            for number, (answer, query) in enumerate(zip(answers, queries, strict=False), start=1)
        )
        return [
            Html('<div class="table-answers">{}</div>', rows),
            table_answers.marked(inputs["table"], answers),
        ]

    def gist(self, value: dict | list, inputs: dict[str, Any]) -> str:
        answers = value if isinstance(value, list) else [value]
        return Message.join(map(table_answers.line, answers), "; ")

    def example(self, content: dict) -> dict[str, Any]:
        """`table` of a row's example is a list of rows, headings first."""
        headings, *rows = content["table"]
        return {"query": content["query"], "table": {"headers": headings, "data": rows}}

    def caption(self, content: dict) -> str:
        return content["query"]


def bounded(preprocess: Callable[[DataframeData], Any]) -> Callable[[DataframeData], Any]:
    """A data frame's own `preprocess`, of tables up to MOST_COLUMNS and MOST_CELLS.

    gradio 6.31 makes the data frame before any function of ours sees what came, and pandas takes
    minutes for a million columns. A class derived from gradio's would have it write a file beside
    this one.
    """

    def checked(payload: DataframeData | None) -> Any:
        if payload is None:
            raise gr.Error(Message("There is no table in this call."), print_exception=False)
        columns = max([len(payload.headers or ()), *map(len, payload.data)])
        if columns > MOST_COLUMNS or columns * len(payload.data) > MOST_CELLS:
            raise gr.Error(
                Message(
                    "The table has {rows} rows and {columns} columns. Up to {most_columns} columns "
                    "and {most_cells} cells can be taken.",
                    rows=f"{len(payload.data):,}",
                    columns=f"{columns:,}",
                    most_columns=f"{MOST_COLUMNS:,}",
                    most_cells=f"{MOST_CELLS:,}",
                ),
                print_exception=False,
            )
        return preprocess(payload)

    return checked


def open_csv(upload: Any, encoding: str | None = None, delimiter: str | None = None) -> list[Any]:
    """Updates for the table, for what it was read as in words, and for the two menus of that.

    Encoding and delimiter are found out where they are None. Of a file that cannot be read the
    words say why, and the menus stay to choose from.
    """
    try:
        path = uploaded(upload)
        file = read_csv(path, encoding, delimiter)
    except BackendError as error:
        title = Message("This file cannot be opened")
        problem = draw.problem(title, error.what, error.todo)
        menus = [gr.Dropdown(value=chosen, visible=True) for chosen in (encoding, delimiter)]
        return [gr.skip(), problem, *menus]
    read = Message(
        "{name}: {rows} rows, {columns} columns ({read_as}).",
        name=path.name,
        rows=len(file.rows),
        columns=len(file.headings),
        read_as=file.read_as,
    )
    return [
        # As an update: the headings are the visitor's, and are not put into the page's language.
        gr.update(value={"headers": file.headings, "data": file.rows}),
        draw.line(read, "note"),
        gr.Dropdown(value=file.encoding, visible=True),
        gr.Dropdown(value=file.delimiter, visible=True),
    ]


def add_row(table: Any) -> dict[str, Any]:
    headings, rows = _content(table)
    return {"headers": headings, "data": [*rows, [""] * len(headings)]}


def add_column(table: Any) -> dict[str, Any]:
    headings, rows = _content(table)
    new = [*headings, Message("Column {number}", number=len(headings) + 1)]
    return {"headers": new, "data": [[*row, ""] for row in rows]}


def _content(table: Any) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of a pandas table as text; a cell never filled in is an empty one."""
    rows = table.astype(object).where(table.notna(), "").values.tolist()
    text = [[str(cell).strip() for cell in row] for row in rows]
    return [str(name).strip() for name in table.columns], text


TAB = TableQuestionAnsweringTab()
