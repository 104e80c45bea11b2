"""Where Chromium is; run as a module, it brings one if there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")

# No chatter with update and sync servers, and a microphone that needs no permission.
FLAGS = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


def executable() -> str | None:
    """The browser on the PATH; None means Playwright's own."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def flags() -> list[str]:
    """As root, Chromium starts without its sandbox only."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)


def install() -> None:
    """From Debian where we may, else Playwright's own download."""
    if executable():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(["apt-get", "install", "-q", "-y", "chromium"], check=True)
    else:
        python = Path(sys.executable)
        subprocess.run([python, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    install()
