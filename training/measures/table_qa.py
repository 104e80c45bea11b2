"""Questions on tables: right is what a visitor reads, the cells or the number made of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runtime.watch import Watch
from tasks.table_question_answering import TASK
from training.measures.base import CPU, HELDOUT, Figure, cases
from training.recipes.tables import aggregated


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    yield from figures(folder, "table-qa")


def figures(folder: Path, held_out: str) -> Iterator[Figure]:
    """The figures of both sets whose files begin with `held_out`."""
    pipe = TASK.load(folder, CPU)
    sets = {
        "generated questions, unseen wordings and kinds of table": f"{held_out}.json",
        "handwritten questions": f"{held_out}-handwritten.json",
    }
    for name, file in sets.items():
        judged = cases(HELDOUT / file)
        right = sum(is_right(case, answer(pipe, case)) for case in judged)
        yield Figure(name, len(judged), "right answers", 100 * right / len(judged))


def answer(pipe: Any, case: dict) -> dict:
    """What the app answers, in the pipeline's shape."""
    steps = TASK.steps(pipe, (case["table"], case["query"]), TASK.read_options({}), Watch())
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def is_right(case: dict, said: dict) -> bool:
    """The same cells in any order, or the same aggregator with the same number."""
    if said["aggregator"] != case["aggregator"]:
        return False
    if case["aggregator"] == "NONE":
        return sorted(said["cells"]) == sorted(case["answer"])
    try:
        number = aggregated(case["aggregator"], said["cells"])
    except ValueError:  # a sum of names
        return False
    return abs(number - case["answer"]) < 0.01
