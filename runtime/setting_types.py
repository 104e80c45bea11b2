"""What a setting may hold beyond text and numbers: places, tokens, an address of Ray.

What a validator raises ends a line that begins with the variable's name; it repeats no value.
"""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, SecretStr

RAY_ADDRESS = re.compile(r"auto|local|(ray://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})", re.ASCII)


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
