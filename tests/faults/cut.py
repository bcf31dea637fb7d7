"""A proxy before the embedded database that cuts one connection at the COMMIT of an act.

It takes the place of the server's socket, which gets a second name, and gives it back: each is one rename,
so that nobody ever finds no socket there.
"""

import contextlib
import os
import socket
import threading
from pathlib import Path
from typing import Self

ACT = b"projects_once"  # only a request under a key writes this table
COMMIT = b"Q\0\0\0\x0bCOMMIT\0"
COMMITTED = b"C\0\0\0\x0bCOMMIT\0"
CHUNK = 1 << 16


class CommitCutter:
    """Stands between the application and its database until one act was cut.

    after: the server commits, and the application never hears of it; otherwise the COMMIT never arrives.
    """

    def __init__(self, socket_file: Path, *, after: bool) -> None:
        self.socket_file, self.after = socket_file, after
        self.real = socket_file.with_name(".real")
        self.has_cut = threading.Event()
        self._ends: list[socket.socket] = []

    def __enter__(self) -> Self:
        ours = self.socket_file.with_name(".proxy")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(ours))
        ours.chmod(0o777)  # the folder is closed
        self._listener.listen(64)
        self._taking = threading.Thread(target=self._take, daemon=True)
        self._taking.start()
        os.link(self.socket_file, self.real)
        self._node = ours.stat().st_ino
        ours.rename(self.socket_file)
        return self

    def __exit__(self, *_: object) -> None:
        """The server's socket is back, and who came through us has to come again."""
        if self._is_ours():
            self.real.rename(self.socket_file)
        else:  # the server was started anew meanwhile
            self.real.unlink()
        self._end(self._listener)
        self._taking.join()  # so that nobody is taken whom nobody ends
        self._end(*self._ends)

    def _is_ours(self) -> bool:
        try:
            return self.socket_file.stat().st_ino == self._node
        except FileNotFoundError:
            return False

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                self._ends += [client, server]
                try:
                    server.connect(str(self.real))
                except OSError:  # the server is down, and so are we for this one
                    self._end(client, server)
                else:
                    _Link(self, client, server).start()

    def _end(self, *ends: socket.socket) -> None:
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class _Link:
    """One connection through the proxy, watched for the COMMIT of an act."""

    def __init__(self, cutter: CommitCutter, client: socket.socket, server: socket.socket) -> None:
        self.cutter, self.client, self.server = cutter, client, server
        self.acts = self.commits = False

    def start(self) -> None:
        for pump in (self._ask, self._answer):
            threading.Thread(target=pump, daemon=True).start()

    def _ask(self) -> None:
        with contextlib.suppress(OSError):
            while asked := self.client.recv(CHUNK):
                self.acts = self.acts or ACT in asked
                if asked == COMMIT:
                    self.commits = self.acts
                    self.acts = False
                    if self.commits and not self.cutter.after and self._cut():
                        return
                self.server.sendall(asked)
        self._end()

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while answered := self.server.recv(CHUNK):
                if self.commits and self.cutter.after and COMMITTED in answered and self._cut():
                    return
                self.client.sendall(answered)
        self._end()

    def _cut(self) -> bool:
        """Cut this connection, unless another was cut before it."""
        if self.cutter.has_cut.is_set():
            return False
        self.cutter.has_cut.set()
        self._end()
        return True

    def _end(self) -> None:
        self.cutter._end(self.client, self.server)
