"""Train samples anew, one after the other: each recipe by its own command.

    python -m training.train [name ...] --corpora FOLDER

FOLDER holds the corpora that training/README.md tells of. All of them together take hours.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from training.evaluate import NAMES
from training.measures.base import SAMPLES

ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # sums differ between thread counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--corpora", type=Path, required=True, help="folder holding the corpora")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"no sample called {', '.join(sorted(unknown))}")
    for name in arguments.names or NAMES:
        recipe = f"training.recipes.{name.replace('-', '_')}"
        command = [sys.executable, "-m", recipe, "--out", str(SAMPLES / name)]
        print(" ".join(command[2:]), flush=True)
        subprocess.run(
            [*command, "--corpora", str(arguments.corpora)],
            check=True,
            env={**os.environ, **ONE_THREAD},
        )


if __name__ == "__main__":
    main()
