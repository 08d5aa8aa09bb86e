"""Drops the demo's export into an inbox once, whole: a cut-off run leaves nothing half-written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.simulate.demo import write_demo

if TYPE_CHECKING:
    from pipelines.settings import Settings

ACCOUNT = "northwind"


def ensure_demo(settings: Settings, *, tickets: int, seed: int) -> bool:
    """Write the export for these arguments unless it was dropped before; whether it was written."""
    record = settings.home / "demo" / "dropped.json"
    wanted = {"tickets": tickets, "seed": seed}
    if record.exists() and json.loads(record.read_text(encoding="utf-8")) == wanted:
        return False
    drop = settings.paths.inbox / "zendesk" / ACCOUNT
    work = drop.with_name(f".{ACCOUNT}")  # a hidden name is no drop yet
    shutil.rmtree(work, ignore_errors=True)
    write_demo(work, record.parent / "truth", seed=seed, tickets=tickets)
    _move_in(work, drop)
    record.write_text(json.dumps(wanted), encoding="utf-8")
    return True


def _move_in(work: Path, drop: Path) -> None:
    drop.mkdir(parents=True, exist_ok=True)
    for path in sorted(work.iterdir()):
        path.replace(drop / path.name)
    work.rmdir()
