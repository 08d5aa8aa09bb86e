"""The raw layer: one immutable Parquet file for each input file and entity.

Rows are staged beside the layer, compared with what already landed, and renamed into it; until the
ledger has the file, `sweep` takes such files out again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.ingest.contracts import SourceContract
from pipelines.ingest.parsing.rows import Row
from pipelines.ingest.schema_files import SCHEMA_FILE, raw_schema

if TYPE_CHECKING:
    from pipelines.settings import Settings

BATCH_ROWS = 20_000
BATCH_BYTES = 16_000_000
STAGING_FOLDER = ".staging"
# A dictionary of values that never repeat costs time and space.
_DISTINCT = frozenset({"id", "_row_hash", "_record_no"})
# Statistics of texts took a third of the time of writing, and nobody filters by them (2026-11).
_FILTERED = frozenset({"_account_id", "_version_at", "_file_id", "_record_no", "_extracted_at"})

# A row is known if the same record in the same version landed before for its account. The hash
# covers the whole record and so its key. Within a file the first occurrence is kept.
_IDENTITY = """
    create macro identity(source, entity, account_id, version_at, row_hash) as
        md5_number(concat_ws(chr(31), source, entity, account_id, version_at, row_hash))
"""
_LANDED = "create table landed (identity uhugeint)"
_REMEMBER = """
    insert into landed
    select identity($source, $entity, _account_id, _version_at, _row_hash)
    from read_parquet($files)
"""
_STAGED = """
    create or replace temp table staged as
    select
        file_row_number::integer as row_number,
        _record_no::integer as record_no,
        identity($source, $entity, _account_id, _version_at, _row_hash) as identity,
    from read_parquet($staged, file_row_number = true)
"""
# Few records are repeated, so that only those are put in order.
_KNOWN_ROWS = """
    with repeated as (
        select identity from staged group by identity having count(*) > 1
    ),
    numbered as (
        select
            staged.row_number,
            row_number() over (
                partition by staged.identity order by staged.record_no
            ) as occurrence,
        from staged
        semi join repeated on staged.identity = repeated.identity
    )
    select numbered.row_number from numbered where numbered.occurrence > 1
    union
    select staged.row_number from staged semi join landed on staged.identity = landed.identity
    order by row_number
"""
_REMEMBER_STAGED = """
    insert into landed select staged.identity from staged;
    drop table staged;
"""


@dataclass(frozen=True)
class FileStamp:
    """What every row of a file has in common."""

    file_id: str
    account_id: str
    extracted_at: datetime


@dataclass(frozen=True)
class Landed:
    """How many rows of an entity a file brought, and how many of them were known already."""

    loaded: int
    duplicate: int


class EntityWriter:
    """Writes the rows of one entity of one file in batches."""

    def __init__(self, path: Path, schema: Any, stamp: FileStamp) -> None:
        import pyarrow.parquet as pq

        self._schema = schema
        self._stamp = stamp
        self._rows: list[Row] = []
        self._bytes = 0
        repetitive = [name for name in schema.names if name not in _DISTINCT]
        self._writer = pq.ParquetWriter(
            path,
            schema,
            compression="zstd",
            use_dictionary=repetitive,
            write_statistics=[name for name in schema.names if name in _FILTERED],
        )

    def append(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) >= BATCH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write the rows that wait as one row group."""
        from pipelines.ingest.arrays import texts, whole_numbers

        if not self._rows:
            return
        values, extra, version_at, row_hash, record_no, _ = zip(*self._rows, strict=True)
        columns = [texts(column) for column in zip(*values, strict=True)]
        columns += [texts(extra), texts(version_at), texts(row_hash), whole_numbers(record_no)]
        self._rows = []
        self._write(columns)

    def append_table(self, table: Any) -> None:
        """Write rows that are a table already, with the columns of a `Row`, as one row group."""
        self._write([column.combine_chunks() for column in table.columns])

    def _write(self, columns: list[Any]) -> None:
        """Write columns with those that every row of the file has in common."""
        import pyarrow as pa

        from pipelines.ingest.arrays import moments, repeated

        *landed, version_at, row_hash, record_no = columns
        count = len(record_no)
        account_id = repeated(self._stamp.account_id, count)
        file_id = repeated(self._stamp.file_id, count)
        extracted_at = moments(self._stamp.extracted_at, count)
        arrays = [*landed, account_id, version_at, row_hash, file_id, record_no, extracted_at]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        self.flush()
        self._writer.close()


