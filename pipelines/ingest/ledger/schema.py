"""The ledger's tables, and what brings those of an older version to the present one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA_VERSION = 3

_SCHEMA = """
create table if not exists files (
    file_id text not null,
    entity text not null,
    name text not null,
    source text not null,
    account_id text not null,
    status text not null,
    seen integer not null,
    loaded integer not null,
    quarantined integer not null,
    duplicate integer not null,
    skipped integer not null,
    reasons text not null,
    detail text not null,
    run_id text not null,
    received_at text not null,
    modified_at text not null,
    size integer not null,
    content_sha256 text not null,
    archive_sha256 text not null,
    member text not null,
    primary key (file_id, entity, name),
    check (seen = loaded + quarantined + duplicate + skipped),
    check (min(seen, loaded, quarantined, duplicate, skipped) >= 0)
) strict;

create table if not exists quarantine (
    file_id text not null,
    entity text not null,
    record_no integer not null,
    location text not null,
    reason text not null,
    field text not null,
    why text not null,
    remedy text not null,
    sample text not null
) strict;
create index if not exists quarantine_by_file on quarantine (file_id);

create table if not exists unfinished_replays (file_id text primary key) strict;

create table if not exists runs (
    run_id text primary key,
    started_at text not null,
    finished_at text,
    state text not null,
    build_id text not null,
    error text not null
) strict;

create table if not exists checks (
    run_id text not null,
    border text not null,
    table_name text not null,
    name text not null,
    expectation text not null,
    column_name text,
    severity text not null,
    success integer not null,
    observed text not null,
    unexpected_count integer not null,
    why text not null,
    owner text not null,
    sample_keys text not null,
    checked_at text not null
) strict;
create index if not exists checks_by_run on checks (run_id);
"""

# What each version added to the one before.
_MIGRATIONS: dict[int, tuple[str, ...]] = {
    2: (
        "alter table files add column encoding text not null default ''",
        "alter table files add column drift text not null default '[]'",
    ),
    3: ("alter table files add column dismissed text not null default ''",),
}


def open_tables(path: Path) -> sqlite3.Connection:
    """The database at `path`, made if there is none, with the tables of the present version.

    Raises:
        sqlite3.DatabaseError: it is no database, or one of a later version.
    """
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = full")
    version = int(db.execute("pragma user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        raise sqlite3.DatabaseError(
            f"a newer helpmart wrote it (version {version}, this one reads {SCHEMA_VERSION})"
        )
    if version == 0:
        db.executescript(f"begin immediate; {_SCHEMA} commit;")
    if version < SCHEMA_VERSION:
        _migrate(db)
    return db


def _migrate(db: sqlite3.Connection) -> None:
    """Bring the tables to the present version; another process may have done it in the meantime."""
    db.execute("begin immediate")
    version = int(db.execute("pragma user_version").fetchone()[0])
    for number, statements in _MIGRATIONS.items():
        if number > max(version, 1):
            for statement in statements:
                db.execute(statement)
    db.execute(f"pragma user_version = {SCHEMA_VERSION}")
    db.execute("commit")
