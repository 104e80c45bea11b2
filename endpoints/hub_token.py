"""The app's token for the Hub, for the replicas on this machine: handed over a Unix socket.

An environment variable or a command line could be read by every process that Ray starts. The
socket's folder belongs to one user alone; its path may be known.
"""

import threading
from multiprocessing.connection import Client, Listener


def offer(path: str, token: str) -> None:
    """Answer everyone who connects to `path`, in a thread, until this process ends."""
    listener = Listener(path, "AF_UNIX")
    threading.Thread(target=_answer, args=(listener, token), name="token", daemon=True).start()


def fetch(path: str) -> str:
    """The token. Raises OSError or EOFError where nobody offers it any more."""
    with Client(path, "AF_UNIX") as connection:
        return connection.recv_bytes().decode()


def _answer(listener: Listener, token: str) -> None:
    while True:
        try:
            with listener.accept() as connection:
                connection.send_bytes(token.encode())
        except OSError:  # whoever asked is gone already
            continue
