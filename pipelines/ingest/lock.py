"""One run at a time: an operating-system lock that dies with the process that holds it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.errors import ExitCode, HelpmartError

if TYPE_CHECKING:
    from pipelines.settings import Settings


@contextmanager
def run_lock(settings: Settings) -> Iterator[None]:
    """Hold the installation's run lock; the file names the process that has it.

    The kernel frees the lock when its holder dies, however it dies, so that a leftover file never
    blocks. The lock is not reentrant: a second `run_lock` in the same process is refused too.

    Raises:
        HelpmartError: another run has the lock (exit code BUSY).
    """
    path = settings.paths.lock
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy(settings, _holder(descriptor)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()


def _busy(settings: Settings, holder: str) -> HelpmartError:
    who = f"process {holder}" if holder else "another process"
    return HelpmartError(
        "Another run is under way",
        where=str(settings.paths.lock),
        why=f"{who} holds the run lock",
        remedy=f"wait until {who} ends; `helpmart status` shows the last run",
        exit_code=ExitCode.BUSY,
    )
