"""The ledger: what became of every file and record, of every run and every check. SQLite.

What belongs here: the tables, and reading and writing them as dataclasses. A file's rows, its
quarantined records and its counts are written in one transaction, or not at all; the database
itself refuses counts that do not add up. What does not: deciding anything.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.parsing.rejections import Drift, QuarantinedRecord

SCHEMA_VERSION = 3

FileStatus = Literal["loaded", "empty", "quarantined", "already_loaded", "unrecognised"]

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


@dataclass(frozen=True)
class FileRow:
    """What became of the records of one entity in one file.

    `entity` is `*` for a file that could not be read at all; it counts as one quarantined record.
    `dismissed` is why an operator does without its quarantined records; empty: nobody does.
    """

    file_id: str
    name: str
    source: str
    account_id: str
    entity: str
    status: FileStatus
    seen: int = 0
    loaded: int = 0
    quarantined: int = 0
    duplicate: int = 0
    skipped: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    detail: str = ""
    run_id: str = ""
    received_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    modified_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    size: int = 0
    content_sha256: str = ""
    archive_sha256: str = ""
    member: str = ""
    encoding: str = ""
    drift: tuple[Drift, ...] = ()
    dismissed: str = ""


@dataclass(frozen=True)
class RunRow:
    """One run, as it ended."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    state: str
    build_id: str
    error: str


