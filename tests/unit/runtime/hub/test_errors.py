import errno
import inspect

import huggingface_hub.errors
import pytest
from huggingface_hub.utils import get_session, hf_raise_for_status

from runtime.errors import (
    BackendError,
    BadInput,
    Gated,
    ModelNotFound,
    NotAuthorised,
    RateLimited,
    Unavailable,
)
from runtime.hub.errors import TABLE, translate
from tests.loopback_hub import LoopbackHub, Trouble

# Why a download never meets these, each by the part of huggingface_hub that raises it.
CANNOT_ARISE = {
    "CacheNotFound": "scanning the whole cache, which nothing here does",
    "CorruptedCacheException": "scanning the whole cache",
    "CachedRepoTreeNotFoundError": "get_cached_repo_tree only",
    "LocalTokenNotFoundError": "token=True only; a token or False is given here",
    "OIDCError": "looking for a token; a token or False is given here",
    "DeviceCodeError": "signing in",
    "InferenceEndpointError": "Inference Endpoints, see endpoints/",
    "SafetensorsParsingError": "reading a remote file's header",
    "NotASafetensorsRepoError": "reading a remote file's header",
    "HfUriError": "hf:// addresses",
    "DryRunError": "dry runs",
    "RevisionResolutionError": "resolve_revision only",
    "DDUFError": "DDUF files",
    "StrictDataclassError": "typed configs of other libraries",
    "XetDownloadError": "hf_xet, which is passed by: files come over plain HTTP",
    "FileDuplicationError": "copying between repositories",
    "CLIError": "the hf command",
    "SandboxError": "sandboxes",
}


def hub_exceptions() -> list[type[BaseException]]:
    return [
        kind
        for _, kind in inspect.getmembers(huggingface_hub.errors, inspect.isclass)
        if issubclass(kind, BaseException) and kind.__module__ == "huggingface_hub.errors"
    ]


@pytest.mark.parametrize("kind", hub_exceptions())
def test_every_exception_of_the_library_is_known(kind: type[BaseException]) -> None:
    # OSError is in the table for the disk; that an exception happens to be one explains nothing.
    by_table = any(base in TABLE.by_type and base is not OSError for base in kind.__mro__)
    by_reason = any(base.__name__ in CANNOT_ARISE for base in kind.__mro__)
    assert by_table != by_reason, "say in TABLE what it means, or in CANNOT_ARISE why it cannot be"


def test_no_reason_outlives_its_exception() -> None:
    assert set(CANNOT_ARISE) <= {kind.__name__ for kind in hub_exceptions()}


def answered(status: int, headers: dict[str, str] | None = None) -> BackendError:
    """What becomes of a real answer with that status."""
    with LoopbackHub({}) as server:
        server.trouble = Trouble(status=status, headers=headers or {})
        response = get_session().get(f"{server.url}/api/models/org/name")
        with pytest.raises(TABLE.types) as raised:
            hf_raise_for_status(response)
    return translate(raised.value, "org/name", "https://hub.example.org")


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (400, {}, BadInput),
        (401, {}, ModelNotFound),
        (401, {"X-Error-Code": "RepoNotFound"}, ModelNotFound),
        (401, {"X-Error-Message": "Invalid credentials in Authorization header"}, NotAuthorised),
        (401, {"X-Error-Code": "GatedRepo"}, Gated),
        (403, {"X-Error-Code": "GatedRepo"}, Gated),
        (403, {"X-Error-Message": "Access to this resource is disabled."}, ModelNotFound),
        (403, {}, NotAuthorised),
        (404, {}, ModelNotFound),
        (404, {"X-Error-Code": "RevisionNotFound"}, ModelNotFound),
        (404, {"X-Error-Code": "EntryNotFound"}, ModelNotFound),
        (418, {}, Unavailable),
        (429, {}, RateLimited),
        (500, {}, Unavailable),
        (503, {}, Unavailable),
    ],
)
def test_an_answer_becomes_an_error(
    status: int, headers: dict[str, str], kind: type[BackendError]
) -> None:
    error = answered(status, headers)
    assert type(error) is kind
    assert "{" not in str(error)
    assert error.what
    assert error.todo


def test_a_missing_file_is_not_a_missing_model() -> None:
    assert "file" in answered(404, {"X-Error-Code": "EntryNotFound"}).what


def test_gated_says_where_to_accept() -> None:
    error = answered(403, {"X-Error-Code": "GatedRepo"})
    assert "https://hub.example.org/org/name" in error.todo


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "120"}, "in 120 seconds"),
        ({"RateLimit": '"api";r=0;t=55'}, "in 55 seconds"),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, "in a few minutes"),
        ({}, "in a few minutes"),
    ],
)
def test_too_many_requests_says_when_to_come_back(headers: dict[str, str], wait: str) -> None:
    assert wait in answered(429, headers).todo


def test_a_cache_without_leave_to_write_is_called_so() -> None:
    error = translate(PermissionError(errno.EACCES, "no"), "org/name", "https://hub.example.org")
    assert isinstance(error, Unavailable)
    assert "cannot be written" in error.what


def test_offline_mode_names_its_switch() -> None:
    offline = huggingface_hub.errors.OfflineModeIsEnabled("no")
    assert "HF_HUB_OFFLINE" in translate(offline, "org/name", "https://hub.example.org").todo


def test_no_connection_names_the_mirror_switch() -> None:
    lost = huggingface_hub.errors.HTTPError("no")
    error = translate(lost, "org/name", "https://hub.example.org")
    assert "https://hub.example.org" in error.what
    assert "HF_ENDPOINT" in error.todo
