"""What there is to run an endpoint on, and what it costs."""

from typing import Any

Json = dict[str, Any]


def machine(kind: str, size: str, price: float, used: int = 0, limit: int = 4, **more: Any) -> Json:
    """A row of `computes`, as InferenceEndpointHardware.from_raw reads it."""
    cpu = kind.startswith("intel")
    count = int(size[1:])
    return {
        "accelerator": "cpu" if cpu else "gpu",
        "instanceType": kind,
        "instanceSize": size,
        "architecture": kind.replace("-", " ").title(),
        "numAccelerators": count,
        "numCpus": count,
        "memoryGb": 2.0 * count,
        "gpuMemoryGb": None if cpu else 24 * count,
        "pricePerHour": price,
        "status": "available",
        "quota": {"maxAccelerators": limit, "usedAccelerators": used},
    } | more


def vendors() -> list[Json]:
    """Some of what the price list has, with one of each trouble."""
    here = [
        machine("intel-spr", "x1", 0.033, limit=16),
        machine("intel-spr", "x2", 0.067, limit=16),
        machine("nvidia-l4", "x1", 0.8),
        machine("nvidia-a100", "x1", 2.5, status="not_available"),
        machine("nvidia-h200", "x1", 5.0, used=2, limit=2),
    ]
    places = {
        ("aws", "us-east-1"): here,
        ("aws", "eu-west-1"): [machine("intel-spr", "x1", 0.033, limit=16)],
        ("gcp", "us-east4"): [machine("nvidia-t4", "x1", 0.5)],
    }
    found: dict[str, list[Json]] = {}
    for (vendor, region), rows in places.items():
        for row in rows:
            row["id"] = f"{vendor}-{region}-{row['instanceType']}-{row['instanceSize']}"
        found.setdefault(vendor, []).append({"name": region, "computes": rows})
    return [{"name": name, "regions": regions} for name, regions in found.items()]
