"""Superset's own database: SQLite, set up so that readers and writers do not wait."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def use_wal() -> None:
    """Set the pragmas on every SQLite connection of this process."""
    if not event.contains(Engine, "connect", _set_pragmas):
        event.listen(Engine, "connect", _set_pragmas)


def _set_pragmas(connection: Any, _record: Any) -> None:
    if type(connection).__module__.split(".")[0] not in ("sqlite3", "_sqlite3"):
        return
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
