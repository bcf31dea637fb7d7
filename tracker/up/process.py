"""Starting programs so that none outlives us, and as somebody else than root where they insist."""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl


def unprivileged_user() -> pwd.struct_passwd | None:
    """Who runs what refuses to be root: `nobody` when we are root, None (ourselves) otherwise."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def as_user(user: pwd.struct_passwd | None) -> dict[str, object]:
    """The arguments of subprocess that drop all rights to `user`; none for None."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def can_enter(user: pwd.struct_passwd, folder: Path) -> bool:
    """Whether `user` can reach into `folder`, by asking the kernel (modes, parents, ACLs, mounts)."""
    return subprocess.run(["test", "-x", str(folder)], cwd="/", **as_user(user)).returncode == 0  # type: ignore[call-overload]


def spawn(
    argv: Sequence[str | Path],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    user: pwd.struct_passwd | None = None,
    env: Mapping[str, str] | None = None,
    cwd: str | Path = "/",
    output: int | IO[bytes] | None = None,
    inherit: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own; the kernel sends it `death_signal` when we die.

    The kernel watches the calling *thread*: start long-lived programs from the main thread.
    `output` takes both stdout and stderr; of our other files the program gets those in `inherit`.
    """
    parent = os.getpid()

    def in_the_child() -> None:
        _prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # we died before the kernel was told
            os._exit(1)

    return subprocess.Popen(  # type: ignore[call-overload]
        argv,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=env,
        cwd=cwd,
        start_new_session=True,
        pass_fds=inherit,
        preexec_fn=in_the_child,
        **as_user(user),
    )


def kill_group(pid: int, signum: signal.Signals) -> None:
    """Signal everything in the session that `spawn` gave to `pid`; what is gone already is fine."""
    try:
        os.killpg(pid, signum)
    except ProcessLookupError:
        return
