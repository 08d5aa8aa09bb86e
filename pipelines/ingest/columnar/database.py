"""Databases that threads share out among themselves, and what they are asked over Arrow tables."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any, Self

import duckdb
import pyarrow as pa

from pipelines.ingest.columnar import queries
from pipelines.ingest.contracts import Entity
from pipelines.ingest.parsing.rows import ReceivedFile

_LOG = logging.getLogger(__name__)
# What native code may raise over values that nobody thought of. DuckDB quotes the value in its
# message and may cut it inside a character.
NATIVE_ERRORS = (duckdb.Error, pa.ArrowException, UnicodeDecodeError)


class Database:
    """One DuckDB connection."""

    def __init__(self) -> None:
        # A database with several threads does not keep the order of what it reads.
        self._connection = duckdb.connect(":memory:", config={"threads": 1})

    def run(self, query: str, **relations: Any) -> Any:
        """The result of a query over Arrow tables, each column in one piece."""
        for name, table in relations.items():
            self._connection.register(name, table)
        try:
            result = self._connection.sql(query).to_arrow_table()
        finally:
            for name in relations:
                self._connection.unregister(name)
        return pa.record_batch(
            [_one_piece(column) for column in result.columns], names=result.column_names
        )

    def completed(
        self,
        spec: Entity,
        received: ReceivedFile,
        values: list[Any],
        extra: Any,
        parent_version: Any = None,
    ) -> Any:
        """Version, hash and plausibility of rows, from their values in the order of columns."""
        if parent_version is None:
            parent_version = pa.nulls(len(extra), pa.string())
        names = [queries.value_column(position) for position in range(len(values))]
        landing = pa.table(
            [*values, extra, parent_version],
            names=[*names, queries.EXTRA, queries.PARENT_VERSION],
        )
        query = queries.completion(spec, received.extracted_at, received.latest_plausible)
        return self.run(query, landing=landing)

    def close(self) -> None:
        self._connection.close()


class Databases:
    """As many databases as there are threads, each opened when it is first needed."""

    def __init__(self, threads: int) -> None:
        self._free: SimpleQueue[Database | None] = SimpleQueue()
        for _ in range(threads):
            self._free.put(None)

    @contextmanager
    def one(self) -> Iterator[Database]:
        """A database that no other thread uses meanwhile; after an error it is given up."""
        database = self._free.get() or Database()
        kept: Database | None = None
        try:
            yield database
            kept = database
        finally:
            if kept is None:
                database.close()
            self._free.put(kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while not self._free.empty():
            database = self._free.get()
            if database:
                database.close()


def note_fallback(line: int, error: Exception) -> None:
    """Tell that lines are read one by one since native code failed; no value is quoted."""
    _LOG.warning("lines from %d on are read one by one: %s", line, type(error).__name__)


def _one_piece(column: Any) -> Any:
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.nulls(0, column.type)
    return whole.cast(pa.string()) if pa.types.is_large_string(whole.type) else whole
