"""A process of a user who owns nothing, to meet what others have left."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT

PATIENCE = 60.0  # seconds until a process that hangs fails
# To be run once all is imported: Python itself may be root's alone.
BECOME = "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)"


def run(program: str, folder: Path) -> str:
    """The last line that `program` prints, which runs BECOME; `folder` is its argument.

    They may look into it, and into those that it is in. Skips the test where this is not root.
    """
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    for path in (folder, *folder.parents):
        if path.stat().st_uid == 0 and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]
