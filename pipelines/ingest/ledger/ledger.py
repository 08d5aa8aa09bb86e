"""Reading and writing the ledger, one transaction a change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.ledger.rows import (
    CheckLike,
    CheckRow,
    FileRow,
    RunRow,
    check_row,
    check_values,
    file_row,
    plain,
    run_row,
)
from pipelines.ingest.ledger.schema import open_tables
from pipelines.ingest.parsing.rejections import QuarantinedRecord

_TAKEN = "select {columns} from files where status not in ('already_loaded', 'unrecognised')"


class Ledger:
    """The ledger of one installation; a context manager. Safe to read while a run writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = open_tables(self._path)
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
        return [file_row(row) for row in rows]

    def known_files(self) -> set[str]:
        """The ids of files whose bytes were taken, in whatever state."""
        return {row["file_id"] for row in self._select(_TAKEN.format(columns="distinct file_id"))}

    def file(self, file_id: str) -> list[FileRow]:
        """The rows that a file had when its bytes came first; empty if they never did."""
        rows = self._select(f"{_TAKEN.format(columns='*')} and file_id = ?", file_id)
        return [file_row(row) for row in rows]

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
            _insert(db, "runs", [plain(asdict(row))])

    def runs(self) -> list[RunRow]:
        """All runs, newest first."""
        rows = self._select("select * from runs order by started_at desc, run_id")
        return [run_row(row) for row in rows]

    def run(self, run_id: str) -> RunRow:
        """One run.

        Raises:
            HelpmartError: no such run (exit code NOT_FOUND).
        """
        for row in self._select("select * from runs where run_id = ?", run_id):
            return run_row(row)
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
        rows = [check_values(run_id, check, now) for check in checks]
        with self._transaction() as db:
            for border in {row["border"] for row in rows}:
                db.execute("delete from checks where run_id = ? and border = ?", [run_id, border])
            _insert(db, "checks", rows)

    def checks(self, run_id: str | None = None) -> list[CheckRow]:
        """The checks of one run or all, in the order in which they were made."""
        where = "" if run_id is None else "where run_id = ?"
        parameters = () if run_id is None else (run_id,)
        rows = self._select(f"select * from checks {where} order by rowid", *parameters)  # noqa: S608
        return [check_row(row) for row in rows]

    @property
    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("the ledger is not open; use it in a with statement")
        return self._connection

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
        _insert(db, "files", (plain(asdict(row)) for row in rows))


def _insert(db: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows whose keys are columns of one of this module's own tables."""
    statement = ""
    for row in rows:
        if not statement:
            columns, places = ", ".join(row), ", ".join("?" * len(row))
            statement = f"insert or replace into {table} ({columns}) values ({places})"  # noqa: S608
        db.execute(statement, list(row.values()))
