import itertools

import pytest

from endpoints.base import Hardware, Quota
from endpoints.huggingface import HuggingFace
from endpoints.menus import choose, usable


def test_nothing_chosen_gives_the_first_of_each(provider: HuggingFace) -> None:
    choice = choose(provider.hardware())
    assert (choice.vendors, choice.vendor) == (("aws", "gcp"), "aws")
    assert (choice.regions, choice.region) == (("eu-west-1", "us-east-1"), "eu-west-1")
    assert (choice.accelerators, choice.accelerator) == (("cpu",), "cpu")
    assert choice.instance is not None
    assert choice.instance.id == "aws-eu-west-1-intel-spr-x1"


def test_what_still_exists_is_kept_and_the_rest_chosen_anew(provider: HuggingFace) -> None:
    hardware = provider.hardware()
    gpu = choose(hardware, "aws", "us-east-1", "gpu")
    assert [machine.instance_type for machine in gpu.instances] == ["nvidia-l4"]
    elsewhere = choose(hardware, "gcp", "us-east-1", "cpu", "aws-us-east-1-intel-spr-x1")
    assert (elsewhere.region, elsewhere.accelerator) == ("us-east4", "gpu")
    assert elsewhere.instance is not None
    assert elsewhere.instance.instance_type == "nvidia-t4"


def test_instances_come_cheapest_first(provider: HuggingFace) -> None:
    choice = choose(provider.hardware(), "aws", "us-east-1", "cpu")
    assert [machine.price_per_hour for machine in choice.instances] == [0.033, 0.067]


def test_no_choice_leads_to_what_does_not_exist_or_cannot_be_had(provider: HuggingFace) -> None:
    hardware = provider.hardware()
    values = [sorted({getattr(m, key) for m in hardware}) for key in ("vendor", "region")]
    for vendor, region, accelerator in itertools.product(*values, ("cpu", "gpu", "neuron")):
        choice = choose(hardware, vendor, region, accelerator)
        assert choice.instance in hardware
        assert choice.instance is not None
        assert choice.instance.place == (choice.vendor, choice.region, choice.accelerator)
        assert usable(choice.instance)


def test_nothing_to_be_had() -> None:
    choice = choose([Hardware("x", "gpu", "t", "x1", status="deprecated")])
    assert (choice.vendors, choice.vendor, choice.instance) == ((), "", None)


@pytest.mark.parametrize(
    ("status", "quota", "replicas", "expected"),
    [
        ("available", Quota(0, 4), 2, True),
        ("low_availability", Quota(0, 4), 1, True),
        ("available", Quota(0, 4), 3, False),
        ("available", Quota(3, 4), 1, False),
        ("available", Quota(5, 4), 1, False),
        ("available", None, 100, True),
        ("not_available", Quota(0, 4), 1, False),
        ("deprecated", Quota(0, 4), 1, False),
    ],
)
def test_two_accelerators_a_replica_need_quota_for_two(
    status: str, quota: Quota | None, replicas: int, expected: bool
) -> None:
    machine = Hardware("x", "gpu", "t", "x2", accelerators=2, status=status, quota=quota)
    assert usable(machine, replicas) is expected
