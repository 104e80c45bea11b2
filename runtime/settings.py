"""The environment, read once when the app starts and checked like any other input."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

ROOT = Path(__file__).resolve().parent.parent


class BadSettings(ValueError):
    """A variable holds something unusable; the text names it and what is allowed."""


class Settings(BaseModel):
    """One field per environment variable (its name in capitals is the alias); see the README."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", alias="HOST")
    port: int = Field(7860, alias="PORT", ge=0, le=65535)
    device: str | None = Field(None, alias="DEVICE")
    catalogue: Path = Field(ROOT / "models.yaml", alias="CATALOGUE")
    cache_dir: Path = Field(Path("~/.cache/pipeline-playground"), alias="CACHE_DIR")
    hub_cache: Path | None = Field(None, alias="HF_HUB_CACHE")
    hub_endpoint: str = Field("https://huggingface.co", alias="HF_ENDPOINT")
    hub_offline: bool = Field(False, alias="HF_HUB_OFFLINE")
    token: SecretStr | None = Field(None, alias="HF_TOKEN")
    memory_gb: float | None = Field(None, alias="MODEL_MEMORY_GB", gt=0)
    idle_minutes: float = Field(30, alias="IDLE_MINUTES", gt=0)
    max_model_gb: float = Field(10, alias="MAX_MODEL_GB", gt=0)
    max_visitor_model_gb: float = Field(2, alias="MAX_VISITOR_MODEL_GB", gt=0)
    max_visitor_models: int = Field(10, alias="MAX_VISITOR_MODELS", ge=0)
    max_audio_minutes: float = Field(60, alias="MAX_AUDIO_MINUTES", gt=0)
    api_token: SecretStr | None = Field(None, alias="API_TOKEN")
    max_request_mb: float = Field(100, alias="MAX_REQUEST_MB", gt=0)
    max_json_mb: float = Field(20, alias="MAX_JSON_MB", gt=0)
    max_connections: int | None = Field(512, alias="MAX_CONNECTIONS", gt=0)
    shutdown_seconds: int = Field(20, alias="SHUTDOWN_SECONDS", ge=0, le=3600)
    allowed_hosts: str = Field("", alias="ALLOWED_HOSTS")
    allowed_origins: str = Field("", alias="ALLOWED_ORIGINS")
    proxies: str = Field("127.0.0.1", alias="FORWARDED_ALLOW_IPS")
    requests_per_minute: int | None = Field(None, alias="REQUESTS_PER_MINUTE", gt=0)
    serve_any_model: bool = Field(False, alias="SERVE_ANY_MODEL")
    preload: bool = Field(False, alias="PRELOAD")
    space_id: str | None = Field(None, alias="SPACE_ID")
    public_page: bool = Field(False, alias="PUBLIC")
    share_token: bool = Field(False, alias="SHARE_TOKEN")
    allowed_endpoint_hosts: str = Field("", alias="ALLOWED_ENDPOINT_HOSTS")
    loading_minutes: float = Field(10, alias="LOADING_MINUTES", gt=0)
    ray_address: str | None = Field(None, alias="RAY_ADDRESS")
    endpoints_port: int = Field(8000, alias="ENDPOINTS_PORT", ge=1, le=65535)
    endpoints_cpus: int | None = Field(None, alias="ENDPOINTS_CPUS", gt=0)
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
        given: dict[str, Any] = {
            name: value.strip() for name, value in environ.items() if value.strip()
        }
        given.setdefault("HF_TOKEN", given.get("HUGGINGFACE_API_KEY"))
        if "HF_HOME" in given:
            given.setdefault("HF_HUB_CACHE", str(Path(given["HF_HOME"]) / "hub"))
        if "SPACE_ID" in given:  # a Space's proxy reaches the app from outside the container
            given.setdefault("HOST", "0.0.0.0")
        # A GPU that is lent for one call has no time for loading.
        given.setdefault("PRELOAD", given.get("SPACES_ZERO_GPU"))
        known = {field.alias for field in cls.model_fields.values()}
        try:
            settings = cls(**{k: v for k, v in given.items() if k in known and v is not None})
        except ValidationError as error:
            first = error.errors()[0]
            # The value itself is left out: it might be a token.
            raise BadSettings(f"Environment variable {first['loc'][0]}: {first['msg']}.") from None
        paths = {name: p.expanduser() for name, p in settings if isinstance(p, Path)}
        endpoint = settings.hub_endpoint.rstrip("/")
        return settings.model_copy(update={**paths, "hub_endpoint": endpoint})
