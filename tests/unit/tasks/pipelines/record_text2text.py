"""What transformers 4 answers, for test_text2text_generation.py to compare ours with.

In an environment of its own (pip install transformers==4.57.1 torch), on the weights that
tests.tiny_models.t5 makes here:

    .venv/bin/python -c "from tests import tiny_models as t; t.t5(__import__('pathlib').Path('t5'))"
    OTHER/bin/python tests/unit/tasks/pipelines/record_text2text.py t5
"""

import json
import sys
from pathlib import Path

TEXTS = ["hello there", "a much longer text, to be padded beside", "你好 world"]
LONG = "one two three four five six seven eight nine ten eleven twelve thirteen"
GENERATED, SUMMARY = "text2text-generation", "summarization"
CASES = [
    [GENERATED, "hello there", {"max_new_tokens": 8}],
    [GENERATED, "hello there", {"max_new_tokens": 8, "num_beams": 1}],
    [GENERATED, "", {"max_new_tokens": 4}],
    [GENERATED, "你好，world!", {"max_new_tokens": 8}],
    [GENERATED, TEXTS, {"max_new_tokens": 6}],
    [GENERATED, TEXTS, {"max_new_tokens": 6, "batch_size": 3}],
    [GENERATED, "hello there", {"max_new_tokens": 4, "num_return_sequences": 3}],
    [GENERATED, TEXTS, {"max_new_tokens": 4, "num_return_sequences": 2, "batch_size": 2}],
    [GENERATED, "hello there", {"max_new_tokens": 6, "return_tensors": True}],
    [GENERATED, "hello there", {"max_new_tokens": 6, "return_text": True}],
    [GENERATED, "hello there", {"max_new_tokens": 9, "clean_up_tokenization_spaces": True}],
    [GENERATED, LONG, {"max_new_tokens": 6, "truncation": True}],
    [GENERATED, ["hello"], {"max_new_tokens": 6}],
    [SUMMARY, "hello there", {"max_new_tokens": 8}],
    [SUMMARY, "hello there", {"max_new_tokens": 8, "min_length": 6}],
    [SUMMARY, TEXTS, {"max_new_tokens": 8, "num_beams": 1, "batch_size": 3}],
    [SUMMARY, "hello there", {"max_length": 7}],
]


def plain(value):
    """Tensors as lists."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    return {k: v if isinstance(v, str) else v.tolist() for k, v in value.items()}


def main() -> None:
    import transformers

    pipes = {
        task: transformers.pipeline(task, sys.argv[1], device="cpu")
        for task in (GENERATED, SUMMARY)
    }
    recorded = [
        {"task": task, "inputs": inputs, "call": call, "answer": plain(pipes[task](inputs, **call))}
        for task, inputs, call in CASES
    ]
    written = {"transformers": transformers.__version__, "cases": recorded}
    Path(__file__).with_name("text2text.json").write_text(
        json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
