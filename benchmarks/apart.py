"""Measuring in a process of its own, so that memory is that of one run alone."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import Any

_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def run_apart(module: str, *arguments: str) -> dict[str, Any]:
    """Run a benchmark's module; gives what its last line says, which is JSON."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def cpu_seconds() -> float:
    """User and system time of this process and those that it has waited for."""
    used = [resource.getrusage(who) for who in _WHO]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def peak_mb() -> float:
    """The most memory that this process, or one that it has waited for, ever had."""
    return max(resource.getrusage(who).ru_maxrss for who in _WHO) / 1024
