"""Train samples/table-qa: answers out of small tables, and SUM, AVERAGE or COUNT over cells.

All text is made up: `tables_training.txt` holds kinds of table and wordings. Which cells answer and
what is to be done with them is known for every question, and both are taught.

    python -m training.recipes.table_qa --out samples/table-qa
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import torch
from transformers import AutoTokenizer, BertModel, TapasForQuestionAnswering, TapasTokenizer

from training.recipes import tables, tapas, weights
from training.recipes.tables import AGGREGATORS, Case, Kind
from training.recipes.training import Batch, Feature, Plan, batches, fit, padded, start

KINDS = Path(__file__).with_name("tables_training.txt")
SEED, PIECES, LAYERS, WIDTH = 5, 6500, 4, 1024
EMPTY = "[EMPTY]"  # TAPAS's token for a cell without text
WATCHED = ("phones", "trees")  # kinds that are kept from training
ROWS, SHARE = (2, 2, 3, 3, 3, 4, 4, 5, 6, 7), 0.5


def lessons(kinds: dict[str, Kind], number: int, seed: int) -> list[Case]:
    """`number` cases, half with a kind's own wordings, half with those that suit any kind."""
    order = random.Random(seed)
    general = kinds["any"].wordings
    special = [kind for name, kind in kinds.items() if name != "any"]
    made: list[Case] = []
    while len(made) < number:
        kind = order.choice(special)
        wording = order.choice(kind.wordings if order.random() < 0.5 else general)
        case = tables.case(kind, wording, order, order.choice(ROWS), SHARE)
        if case:
            made.append(as_typed(case, order))
    return made


def as_typed(case: Case, order: random.Random) -> Case:
    """Some people write no capitals, some no question mark."""
    query = case.query.lower() if order.random() < 0.25 else case.query
    query = query.rstrip("?.？。") if order.random() < 0.25 else query
    return Case(case.table, query, case.aggregator, case.rows, case.column)


def encode(reader: TapasTokenizer, cases: Sequence[Case]) -> list[Feature]:
    """One feature per case: `input_ids`, `attention_mask`, `token_type_ids` and `labels`."""
    names = ("input_ids", "attention_mask", "token_type_ids", "labels")
    features = []
    for case in cases:
        cells = list(case.table.values())[case.column]
        made = reader(
            table=pd.DataFrame(case.table),
            queries=case.query,
            answer_coordinates=[(row, case.column) for row in case.rows],
            answer_text=[cells[row] for row in case.rows],
        )
        features.append({name: made[name] for name in names})
    return features


def aggregators(cases: Sequence[Case]) -> torch.Tensor:
    return torch.tensor([AGGREGATORS.index(case.aggregator) for case in cases])


@torch.inference_mode()
def right(
    model: TapasForQuestionAnswering,
    reader: TapasTokenizer,
    cases: Sequence[Case],
    features: Sequence[Feature],
) -> list[bool]:
    """For each case, whether exactly its cells and its aggregator are found."""
    model.eval()
    found = [False] * len(cases)
    for rows in batches([len(f["input_ids"]) for f in features], 4000, None):
        batch = padded([features[row] for row in rows])
        batch.pop("labels")
        said = model(**batch)
        cells, chosen = reader.convert_logits_to_predictions(
            batch, said.logits, said.logits_aggregation
        )
        for row, where, aggregator in zip(rows, cells, chosen, strict=True):
            case = cases[row]
            wanted = [(line, case.column) for line in case.rows]
            same = AGGREGATORS[aggregator] == case.aggregator
            found[row] = same and sorted(where) == wanted
    return found


def judge(
    model: TapasForQuestionAnswering,
    reader: TapasTokenizer,
    cases: Sequence[Case],
    features: Sequence[Feature],
) -> Callable[[], str]:
    """What is right, in words: of all, and by aggregator."""

    def report() -> str:
        good = right(model, reader, cases, features)
        parts = [f"right {sum(good) / len(good):.3f}"]
        for name in AGGREGATORS:
            those = [ok for ok, case in zip(good, cases, strict=True) if case.aggregator == name]
            parts.append(f"{name} {sum(those) / max(1, len(those)):.2f}")
        return ", ".join(parts)

    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, help="not needed: all text is made up")
    parser.add_argument("--cases", type=int, default=11000)
    parser.add_argument("--epochs", type=float, default=1.7)
    parser.add_argument("--learning-rate", type=float, default=4e-4)
    given = parser.parse_args()

    start(SEED)
    kinds = tables.read(KINDS)
    watched = {name: kinds.pop(name) for name in WATCHED} | {"any": kinds["any"]}
    cases, held = lessons(kinds, given.cases, SEED), lessons(watched, 300, SEED + 1)
    texts = [" ".join([c.query, *c.table, *(" ".join(v) for v in c.table.values())]) for c in cases]
    pieces = [*weights.chosen_pieces(texts, ["a"], PIECES - 1, common=4500), EMPTY]
    old = AutoTokenizer.from_pretrained(weights.MINILM)
    rows = torch.tensor(old.convert_tokens_to_ids([p if p != EMPTY else "[MASK]" for p in pieces]))
    words = BertModel.from_pretrained(weights.MINILM).get_input_embeddings().weight.detach()[rows]

    with tempfile.TemporaryDirectory() as folder:
        reader = tapas.tokenizer(pieces, Path(folder))
        features, watched_features = encode(reader, cases), encode(reader, held)
        model = tapas.small(words, LAYERS, WIDTH)
        wanted = aggregators(cases)

        def loss(model: TapasForQuestionAnswering, batch: Batch, rows: list[int]) -> torch.Tensor:
            return model(**batch, aggregation_labels=wanted[rows]).loss

        plan = Plan(epochs=given.epochs, learning_rate=given.learning_rate, tokens=700, seed=SEED)
        says = judge(model, reader, held, watched_features)

        def report() -> str:
            weights.save(model, reader, given.out)  # a run that is cut off is still worth something
            return says()

        spent = fit(model, features, loss, plan, report)
        size = weights.save(model, reader, given.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
