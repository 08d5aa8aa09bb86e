"""Counters of rate limits that every worker process sees: a small SQLite file.

flask-limiter's memory would count each worker by itself, so that a guesser of passwords had one
allowance a worker.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlparse

from limits.storage import Storage

SCHEME = "helpmart"
PATIENCE_SECONDS = 5


def address(path: Path) -> str:
    """RATELIMIT_STORAGE_URI for counters in this file."""
    return f"{SCHEME}://{path}"


class SharedStorage(Storage):  # type: ignore[misc]
    """Storage of `limits` for fixed windows."""

    STORAGE_SCHEME: ClassVar[list[str]] = [SCHEME]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: object) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._path = urlparse(uri).path
        self._own = threading.local()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to the counter of a window, which begins anew once it has ended."""
        now = time.time()
        [(count, fresh)] = self._run(
            "insert into windows values (:key, :amount, :now + :expiry) on conflict (key) do update"
            " set count = iif(ends <= :now, 0, count) + :amount,"
            " ends = iif(ends <= :now, :now + :expiry, ends)"
            " returning count, count = :amount",
            {"key": key, "amount": amount, "now": now, "expiry": expiry},
        )
        if fresh:
            self._run("delete from windows where ends <= :now", {"now": now})
        return int(count)

    def get(self, key: str) -> int:
        found = self._run(
            "select count from windows where key = :key and ends > :now",
            {"key": key, "now": time.time()},
        )
        return int(found[0][0]) if found else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; now, where there is none."""
        found = self._run("select ends from windows where key = :key", {"key": key})
        return float(found[0][0]) if found else time.time()

    def check(self) -> bool:
        return self._run("select 1") == [(1,)]

    def reset(self) -> int:
        return len(self._run("delete from windows returning 1"))

    def clear(self, key: str) -> None:
        self._run("delete from windows where key = :key", {"key": key})

    def _run(
        self, statement: str, values: dict[str, object] | None = None
    ) -> list[tuple[object, ...]]:
        # A connection a thread, made where it is used: none crosses the fork of a worker.
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, PATIENCE_SECONDS, isolation_level=None)
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = off")
            connection.execute(
                "create table if not exists windows"
                " (key text primary key, count integer not null, ends real not null) without rowid"
            )
            self._own.connection = connection
        return connection.execute(statement, values or {}).fetchall()