class FileStage:
    """The rows of one file on their way into the raw layer."""

    def __init__(self, layer: RawLayer, contract: SourceContract, stamp: FileStamp) -> None:
        self._layer = layer
        self._contract = contract
        self._stamp = stamp
        self._writers: dict[str, EntityWriter] = {}
        self._bytes = 0
        self.folder = layer.staging / stamp.file_id
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def append(self, entity: str, row: Row) -> None:
        """Take one row; what waits is written when it is many rows or much text."""
        self._writer(entity).append(row)
        self._bytes += row.size
        if self._bytes > BATCH_BYTES:
            for waiting in self._writers.values():
                waiting.flush()
            self._bytes = 0

    def append_table(self, entity: str, table: Any) -> None:
        """Take many rows at once."""
        self._writer(entity).append_table(table)

    def settle(self) -> dict[str, Landed]:
        """Close the files, take out rows that are known, and make the rest durable."""
        for writer in self._writers.values():
            writer.close()
        landed = {entity: self._without_known(entity) for entity in self._writers}
        for entity, counts in landed.items():
            if counts.loaded:
                sync(self._staged(entity))
        return landed

    def land(self, landed: dict[str, Landed]) -> None:
        """Rename what was staged into the layer, in place of an earlier reading of the file."""
        for entity in self._contract.entities:
            final = self._layer.file(self._contract.source, entity, self._stamp.file_id)
            if entity in landed and landed[entity].loaded:
                final.parent.mkdir(parents=True, exist_ok=True)
                self._staged(entity).replace(final)
                sync(final.parent)
            else:
                final.unlink(missing_ok=True)

    def discard(self) -> None:
        """Leave no trace of the staging."""
        for writer in self._writers.values():
            writer.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _writer(self, entity: str) -> EntityWriter:
        writer = self._writers.get(entity)
        if writer is None:
            schema = raw_schema(self._contract.entities[entity])
            writer = EntityWriter(self._staged(entity), schema, self._stamp)
            self._writers[entity] = writer
        return writer

    def _staged(self, entity: str) -> Path:
        return self.folder / f"{entity}.parquet"

    def _without_known(self, entity: str) -> Landed:
        import pyarrow.parquet as pq

        path = self._staged(entity)
        known = self._layer.known_rows(self._contract.source, entity, path, self._stamp.file_id)
        total = pq.read_metadata(path).num_rows
        if len(known):
            _drop_rows(path, known)
        return Landed(loaded=total - len(known), duplicate=len(known))


class RawLayer:
    """All raw files of an installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.root = settings.paths.raw
        self.staging = self.root / STAGING_FOLDER
        self._connection: Any = None
        self._remembered: set[tuple[str, str]] = set()

    def file(self, source: str, entity: str, file_id: str) -> Path:
        """Where the rows of a file land."""
        return self.root / source / entity / f"{file_id}.parquet"

    def files(self, source: str, entity: str) -> list[Path]:
        """The landed files of an entity."""
        folder = self.root / source / entity
        return sorted(path for path in folder.glob("*.parquet") if path.name != SCHEMA_FILE)

    def stage(self, contract: SourceContract, stamp: FileStamp) -> FileStage:
        """A place for the rows of one file."""
        return FileStage(self, contract, stamp)

    def known_rows(self, source: str, entity: str, staged: Path, file_id: str) -> Any:
        """The 0-based positions of staged rows that landed before, or earlier in the file.

        From then on the staged rows count as landed: after settling, a file lands or the load ends.
        """
        own = self.file(source, entity, file_id)
        if own.exists():
            self._forget()
        if (source, entity) not in self._remembered:
            others = [path for path in self.files(source, entity) if path != own]
            self._remember(source, entity, others)
        parameters = {"source": source, "entity": entity, "staged": str(staged)}
        self._database.execute(_STAGED, parameters)
        known = self._database.execute(_KNOWN_ROWS).fetchnumpy()["row_number"]
        self._database.execute(_REMEMBER_STAGED)
        return known

    def _remember(self, source: str, entity: str, files: list[Path]) -> None:
        """Take the rows of landed files into account from now on."""
        if files:
            names = [str(path) for path in files]
            parameters = {"source": source, "entity": entity, "files": names}
            self._database.execute(_REMEMBER, parameters)
        self._remembered.add((source, entity))

    def sweep(self, committed: Iterable[str], contracts: Iterable[SourceContract]) -> list[Path]:
        """Remove what a killed load left: staged files, and raw files unknown to the ledger."""
        shutil.rmtree(self.staging, ignore_errors=True)
        known = frozenset(committed)
        orphans = [
            path
            for contract in contracts
            for entity in contract.entities
            for path in self.files(contract.source, entity)
            if path.stem not in known
        ]
        for path in orphans:
            path.unlink()
        return orphans

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        shutil.rmtree(self.staging, ignore_errors=True)

    def _forget(self) -> None:
        """A file that is read again must not be compared with its own earlier rows."""
        self._database.execute("delete from landed")
        self._remembered.clear()

    @property
    def _database(self) -> Any:
        """An index of what landed, kept for one load; built from the raw files themselves."""
        import duckdb

        if self._connection is None:
            self.staging.mkdir(parents=True, exist_ok=True)
            options = {
                "memory_limit": self._settings.memory_limit,
                "threads": self._settings.threads,
                "temp_directory": str(self.staging / "spill"),
            }
            self._connection = duckdb.connect(":memory:", config=options)
            self._connection.execute(_LANDED)
            self._connection.execute(_IDENTITY)
        return self._connection


def sync(path: Path) -> None:
    """Make a file's bytes, or a folder's names, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _drop_rows(path: Path, unwanted: Any) -> None:
    """Rewrite a Parquet file without the rows at the given sorted positions."""
    import numpy as np
    import pyarrow.parquet as pq

    from pipelines.ingest.arrays import bools

    smaller = path.with_suffix(".smaller")
    with (
        pq.ParquetFile(path) as source,
        pq.ParquetWriter(smaller, source.schema_arrow, compression="zstd") as writer,
    ):
        start = 0
        for group in range(source.num_row_groups):
            table = source.read_row_group(group)
            keep = np.ones(table.num_rows, dtype=bool)
            first, last = np.searchsorted(unwanted, (start, start + table.num_rows))
            keep[unwanted[first:last] - start] = False
            writer.write_table(table.filter(bools(keep)))
            start += table.num_rows
    smaller.replace(path)
