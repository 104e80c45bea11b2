import errno
import json
import logging

import numpy as np
import pytest

from backends.error_mapping import is_out_of_memory, translate_errors, translate_out_of_memory
from runtime.errors import (
    BackendError,
    BadInput,
    DiskFull,
    ModelNotFound,
    OutOfMemory,
    Unavailable,
)
from tests.small_disk import SmallDisk


class Strange(Exception):
    """What no library has raised so far."""


def json_error() -> Exception:
    try:
        json.loads("{")
    except ValueError as error:
        return error
    raise AssertionError


def safetensors_error() -> Exception:
    import safetensors

    try:
        safetensors.deserialize(b"not weights at all")
    except safetensors.SafetensorError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    ("error", "kind", "what"),
    [
        (ImportError("No module named 'x'"), Unavailable, "needs a Python package"),
        (OSError("no config"), ModelNotFound, "incomplete or cannot be read"),
        (safetensors_error(), ModelNotFound, "incomplete or cannot be read"),
        (json_error(), ModelNotFound, "incomplete or cannot be read"),
        (ValueError("wrong head"), ModelNotFound, "cannot be used for this task"),
        (KeyError("model_type"), ModelNotFound, "cannot be used for this task"),
        (RuntimeError("size mismatch"), ModelNotFound, "cannot be used for this task"),
        (Strange("new in this release"), ModelNotFound, "cannot be used for this task"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_loading_raises_names_model_and_reason(
    error: Exception, kind: type[BackendError], what: str
) -> None:
    with pytest.raises(BackendError) as caught, translate_errors("org/model", loading=True):
        raise error
    assert type(caught.value) is kind
    assert caught.value.what.startswith("org/model ") or "of org/model " in caught.value.what
    assert what in caught.value.what
    assert str(error).splitlines()[0].rstrip(".") in caught.value.what
    assert caught.value.todo
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("loading", [True, False])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_nobodys_model(number: int, loading: bool) -> None:
    said = "disk of this machine is full.*org/model"
    with pytest.raises(DiskFull, match=said), translate_errors("org/model", loading):
        raise OSError(number, "no")


def test_a_full_disk_is_known_in_the_words_of_safetensors(disk: SmallDisk) -> None:
    from safetensors.numpy import save_file

    with pytest.raises(DiskFull), translate_errors("org/model", loading=True):
        save_file({"a": np.zeros(10**6)}, disk.path / "weights")


@pytest.mark.parametrize("error", [ValueError("x"), OSError("x"), Strange("x"), StopIteration("x")])
def test_what_computing_raises_becomes_a_plain_error(error: Exception) -> None:
    with pytest.raises(BackendError) as caught, translate_errors("org/model", loading=False):
        raise error
    assert type(caught.value) is BackendError
    assert caught.value.what == "org/model stopped with an error: x."


@pytest.mark.parametrize("loading", [True, False])
def test_only_the_first_line_of_a_long_text_is_shown(loading: bool) -> None:
    text = "a" * 500 + "\nTraceback: secrets of the machine"
    with pytest.raises(BackendError) as caught, translate_errors("org/model", loading):
        raise ValueError(text)
    assert "a" * 200 in caught.value.what
    assert "a" * 201 not in caught.value.what
    assert "secrets" not in str(caught.value)


def test_an_error_without_words_is_called_by_its_type() -> None:
    with pytest.raises(BackendError, match="Strange"), translate_errors("org/model", loading=True):
        raise Strange


def test_the_log_has_the_whole_story(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.ERROR),
        pytest.raises(BackendError),
        translate_errors("org/model", loading=True),
    ):
        raise Strange("first line\nsecond line")
    assert "org/model failed while loading" in caplog.text
    assert "second line" in caplog.text


@pytest.mark.parametrize("loading", [True, False])
@pytest.mark.parametrize("error", [BadInput("This.", "That."), MemoryError(), KeyboardInterrupt()])
def test_our_own_errors_and_memory_pass_as_they_are(error: BaseException, loading: bool) -> None:
    with pytest.raises(type(error)) as caught, translate_errors("org/model", loading):
        raise error
    assert caught.value is error


def test_torch_and_numpy_run_out_of_memory_in_ways_that_are_known() -> None:
    import torch

    with pytest.raises(RuntimeError) as refused:  # by the CPU's allocator
        torch.empty(1 << 45)
    assert is_out_of_memory(refused.value)
    with pytest.raises(MemoryError) as refused:
        np.empty(1 << 50)
    assert is_out_of_memory(refused.value)
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))


@pytest.mark.parametrize("error", [RuntimeError("shape mismatch"), ValueError("can't allocate")])
def test_other_errors_are_not_taken_for_it(error: Exception) -> None:
    assert not is_out_of_memory(error)


def test_out_of_memory_says_what_did_not_fit_where() -> None:
    with pytest.raises(OutOfMemory) as told, translate_out_of_memory("org/model", lambda: "cuda:0"):
        raise MemoryError
    error = told.value
    assert error.what == "There is not enough memory on cuda:0 for org/model and this input."
    assert "smaller model" in error.todo
