"""Questions on tables as a function of the page's API."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from gradio_client import Client

from tabs.frame import code
from tabs.frame.code import Api
from tasks.table_question_answering import TASK
from tests.serving import ROOT, Served

SAMPLE = "sample/table-qa"
CITIES = {
    "City": ["Hamburg", "Lyon", "Kyoto", "Cologne"],
    "Country": ["Germany", "France", "Japan", "Germany"],
    "Inhabitants": ["1900000", "520000", "1460000", "1080000"],
}


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


def ask(client: Client, **given: Any) -> Any:
    return client.predict(
        **{"table": CITIES, "query": "In which country is Kyoto?"} | given,
        api_name="/table_question_answering",
    )


def test_it_answers_in_the_pipelines_shape(client: Client) -> None:
    assert ask(client) == {
        "answer": "Japan",
        "coordinates": [[2, 1]],
        "cells": ["Japan"],
        "aggregator": "NONE",
    }


def test_an_aggregator_is_named_before_its_cells(client: Client) -> None:
    answer = ask(client, query="What is the total inhabitants?")
    assert answer["aggregator"] == "SUM"
    assert answer["cells"] == CITIES["Inhabitants"]
    assert answer["answer"] == "SUM > " + ", ".join(CITIES["Inhabitants"])


def test_several_questions_and_a_table_of_records(client: Client) -> None:
    records = [dict(zip(CITIES, row, strict=True)) for row in zip(*CITIES.values(), strict=True)]
    answers = ask(client, table=records, query=["In which country is Kyoto?", "Where is Lyon?"])
    assert len(answers) == 2
    assert answers[0] == ask(client)


def test_the_code_for_a_table_gives_the_same_answer(served: Served, client: Client) -> None:
    inputs = {"table": CITIES, "query": "In which country is Kyoto?"}
    options = TASK.read_options({})
    shown = code.snippets(Api(served.url), TASK, SAMPLE, "samples/table-qa", inputs, options)
    for name, text in list(zip(code.SNIPPETS, shown, strict=True))[2:4]:
        done = subprocess.run(
            [sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, (name, done.stderr)
        printed = ast.literal_eval(done.stdout.strip().splitlines()[-1])
        assert printed["answer"] == ask(client)["answer"]
