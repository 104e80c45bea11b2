"""Who may call this server: by which names, from pages of which origins."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from runtime.settings import BadSettings, Settings

# Pages that may show a Space in a frame: https://huggingface.co/docs/hub/spaces-embed
SPACE_FRAMES = ("https://huggingface.co", "https://*.huggingface.co", "https://*.hf.space")
NAME = re.compile(r"[a-z0-9_.-]+")  # names of other scripts come as "xn--..."
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class WebPolicy:
    """`public`: visitors are strangers, so any name is answered and any origin may call.

    `hosts`: names beside localhost and addresses in numbers; `*.example.org` is all below it.
    `origins`: of pages that may call from elsewhere, such as "https://example.org".
    `frames`: origins of pages that may show this one in a frame.
    """

    public: bool
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()

    @classmethod
    def from_settings(cls, settings: Settings) -> "WebPolicy":
        """Read ALLOWED_HOSTS and ALLOWED_ORIGINS. Raises BadSettings."""
        hosts = [_host_pattern(entry) for entry in _entries(settings.allowed_hosts)]
        origins = [_origin(entry) for entry in _entries(settings.allowed_origins)]
        own = (socket.gethostname(), f"{socket.gethostname()}.local", settings.host)
        return cls(
            public=settings.public,
            hosts=(*hosts, *(name.lower().strip("[]") for name in own)),
            origins=tuple(origins),
            frames=SPACE_FRAMES if settings.space_id else (),
        )

    def answers_to(self, host: str) -> bool:
        """Whether a request with this Host header is meant for this server.

        An address in numbers always is: a foreign page's name can be made to lead to any address
        ("DNS rebinding"), but its requests then carry that name.
        """
        name = host_name(host)
        if name is None:
            return False
        if self.public or name == "localhost" or is_address(name):
            return True
        return any(fnmatchcase(name, pattern) for pattern in self.hosts)


def host_name(host: str) -> str | None:
    """The name in a Host header, lower case, without port, brackets or a dot at its end."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises ValueError where it is none
    except ValueError:
        return None
    name = (parts.hostname or "").removesuffix(".")
    bare = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    return name if bare and (NAME.fullmatch(name) or is_address(name)) else None


def is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_same_origin(origin: str, hosts: Iterable[str]) -> bool:
    """Whether `origin` is of a page of one of `hosts`, as Host headers have them.

    Its scheme counts for the port alone: behind a proxy with https the app sees http.
    """
    parts = urlsplit(origin)
    default = PORTS.get(parts.scheme)
    if default is None:
        return False  # "null" is what sandboxed frames and files send
    page = _name_and_port(parts.netloc, default)
    return page is not None and any(_name_and_port(host, default) == page for host in hosts)


def _name_and_port(netloc: str, default: int) -> tuple[str, int] | None:
    name = host_name(netloc)
    return None if name is None else (name, urlsplit(f"//{netloc}").port or default)


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _host_pattern(entry: str) -> str:
    name = host_name(entry.removeprefix("*."))
    if name is None:
        raise BadSettings(
            f"Environment variable ALLOWED_HOSTS: {entry!r} is no name. "
            "Allowed: names with commas, such as play.example.org or *.example.org."
        )
    return f"*.{name}" if entry.startswith("*.") else name


def _origin(entry: str) -> str:
    parts = urlsplit(entry)
    bare = entry.rstrip("/").lower()
    if parts.scheme not in PORTS or bare != f"{parts.scheme}://{parts.netloc}".lower():
        raise BadSettings(
            f"Environment variable ALLOWED_ORIGINS: {entry!r} is no origin. "
            "Allowed: origins with commas, such as https://example.org."
        )
    return bare
