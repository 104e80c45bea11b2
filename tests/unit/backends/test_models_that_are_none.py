"""Folders in the cache that are no usable model, with no Hub: each says what it is.

They are made from a tiny model by what one has done to it.
"""

import codecs
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backends.local import LocalBackend
from runtime.catalogue import Model, VisitorModel
from runtime.errors import BackendError
from tasks import discover
from tests.cached import keep
from tests.serving import NO_HUB
from tests.unit.backends.conftest import row, start

TASK = discover()["text-classification"]
WEIGHTS = "model.safetensors"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 267954768\n"
Change = Callable[[Path], object]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def local(home: Path) -> Iterator[LocalBackend]:
    backend = start(NO_HUB, home)
    yield backend
    backend.unload()


def only(**files: bytes) -> Change:
    def change(folder: Path) -> None:
        for path in folder.iterdir():
            path.unlink()
        put(**files)(folder)

    return change


def put(**files: bytes) -> Change:
    """`__` in a name is a slash, `_dot_` a dot."""

    def change(folder: Path) -> None:
        for name, content in files.items():
            path = folder / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)

    return change


def instead(name: str, **files: bytes) -> Change:
    def change(folder: Path) -> None:
        (folder / name).unlink()
        put(**files)(folder)

    return change


def config(**fields: object) -> Change:
    def change(folder: Path) -> None:
        path = folder / "config.json"
        content = json.loads(path.read_text()) | fields
        path.write_text(json.dumps({k: v for k, v in content.items() if v is not None}))

    return change


def recode(name: str, encoding: str) -> Change:
    return lambda folder: (folder / name).write_bytes(
        (folder / name).read_text("utf-8").encode(encoding)
    )


def overwrite(name: str, content: bytes) -> Change:
    return lambda folder: (folder / name).write_bytes(content)


