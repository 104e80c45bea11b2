"""What the zero-shot sample is told: four labels for a text, and how well MiniLM finds they fit."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from transformers import AutoModel, AutoTokenizer

from training.recipes import weights
from training.recipes.training import batches, encode, padded
from training.recipes.zero_shot_texts import Premise

ASKED = ("This text is about {}.", "The topic is {}.", "{}")  # of the teacher
TEMPLATES = (  # of the student; transformers' own default most often
    *["This example is {}."] * 4,
    *["This example is about {}."] * 3,
    *["This text is about {}."] * 2,
    "The topic is {}.",
    "This is about {}.",
    "This is {}.",
    "{}",
    "{}.",
)
LABELS, LIKELIEST, HARD = 4, 3, (15, 300)  # the last two: places in the teacher's order
SOFTNESS = 0.8
FITS_AT, FITS_STEEPNESS = 2.5, 1.5  # standard deviations above a label's mean
KNOWN = 0.75  # how far a known label counts, before the teacher


@dataclass(frozen=True)
class Lesson:
    """Labels for a text: shares of being the best of them, and of fitting at all."""

    text: str
    template: str
    labels: list[str]
    best: list[float]
    fits: list[float]


@dataclass(frozen=True)
class Teacher:
    """Scores of every label (columns) for every text (rows), in deviations from its mean.

    Without that, some labels are near to everything. The first `own` labels are the families'.
    """

    rows: dict[str, int]
    labels: list[str]
    own: int
    scores: torch.Tensor

    def right(self, lessons: Sequence[Lesson]) -> float:
        """Share of lessons in which the first label scores highest."""
        places = {label: n for n, label in enumerate(self.labels)}
        hits = 0
        for lesson in lessons:
            row = self.scores[self.rows[lesson.text]]
            hits += int(row[[places[label] for label in lesson.labels]].argmax()) == 0
        return hits / len(lessons)


def said_by_minilm(premises: Sequence[Premise], labels: list[str], own: int) -> Teacher:
    """The mean cosine similarity over the ways to ask, standardised by label."""
    texts = list(dict.fromkeys(premise.text for premise in premises))
    read = _embed(texts)
    alike = sum(read @ _embed([ask.format(x) for x in labels]).T for ask in ASKED)
    scores = (alike - alike.mean(0)) / alike.std(0)
    return Teacher({text: n for n, text in enumerate(texts)}, labels, own, scores)


@torch.inference_mode()
def _embed(texts: list[str], tokens: int = 3000) -> torch.Tensor:
    """Unit vectors (texts, 384), the mean over each text's tokens."""
    model = AutoModel.from_pretrained(weights.MINILM).eval()
    features = encode(AutoTokenizer.from_pretrained(weights.MINILM), texts, 96)
    vectors = torch.empty(len(texts), model.config.hidden_size)
    for rows in batches([len(f["input_ids"]) for f in features], tokens, None):
        batch = padded([features[row] for row in rows])
        mask = batch["attention_mask"].unsqueeze(-1)
        summed = (model(**batch).last_hidden_state * mask).sum(1)
        vectors[rows] = torch.nn.functional.normalize(summed / mask.sum(1), dim=-1)
    return vectors


def draw_lessons(
    teacher: Teacher,
    premises: Sequence[Premise],
    order: random.Random,
    templates: Sequence[str] = TEMPLATES,
    shuffled: bool = True,
) -> list[Lesson]:
    """One lesson for each premise. Not `shuffled`, the first label is the right one."""
    places = {label: n for n, label in enumerate(teacher.labels)}
    return [_lesson(teacher, places, premise, order, templates, shuffled) for premise in premises]


def _lesson(
    teacher: Teacher,
    places: dict[str, int],
    premise: Premise,
    order: random.Random,
    templates: Sequence[str],
    shuffled: bool,
) -> Lesson:
    scores = teacher.scores[teacher.rows[premise.text]]
    fitting = {places[label] for label in premise.labels if label in places}
    by_score = scores.topk(min(HARD[1], len(scores))).indices.tolist()
    first = order.choice(sorted(fitting) or by_score[:LIKELIEST])
    chosen = [first]
    while len(chosen) < LABELS:
        kind = order.random()
        if kind < 0.35 and shuffled:
            place = order.choice(by_score[HARD[0] :])
        elif kind < 0.75 or not shuffled:
            place = order.randrange(teacher.own)
        else:
            place = order.randrange(len(teacher.labels))
        if place not in chosen and place not in fitting:
            chosen.append(place)
    if shuffled:
        order.shuffle(chosen)
    found = scores[chosen]
    best = (found / SOFTNESS).softmax(0)
    fits = (FITS_STEEPNESS * (found - FITS_AT)).sigmoid()
    if fitting:
        known = torch.tensor([float(place == first) for place in chosen])
        best = KNOWN * known + (1 - KNOWN) * best
        fits = KNOWN * known + (1 - KNOWN) * fits
    names = [teacher.labels[place] for place in chosen]
    return Lesson(premise.text, order.choice(templates), names, best.tolist(), fits.tolist())
