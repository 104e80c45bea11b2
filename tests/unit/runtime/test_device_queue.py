import threading
from collections.abc import Callable

import pytest

from runtime.device_queue import DeviceClaim, DeviceQueue
from runtime.errors import Cancelled
from runtime.watch import Progress, Watch

PATIENCE = 30.0  # seconds until a test that hangs fails


class Visitor:
    """Somebody who wants one turn, in a thread of their own, and says what they are told."""

    def __init__(self, turns: DeviceQueue, work: Callable[[], None]) -> None:
        self.told: list[str] = []
        self.stop = threading.Event()
        self.error: BaseException | None = None
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._run, args=(turns, work), daemon=True)
        self._thread.start()

    def wait_until_told(self, text: str) -> None:
        with self._news:
            assert self._news.wait_for(lambda: text in self.told, PATIENCE), self.told

    def leave(self) -> None:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def _run(self, turns: DeviceQueue, work: Callable[[], None]) -> None:
        try:
            with turns.turn(Watch(self._hear, self.stop)):
                work()
        except (Cancelled, ZeroDivisionError) as error:
            self.error = error

    def _hear(self, progress: Progress) -> None:
        with self._news:
            self.told.append(progress.text)
            self._news.notify_all()


def ahead(number: int) -> str:
    return f"Waiting for the device, {number} ahead of you"


def in_line(turns: DeviceQueue, work: Callable[[int], None], count: int) -> list[Visitor]:
    """So many visitors, one behind the other, while somebody else has the turn."""
    visitors = []
    for number in range(count):
        visitors.append(Visitor(turns, lambda number=number: work(number)))
        visitors[-1].wait_until_told(ahead(number + 1))
    return visitors


def test_first_come_first_served() -> None:
    turns, served = DeviceQueue(), []
    with turns.turn(Watch()):
        visitors = in_line(turns, served.append, 5)
        assert served == []
    for visitor in visitors:
        visitor.leave()
    assert served == [0, 1, 2, 3, 4]


def test_nobody_waits_for_a_free_device() -> None:
    told: list[Progress] = []
    with DeviceQueue().turn(Watch(told.append)):
        assert told == []


def test_a_stopped_visitor_leaves_the_line() -> None:
    turns, served = DeviceQueue(), []
    with turns.turn(Watch()):
        first, second = in_line(turns, served.append, 2)
        first.stop.set()
        first.leave()
        assert isinstance(first.error, Cancelled)
        second.wait_until_told(ahead(1))
    second.leave()
    assert served == [1]


def test_whoever_stopped_before_the_turn_leaves_it_free() -> None:
    turns = DeviceQueue()
    with turns.turn(Watch()):
        late = Visitor(turns, lambda: None)
        late.stop.set()
        late.leave()
    assert isinstance(late.error, Cancelled)
    with turns.turn(Watch()):
        pass


def test_the_line_moves_on_after_an_error() -> None:
    turns, served = DeviceQueue(), []

    def work(number: int) -> None:
        served.append(number / number)  # which the first, number 0, cannot do

    with turns.turn(Watch()):
        visitors = in_line(turns, work, 2)
    for visitor in visitors:
        visitor.leave()
    assert isinstance(visitors[0].error, ZeroDivisionError)
    assert served == [1.0]


def test_the_device_can_be_left_to_others_in_the_middle_of_a_step() -> None:
    turns, served = DeviceQueue(), []
    claim = DeviceClaim(turns, Watch())
    with claim.turn():
        (visitor,) = in_line(turns, served.append, 1)
        with claim.aside():
            visitor.leave()
        assert served == [0]
        (later,) = in_line(turns, served.append, 1)  # the device is the claim's again
    later.leave()


def test_whoever_left_it_waits_in_line_again() -> None:
    turns, go_on = DeviceQueue(), threading.Event()
    claim = DeviceClaim(turns, Watch())
    with claim.turn():
        (visitor,) = in_line(turns, lambda _: go_on.wait(PATIENCE), 1)
        told: list[str] = []
        claim.watch = Watch(lambda progress: (told.append(progress.text), go_on.set()))
        with claim.aside():
            pass
        assert told == [ahead(1)]
    visitor.leave()


def test_an_error_meanwhile_leaves_the_device_free() -> None:
    turns = DeviceQueue()
    claim = DeviceClaim(turns, Watch())
    with pytest.raises(ZeroDivisionError), claim.turn(), claim.aside():
        raise ZeroDivisionError
    told: list[Progress] = []
    with turns.turn(Watch(told.append)):
        assert told == []
