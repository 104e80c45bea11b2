"""What the zero-shot recipe teaches: labels in fours, the right one known or found likely."""

import random

import pytest
import torch

from training.recipes.zero_shot_lessons import LABELS, TEMPLATES, Lesson, Teacher, draw_lessons
from training.recipes.zero_shot_texts import Premise, families

POOL = [f"label {n}" for n in range(400)]
PREMISES = [Premise("free text"), Premise("known text", ("label 3", "label 9"))]


@pytest.fixture
def teacher() -> Teacher:
    scores = torch.randn(2, len(POOL), generator=torch.Generator().manual_seed(1))
    scores[0, 7] = 9.0
    return Teacher({p.text: n for n, p in enumerate(PREMISES)}, POOL, 50, scores)


def test_families_are_texts_under_names() -> None:
    found = families()
    assert len(found) > 150
    assert all(family.labels and family.texts for family in found)
    texts = [text for family in found for text in family.texts]
    assert len(set(texts)) == len(texts)
    assert not any(text.startswith("=") for text in texts)


def test_a_lesson_is_four_labels_with_shares(teacher: Teacher) -> None:
    for lesson in draw_lessons(teacher, PREMISES * 50, random.Random(1)):
        assert len(set(lesson.labels)) == LABELS
        assert sum(lesson.best) == pytest.approx(1, abs=1e-5)
        assert all(0 <= share <= 1 for share in lesson.fits)
        assert lesson.template in TEMPLATES


def test_a_known_label_is_the_best_and_its_synonyms_are_no_wrong_answers(teacher: Teacher) -> None:
    for lesson in draw_lessons(teacher, PREMISES[1:] * 100, random.Random(2)):
        known = [n for n, label in enumerate(lesson.labels) if label in PREMISES[1].labels]
        assert len(known) == 1
        assert lesson.best[known[0]] == max(lesson.best)
        assert lesson.fits[known[0]] == max(lesson.fits)


def test_what_the_teacher_finds_likely_is_the_best(teacher: Teacher) -> None:
    lessons = draw_lessons(teacher, PREMISES[:1] * 100, random.Random(3))
    likely = [lesson for lesson in lessons if "label 7" in lesson.labels]
    assert likely
    assert all(x.best[x.labels.index("label 7")] > 0.9 for x in likely)


def test_unshuffled_the_right_label_comes_first(teacher: Teacher) -> None:
    for lesson in draw_lessons(teacher, PREMISES[1:] * 20, random.Random(4), shuffled=False):
        assert lesson.labels[0] in PREMISES[1].labels


def test_the_teacher_is_right_where_the_first_label_scores_highest(teacher: Teacher) -> None:
    right = Lesson("free text", "{}", ["label 7", "label 1", "label 2"], [], [])
    wrong = Lesson("free text", "{}", ["label 1", "label 7", "label 2"], [], [])
    assert teacher.right([right, wrong, wrong, right]) == 0.5
