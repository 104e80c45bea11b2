"""The line for a run: who waits, who is next, who leaves, and for whom it is too long."""

import asyncio
from contextlib import ExitStack
from threading import Event

import pytest

from runtime.errors import Cancelled, RateLimited
from tabs.frame.admission import Admission, waiting

PLACE = "has a place"


def test_who_finds_a_place_does_not_wait() -> None:
    async def wait() -> None:
        admission = Admission(places=2)
        with admission.ticket(), admission.ticket() as second:
            assert await anext(admission.wait(second, Event()), PLACE) == PLACE

    asyncio.run(wait())


def test_the_line_moves_up_when_a_run_ends_and_when_somebody_leaves() -> None:
    async def wait() -> None:
        admission = Admission(places=1)
        with ExitStack() as first, ExitStack() as second, ExitStack() as third:
            tickets = [stack.enter_context(admission.ticket()) for stack in (first, second, third)]
            ahead = admission.wait(tickets[2], Event())
            assert await anext(ahead) == 1
            second.close()
            assert await anext(ahead) == 0
            first.close()
            assert await anext(ahead, PLACE) == PLACE

    asyncio.run(wait())


def test_stop_leaves_the_line() -> None:
    async def wait() -> None:
        admission, stop = Admission(places=1), Event()
        with admission.ticket(), admission.ticket() as ticket:
            ahead = admission.wait(ticket, stop)
            assert await anext(ahead) == 0
            stop.set()
            with pytest.raises(Cancelled):
                await anext(ahead)

    asyncio.run(wait())


def test_a_line_that_is_too_long_takes_nobody_until_somebody_leaves() -> None:
    admission = Admission(places=1, most=2)
    with admission.ticket():
        with admission.ticket(), pytest.raises(RateLimited, match="Try again"), admission.ticket():
            pass
        with admission.ticket():
            pass


def test_a_run_that_is_left_ends_before_its_place_is_free() -> None:
    async def leave() -> list[str]:
        ended = []

        def run():  # noqa: ANN202
            try:
                yield from "ab"
            finally:
                ended.append("run")

        steps = Admission().steps(run())
        assert await anext(steps) == "a"
        await steps.aclose()
        return ended

    assert asyncio.run(leave()) == ["run"]


def test_the_next_one_is_told_so() -> None:
    assert waiting(3).text.endswith("3 ahead of you")
    assert waiting(0).text.endswith("you are next")
