"""What a measure says of a sample."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.device import Device

HELDOUT = Path(__file__).parents[1] / "heldout"
SAMPLES = Path(__file__).parents[2] / "samples"
CPU = Device("cpu", "float32", "samples are measured on the processor")


@dataclass(frozen=True)
class Figure:
    """One figure on one set of `n` cases that nothing was trained or selected on."""

    held_out: str
    n: int
    metric: str
    value: float
    unit: str = "%"

    def row(self) -> str:
        """As the sample's card must say it."""
        value = f"{self.value:.1f} {self.unit}".rstrip()
        return f"| {self.held_out} | {self.n:,} | {self.metric} | {value} |"


def table(path: Path) -> list[list[str]]:
    """The rows of a tab-separated file, without its heading line."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [[cell.strip() for cell in row] for row in rows][1:]


def cases(path: Path) -> Any:
    """The content of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
