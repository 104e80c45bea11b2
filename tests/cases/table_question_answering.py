from typing import Literal

from typing_extensions import TypedDict

from tests.cases import EXACT, Case, Exchange


class Answer(TypedDict):
    __pydantic_config__ = EXACT
    answer: str
    coordinates: list[list[int]]
    cells: list[str]
    aggregator: Literal["NONE", "SUM", "AVERAGE", "COUNT"]


CASE = Case(
    given={
        "table": {
            "City": ["Hamburg", "Lyon", "Kyoto", "Cologne"],
            "Country": ["Germany", "France", "Japan", "Germany"],
        },
        "query": "In which country is Kyoto?",
        "model": "sample/table-qa",
    },
    shape=Answer,
    bad=(
        ({"query": " "}, "There is no question"),
        ({"query": []}, "There is no question"),
        ({"query": "w" * 30_000}, "30,000 characters"),
        ({"query": 7}, "'query' does not fit"),
        ({"table": {}}, "The table is empty"),
        ({"table": {"a": ["1", "2"], "b": ["1"]}}, "not equally long"),
        ({"table": [["a", "b"], ["1"]]}, "Row 2 has 1 cells"),
        ({"table": [["a", ""], ["1", "2"]]}, "Column 2 has no heading"),
        ({"table": [["a", "a"], ["1", "2"]]}, "Two columns are called 'a'"),
        ({"table": {"a": [["1"]]}}, "Row 1 of 'a' is a list"),
        ({"table": {"a": ["1"] * 201}}, "201 rows"),
        ({"table": {f"c{n}": ["1"] for n in range(40)}}, "40 columns"),
        ({"table": "a,b"}, "'table' does not fit"),
        ({"sequential": "perhaps"}, "option 'sequential' does not fit"),
    ),
    exchanges=(
        Exchange(
            {"table": {"City": ["Rome", "Oslo"], "People": ["3", "1"]}, "query": "Which?"},
            {"sequential": True},
            {"answer": "Rome", "coordinates": [[0, 0]], "cells": ["Rome"], "aggregator": "NONE"},
        ),
    ),
    texts=("query",),
)
