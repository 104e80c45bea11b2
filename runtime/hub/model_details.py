"""Everything about one model on the Hub that a visitor wants to see before it comes here."""

from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.errors import EntryNotFoundError, FileMetadataError
from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

from runtime.errors import Unavailable
from runtime.hub import snapshot
from runtime.hub.client import Hub, check_names
from runtime.hub.errors import TABLE, translate
from runtime.hub.repository import API_SECONDS
from runtime.hub.search import ModelSummary, summarize
from runtime.messages import Message

LONGEST_README = 400_000  # bytes; the rest of a longer one is cut off


@dataclass(frozen=True)
class ModelDetails:
    """`files`: names with bytes, None where the Hub leaves them out. `readme` is markdown."""

    model: ModelSummary
    files: tuple[tuple[str, int | None], ...]
    readme: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.files)

    @property
    def loadable(self) -> bool:
        """Whether transformers finds a config and safetensors where it looks for them."""
        entry = snapshot.weights_entry(self.names, allow_pickle=False)
        return entry is not None and "config.json" in self.names

    @property
    def weights(self) -> int | None:
        """Bytes to download as weights; None where they are not told."""
        entry = snapshot.weights_entry(self.names, allow_pickle=False)
        if entry is None:
            return None
        shards = entry.endswith(".index.json")
        sizes = [
            size
            for name, size in self.files
            if (name.endswith(".safetensors") and "/" not in name if shards else name == entry)
        ]
        known_sizes = [size for size in sizes if size is not None]
        return sum(known_sizes) if len(known_sizes) == len(sizes) else None


def read(hub: Hub, repo_id: str) -> ModelDetails:
    """Two requests: the model, and its README.

    Raises ModelNotFound, Gated, NotAuthorised, RateLimited, Unavailable (at once without a Hub).
    """
    check_names(repo_id, None)
    if not hub.reachable():
        raise Unavailable(
            Message(
                "{model} cannot be looked up: the Hub is {state}.",
                model=repo_id,
                state=hub.state,
            ),
            Message("What is on this machine works without it; HF_ENDPOINT names a mirror."),
        )
    token = hub.token_for_endpoint
    try:
        info = HfApi(endpoint=hub.url, token=token).model_info(
            repo_id, timeout=API_SECONDS, files_metadata=True
        )
        files = tuple((s.rfilename, s.size) for s in info.siblings or ())
        readme = _readme(hub, repo_id, info.sha) if "README.md" in dict(files) else ""
        return ModelDetails(summarize(info), files, readme)
    except (KeyError, TypeError, AttributeError) as error:  # JSON, but not the Hub's
        raise translate(FileMetadataError(str(error)), repo_id, hub.endpoint) from error
    except TABLE.types as error:
        raise translate(error, repo_id, hub.endpoint) from error


def of_folder(model: ModelSummary, folder: Path) -> ModelDetails:
    """The same of a model that is on this machine, without the Hub."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = tuple((path.relative_to(folder).as_posix(), path.stat().st_size) for path in paths)
    readme = folder / "README.md"
    text = ""
    if readme.is_file():
        with readme.open("rb") as stream:
            text = stream.read(LONGEST_README).decode("utf-8", errors="replace")
    return ModelDetails(model, files, without_metadata(text))


def _readme(hub: Hub, repo_id: str, commit: str | None) -> str:
    """The text without its metadata block, at most LONGEST_README of it."""
    url = hf_hub_url(repo_id, "README.md", revision=commit, endpoint=hub.url)
    headers = build_hf_headers(token=hub.token_for_endpoint)
    content = b""
    with get_session().stream(
        "GET", url, headers=headers, timeout=API_SECONDS, follow_redirects=True
    ) as response:
        try:
            hf_raise_for_status(response)
        except EntryNotFoundError:  # gone since it was listed
            return ""
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) >= LONGEST_README:
                break
    return without_metadata(content[:LONGEST_README].decode("utf-8", errors="replace"))


def without_metadata(text: str) -> str:
    """A README without the YAML between two lines of --- on top."""
    lines = text.lstrip("\ufeff").splitlines()
    if not lines or lines[0].strip() != "---":
        return text
    ends = (number for number, line in enumerate(lines[1:], 1) if line.strip() == "---")
    return "\n".join(lines[next(ends, 0) + 1 :])
