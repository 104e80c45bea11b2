"""Two ways of doing the same, taken in turns so that both see the same machine."""

import statistics
import time
from collections.abc import Callable


def timed(call: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def in_turns(ours: Callable[[], float], peer: Callable[[], float], times: int) -> tuple:
    """Run both `times` times, alternating; print and return the medians of seconds."""
    pairs = [(ours(), peer()) for _ in range(times)]
    mine, other = (statistics.median(values) for values in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"  ours {mine:7.3f} s   peer {other:7.3f} s   ratio {ratio:.2f}   (n={times})")
    return mine, other
