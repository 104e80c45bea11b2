"""Print every ratio. Only ratios travel from machine to machine; the seconds are this one's."""

import tempfile

from benchmarks import first_page, replicas, speech, tab_switch, warm_call
from tests.serving import NO_HUB


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        environ = {"HF_ENDPOINT": NO_HUB, "CACHE_DIR": cache, "DEVICE": "-1", "HOST": "127.0.0.1"}
        for benchmark in (first_page, tab_switch, warm_call, speech, replicas):
            benchmark.run(environ)


if __name__ == "__main__":
    main()
