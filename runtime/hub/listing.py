"""What a model's repository on the Hub holds, and where each file of it can be fetched."""

import re
from dataclasses import dataclass

from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import FileMetadataError
from huggingface_hub.hf_api import RepoSibling

from runtime.hub.client import Hub
from runtime.hub.transfer import RemoteFile

API_SECONDS = 10.0  # silence after which a question to the Hub counts as unanswered
COMMIT = re.compile(r"[0-9a-f]{40}")
SAFE_ETAG = re.compile(r"\w[\w.\-]{0,200}", re.ASCII)  # it becomes a file's name


@dataclass(frozen=True)
class RepositoryListing:
    """One commit of one repository; `names` are all its files, wanted or not."""

    hub: Hub
    repo_id: str
    commit: str
    siblings: dict[str, RepoSibling]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.siblings)

    def file(self, name: str) -> RemoteFile:
        """Where that file is, its size and what its content is called.

        The listing says so; a mirror that leaves it out is asked file by file. Raises
        FileMetadataError when it does not say it then either.
        """
        sibling = self.siblings[name]
        url = hf_hub_url(self.repo_id, name, revision=self.commit, endpoint=self.hub.url)
        size, etag = sibling.size, sibling.lfs.sha256 if sibling.lfs else sibling.blob_id
        if size is None or etag is None:
            token = self.hub.token_for_endpoint
            head = get_hf_file_metadata(url, token=token, timeout=API_SECONDS)
            size, etag = head.size, head.etag
        if size is None or size < 0 or etag is None or not SAFE_ETAG.fullmatch(etag):
            raise FileMetadataError(f"{name}: size {size!r}, ETag {etag!r}")
        return RemoteFile(name, url, size, etag)


def read(hub: Hub, repo_id: str, revision: str | None) -> RepositoryListing:
    """Ask the Hub. Raises what huggingface_hub raises, and FileMetadataError for a strange answer.

    Contract: https://huggingface.co/docs/hub/api#get-apimodelsrepo_id-or-apimodelsrepo_idrevisionrevision
    """
    api = HfApi(endpoint=hub.url, token=hub.token_for_endpoint)
    try:
        info = api.model_info(repo_id, revision=revision, timeout=API_SECONDS, files_metadata=True)
    except (KeyError, TypeError) as error:  # JSON, but not the Hub's
        raise FileMetadataError(f"unexpected answer about {repo_id}") from error
    if not info.sha or not COMMIT.fullmatch(info.sha) or info.siblings is None:
        raise FileMetadataError(f"no commit or no files in the answer about {repo_id}")
    return RepositoryListing(hub, repo_id, info.sha, {s.rfilename: s for s in info.siblings})
