"""Where Chromium is; run as a module, it brings one if there is none."""

import os
import shutil
import subprocess
import sys

# The first is Chromium without the window around a page, which costs as much as a small page.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")

# Names that lead to this machine, as anybody can have them in public DNS.
FOREIGN_NAMES = "*.example"

# No chatter with update and sync servers, and a microphone that needs no permission.
FLAGS = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    f"--host-resolver-rules=MAP {FOREIGN_NAMES} 127.0.0.1",
)


def executable() -> str | None:
    """The browser on the PATH; None means Playwright's own."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def flags() -> list[str]:
    """As root, Chromium starts without its sandbox only."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)


def install() -> None:
    """From Debian where we may; else, and where apt has only a stub, Playwright's own download."""
    if shutil.which(SHELL):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], check=False)
        subprocess.run(["apt-get", "install", "-q", "-y", SHELL], check=False)
    if not _starts():
        libraries = ["--with-deps"] if os.geteuid() == 0 else []
        command = [sys.executable, "-m", "playwright", "install", *libraries, "chromium"]
        subprocess.run(command, check=True)


def _starts() -> bool:
    """Whether there is a browser, and it is one: Ubuntu's package only points to a snap."""
    path = executable()
    if path is None:
        return False
    asked = subprocess.run([path, "--version"], capture_output=True, check=False)
    return asked.returncode == 0


if __name__ == "__main__":
    install()
