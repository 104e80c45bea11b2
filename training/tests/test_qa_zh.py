"""What the Chinese question answering learns from, begins with and is judged by."""

import re

import pytest
import torch
from transformers import BertConfig, BertModel

from training.measures.answers import characters, f1, words
from training.measures.base import HELDOUT, cases
from training.recipes import asked_words, qa_made_up_zh

RUN = 8  # characters: shorter ones, such as 是什么时候开始的, anybody says
LESSONS = qa_made_up_zh.examples(1500, 7)
JUDGED = cases(HELDOUT / "qa-zh.json")


def runs(text: str) -> set[str]:
    parts = re.findall(r"[\u4e00-\u9fff]+", text)
    return {part[at : at + RUN] for part in parts for at in range(len(part) - RUN + 1)}


def test_a_made_up_answer_stands_once_in_its_text_and_not_in_its_question() -> None:
    for lesson in LESSONS:
        answer = lesson.context[lesson.start : lesson.end]
        assert answer
        assert lesson.context.count(answer) == 1, lesson
        assert answer not in lesson.question, lesson
        assert "{" not in lesson.context + lesson.question, lesson


def test_the_made_up_lessons_are_the_same_each_time() -> None:
    assert qa_made_up_zh.examples(50, 7) == LESSONS[:50]
    assert qa_made_up_zh.examples(50, 8) != LESSONS[:50]


def test_no_lesson_repeats_what_the_sample_is_judged_by() -> None:
    judged = {run for case in JUDGED for run in runs(case["context"]) | runs(case["question"])}
    for lesson in LESSONS:
        assert runs(lesson.context) & judged == set(), lesson
        assert runs(lesson.question) & judged == set(), lesson


def test_every_judged_question_has_its_answer_in_the_text() -> None:
    assert len(JUDGED) == 60
    for case in JUDGED:
        assert any(answer in case["context"] for answer in case["answers"]), case


@pytest.mark.parametrize(
    ("ours", "theirs", "parts", "value"),
    [
        ("上午八点半。", "上午八点半", characters, 1.0),
        ("八点半", "上午八点半", characters, 0.75),
        ("1973 年", "1973年", characters, 1.0),
        ("李四", "王五", characters, 0.0),
        ("the red barn", "red barn", words, 1.0),
        ("a barn", "red barn", words, 2 / 3),
    ],
)
def test_answers_are_compared_by_characters_or_words(ours, theirs, parts, value) -> None:
    assert f1(parts(ours), parts(theirs)) == pytest.approx(value)


@pytest.fixture(scope="module")
def marked() -> tuple[BertModel, torch.Tensor]:
    """An untrained model with its detectors, and the direction in which it marks words."""
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=500,
        hidden_size=384,
        num_hidden_layers=1,
        num_attention_heads=12,
        intermediate_size=64,
        initializer_range=0.05,
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():  # in trained models places weigh less than words
        model.embeddings.position_embeddings.weight *= 0.2
    plain = model.encoder.layer[0].attention.output.dense.bias.detach().clone()
    asked_words.mark(model, 3)
    return model, model.encoder.layer[0].attention.output.dense.bias.detach() - plain


def test_words_of_the_question_are_marked_in_the_text(marked) -> None:
    model, direction = marked
    question, text = [2, 41, 42, 43, 44, 3], [101, 42, 102, 103, 44, 104, 105, 3]
    ids = torch.tensor([question + text])
    kinds = torch.tensor([[0] * len(question) + [1] * len(text)])
    with torch.no_grad():
        seen = model.encoder.layer[0].attention(model.embeddings(ids, kinds))[0][0]
    marks = (seen @ direction)[len(question) :]
    asked = {1, 4, 7}
    others = [mark for at, mark in enumerate(marks.tolist()) if at not in asked]
    assert min(marks[at].item() for at in asked) > max(others)
