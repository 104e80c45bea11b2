"""A small Chinese vocabulary out of multilingual-e5-small's 250,002 pieces, and its tokenizer.

Pieces are characters and common words (今天, 中国). As in XLM-R's tokenizer the likeliest cut wins;
unlike it, marks keep their full width and no piece crosses the edge of a number or of a mark, so
that the span of an answer can begin and end there.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from training.recipes import multilingual_e5, weights

# Our special pieces and, in the same order, XLM-R's.
THEIRS = ("<pad>", "<unk>", "<s>", "</s>", "<mask>")
FULL_WIDTH = "，。！？：；（）、“”‘’《》〈〉「」『』【】—…·～％＋－／＝＆＄￥℃"
RARE = -16.0  # the score of a piece that XLM-R has under another form only
DIGITS = Regex("[0-9]+")


def _before() -> pre_tokenizers.Sequence:
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(prepend_scheme="never", split=True),
            pre_tokenizers.Split(DIGITS, "isolated"),
            pre_tokenizers.Punctuation("isolated"),
        ]
    )


def common_characters() -> Iterable[str]:
    """The 3,755 of GB 2312's first level."""
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:
                continue


def chosen(texts: Iterable[str], size: int) -> list[str]:
    """`size` pieces: specials, ASCII, marks, characters, then whatever the texts use most."""
    file = multilingual_e5.read()
    known = dict(zip(file.pieces, file.scores, strict=True))
    whole = Tokenizer(models.Unigram(list(known.items()), unk_id=3))
    whole.pre_tokenizer = _before()
    counts: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    rows = list(texts)
    for encoding in whole.encode_batch(rows, add_special_tokens=False):
        counts.update(encoding.tokens)
    for text in rows:
        letters.update(text)
    ascii_ = [chr(code) for code in range(33, 127)]
    han = [*common_characters(), *(c for c, n in letters.items() if n > 2)]
    first = [*weights.SPECIAL, "▁", *ascii_, *FULL_WIDTH, *han]
    fitting = [piece for piece in first if _row(piece, known) is not None]
    usual = [piece for piece, _ in counts.most_common() if piece in known and piece[0] != "<"]
    return list(dict.fromkeys([*fitting, *usual]))[:size]


def _row(piece: str, known: dict[str, float]) -> str | None:
    """The name under which XLM-R knows a piece: itself, or in another width."""
    if piece in weights.SPECIAL:
        return THEIRS[weights.SPECIAL.index(piece)]
    plain = unicodedata.normalize("NFKC", piece)
    return piece if piece in known else plain if plain in known else None


def rows(pieces: list[str]) -> list[int]:
    """The rows of multilingual-e5-small's embeddings that belong to the pieces."""
    file = multilingual_e5.read()
    known = {piece: number for number, piece in enumerate(file.pieces)}
    return [known[_row(piece, known) or "<unk>"] for piece in pieces]


def tokenizer(pieces: list[str], longest: int) -> PreTrainedTokenizerFast:
    """A tokenizer over `pieces`, whose place in the list is their id."""
    file = multilingual_e5.read()
    known = dict(zip(file.pieces, file.scores, strict=True))
    scored = [(piece, known.get(piece, RARE)) for piece in pieces]
    unknown, begin, end = (weights.SPECIAL.index(name) for name in ("[UNK]", "[CLS]", "[SEP]"))
    made = Tokenizer(models.Unigram(scored, unk_id=unknown))
    made.pre_tokenizer = _before()
    made.decoder = decoders.Metaspace(prepend_scheme="never")
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", begin), ("[SEP]", end)],
    )
    pad, unk, cls, sep, mask = weights.SPECIAL
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        model_max_length=longest,
        pad_token=pad,
        unk_token=unk,
        cls_token=cls,
        sep_token=sep,
        mask_token=mask,
        clean_up_tokenization_spaces=False,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )
