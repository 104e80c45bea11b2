"""The environment, read once when the app starts and checked like any other input.

Beyond text and numbers a setting holds places, tokens and an address of Ray.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

RAY_ADDRESS = re.compile(r"auto|local|(ray://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})", re.ASCII)
ROOT = Path(__file__).resolve().parent.parent
# No child process has them in its environment.
SECRETS = (
    *("API_TOKEN", "HF_TOKEN", "HUGGINGFACE_API_KEY", "HUGGING_FACE_HUB_TOKEN"),
    "OAUTH_CLIENT_SECRET",
)
# Control characters, and bytes that were no text: Python keeps those as surrogates (PEP 383).
NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# What gradio 6.31 and huggingface_hub 2.4 make whole numbers of, most while they are imported.
LIBRARY_NUMBERS = (
    *("GRADIO_SERVER_PORT", "GRADIO_NUM_PORTS", "GRADIO_NODE_NUM_PORTS", "GRADIO_DEBUG"),
    *("GRADIO_ANALYTICS_MAX_EVENTS", "HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT"),
)


def _place(path: Path) -> Path:
    """`path` from the home directory on. Raises ValueError where it can never be looked at."""
    try:
        path = path.expanduser()
    except RuntimeError:
        raise ValueError("There is no such home directory; write the path out") from None
    try:
        path.stat()
    except FileNotFoundError:
        return path
    except OSError as error:
        raise ValueError(f"This place cannot be used ({error.strerror})") from None
    return path


def _folder(path: Path) -> Path:
    """`path`, which need not be there yet. Raises ValueError for a file."""
    path = _place(path)
    if path.exists() and not path.is_dir():
        raise ValueError("This is a file, and a folder is needed")
    return path


def _sendable(token: SecretStr) -> SecretStr:
    """The token. Raises ValueError for one that no HTTP header can hold."""
    if not re.fullmatch("[!-~]+", token.get_secret_value()):
        raise ValueError("A token is letters, digits and signs of ASCII, without spaces")
    return token


def _of_ray(address: str) -> str:
    """An address of Ray. Raises ValueError for one that Ray would stumble over later."""
    found = RAY_ADDRESS.fullmatch(address)
    if not found or found[3] and not 0 < int(found[3]) < 65536:
        raise ValueError(
            "Allowed are auto, local, or the address of a cluster such as 10.0.0.1:6379"
        )
    return address


ExistingPath = Annotated[Path, AfterValidator(_place)]
Folder = Annotated[Path, AfterValidator(_folder)]
SecretToken = Annotated[SecretStr, AfterValidator(_sendable)]
RayAddress = Annotated[str, AfterValidator(_of_ray)]


class BadSettings(ValueError):
    """A variable holds something unusable; the text names it and what is allowed."""


def check_library_numbers(environ: Mapping[str, str]) -> None:
    """Raise BadSettings where importing a library would end in a trace, so call this before."""
    for name in LIBRARY_NUMBERS:
        try:
            int(environ.get(name, "0"))
        except ValueError:
            raise _wrong(name, "A whole number is needed, or none at all") from None


def can_write(folder: Path) -> bool:
    """Whether the app may write in `folder`, or may make it where it is not there yet."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    return os.access(there, os.W_OK | os.X_OK)


def _wrong(name: str, problem: str) -> BadSettings:
    problem = problem.removeprefix("Value error, ")  # pydantic's, before what a validator says
    return BadSettings(f"Environment variable {name}: {problem}.")


