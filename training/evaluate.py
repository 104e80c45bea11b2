"""Measure the samples as shipped, on cases held out from training, and check their cards.

    python -m training.evaluate [name ...] [--corpora FOLDER]

FOLDER holds the corpora that training/README.md tells of. Without it, the figures that need none of
them are printed. Each line is a row of the table in the sample's card; where a card says otherwise,
that is told, and the program ends with 1.
"""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from training.measures.base import SAMPLES, Figure

NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/config.json"))


def figures(name: str, corpora: Path | None) -> Iterator[Figure]:
    """The figures of one sample, each as soon as it is there."""
    module = importlib.import_module(f"training.measures.{name.replace('-', '_')}")
    measure: Callable[[Path, Path | None], Iterator[Figure]] = module.measure
    yield from measure(SAMPLES / name, corpora)


def report(name: str, corpora: Path | None) -> list[str]:
    """Print size and figures of one sample. Return the lines that are not in its card."""
    card = (SAMPLES / name / "README.md").read_text(encoding="utf-8")
    size = sum(file.stat().st_size for file in (SAMPLES / name).glob("*.safetensors"))
    print(f"{name}: weights of {size / 1e6:.2f} MB", flush=True)
    wrong = [] if f"- **Size**: {size / 1e6:.2f} MB" in card else ["the size"]
    for figure in figures(name, corpora):
        print(figure.row(), flush=True)
        if figure.row() not in card.splitlines():
            wrong.append(figure.row())
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--corpora", type=Path, help="folder holding the corpora")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"no sample called {', '.join(sorted(unknown))}")
    torch.set_num_threads(1)
    wrong = {name: report(name, arguments.corpora) for name in arguments.names or NAMES}
    lines = [f"samples/{name}/README.md lacks {line}" for name in wrong for line in wrong[name]]
    sys.exit("\n".join(lines) or None)


if __name__ == "__main__":
    main()
