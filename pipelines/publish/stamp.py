"""What makes a copy of the serving file a build: its stamp, and the proof that it is complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import HelpmartError
from pipelines.quality.results import CheckResult, count_checks

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMA = "published"
CHECK_COLUMNS = """
    border varchar, table_name varchar, check_name varchar, expectation varchar,
    column_name varchar, severity varchar, is_success boolean, observed varchar,
    unexpected_count bigint, why varchar, owner varchar, sample_keys varchar[]
"""
STAMPS = frozenset({"build_info", "check_results"})


def stamp(
    file: Path, build_id: str, run_id: str, checks: Sequence[CheckResult], built_at: datetime
) -> None:
    """The build says in itself what it is and which checks it passed."""
    import duckdb

    counts = count_checks(checks)
    with duckdb.connect(str(file)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            f"create or replace table {SCHEMA}.build_info as select"  # noqa: S608  constant
            " ?::varchar as build_id, ?::varchar as run_id, ?::timestamp as built_at,"
            " max(as_of_at)::timestamp as data_as_of, ?::varchar as code_version,"
            " ?::integer as checks_passed, ?::integer as checks_failed,"
            f" ?::integer as checks_warned from {SCHEMA}.dim_accounts",
            [
                build_id,
                run_id,
                built_at.astimezone(UTC).replace(tzinfo=None),
                code_version(),
                counts.passed,
                counts.failed,
                counts.warned,
            ],
        )
        write_checks(connection, f"{SCHEMA}.check_results", checks)
        connection.execute("checkpoint")


def write_checks(connection: DuckDBPyConnection, table: str, checks: Sequence[CheckResult]) -> None:
    """A fresh `table` with one row for each check.

    Handed over as one Arrow table: row by row, 1,600 checks take seconds.
    """
    import pyarrow as pa

    connection.execute(f"create or replace table {table} ({CHECK_COLUMNS})")
    columns = {
        field.name: [getattr(check, field.name) for check in checks]
        for field in fields(CheckResult)
    }
    connection.register("new_checks", pa.table(columns))
    connection.execute(f"insert into {table} select * from new_checks")  # noqa: S608
    connection.unregister("new_checks")


def verify(file: Path, build_id: str, expected: dict[str, int]) -> None:
    """The copy opens, every table has its rows, every view binds, and one build id runs through.

    Raises:
        HelpmartError: naming what differs.
    """
    import duckdb

    with duckdb.connect(str(file), read_only=True) as connection:
        found = count_rows(connection)
        problems = [
            f"{table} has {found.get(table, 'no')} rows instead of {rows}"
            for table, rows in expected.items()
            if table not in STAMPS and found.get(table) != rows
        ]
        problems += _broken_views(connection)
        problems += _foreign_build_ids(connection, build_id)
    if problems:
        raise HelpmartError(
            what=f"build {build_id} is not published: the copy is not what was built",
            where=str(file),
            why="; ".join(problems[:5]),
            remedy="build the models again under this build id (`helpmart run`)",
        )


def _broken_views(connection: DuckDBPyConnection) -> list[str]:
    import duckdb

    names = connection.execute(
        "select view_name from duckdb_views() where schema_name = ? order by view_name", [SCHEMA]
    ).fetchall()
    problems = []
    for (name,) in names:
        try:
            connection.execute(f'select * from {SCHEMA}."{name}" limit 0').fetchall()  # noqa: S608
        except duckdb.Error as error:
            problems.append(f"view {name}: {str(error).splitlines()[0]}")
    return problems


def _foreign_build_ids(connection: DuckDBPyConnection, build_id: str) -> list[str]:
    stamped = connection.execute(
        "select table_name from duckdb_columns() join duckdb_tables()"
        " using (database_name, schema_name, table_name)"
        " where schema_name = ? and column_name = 'build_id' order by table_name",
        [SCHEMA],
    ).fetchall()
    problems = []
    for (table,) in stamped:
        others = connection.execute(
            f'select distinct build_id from {SCHEMA}."{table}"'  # noqa: S608
            " where build_id is distinct from ? limit 3",
            [build_id],
        ).fetchall()
        problems += [f"{table} carries build id {other}" for (other,) in others]
    return problems


def count_rows(connection: DuckDBPyConnection) -> dict[str, int]:
    """Rows of each table of the schema `published`; views are left out."""
    names = connection.execute(
        "select table_name from duckdb_tables() where schema_name = ? order by table_name",
        [SCHEMA],
    ).fetchall()
    counts = {}
    for (name,) in names:
        row = connection.execute(f'select count(*) from {SCHEMA}."{name}"').fetchone()  # noqa: S608
        counts[name] = int(row[0]) if row else 0
    return counts


def code_version() -> str:
    """The version of this code, as its package metadata says."""
    try:
        return version("helpmart")
    except PackageNotFoundError:
        return "unpackaged"