class Settings(BaseModel):
    """One field per environment variable (its name in capitals is the alias); see the README.

    Every number has bounds within which its bytes and seconds can be counted.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", validate_default=True, allow_inf_nan=False
    )

    host: str = Field("127.0.0.1", alias="HOST")
    port: int = Field(7860, alias="PORT", ge=0, le=65535)
    device: str | None = Field(None, alias="DEVICE")
    catalogue: ExistingPath = Field(ROOT / "models.yaml", alias="CATALOGUE")
    cache_dir: Folder = Field(Path("~/.cache/pipeline-playground"), alias="CACHE_DIR")
    hub_cache: Folder | None = Field(None, alias="HF_HUB_CACHE")
    hub_endpoint: str = Field("https://huggingface.co", alias="HF_ENDPOINT")
    hub_offline: bool = Field(False, alias="HF_HUB_OFFLINE")
    token: SecretToken | None = Field(None, alias="HF_TOKEN")
    memory_gb: float | None = Field(None, alias="MODEL_MEMORY_GB", ge=0.001, le=1e6)
    idle_minutes: float = Field(30, alias="IDLE_MINUTES", ge=0.001, le=1e9)
    max_model_gb: float = Field(10, alias="MAX_MODEL_GB", ge=0.001, le=1e6)
    max_visitor_model_gb: float = Field(2, alias="MAX_VISITOR_MODEL_GB", ge=0.001, le=1e6)
    max_visitor_models: int = Field(10, alias="MAX_VISITOR_MODELS", ge=0, le=1_000_000)
    max_audio_minutes: float = Field(60, alias="MAX_AUDIO_MINUTES", ge=0.001, le=1e6)
    api_token: SecretToken | None = Field(None, alias="API_TOKEN")
    max_request_mb: float = Field(100, alias="MAX_REQUEST_MB", ge=0.001, le=1e6)
    max_json_mb: float = Field(20, alias="MAX_JSON_MB", ge=0.001, le=1000)
    requests_per_minute: int | None = Field(None, alias="REQUESTS_PER_MINUTE", gt=0, le=1_000_000)
    max_connections: int | None = Field(None, alias="MAX_CONNECTIONS", gt=0, le=1_000_000)
    shutdown_seconds: int = Field(20, alias="SHUTDOWN_SECONDS", ge=0, le=3600)
    allowed_hosts: str = Field("", alias="ALLOWED_HOSTS")
    allowed_origins: str = Field("", alias="ALLOWED_ORIGINS")
    proxies: str = Field("127.0.0.1", alias="FORWARDED_ALLOW_IPS")
    serve_any_model: bool = Field(False, alias="SERVE_ANY_MODEL")
    preload: bool = Field(False, alias="PRELOAD")
    space_id: str | None = Field(None, alias="SPACE_ID")
    public_page: bool = Field(False, alias="PUBLIC")
    share_token: bool = Field(False, alias="SHARE_TOKEN")
    allowed_endpoint_hosts: str = Field("", alias="ALLOWED_ENDPOINT_HOSTS")
    loading_minutes: float = Field(10, alias="LOADING_MINUTES", ge=0.001, le=10_000)
    ray_address: RayAddress | None = Field(None, alias="RAY_ADDRESS")
    endpoints_port: int = Field(8000, alias="ENDPOINTS_PORT", ge=1, le=65535)
    endpoints_cpus: int | None = Field(None, alias="ENDPOINTS_CPUS", gt=0, le=10_000)
    oauth_client_id: str | None = Field(None, alias="OAUTH_CLIENT_ID")
    zero_gpu: bool = Field(False, alias="SPACES_ZERO_GPU")
    gpu_seconds: int = Field(60, alias="GPU_SECONDS", ge=1, le=3600)

    @property
    def public(self) -> bool:
        """True where visitors are not the owner: on a Hugging Face Space, or if PUBLIC says so."""
        return bool(self.space_id) or self.public_page

    @property
    def signs_in(self) -> bool:
        """True on a Space whose card asks for it (`hf_oauth`): visitors can sign in."""
        return bool(self.space_id and self.oauth_client_id)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the variables above; raises BadSettings naming the first one that is wrong."""
        variables = {name: value.strip() for name, value in environ.items() if value.strip()}
        origin = {"HF_TOKEN": "HUGGINGFACE_API_KEY", "HF_HUB_CACHE": "HF_HOME"}
        origin["PRELOAD"] = "SPACES_ZERO_GPU"  # a GPU that is lent for one call cannot load
        origin = {name: other for name, other in origin.items() if name not in variables}
        names = [field.alias or "" for field in cls.model_fields.values()]
        values: dict[str, Any] = {}
        for name in names:
            source = origin.get(name, name)
            if source not in variables:
                continue
            if NO_TEXT.search(variables[source]):
                raise _wrong(source, "It holds a control character, or bytes that are not UTF-8")
            values[name] = variables[source]
        if origin.get("HF_HUB_CACHE") in variables:
            values["HF_HUB_CACHE"] = str(Path(values["HF_HUB_CACHE"]) / "hub")
        if "SPACE_ID" in variables:  # a Space's proxy reaches the app from outside the container
            values.setdefault("HOST", "0.0.0.0")
        try:
            settings = cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            # The value itself is left out: it might be a token.
            raise _wrong(origin.get(name, name), first["msg"]) from None
        return settings.model_copy(update={"hub_endpoint": settings.hub_endpoint.rstrip("/")})
