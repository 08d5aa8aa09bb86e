"""Starts, finds again and stops long-running processes of one installation.

A process is known by its pid and its start time, so that a number the system has given to
somebody else in the meantime is never mistaken for ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import HelpmartError

if TYPE_CHECKING:
    from pipelines.settings import Settings

STOP_SECONDS = 20.0
START_SECONDS = 120.0
POLL_SECONDS = 0.2
ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class Service:
    """A command that serves until it is stopped."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]


def _record(settings: Settings, name: str) -> Path:
    return settings.home / "run" / f"{name}.json"


def _start_time(pid: int) -> str | None:
    """Clock ticks from boot to the process's start; None if there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rsplit(")", 1)[1].split()
    return None if fields[0] == "Z" else fields[19]


def running_pid(settings: Settings, name: str) -> int | None:
    """The pid of a service that we started and that still runs."""
    try:
        known = json.loads(_record(settings, name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    pid = int(known["pid"])
    return pid if _start_time(pid) == known["start_time"] else None


def start(settings: Settings, service: Service) -> int:
    """Start a service unless it runs already; its output goes to `logs/<name>.log`."""
    running = running_pid(settings, service.name)
    if running is not None:
        return running
    settings.paths.logs.mkdir(parents=True, exist_ok=True)
    with (settings.paths.logs / f"{service.name}.log").open("ab") as log:
        process = subprocess.Popen(
            service.argv,
            env=dict(service.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    record = _record(settings, service.name)
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(
        json.dumps({"pid": process.pid, "start_time": _start_time(process.pid)}), encoding="utf-8"
    )
    return process.pid


def stop(settings: Settings, name: str) -> bool:
    """Ask a service's process group to end, and insist after a while."""
    pid = running_pid(settings, name)
    _record(settings, name).unlink(missing_ok=True)
    if pid is None:
        return False
    for number, patience in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
        try:
            os.killpg(pid, number)
        except ProcessLookupError:
            return True
        if _gone(pid, patience):
            return True
    return False


def _gone(pid: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):  # another `up` may be its parent
            os.waitpid(pid, os.WNOHANG)
        if _start_time(pid) is None:
            return True
        time.sleep(POLL_SECONDS)
    return False


def wait_until_up(settings: Settings, service: Service, is_up: Callable[[], bool]) -> None:
    """Wait until a service answers.

    Raises:
        HelpmartError: it ended, or did not answer in time; its log is named.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if is_up():
            return
        if running_pid(settings, service.name) is None:
            break
        time.sleep(POLL_SECONDS)
    raise HelpmartError(
        what=f"{service.name} did not start",
        where=str(settings.paths.logs / f"{service.name}.log"),
        why="it ended or did not answer in time",
        remedy="read the end of that log; `helpmart doctor` checks ports and set-up",
    )


def answers(address: str) -> bool:
    """Whether a page on loopback can be fetched."""
    from urllib.error import URLError
    from urllib.request import urlopen

    try:
        with urlopen(address, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - loopback, built here
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own number
    except (URLError, OSError):
        return False
