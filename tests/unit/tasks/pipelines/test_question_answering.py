import json
from pathlib import Path
from typing import Any

import pytest

from tests.recordings.question_answering import CASES, LONG, QUESTION, SHORT, make

RECORDED = json.loads(
    (Path(__file__).parent / "recorded_question_answering.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    from tasks.pipelines.question_answering import QuestionAnsweringPipeline

    return QuestionAnsweringPipeline.from_pretrained(folder)


def near(found: Any, known: Any) -> None:
    """Equal but for the noise of sums in another order."""
    if isinstance(known, list):
        assert isinstance(found, list)
        assert len(found) == len(known)
        for one, other in zip(found, known, strict=True):
            near(one, other)
    else:
        assert found == known | {"score": pytest.approx(known["score"], rel=1e-4, abs=1e-7)}


def test_every_case_was_recorded() -> None:
    assert list(CASES) == list(RECORDED)


@pytest.mark.parametrize("name", CASES)
def test_answers_are_those_of_transformers_4(pipe: Any, name: str) -> None:
    near(pipe(**CASES[name]), RECORDED[name])


def test_a_batch_answers_as_one_by_one(pipe: Any) -> None:
    given = [{"question": QUESTION, "context": text} for text in (SHORT, LONG, "tom", LONG[:90])]
    near(pipe(given, batch_size=8, top_k=2), [pipe(one, top_k=2) for one in given])


def test_padding_on_the_left_keeps_answers_inside_the_text(folder: Path) -> None:
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    from tasks.pipelines.question_answering import QuestionAnsweringPipeline

    left = QuestionAnsweringPipeline(
        model=AutoModelForQuestionAnswering.from_pretrained(folder),
        tokenizer=AutoTokenizer.from_pretrained(folder, padding_side="left"),
    )
    given = [{"question": QUESTION, "context": text} for text in (SHORT, LONG)]
    # BERT counts positions from the first pad: scores differ with the padding, places must not.
    for call in ({}, {"batch_size": 4}, {"padding": "max_length", "max_seq_len": 60}):
        for example, answers in zip(given, left(given, top_k=5, **call), strict=True):
            assert len(answers) == 5
            for answer in answers:
                text = example["context"][answer["start"] : answer["end"]]
                assert text == answer["answer"] != ""


def _by_sentencepiece(folder: Path, texts: list[str]) -> Any:
    """The tiny model under a tokenizer to which a text without blanks is one word, as XLM-R's."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import AutoModelForQuestionAnswering, PreTrainedTokenizerFast

    from tasks.pipelines.question_answering import QuestionAnsweringPipeline

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    pieces = [*special, "▁", *sorted(set("".join(texts)) - {" "})]
    made = Tokenizer(models.Unigram([(piece, -1.0) for piece in pieces], unk_id=1))
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    names = ("pad_token", "unk_token", "cls_token", "sep_token")
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=made, **dict(zip(names, special, strict=True))
    )
    model = AutoModelForQuestionAnswering.from_pretrained(folder)
    model.resize_token_embeddings(len(pieces))
    return QuestionAnsweringPipeline(model=model, tokenizer=tokenizer)


@pytest.mark.parametrize(
    ("question", "context"),
    [
        ("小明几岁？", "小明今年八岁，住在成都市的一条老街上。"),
        ("いくつ？", "たろうは八さいで、とうきょうにすんでいます。"),
        ("กี่ขวบ", "สมชายอายุแปดขวบและอาศัยอยู่ในเมือง"),
    ],
)
def test_writing_without_blanks_is_not_widened_to_whole_clauses(
    folder: Path, question: str, context: str
) -> None:
    found = _by_sentencepiece(folder, [question, context])
    call = {"question": question, "context": context, "top_k": 5, "max_answer_len": 4}
    for answer in found(**call):
        assert 0 < len(answer["answer"]) <= 4  # as many tokens, each of one character
        assert answer["answer"] == context[answer["start"] : answer["end"]]


def test_words_between_blanks_are_still_whole(folder: Path) -> None:
    context = "tom lives in rome 八 and ann in lima"
    found = _by_sentencepiece(folder, ["where?", context])
    call = {"question": "where?", "context": context, "top_k": 3, "max_answer_len": 2}
    for answer in found(**call):
        assert set(answer["answer"].split()) <= set(context.split())


def test_all_ways_to_ask_are_one(pipe: Any) -> None:
    wanted = pipe(question=QUESTION, context=SHORT)
    assert pipe({"question": QUESTION, "context": SHORT}) == wanted
    assert pipe(QUESTION, SHORT) == wanted
    assert pipe([{"question": QUESTION, "context": SHORT}]) == wanted
    assert pipe([{"question": QUESTION, "context": SHORT}] * 2) == [wanted] * 2


def test_an_answer_that_only_a_second_window_holds_is_found_there(pipe: Any) -> None:
    answers = pipe(question="who?", context=LONG, max_seq_len=24, doc_stride=8, top_k=40)
    assert max(answer["start"] for answer in answers) > len(LONG) // 2
    for answer in answers:
        assert LONG[answer["start"] : answer["end"]] == answer["answer"]


def test_a_long_question_is_cut_where_told(pipe: Any) -> None:
    call = {"context": SHORT, "max_question_len": 5}
    assert pipe(question="who is this or that?", **call) == pipe(question="who is", **call)


def test_a_window_that_has_no_room_for_its_overlap_still_moves_on(pipe: Any) -> None:
    example = {"question": QUESTION, "context": SHORT}
    assert len(list(pipe.preprocess(example, max_seq_len=20, doc_stride=20))) > 1


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        ({"question": "", "context": SHORT}, ValueError, "question must be a text"),
        ({"question": QUESTION, "context": ""}, ValueError, "context must be a text"),
        ({"question": QUESTION}, ValueError, "question and a context"),
        ({"question": [QUESTION] * 2, "context": [SHORT]}, ValueError, "2 questions on 1"),
        ({"question": QUESTION, "context": SHORT, "top_k": 0}, ValueError, "top_k must be"),
        ({"question": QUESTION, "context": SHORT, "max_answer_len": 0}, ValueError, "max_answer"),
        ({"question": QUESTION, "context": SHORT, "doc_stride": 99}, ValueError, "doc_stride"),
        ({"question": QUESTION, "context": SHORT, "max_seq_len": 12}, ValueError, "fills all 12"),
    ],
)
def test_what_cannot_be_asked_is_told(pipe: Any, call: dict, error: type, text: str) -> None:
    with pytest.raises(error, match=text):
        pipe(**call)


def test_a_missing_key_is_told(pipe: Any) -> None:
    with pytest.raises(KeyError, match="context is missing"):
        pipe({"question": QUESTION})