def cut(folder: Path) -> None:
    content = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(content[: len(content) // 2])


def labels(count: int) -> Change:
    names = {str(number): f"L{number}" for number in range(count)}
    return config(id2label=names, label2id={name: int(n) for n, name in names.items()})


INDEX = json.dumps(
    {"weight_map": {"a": f"{WEIGHTS[:5]}-1.safetensors", "b": "model-2.safetensors"}}
).encode()
ADAPTER = b'{"base_model_name_or_path": "org/base", "peft_type": "LORA"}'
X = b"x" * 100

CASES: dict[str, tuple[Change, str]] = {
    "gguf": (only(model_dot_gguf=X), "as GGUF, the format of llama.cpp"),
    "gguf and config": (instead(WEIGHTS, model_dot_gguf=X), "as GGUF"),
    "adapter": (
        only(adapter_config_dot_json=ADAPTER, adapter_model_dot_safetensors=X),
        r"is an adapter \(PEFT\) for org/base",
    ),
    "adapter with a config": (
        instead(WEIGHTS, adapter_config_dot_json=ADAPTER, adapter_model_dot_safetensors=X),
        r"is an adapter \(PEFT\) for org/base",
    ),
    "onnx": (instead(WEIGHTS, model_dot_onnx=X), "as ONNX only"),
    "onnx in a folder": (instead(WEIGHTS, onnx__model_dot_onnx=X), "as ONNX only"),
    "tensorflow": (instead(WEIGHTS, tf_model_dot_h5=X), "for TensorFlow only"),
    "saved model": (only(saved_model_dot_pb=X), "for TensorFlow only"),
    "flax": (instead(WEIGHTS, flax_model_dot_msgpack=X), "for Flax only"),
    "openvino": (instead(WEIGHTS, openvino_model_dot_xml=X), "for OpenVINO only"),
    "mlx": (instead(WEIGHTS, weights_dot_npz=X), "NumPy or MLX"),
    "diffusers": (
        only(model_index_dot_json=b"{}", unet__config_dot_json=b"{}"),
        "is a model for Diffusers",
    ),
    "sentence-transformers": (
        only(modules_dot_json=b"[]", T0__config_dot_json=b"{}", T0__model_dot_safetensors=X),
        r"in a folder of its own \(T0\)",
    ),
    "another name": (instead(WEIGHTS, my_dot_safetensors=X), "looks for model.safetensors"),
    "no tokenizer": (instead("tokenizer.json"), "neither a tokenizer nor a preprocessor"),
    "no config": (instead("config.json"), "has no config.json"),
    "no weights": (instead(WEIGHTS, training_args_dot_bin=X), "has no complete weights"),
    "a shard missing": (
        instead(WEIGHTS, model_dot_safetensors_dot_index_dot_json=INDEX),
        "model-1.safetensors is missing",
    ),
    "an index of nothing": (
        instead(WEIGHTS, model_dot_safetensors_dot_index_dot_json=b"{}"),
        "index.json of .* lists no weights",
    ),
    "more labels": (labels(5), "config.json of .* has 5 labels, and its weights have 3"),
    "fewer labels": (labels(2), "config.json of .* has 2 labels, and its weights have 3"),
    "other widths": (
        config(intermediate_size=32),
        "do not fit its config.json: .* is 64, and 32 is described",
    ),
    "config with a mark": (
        recode("config.json", "utf-8-sig"),
        r"config.json of .* is UTF-8 with a mark \(BOM\)",
    ),
    "tokenizer with a mark": (
        recode("tokenizer.json", "utf-8-sig"),
        r"tokenizer.json of .* is UTF-8 with a mark \(BOM\)",
    ),
    "settings with a mark": (
        recode("tokenizer_config.json", "utf-8-sig"),
        r"tokenizer_config.json of .* is UTF-8 with a mark \(BOM\)",
    ),
    "generation with a mark": (
        overwrite("generation_config.json", codecs.BOM_UTF8 + b"{}"),
        r"generation_config.json of .* is UTF-8 with a mark \(BOM\)",
    ),
    "config in utf-16": (recode("config.json", "utf-16"), "config.json of .* is UTF-16"),
    "tokenizer in utf-16": (recode("tokenizer.json", "utf-16-be"), "no JSON|is UTF-16|incomplete"),
    "empty config": (overwrite("config.json", b""), "config.json of .* is empty"),
    "broken config": (overwrite("config.json", b'{\n"a": 1,\n'), "is no JSON: line"),
    "config of another kind": (overwrite("config.json", b"[]"), "what kind of model it is"),
    "no model type": (config(model_type=None), "what kind of model it is"),
    "a newer type": (config(model_type="of_tomorrow"), "of a kind that the Transformers installed"),
    "code of its own": (
        config(model_type="own", auto_map={"AutoConfig": "own.OwnConfig"}),
        "code of its own, which is never run here",
    ),
    "empty weights": (overwrite(WEIGHTS, b""), "model.safetensors of .* is empty"),
    "pointer for weights": (overwrite(WEIGHTS, POINTER), "is a pointer of Git LFS"),
    "pointer for tokenizer": (
        overwrite("tokenizer.json", POINTER),
        "tokenizer.json of .* is a pointer of Git LFS",
    ),
    "page for weights": (overwrite(WEIGHTS, b"<!DOCTYPE html><p>Sign in"), "is a web page"),
    "noise for weights": (overwrite(WEIGHTS, X), "holds no safetensors"),
    "nothing and cut off": (
        overwrite(WEIGHTS, (8).to_bytes(8, "little") + b"{}  "),
        "is cut off: it has 12 of 16 bytes",
    ),
    "half the weights": (cut, "is cut off: it has .* of .* bytes"),
}


def kept(home: Path, tiny: Path, name: str, change: Change) -> str:
    repo_id = f"org/{name.replace(' ', '-')}"
    shutil.rmtree(home / "hub" / f"models--{repo_id.replace('/', '--')}", ignore_errors=True)
    change(keep(home / "hub", repo_id, tiny))
    return repo_id


def refusal(local: LocalBackend, model: Model) -> BackendError:
    with pytest.raises(BackendError) as refused:
        list(
            local.stream(
                TASK, model, TASK.read_inputs({"text": "a good day"}), TASK.read_options({})
            )
        )
    return refused.value


@pytest.mark.parametrize("name", [*CASES])
def test_what_is_no_model_says_what_it_is(
    local: LocalBackend, home: Path, tiny: Path, name: str
) -> None:
    change, reason = CASES[name]
    error = refusal(local, row(kept(home, tiny, name, change)))
    with pytest.raises(BackendError, match=reason):
        raise error
    for wrong in ("cannot be reached", "ignore_mismatched_sizes", str(home)):
        assert wrong not in str(error)


@pytest.mark.parametrize("name", ["gguf", "pointer for weights", "config with a mark"])
def test_a_visitors_model_hears_the_same(
    local: LocalBackend, home: Path, tiny: Path, name: str
) -> None:
    change, reason = CASES[name]
    with pytest.raises(BackendError, match=reason):
        raise refusal(local, VisitorModel(id=kept(home, tiny, name, change)))


def test_a_pickle_of_a_visitors_is_called_one(local: LocalBackend, home: Path, tiny: Path) -> None:
    model = kept(home, tiny, "pickle", instead(WEIGHTS, pytorch_model_dot_bin=X))
    assert "only as a pickle" in str(refusal(local, VisitorModel(id=model)))


def test_a_pickle_by_another_name_is_no_matter_of_safetensors(
    local: LocalBackend, home: Path, tiny: Path
) -> None:
    model = kept(home, tiny, "checkpoint", instead(WEIGHTS, model_dot_ckpt=X))
    said = str(refusal(local, row(model)))
    assert "are in model.ckpt, and Transformers looks for pytorch_model.bin" in said
    assert "visitor" not in said


def test_an_adapter_whose_settings_nest_beyond_all_reading(
    local: LocalBackend, home: Path, tiny: Path
) -> None:
    deep = b"[" * 100_000
    model = kept(
        home,
        tiny,
        "deep",
        instead(WEIGHTS, adapter_config_dot_json=deep, adapter_model_dot_safetensors=X),
    )
    assert "is an adapter (PEFT) for another model" in str(refusal(local, row(model)))


def test_a_download_that_was_stopped_is_called_one(local: LocalBackend, home: Path) -> None:
    blobs = home / "hub" / "models--org--half" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / "abc.incomplete").write_bytes(X)
    assert "was stopped before its end" in str(refusal(local, row("org/half")))


def test_what_is_not_there_at_all_is_told_as_before(local: LocalBackend) -> None:
    assert "is not on this machine and" in str(refusal(local, row("org/nothing")))


def test_a_tokenizer_of_another_model_is_called_one(
    local: LocalBackend, home: Path, tiny: Path
) -> None:
    from transformers import BertConfig, BertForSequenceClassification

    def change(folder: Path) -> None:
        smaller = BertConfig.from_pretrained(folder, vocab_size=20)
        BertForSequenceClassification(smaller).save_pretrained(folder)

    error = refusal(local, row(kept(home, tiny, "other tokenizer", change)))
    assert "makes tokens that its weights do not know" in str(error)


def test_the_model_itself_answers(local: LocalBackend, home: Path, tiny: Path) -> None:
    model = row(kept(home, tiny, "whole", lambda _: None))
    answer = local.run(TASK, model, TASK.read_inputs({"text": "a"}), TASK.read_options({}))
    assert answer.done
