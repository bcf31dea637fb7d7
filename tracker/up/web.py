"""The web's address: listening there ourselves, so that it is ours before anything else is started.

gunicorn inherits the socket. While the web restarts, requests wait in the socket's queue.
"""

import socket
import sys
import urllib.error
import urllib.request

from tracker.up.plan import ROOT, Plan
from tracker.up.process import spawn
from tracker.up.supervisor import Child, HouseError

QUEUE = 1024
THREADS = "8"
SECONDS_TO_ANSWER = 3


def listen(host: str, port: int) -> socket.socket:
    """The listening socket. HouseError with a sentence when the address is taken or not ours."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(QUEUE)
    except OSError as error:
        raise HouseError(
            f"{netloc(host, port)} cannot be used: {error.strerror}."
            f" Stop the other program, or choose another port: PORT={port + 1} ./run"
        ) from error
    return listener


def web(plan: Plan, listener: socket.socket) -> Child:
    """gunicorn on our socket."""
    options = ["--bind", f"fd://{listener.fileno()}", "--worker-class", "gthread", "--threads", THREADS]
    options += ["--log-level", "warning", "--no-control-socket"]
    argv = [sys.executable, "-m", "gunicorn", "tracker.wsgi:application", *options]
    return Child(
        "web",
        lambda output: spawn(
            argv, env=plan.environment, cwd=ROOT, output=output, inherit=(listener.fileno(),)
        ),
        patience=35.0,  # gunicorn lets requests finish for 30
    )


def answers(listener: socket.socket) -> bool:
    """Whether the web gives any answer over HTTP."""
    host, port = listener.getsockname()[:2]
    try:
        urllib.request.urlopen(f"http://{netloc(host, port)}/healthz", timeout=SECONDS_TO_ANSWER).close()
    except urllib.error.HTTPError as answer:
        answer.close()
        return True
    except OSError:
        return False
    return True


def netloc(host: str, port: int) -> str:
    """host:port, as an address spells it (IPv6 in brackets)."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
