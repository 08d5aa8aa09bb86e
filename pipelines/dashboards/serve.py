"""Serves Superset on loopback: one gunicorn with threads, started and stopped by pid."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from pipelines import processes
from pipelines.dashboards.environment import SUPERSET_FOLDER, superset_environment
from pipelines.processes import Service
from pipelines.settings import Settings

NAME = "superset"
WORKERS, THREADS = 2, 8  # a worker's Python keeps one core busy


@dataclass(frozen=True)
class Served:
    """Where the dashboards are, and whether they had to be started."""

    address: str
    pid: int
    started: bool


def address_of(settings: Settings) -> str:
    """The page that people open."""
    return f"http://127.0.0.1:{settings.superset_port}/"


def start(settings: Settings) -> Served:
    """Start Superset unless it runs, and wait until its login page answers.

    Raises:
        HelpmartError: it ended or did not answer in time; its log is named.
    """
    service = _service(settings)
    running = processes.running_pid(settings, NAME)
    pid = processes.start(settings, service)
    processes.wait_until_up(settings, service, lambda: is_up(settings))
    return Served(address_of(settings), pid, started=pid != running)


def stop(settings: Settings) -> bool:
    """Stop what `start` started; whether anything ran."""
    return processes.stop(settings, NAME)


def is_up(settings: Settings) -> bool:
    """Whether the login page answers. `/health` says OK even when no page can be rendered."""
    return processes.answers(f"{address_of(settings)}login/")


def _service(settings: Settings) -> Service:
    # Browsers send long filter states in addresses, hence no limit on the request line.
    command = [
        *(sys.executable, "-m", "gunicorn"),
        *("--config", str(SUPERSET_FOLDER / "gunicorn_conf.py")),
        *("--bind", f"127.0.0.1:{settings.superset_port}"),
        *("--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS)),
        *("--timeout", "120", "--graceful-timeout", "10", "--keep-alive", "30"),
        *("--limit-request-line", "0", "--limit-request-field_size", "0"),
        *("--preload", "--no-control-socket"),
        *("--pid", str(settings.paths.superset / "gunicorn.pid")),
        "superset.app:create_app()",
    ]
    return Service(NAME, command, superset_environment(settings))
