"""Train samples/table-qa-zh: table-qa's answers out of small tables, asked in Chinese.

It starts from samples/table-qa, which knows rows, columns and ranks. Its English words give way to
Chinese characters, each of which begins as what its meanings in CC-CEDICT (CC BY-SA 4.0) are made
of. All text is made up: `tables_training_zh.txt` holds kinds of table and wordings.

    python -m training.recipes.table_qa_zh --out samples/table-qa-zh

`--go-on 2` begins with the second pass, from the weights that the first left in `--out`.
"""

import argparse
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

import torch
from transformers import AutoTokenizer, TapasForQuestionAnswering, TapasTokenizer

from training.measures.base import SAMPLES
from training.measures.table_qa import figures
from training.recipes import tables, tapas, weights, words_zh
from training.recipes.chinese_pieces import FULL_WIDTH, common_characters
from training.recipes.table_qa import EMPTY, aggregators, encode, judge, lessons
from training.recipes.tables import Case
from training.recipes.training import Batch, Plan, fit, start

KINDS = Path(__file__).with_name("tables_training_zh.txt")
ENGLISH = SAMPLES / "table-qa"
SEED, WATCHED = 5, ("球队", "手机")  # kinds that are kept from training
CASES, RATE = (2000,) * 7, 4e-4  # of each pass; a run that is cut off keeps the passes before
OWN = 0.7  # a character's share that is its own, so that two of like meaning stay apart


def kept(pieces: list[str]) -> list[str]:
    """Of the English pieces: letters, numbers and the special ones."""
    plain = [piece.removeprefix("##") for piece in pieces]
    return [
        piece
        for piece, letters in zip(pieces, plain, strict=True)
        if piece in (*weights.SPECIAL, EMPTY) or len(letters) == 1 or any(map(str.isdigit, letters))
    ]


def vectors(
    characters: list[str], words: torch.Tensor, reader: Callable[[str], list[int]]
) -> torch.Tensor:
    """What the English model's word vectors make of the characters' meanings."""
    meanings, mean = words_zh.glosses(), words.mean(0)
    size = (words - mean).norm(dim=1).mean()
    made = torch.nn.functional.normalize(torch.randn(len(characters), words.shape[1]), dim=1) * OWN
    for row, character in enumerate(characters):
        text = meanings.get(character) or unicodedata.normalize("NFKC", character)
        ids = [number for number in reader(text) if number > 4]
        if ids:
            meant = (words[ids] - mean).mean(0)
            made[row] += torch.nn.functional.normalize(meant, dim=0)
    return mean + size * torch.nn.functional.normalize(made, dim=1)


def chinese(texts: list[str]) -> tuple[TapasForQuestionAnswering, list[str]]:
    """The English sample with Chinese characters, and its pieces."""
    model = TapasForQuestionAnswering.from_pretrained(ENGLISH)
    old = (ENGLISH / "vocab.txt").read_text(encoding="utf-8").splitlines()
    words = model.get_input_embeddings().weight.detach()
    pieces = kept(old)
    seen = dict.fromkeys([*FULL_WIDTH, *common_characters(), *"".join(texts)])
    characters = [c for c in seen if not c.isascii() and not c.isspace()]
    reader = AutoTokenizer.from_pretrained(weights.MINILM)
    place = {piece: row for row, piece in enumerate(old)}

    def ids(text: str) -> list[int]:
        return [place[piece] for piece in reader.tokenize(text) if piece in place]

    rows = torch.tensor([place[piece] for piece in pieces])
    table = torch.cat([words[rows], vectors(characters, words, ids)])
    model.set_input_embeddings(torch.nn.Embedding.from_pretrained(table, False, padding_idx=0))
    model.config.vocab_size = len(table)
    return model, [*pieces, *characters]


def learn(
    model: TapasForQuestionAnswering, reader: TapasTokenizer, cases: list[Case], held: list[Case]
) -> float:
    """One pass over `cases`; returns the CPU seconds."""
    features, wanted = encode(reader, cases), aggregators(cases)

    def loss(model: TapasForQuestionAnswering, batch: Batch, rows: list[int]) -> torch.Tensor:
        return model(**batch, aggregation_labels=wanted[rows]).loss

    plan = Plan(epochs=1, learning_rate=RATE, tokens=700, seed=SEED)
    return fit(model, features, loss, plan, judge(model, reader, held, encode(reader, held)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, help="not needed: all text is made up")
    parser.add_argument("--go-on", type=int, default=1, help="the pass to begin with")
    given = parser.parse_args()

    kinds = tables.read(KINDS)
    watched = {name: kinds.pop(name) for name in WATCHED} | {"any": kinds["any"]}
    held, spent = lessons(watched, 100, SEED + 1), 0.0
    for number, many in list(enumerate(CASES, start=1))[given.go_on - 1 :]:
        start(SEED)
        cases = lessons(kinds, many, SEED if number == 1 else SEED + number)
        if number == 1:
            texts = [
                " ".join([c.query, *c.table, *(" ".join(v) for v in c.table.values())])
                for c in cases
            ]
            model, pieces = chinese(texts)
        else:  # each pass starts from the file as written, so that it can be made alone
            model = TapasForQuestionAnswering.from_pretrained(given.out)
            pieces = (given.out / "vocab.txt").read_text(encoding="utf-8").splitlines()
        with tempfile.TemporaryDirectory() as folder:
            reader = tapas.tokenizer(pieces, Path(folder))
            spent += learn(model, reader, cases, held)
            size = weights.save(model, reader, given.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")
    for figure in figures(given.out, "table-qa-zh"):
        print(figure.row())


if __name__ == "__main__":
    main()
