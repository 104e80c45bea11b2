"""Measure the samples as shipped, on cases held out from training.

    python -m samples.evaluate [name ...] [--corpora FOLDER]

FOLDER holds the corpora that samples/README.md lists. Without it, the figures that need none of
them are printed. Each line is a row of the table in the sample's card.
"""

import argparse
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from samples.measures.base import Figure

HERE = Path(__file__).parent
NAMES = sorted(path.parent.name for path in HERE.glob("*/config.json"))


def measured(name: str, corpora: Path | None) -> Iterator[Figure]:
    """The figures of one sample, each as soon as it is there."""
    module = importlib.import_module(f"samples.measures.{name.replace('-', '_')}")
    measure: Callable[[Path, Path | None], Iterator[Figure]] = module.measure
    yield from measure(HERE / name, corpora)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--corpora", type=Path, help="folder holding the corpora")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"no sample called {', '.join(sorted(unknown))}")
    torch.set_num_threads(1)
    for name in arguments.names or NAMES:
        size = sum(file.stat().st_size for file in (HERE / name).glob("*.safetensors"))
        print(f"{name}: weights of {size / 1e6:.2f} MB", flush=True)
        for figure in measured(name, arguments.corpora):
            print(figure.row(), flush=True)


if __name__ == "__main__":
    main()