class CheckLike(Protocol):
    """What a check must tell to be recorded."""

    @property
    def border(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def expectation(self) -> str: ...
    @property
    def column(self) -> str | None: ...
    @property
    def severity(self) -> str: ...
    @property
    def success(self) -> bool: ...
    @property
    def observed(self) -> str: ...
    @property
    def unexpected_count(self) -> int: ...
    @property
    def why(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def sample_keys(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class CheckRow:
    """One check of one run."""

    run_id: str
    border: str
    table: str
    name: str
    expectation: str
    column: str | None
    severity: str
    success: bool
    observed: str
    unexpected_count: int
    why: str
    owner: str
    sample_keys: tuple[str, ...]
    checked_at: datetime

    @property
    def blocks(self) -> bool:
        """True if it kept the run from publishing."""
        return not self.success and self.severity == "critical"

    @property
    def title(self) -> str:
        """The check's name with its table."""
        return f"{self.table}: {self.name}"


class Ledger:
    """The ledger of one installation; a context manager. Safe to read while a run writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._opened()
        except sqlite3.DatabaseError as error:
            raise HelpmartError(
                "The ledger cannot be opened",
                where=str(self._path),
                why=str(error),
                remedy="run `helpmart doctor`; a backup holds the ledger too",
                exit_code=ExitCode.SETUP_BROKEN,
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._db.close()
        self._connection = None

    def files(self) -> list[FileRow]:
        """Every file and entity, in the order of names."""
        rows = self._select("select * from files order by source, account_id, name, entity")
        return [_file_row(row) for row in rows]

    def known_files(self) -> set[str]:
        """The ids of files whose bytes were taken, in whatever state."""
        return {row["file_id"] for row in self._select(_TAKEN.format(columns="distinct file_id"))}

    def file(self, file_id: str) -> list[FileRow]:
        """The rows that a file had when its bytes came first; empty if they never did."""
        rows = self._select(f"{_TAKEN.format(columns='*')} and file_id = ?", file_id)
        return [_file_row(row) for row in rows]

    def quarantined(self, file_id: str | None = None) -> Iterator[QuarantinedRecord]:
        """Records in quarantine, of one file or all, in the order of the file."""
        where = "" if file_id is None else "where file_id = ?"
        parameters = () if file_id is None else (file_id,)
        query = f"select * from quarantine {where} order by file_id, entity, record_no"  # noqa: S608
        for row in self._select(query, *parameters):
            yield QuarantinedRecord(**row)

    def commit_file(
        self, rows: Iterable[FileRow], quarantined: Iterable[QuarantinedRecord]
    ) -> None:
        """Write all that is known of a file, in place of what was."""
        rows = list(rows)
        with self._transaction() as db:
            for file_id in {row.file_id for row in rows}:
                db.execute(
                    "delete from files where file_id = ? and status <> 'already_loaded'", [file_id]
                )
                db.execute("delete from quarantine where file_id = ?", [file_id])
                db.execute("delete from unfinished_replays where file_id = ?", [file_id])
            self._insert_files(db, rows)
            _insert(db, "quarantine", (vars(record) for record in quarantined))

    def dismiss(self, file_id: str, reason: str) -> None:
        """Put down that the quarantined records of a file will be done without, until it is read
        again; an empty reason takes that back."""
        with self._transaction() as db:
            db.execute(
                "update files set dismissed = ? where file_id = ? and quarantined > 0",
                [reason, file_id],
            )

    def note(self, row: FileRow) -> None:
        """Record a file of which nothing is read: known bytes, or an entry that nobody claims."""
        with self._transaction() as db:
            self._insert_files(db, [row])

    def set_unrecognised(self, rows: Iterable[FileRow]) -> None:
        """Put down what lies in the inbox unclaimed now, in place of what did."""
        with self._transaction() as db:
            db.execute("delete from files where status = 'unrecognised' and member = ''")
            self._insert_files(db, rows)

    def begin_replay(self, file_id: str) -> None:
        """Mark a file whose raw rows are about to be replaced."""
        with self._transaction() as db:
            db.execute("insert or ignore into unfinished_replays values (?)", [file_id])

    def unfinished_replays(self) -> list[str]:
        """Files whose replay was cut off between the raw layer and the ledger."""
        return [row["file_id"] for row in self._select("select file_id from unfinished_replays")]

    def record_run(
        self,
        run_id: str,
        *,
        started_at: datetime,
        finished_at: datetime | None = None,
        state: str = "running",
        build_id: str = "",
        error: str = "",
    ) -> None:
        """Write a run down, in place of what was known of it."""
        row = RunRow(run_id, started_at, finished_at, state, build_id, error)
        with self._transaction() as db:
            _insert(db, "runs", [_plain(asdict(row))])

    def runs(self) -> list[RunRow]:
        """All runs, newest first."""
        rows = self._select("select * from runs order by started_at desc, run_id")
        return [_run_row(row) for row in rows]

    def run(self, run_id: str) -> RunRow:
        """One run.

        Raises:
            HelpmartError: no such run (exit code NOT_FOUND).
        """
        for row in self._select("select * from runs where run_id = ?", run_id):
            return _run_row(row)
        raise HelpmartError(
            f"No run {run_id!r} is known",
            where=str(self._path),
            why="it was never recorded, or belongs to another installation",
            remedy="`helpmart status` shows the last run",
            exit_code=ExitCode.NOT_FOUND,
        )

    def record_checks(self, run_id: str, checks: Iterable[CheckLike]) -> None:
        """Write the checks of one gate down, in place of an earlier try of that gate."""
        now = datetime.now(UTC)
        rows = [_check_values(run_id, check, now) for check in checks]
        with self._transaction() as db:
            for border in {row["border"] for row in rows}:
                db.execute("delete from checks where run_id = ? and border = ?", [run_id, border])
            _insert(db, "checks", rows)

    def checks(self, run_id: str | None = None) -> list[CheckRow]:
        """The checks of one run or all, in the order in which they were made."""
        where = "" if run_id is None else "where run_id = ?"
        parameters = () if run_id is None else (run_id,)
        rows = self._select(f"select * from checks {where} order by rowid", *parameters)  # noqa: S608
        return [_check_row(row) for row in rows]

    @property
    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("the ledger is not open; use it in a with statement")
        return self._connection

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
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

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("begin immediate")
        try:
            yield self._db
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def _select(self, query: str, *parameters: str) -> Iterator[dict[str, Any]]:
        for row in self._db.execute(query, parameters):
            yield dict(row)

    @staticmethod
    def _insert_files(db: sqlite3.Connection, rows: Iterable[FileRow]) -> None:
        _insert(db, "files", (_plain(asdict(row)) for row in rows))


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


_TAKEN = "select {columns} from files where status not in ('already_loaded', 'unrecognised')"


def _insert(db: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows whose keys are columns of one of this module's own tables."""
    statement = ""
    for row in rows:
        if not statement:
            columns, places = ", ".join(row), ", ".join("?" * len(row))
            statement = f"insert or replace into {table} ({columns}) values ({places})"  # noqa: S608
        db.execute(statement, list(row.values()))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Values as SQLite keeps them: instants as ISO text, mappings as JSON."""
    return {key: _plain_value(value) for key, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict | tuple):
        return json.dumps(value)
    return value


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _file_row(row: dict[str, Any]) -> FileRow:
    row["reasons"] = json.loads(row["reasons"])
    row["drift"] = tuple(Drift(**found) for found in json.loads(row["drift"]))
    row["received_at"] = _instant(row["received_at"])
    row["modified_at"] = _instant(row["modified_at"])
    return FileRow(**row)


def _run_row(row: dict[str, Any]) -> RunRow:
    finished = row["finished_at"]
    row["started_at"] = _instant(row["started_at"])
    row["finished_at"] = _instant(finished) if finished else None
    return RunRow(**row)


def _check_values(run_id: str, check: CheckLike, checked_at: datetime) -> dict[str, Any]:
    values = {item.name: getattr(check, item.name) for item in fields(CheckRow)[1:-1]}
    values["table_name"] = values.pop("table")
    values["column_name"] = values.pop("column")
    values["success"] = int(values["success"])
    return _plain({"run_id": run_id, **values, "checked_at": checked_at})


def _check_row(row: dict[str, Any]) -> CheckRow:
    row["table"] = row.pop("table_name")
    row["column"] = row.pop("column_name")
    row["success"] = bool(row["success"])
    row["sample_keys"] = tuple(json.loads(row["sample_keys"]))
    row["checked_at"] = _instant(row["checked_at"])
    return CheckRow(**row)
