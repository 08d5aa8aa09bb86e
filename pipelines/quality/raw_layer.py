"""The raw layer as tables that checks can read: a scratch DuckDB file of views on Parquet files.

Schema `raw`: `<source>__<entity>` for every folder of raw, and `helpmart__files`, the ledger beside
what is in raw: one row a file and entity, also for rows in raw that the ledger does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ingest.schema_files import SCHEMA_FILE
from pipelines.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.ingest.ledger import FileRow

SCHEMA = "raw"
LEDGER_SOURCE = "helpmart"
COUNTS = ("seen", "loaded", "quarantined", "duplicate", "skipped")


@contextmanager
def raw_database(settings: Settings) -> Iterator[Path]:
    """A scratch database over the raw layer and the ledger, gone when the block ends."""
    from pipelines.ingest.ledger import Ledger

    folder = settings.paths.data_docs.parent
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / ".raw_layer.duckdb"
    with Ledger(settings.paths.ledger) as ledger:
        files = ledger.files()
    _discard(file)
    try:
        _write(file, settings.paths.raw, files)
        yield file
    finally:
        _discard(file)


def has_landed(settings: Settings, table: str) -> bool:
    """True for the ledger, and for a table of a source of which any entity has rows."""
    source = table.partition("__")[0]
    landed = settings.paths.raw.glob(f"{source}/*/*.parquet")
    return source == LEDGER_SOURCE or any(path.name != SCHEMA_FILE for path in landed)


def _discard(file: Path) -> None:
    for leftover in file.parent.glob(f"{file.name}*"):
        leftover.unlink()


def _write(file: Path, raw: Path, files: Sequence[FileRow]) -> None:
    import duckdb

    entities = [
        (folder.parent.name, folder.name)
        for folder in sorted(raw.glob("*/*"))
        if folder.parent.name != LEDGER_SOURCE and any(folder.glob("*.parquet"))
    ]
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"create schema {SCHEMA}")
        for source, entity in entities:
            parquet = str(raw / source / entity / "*.parquet").replace("'", "''")
            connection.execute(
                f'create view {SCHEMA}."{source}__{entity}" as'  # noqa: S608  names of our folders
                f" select * from read_parquet('{parquet}', union_by_name = true)"
            )
        _write_ledger(connection, files)
        _join_ledger(connection, entities)


def _write_ledger(connection: DuckDBPyConnection, files: Sequence[FileRow]) -> None:
    connection.execute(
        "create temp table ledger (file_id varchar, name varchar, source varchar,"
        " account_id varchar, entity varchar, status varchar, run_id varchar, seen bigint,"
        " loaded bigint, quarantined bigint, duplicate bigint, skipped bigint,"
        " dismissed varchar)"
    )
    columns = (
        *("file_id", "name", "source", "account_id", "entity", "status", "run_id"),
        *(*COUNTS, "dismissed"),
    )
    rows = [[getattr(row, column) for column in columns] for row in files]
    if rows:
        places = ", ".join("?" * len(columns))
        connection.executemany(f"insert into ledger values ({places})", rows)  # noqa: S608


def _join_ledger(connection: DuckDBPyConnection, entities: Sequence[tuple[str, str]]) -> None:
    counts = [
        f"select '{source}' as source, '{entity}' as entity, _file_id as file_id,"  # noqa: S608
        f' count(*) as rows_in_raw from {SCHEMA}."{source}__{entity}" group by all'
        for source, entity in entities
    ]
    nothing = "select '' as source, '' as entity, '' as file_id, 0 as rows_in_raw where false"
    connection.execute(
        f"create table {SCHEMA}.helpmart__files as"  # noqa: S608  names of our own folders
        f" with in_raw as ({' union all '.join(counts) or nothing})"
        " select coalesce(ledger.file_id, in_raw.file_id) as file_id, ledger.name,"
        " coalesce(ledger.source, in_raw.source) as source, ledger.account_id,"
        " coalesce(ledger.entity, in_raw.entity) as entity, ledger.status, ledger.run_id,"
        " ledger.seen, ledger.loaded, ledger.quarantined, ledger.duplicate, ledger.skipped,"
        " coalesce(in_raw.rows_in_raw, 0) as rows_in_raw,"
        " ledger.file_id is not null as is_in_ledger,"
        " coalesce(ledger.dismissed, '') <> '' as is_dismissed"
        " from ledger full join in_raw on ledger.file_id = in_raw.file_id"
        " and ledger.source = in_raw.source and ledger.entity = in_raw.entity"
    )
