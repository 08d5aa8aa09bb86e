"""Drops the demo's exports into an inbox once, whole: a cut-off run leaves nothing half-written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.simulate.company_demo import DESK, sized_plan, write_company
from pipelines.simulate.systems import SYSTEMS

if TYPE_CHECKING:
    from pipelines.settings import Settings

SOURCES = (DESK, *SYSTEMS)
DEMO_USERS = Path(__file__).with_name("demo_users.yml")
WORK = ".demo"  # a hidden name is no drop yet


def ensure_demo(settings: Settings, *, size: str, seed: int) -> bool:
    """Write the exports of this world unless they were dropped before; whether any were written.

    A world that was dropped when fewer systems were simulated gets the others now.
    """
    record = settings.home / "demo" / "dropped.json"
    dropped = _dropped(record, size, seed)
    missing = [source for source in SOURCES if source not in dropped]
    if not missing:
        return False
    work = settings.paths.inbox / WORK
    shutil.rmtree(work, ignore_errors=True)
    write_company(work, record.parent / "truth", sized_plan(size, seed), SOURCES)
    for source in missing:
        _move_in(work / source, settings.paths.inbox / source)
    shutil.rmtree(work)
    if not settings.users_path.exists():
        shutil.copyfile(DEMO_USERS, settings.users_path)
    wanted = {"size": size, "seed": seed, "sources": list(SOURCES)}
    record.write_text(json.dumps(wanted), encoding="utf-8")
    return True


def _dropped(record: Path, size: str, seed: int) -> list[str]:
    """The systems whose exports of this very world are in the inbox or were loaded."""
    if not record.exists():
        return []
    known = json.loads(record.read_text(encoding="utf-8"))
    is_same = (known.get("size"), known.get("seed")) == (size, seed)
    return list(known["sources"]) if is_same else []


def _move_in(work: Path, drop: Path) -> None:
    for path in sorted(path for path in work.rglob("*") if path.is_file()):
        target = drop / path.relative_to(work)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
