"""Train samples/table-qa-zh: answers out of small Chinese tables, and SUM, AVERAGE or COUNT.

As table_qa.py, with Chinese kinds of table and wordings (`tables_training_zh.txt`) and the layers
of fill-mask-zh, which is trained first. TAPAS's tokenizer knows single characters only.

    python -m samples.recipes.table_qa_zh --out samples/table-qa-zh
"""

import argparse
import tempfile
from pathlib import Path

from transformers import AutoTokenizer, BertModel

from samples.recipes import chinese_pieces, tables, tapas, weights
from samples.recipes.table_qa import EMPTY, learn, lessons
from samples.recipes.training import Plan, start

KINDS = Path(__file__).with_name("tables_training_zh.txt")
START = Path(__file__).parents[1] / "fill-mask-zh"
SEED, LAYERS, WIDTH = 7, 4, 768
WATCHED = ("phones", "fruit")  # kinds that are kept from training


def vocabulary() -> tuple[list[str], list[int]]:
    """Pieces of TAPAS's tokenizer, and the row of fill-mask-zh's embeddings each starts as."""
    reader = AutoTokenizer.from_pretrained(START)
    known = reader.get_vocab()
    ascii_ = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    inner = [f"##{letter}" for letter in ascii_ if letter.isalnum()]
    han = [piece for piece in chinese_pieces.common_characters() if piece in known]
    marks = [mark for mark in chinese_pieces.FULL_WIDTH if mark in known]
    pieces = [*weights.SPECIAL, *ascii_, *inner, *marks, *han]
    rows = [known.get(piece.removeprefix("##"), known["[UNK]"]) for piece in pieces]
    return [*pieces, EMPTY], [*rows, known["[MASK]"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, help="not needed: all text is made up")
    parser.add_argument("--cases", type=int, default=6000)
    parser.add_argument("--epochs", type=float, default=1)
    args = parser.parse_args()

    start(SEED)
    kinds = tables.read(KINDS)
    watched = {name: kinds.pop(name) for name in WATCHED} | {"any": kinds["any"]}
    cases, held = lessons(kinds, args.cases, SEED), lessons(watched, 200, SEED + 1)
    pieces, rows = vocabulary()
    old = BertModel.from_pretrained(START, add_pooling_layer=False)
    words = old.get_input_embeddings().weight.detach()[rows]
    with tempfile.TemporaryDirectory() as folder:
        reader = tapas.tokenizer(pieces, Path(folder))
        model = tapas.small(words, LAYERS, WIDTH, START)
        plan = Plan(epochs=args.epochs, learning_rate=5e-4, tokens=700, seed=SEED)
        learn(model, reader, cases, held, plan, args.out)


if __name__ == "__main__":
    main()
