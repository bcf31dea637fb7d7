"""A wire between the application and its database, over TCP on loopback, that tests cut at a COMMIT."""

import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

COMMIT = b"Q\0\0\0\x0bCOMMIT\0"  # as the client asks for it, in a message of its own
CHUNK = 1 << 16


class _Link(socketserver.BaseRequestHandler):
    """One connection, carried until an end hangs up or it is cut; leaving closes both ends."""

    server: "Wire"

    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as database:
            database.connect(self.server.database)
            self._carry(self.request, database)

    def _carry(self, client: socket.socket, database: socket.socket) -> None:
        others = {client: database, database: client}
        committing = False
        while True:
            for end in select.select(list(others), [], [])[0]:
                message = end.recv(CHUNK)
                if not message or (committing and end is database):
                    return
                if message == COMMIT and self.server.plan:
                    fate = self.server.plan.pop(0)
                    if fate == "before":
                        return
                    committing = fate == "after"
                others[end].sendall(message)


class Wire(socketserver.ThreadingTCPServer):
    """`plan`: what becomes of the next COMMITs, one after the other; those after them pass.

    "before": it never arrives, and nothing is done. "after": it is done, and its sender never hears of it.
    "pass": nothing happens to it.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, database: str) -> None:
        super().__init__(("127.0.0.1", 0), _Link)
        self.database = database
        self.plan: list[str] = []

    def address_of(self, url: str) -> str:
        """A database's address through this wire."""
        parts = urlsplit(url)
        return f"postgres://{parts.username}:{parts.password}@127.0.0.1:{self.server_address[1]}{parts.path}"


@contextmanager
def wire_to(url: str) -> Iterator[Wire]:
    """A wire to the server of this address, which is that of a unix socket."""
    folder = unquote(urlsplit(url).hostname or "")
    with Wire(f"{folder}/.s.PGSQL.5432") as wire:
        thread = threading.Thread(target=wire.serve_forever, args=(0.05,))
        thread.start()
        yield wire
        wire.shutdown()
        thread.join()
