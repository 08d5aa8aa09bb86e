"""Named points at which a test may make the load crash; without a test they do nothing.

`HELPMART_FAULT=name` kills the process there with SIGKILL, the way a power cut or the kernel's
memory killer would: no handler runs, nothing is flushed.
"""

from __future__ import annotations

import os
import signal

POINTS: frozenset[str] = frozenset(
    {
        "archived",
        "raw_written",
        "raw_renamed",
        "ledger_committed",
        "raw_checked",
        "dbt_built",
        "published_checked",
        "build_copied",
        "build_renamed",
        "link_swapped",
    }
)


def fault(name: str) -> None:
    """Die here if the environment asks for it. `name` must be one of `POINTS`."""
    if name not in POINTS:
        raise ValueError(f"unknown fault point {name!r}")
    if os.environ.get("HELPMART_FAULT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
