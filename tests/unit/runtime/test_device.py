import psutil
import pytest

from runtime.device import Device, choose, expected_kind, memory_bytes
from runtime.settings import BadSettings

CPU = Device("cpu", "float32", "a test")


@pytest.mark.parametrize("setting", ["-1", "cpu"])
def test_the_cpu_can_be_asked_for(setting: str) -> None:
    assert choose(setting) == Device("cpu", "float32", f"DEVICE={setting}")


def test_the_best_there_is_works_and_says_why() -> None:
    import torch

    device = choose(None)
    ones = torch.ones(2, device=device.name, dtype=getattr(torch, device.dtype))
    assert float((ones + ones).sum()) == 4.0
    assert device.kind == ("cuda" if torch.cuda.is_available() else device.kind)
    assert "found" in device.reason


@pytest.mark.parametrize(
    "setting",
    ["99", "cuda:99", "xpu:99", "banana", "cuda:x", "--1", "²", "cpu cuda", "hpu", "meta", ":"],
)
def test_what_cannot_be_used_is_refused_with_what_can(setting: str) -> None:
    with pytest.raises(BadSettings) as caught:
        choose(setting)
    text = str(caught.value)
    assert text.startswith(f"DEVICE={setting} cannot be used here (")
    assert text.endswith(
        "Allowed: an index, -1 for the CPU, or a name such as cuda:0, xpu, mps, cpu."
    )
    assert "\n" not in text


@pytest.mark.parametrize(
    ("setting", "kind"),
    [("-1", "cpu"), ("cpu", "cpu"), ("0", "cuda"), ("cuda:1", "cuda"), ("mps", "mps")],
)
def test_a_setting_tells_the_kind_before_torch_is_there(setting: str, kind: str) -> None:
    assert expected_kind(setting) == kind


@pytest.mark.parametrize("setting", ["-1", "cpu", None])
def test_the_guess_comes_true(setting: str | None) -> None:
    assert expected_kind(setting) == choose(setting).kind


@pytest.mark.parametrize(("name", "kind"), [("cuda:1", "cuda"), ("cpu", "cpu")])
def test_the_kind_is_the_name_without_its_index(name: str, kind: str) -> None:
    assert Device(name, "float32", "").kind == kind


def test_this_process_may_have_no_more_memory_than_the_machine_has() -> None:
    may = memory_bytes(CPU)
    assert psutil.Process().memory_info().rss < may <= psutil.virtual_memory().total
