"""What transformers 4 answered, for our pipeline to be held to.

    python -m tests.recordings.question_answering FOLDER            # here: makes the tiny model
    python -m tests.recordings.question_answering FOLDER OUT.json   # with transformers 4.57

The second command needs an environment of its own, because transformers 4 and 5 exclude each other:
`pip install "transformers==4.57.*" "torch==2.13.*"`. OUT.json is kept as
tests/unit/tasks/pipelines/recorded_question_answering.json.
"""

import json
import sys
from pathlib import Path
from typing import Any

SHORT = "tom lives in 成都市 and has 3 cats. ann lives in rome."
LONG = " ".join(
    f"town {n} has {n * 7 % 13} parks, {n * 5 % 11} lakes and a mayor." for n in range(9)
)
QUESTION = "who has 3 cats?"

# name -> what is asked, with the pipeline's own arguments
CASES: dict[str, dict[str, Any]] = {
    "plain": {"question": QUESTION, "context": SHORT},
    "top 4": {"question": QUESTION, "context": SHORT, "top_k": 4},
    "top 4 of pieces": {
        "question": QUESTION,
        "context": SHORT,
        "top_k": 4,
        "align_to_words": False,
    },
    "short answer": {"question": QUESTION, "context": SHORT, "max_answer_len": 1},
    "long answer": {"question": QUESTION, "context": SHORT, "max_answer_len": 60, "top_k": 3},
    "no answer allowed": {
        "question": QUESTION,
        "context": SHORT,
        "top_k": 5,
        "handle_impossible_answer": True,
    },
    "windows": {"question": QUESTION, "context": LONG, "top_k": 3},
    "windows, small steps": {"question": QUESTION, "context": LONG, "doc_stride": 40, "top_k": 3},
    "windows, no overlap": {"question": QUESTION, "context": LONG, "doc_stride": 0, "top_k": 3},
    "small windows": {
        "question": "who?",
        "context": LONG,
        "max_seq_len": 24,
        "doc_stride": 8,
        "top_k": 4,
        "handle_impossible_answer": True,
    },
    "chinese": {
        "question": "他在哪？",
        "context": "他在一个市上。她不在下面，也不在上面。",
        "top_k": 2,
    },
    "emoji": {"question": "who 🙂?", "context": "🙂 tom 🎉🎉 naïve café 👩‍👩‍👧 ann", "top_k": 3},
    "line ends": {"question": QUESTION, "context": "  tom\n\n\thas   3\r\ncats  ", "top_k": 2},
    "one word": {"question": QUESTION, "context": "tom"},
    "no answer or one word": {
        "question": QUESTION,
        "context": "tom",
        "top_k": 2,
        "handle_impossible_answer": True,
    },
    "no word": {"question": QUESTION, "context": "   "},
    "no word, no answer allowed": {
        "question": QUESTION,
        "context": "   ",
        "handle_impossible_answer": True,
    },
    "the same twice": {"question": QUESTION, "context": "tom tom Tom tom", "top_k": 3},
    "padded": {"question": QUESTION, "context": SHORT, "padding": "max_length", "top_k": 3},
    "two questions": {"question": [QUESTION, "where is ann?"], "context": SHORT},
    "two texts": {"question": [QUESTION, "how many?"], "context": [SHORT, LONG], "top_k": 2},
    "a list of one": {"question": [QUESTION], "context": [SHORT]},
    "a batch": {
        "question": [QUESTION, "how many?", "who?"],
        "context": [SHORT, LONG, "tom"],
        "batch_size": 3,
    },
}


def make(folder: Path) -> Path:
    """A tiny model whose weights are a formula, so that no version's way to draw them matters."""
    import torch
    from transformers import BertForQuestionAnswering

    from tests import tiny_models

    tiny_models.bert(folder, "BertForQuestionAnswering", num_labels=2)
    model = BertForQuestionAnswering.from_pretrained(folder)
    with torch.no_grad():
        for number, (_, values) in enumerate(sorted(model.named_parameters()), start=1):
            count = torch.arange(values.numel(), dtype=torch.float64)
            values.copy_(torch.sin(count * (1 + 0.7 * number)).reshape(values.shape))
    model.save_pretrained(folder)
    return folder


def _record(folder: Path) -> dict[str, Any]:
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer, pipeline

    pipe = pipeline(
        "question-answering",
        model=AutoModelForQuestionAnswering.from_pretrained(folder),
        tokenizer=AutoTokenizer.from_pretrained(folder),
    )
    return {name: pipe(**call) for name, call in CASES.items()}


if __name__ == "__main__":
    if len(sys.argv) == 2:
        make(Path(sys.argv[1]))
    else:
        text = json.dumps(_record(Path(sys.argv[1])), indent=1, ensure_ascii=False)
        Path(sys.argv[2]).write_text(text + "\n", encoding="utf-8")
