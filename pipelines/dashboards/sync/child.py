"""A module of this package, run in a Superset process of its own, and its answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipelines.dashboards.environment import superset_environment
from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import PROJECT_ROOT, Settings

MOST_SECONDS = 600


def ask_superset(
    settings: Settings, module: str, answer: Path, *requests: Path, failed: str
) -> Any:
    """Run a module of this package on the files of the request; gives its answer.

    Args:
        settings: the installation whose Superset is meant; the log goes to its logs.
        module: a module which is run with the paths of its requests and of its answer.
        answer: where the module leaves JSON; its folder is the caller's to make and to remove.
        requests: files for the module.
        failed: what did not happen, should it fail.

    Raises:
        HelpmartError: Superset ended without an answer; the last line of its log is quoted.
    """
    log = log_of(settings, module)
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", f"pipelines.dashboards.sync.{module}"]
    with log.open("wb") as output:
        process = subprocess.run(
            [*command, *map(str, requests), str(answer)],
            env=superset_environment(settings),
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=MOST_SECONDS,
            umask=0o077,  # Superset's database can make its server run code
            check=False,
        )
    if process.returncode != 0 or not answer.is_file():
        lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
        last = lines[-1] if lines else "its log is empty"
        raise superset_failed(log, failed, f"Superset refused it: {last}")
    return json.loads(answer.read_text(encoding="utf-8"))


def log_of(settings: Settings, module: str) -> Path:
    """What Superset said when the module last ran."""
    return settings.paths.logs / f"superset-{module}.log"


def superset_failed(log: Path, failed: str, why: str) -> HelpmartError:
    """The error that names Superset's log."""
    return HelpmartError(
        what=failed,
        where=str(log),
        why=why,
        remedy="read the end of that log; `helpmart dashboards check` checks without a server",
        exit_code=ExitCode.FAILED,
    )
