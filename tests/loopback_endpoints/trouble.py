"""How the service misbehaves."""

import threading
from dataclasses import dataclass, field


@dataclass
class Trouble:
    """How it misbehaves. `status` with `message` and `headers`, or `answer` in place of the JSON,
    for requests of `method` whose path contains `only`; `times` of them. `after`: what was asked is
    done first. `cut`: the line breaks in the middle of the answer. `hang`: no answer until
    `release` is set; `held` tells that one hangs. `spreads`: from the first on, all are met.
    """

    status: int | None = None
    message: str = "no reason"
    headers: dict[str, str] = field(default_factory=dict)
    answer: str | None = None
    method: str = ""
    only: str = ""
    times: int = 1_000_000
    after: bool = False
    cut: bool = False
    hang: bool = False
    spreads: bool = False
    held: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def meets(self, method: str, path: str) -> bool:
        active = self.status or self.answer is not None or self.cut or self.hang
        return bool(active and self.times > 0 and self.method in method and self.only in path)
