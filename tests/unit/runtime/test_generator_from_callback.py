import threading
from collections.abc import Callable

import pytest

from runtime.jobs import generator_from_callback

NAME = "in step, for a test"


def alive() -> bool:
    return any(thread.name == NAME for thread in threading.enumerate())


def test_values_come_in_order_and_then_the_result() -> None:
    def work(show: Callable[[int], None]) -> str:
        for number in range(3):
            show(number)
        return "done"

    running = generator_from_callback(work, NAME)
    assert [next(running), next(running), next(running)] == [0, 1, 2]
    with pytest.raises(StopIteration) as end:
        next(running)
    assert end.value.value == "done"
    assert not alive()


def test_nothing_happens_until_the_next_value_is_asked_for() -> None:
    reached = []

    def work(show: Callable[[int], None]) -> None:
        for number in range(10):
            reached.append(number)
            show(number)

    running = generator_from_callback(work, NAME)
    assert not alive()
    next(running)
    next(running)
    assert reached == [0, 1]
    running.close()


def test_closing_ends_the_work_and_lets_it_tidy_up() -> None:
    tidied = []

    def work(show: Callable[[int], None]) -> None:
        try:
            while True:
                show(1)
        finally:
            tidied.append(True)

    running = generator_from_callback(work, NAME)
    next(running)
    assert alive()
    running.close()
    assert tidied == [True]
    assert not alive()


def test_an_error_comes_out_where_the_values_do() -> None:
    def work(show: Callable[[int], None]) -> None:
        show(1)
        raise ValueError("broken")

    running = generator_from_callback(work, NAME)
    assert next(running) == 1
    with pytest.raises(ValueError, match="broken"):
        next(running)
    assert not alive()
