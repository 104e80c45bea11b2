"""The tables of errors: complete against the libraries, and safe to show."""

import inspect

import httpx2
import huggingface_hub.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.error_mapping import RequestInfo, estimate, server_message
from backends.error_messages import ENDPOINT, EXCEPTIONS, HUB
from tests.unit.runtime.hub.test_errors import hub_exceptions

ASKED = RequestInfo("host.example", "org/m", "text-classification", "hf_secret")
# Why a request never meets these.
CANNOT_ARISE = {
    "CacheNotFound": "scanning the cache",
    "CorruptedCacheException": "scanning the cache",
    "CachedRepoTreeNotFoundError": "get_cached_repo_tree only",
    "LocalTokenNotFoundError": "a token is always given",
    "OIDCError": "a token is always given",
    "DeviceCodeError": "signing in",
    "InferenceEndpointError": "managing Inference Endpoints, see endpoints/",
    "SafetensorsParsingError": "reading a remote file's header",
    "NotASafetensorsRepoError": "reading a remote file's header",
    "HfUriError": "hf:// addresses",
    "DryRunError": "dry runs",
    "RevisionResolutionError": "resolve_revision only",
    "EntryNotFoundError": "files of a repository",
    "FileMetadataError": "files of a repository",
    "HFValidationError": "names are checked before anything is asked",
    "DDUFError": "DDUF files",
    "StrictDataclassError": "typed configs of other libraries",
    "XetDownloadError": "hf_xet",
    "FileDuplicationError": "copying between repositories",
    "CLIError": "the hf command",
    "SandboxError": "sandboxes",
    "CookieConflict": "nothing here reads cookies",
    "InvalidURL": "addresses are checked before anything is asked",
    "StreamError": "a body read twice, which would be a mistake here",
}


def exceptions() -> list[type[BaseException]]:
    theirs = [
        kind
        for _, kind in inspect.getmembers(httpx2, inspect.isclass)
        if issubclass(kind, BaseException)
    ]
    return [*hub_exceptions(), *theirs]


@pytest.mark.parametrize("kind", exceptions(), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_libraries_is_known(kind: type[BaseException]) -> None:
    names = [base.__name__ for base in kind.__mro__]
    by_table = any(name in EXCEPTIONS for name in names)
    by_reason = any(name in CANNOT_ARISE for name in names)
    assert by_table or by_reason, "say in EXCEPTIONS what it means, or why it cannot be"


def test_no_reason_outlives_its_exception() -> None:
    assert set(CANNOT_ARISE) <= {kind.__name__ for kind in exceptions()}


def test_every_row_is_of_an_exception_or_of_python_s() -> None:
    theirs = {base.__name__ for kind in exceptions() for base in kind.__mro__}
    assert set(EXCEPTIONS) - theirs == {"JSONDecodeError", "UnicodeDecodeError"}
    assert issubclass(huggingface_hub.errors.HfHubHTTPError, httpx2.HTTPError)


@given(st.sampled_from([HUB, ENDPOINT]), st.integers(100, 599), st.text())
def test_any_refusal_is_two_sentences(table: dict, status: int, body: str) -> None:
    error = ASKED.refusal(table, status, {}, body)
    assert error.what.endswith(".")
    assert error.todo
    assert "{" not in error.what.replace(ASKED.safe(body), "")


@given(st.text(), st.text())
def test_what_a_server_says_back_never_holds_the_token(before: str, after: str) -> None:
    assert "hf_secret" not in ASKED.safe(f"{before}hf_secret{after}")


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_any_json_has_a_reason_or_none(value: object) -> None:
    import json

    for told in (value, {"error": value}, {"detail": [{"msg": value}]}, {"estimated_time": value}):
        text = json.dumps(told)
        assert isinstance(server_message(text), str)
        assert estimate(text) is None or estimate(text) >= 0


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ('{"estimated_time": 20.5}', 20.5),
        ('{"estimated_time": 0}', 0.0),
        ('{"estimated_time": -1}', None),
        ('{"estimated_time": "20"}', None),
        ('{"estimated_time": NaN}', None),
        ("[]", None),
        ("", None),
    ],
)
def test_an_estimate(body: str, seconds: float | None) -> None:
    assert estimate(body) == seconds
