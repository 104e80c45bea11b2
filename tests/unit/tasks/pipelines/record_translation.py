"""What transformers 4 answers, for test_translation.py to compare ours with.

In an environment of its own (pip install transformers==4.57.1 torch sentencepiece), on the weights
that tests.tiny_translators makes here:

    .venv/bin/python -m tests.tiny_translators FOLDER
    OTHER/bin/python tests/unit/tasks/pipelines/record_translation.py FOLDER
"""

import json
import sys
from pathlib import Path

TEXTS = ["Good morning", "Where is the next bus stop?", "We would like two cups of tea."]
ENGLISH = {
    "m2m100": {"src_lang": "en", "tgt_lang": "zh"},
    "nllb": {"src_lang": "eng_Latn", "tgt_lang": "zho_Hans"},
}
FRENCH = {"src_lang": "zho_Hans", "tgt_lang": "fra_Latn"}
CASES = [
    ["marian", "translation", TEXTS[0], {"max_new_tokens": 8}],
    ["marian", "translation", TEXTS[1], {"max_new_tokens": 8, "num_beams": 1}],
    ["marian", "translation", "", {"max_new_tokens": 4}],
    ["marian", "translation", TEXTS, {"max_new_tokens": 6}],
    ["marian", "translation", TEXTS, {"max_new_tokens": 6, "batch_size": 3}],
    ["marian", "translation", TEXTS[0], {"max_new_tokens": 5, "num_return_sequences": 2}],
    ["marian", "translation", TEXTS[0], {"max_new_tokens": 5, "return_tensors": True}],
    ["marian", "translation_en_to_zh", TEXTS[0], {"max_new_tokens": 8}],
    ["m2m100", "translation", TEXTS[0], {"max_new_tokens": 8, **ENGLISH["m2m100"]}],
    ["m2m100", "translation", TEXTS, {"max_new_tokens": 6, **ENGLISH["m2m100"]}],
    ["m2m100", "translation_en_to_fr", TEXTS[1], {"max_new_tokens": 8}],
    ["nllb", "translation", TEXTS[0], {"max_new_tokens": 8, **ENGLISH["nllb"]}],
    ["nllb", "translation", TEXTS, {"max_new_tokens": 6, **ENGLISH["nllb"]}],
    ["nllb", "translation", "丁丂", {"max_new_tokens": 8, "num_beams": 1, **FRENCH}],
]


def plain(value):
    """Tensors as lists."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    return {k: v if isinstance(v, str) else v.tolist() for k, v in value.items()}


def main() -> None:
    import transformers

    folder = Path(sys.argv[1])
    recorded = []
    for model, task, inputs, call in CASES:
        pipe = transformers.pipeline(task, str(folder / model), device="cpu")
        answer = plain(pipe(inputs, **call))
        recorded.append(
            {"model": model, "task": task, "inputs": inputs, "call": call} | {"answer": answer}
        )
    written = {"transformers": transformers.__version__, "cases": recorded}
    Path(__file__).with_name("translation.json").write_text(
        json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
