"""Who may call this server: by which names, from pages of which origins."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from starlette.datastructures import Headers

from runtime.settings import BadSettings, Settings

# Pages that may show a Space in a frame: https://huggingface.co/docs/hub/spaces-embed
SPACE_FRAMES = ("https://huggingface.co", "https://*.huggingface.co", "https://*.hf.space")
# Names of other scripts come as "xn--...".
HOST = re.compile(
    r"(?:\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[a-z0-9_.-]+))(?::(?P<port>[0-9]{1,5}))?"
)
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
        if settings.space_id:
            hosts.append(space_host(settings.space_id))
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
        return self.public or name == "localhost" or is_address(name) or self._names(name)

    def may_forward(self, headers: Headers) -> bool:
        """Whether X-Forwarded-Host may say how a public page is called, for all visitors to read.

        Anybody can send it: it counts if it says no more than Host does, or a name of the page.
        """
        host = host_name(headers.get("host", ""))
        names = [host_name(name) for name in forwarded_hosts(headers)]
        return all(name and (name == host or self._names(name)) for name in names)

    def _names(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.hosts)


def forwarded_hosts(headers: Headers) -> list[str]:
    """What X-Forwarded-Host names, the outermost proxy's first."""
    names = headers.get("x-forwarded-host", "")
    return [name.strip() for name in names.split(",")] if names else []


def host_name(host: str) -> str | None:
    """The name in a Host header, lower case, without port, brackets or a dot at its end."""
    found = HOST.fullmatch(host.lower())
    if found is None:
        return None
    address, name = found["address"], (found["name"] or "").removesuffix(".")
    if address is not None:
        return address if is_address(address) else None
    return name or None


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
    scheme, _, netloc = origin.partition("://")
    default = PORTS.get(scheme)
    if default is None:
        return False  # "null" is what sandboxed frames and files send
    page = _name_and_port(netloc, default)
    return page is not None and any(_name_and_port(host, default) == page for host in hosts)


def space_host(space_id: str) -> str:
    """Where Hugging Face serves a Space: "Me/My_App" is at me-my-app.hf.space."""
    return f"{re.sub(r'[^a-z0-9]+', '-', space_id.lower())}.hf.space"


def _name_and_port(netloc: str, default: int) -> tuple[str, int] | None:
    name, found = host_name(netloc), HOST.fullmatch(netloc.lower())
    return (name, int(found["port"] or default)) if name and found else None


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
    bare = entry.rstrip("/").lower()
    scheme, _, netloc = bare.partition("://")
    if scheme not in PORTS or host_name(netloc) is None:
        raise BadSettings(
            f"Environment variable ALLOWED_ORIGINS: {entry!r} is no origin. "
            "Allowed: origins with commas, such as https://example.org."
        )
    return bare
