"""The health file: what readers are told about the data, also when nothing was published.

`published/health/current/health.duckdb` is rewritten at the end of every run, good or bad, and
after a rollback. Schema `main`:

- `load_status` (one row): the sentence for a dashboard's header in both languages, and its state.
- `load_runs` (one row a run, the newest 60): what each run ended with.
- `load_steps` (one row a step of these runs that began): when it began and ended, and how.
- `load_checks` (one row a check that did not pass in the last run).
- `load_runs_zh`, `load_steps_zh` (the same, for pages in Chinese).

Instants are UTC; the sentences show them in the reporting zone and name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.publish.builds import Build, Clock, current_build, may_be_opened, utc_now
from pipelines.publish.durable import (
    LEFTOVER_PREFIX,
    point_link,
    remove,
    remove_leftovers,
    rename_folder,
    sync_file,
)
from pipelines.publish.load_runs import (
    RUN_COLUMNS,
    STEP_COLUMNS,
    LoadRun,
    Row,
    earlier_runs,
    naive,
    run_row,
    step_rows,
)
from pipelines.publish.pseudonyms import without_samples
from pipelines.publish.stamp import CHECK_COLUMNS, write_checks
from pipelines.publish.wording import Message, Situation, describe
from pipelines.quality.results import CheckResult, count_checks
from pipelines.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILE_NAME = "health.duckdb"
KEPT_RUNS = 60
KEPT_FILES = 5

STATUS_COLUMNS = """
    state varchar, message_en varchar, message_zh varchar, build_id varchar,
    published_at timestamp, data_as_of timestamp, stale_after timestamp,
    last_run_id varchar, last_run_at timestamp, last_run_state varchar,
    checks_total integer, checks_passed integer, checks_warned integer, failed_checks integer
"""
TABLES = {
    "load_status": STATUS_COLUMNS,
    "load_runs": RUN_COLUMNS,
    "load_steps": STEP_COLUMNS,
    "load_checks": CHECK_COLUMNS,
}
# A page in Chinese has headings of its own for these, which Superset keeps by table.
CHINESE_VIEWS = {"load_runs_zh": "load_runs", "load_steps_zh": "load_steps"}


@dataclass(frozen=True)
class Health:
    """What the health file now says."""

    message: Message
    build: Build | None
    file: Path


def columns_of(table: str) -> str:
    """The columns of a table or view of the health file; nothing for one that it lacks."""
    return TABLES.get(CHINESE_VIEWS.get(table, table), "")


def write_health(
    settings: Settings,
    *,
    run: LoadRun,
    checks: Sequence[CheckResult] = (),
    clock: Clock = utc_now,
) -> Health:
    """Tell readers how `run` ended and what they see now; safe to repeat.

    Earlier runs are carried over from the health file before; an unreadable one starts anew.
    """
    checks = without_samples(checks) if settings.agent_pseudonyms else checks
    folder = settings.paths.health_link.parent
    folder.mkdir(parents=True, exist_ok=True)
    remove_leftovers(folder)
    build = current_build(settings)
    message = describe(_situation(settings, build, run, checks, clock()))
    numbers = _numbers(folder)
    target = folder / f"{(numbers[-1] if numbers else 0) + 1:08d}"
    work = target.with_name(f"{LEFTOVER_PREFIX}building-{target.name}")
    work.mkdir()
    status = _status_row(settings, build, message, run, checks)
    earlier, steps = earlier_runs(settings.paths.health_file, run.run_id)
    runs = [run_row(run, build, checks), *earlier][:KEPT_RUNS]
    kept = {row[0] for row in runs}
    steps = [*step_rows(run), *(row for row in steps if row[0] in kept)]
    _write(work / FILE_NAME, status, runs, steps, checks)
    rename_folder(work, target)
    point_link(settings.paths.health_link, target)
    for number in numbers[: -(KEPT_FILES - 1)]:
        old = folder / f"{number:08d}"
        if not may_be_opened(old):
            remove(old)
    return Health(message=message, build=build, file=target / FILE_NAME)


def _situation(
    settings: Settings,
    build: Build | None,
    run: LoadRun,
    checks: Sequence[CheckResult],
    now: datetime,
) -> Situation:
    return Situation(
        build=build,
        run_state=run.state,
        run_at=run.started_at,
        run_checks=count_checks(checks),
        reason=run.reason,
        is_late=build is not None and now > _stale_after(settings, build),
        zone=settings.zone,
    )


def _stale_after(settings: Settings, build: Build) -> datetime:
    return build.built_at + timedelta(hours=settings.freshness_hours)


def _numbers(folder: Path) -> list[int]:
    return sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal())


def _write(
    file: Path,
    status: Row,
    runs: Sequence[Row],
    steps: Sequence[Row],
    checks: Sequence[CheckResult],
) -> None:
    import duckdb

    failed = [check for check in checks if not check.success]
    with duckdb.connect(str(file)) as connection:
        _insert(connection, "load_status", STATUS_COLUMNS, [status])
        _insert(connection, "load_runs", RUN_COLUMNS, runs)
        _insert(connection, "load_steps", STEP_COLUMNS, steps)
        write_checks(connection, "load_checks", failed)
        for view, table in CHINESE_VIEWS.items():
            connection.execute(f"create view {view} as select * from {table}")  # noqa: S608
        connection.execute("checkpoint")
    file.chmod(0o444)
    sync_file(file)


def _insert(connection: DuckDBPyConnection, table: str, columns: str, rows: Sequence[Row]) -> None:
    connection.execute(f"create table {table} ({columns})")
    if not rows:
        return
    places = ", ".join("?" * len(rows[0]))
    connection.executemany(f"insert into {table} values ({places})", rows)  # noqa: S608  constants


def _status_row(
    settings: Settings,
    build: Build | None,
    message: Message,
    run: LoadRun,
    checks: Sequence[CheckResult],
) -> Row:
    counts = count_checks(checks) if checks or build is None else build.checks
    return (
        message.state,
        message.en,
        message.zh,
        build.build_id if build else None,
        naive(build.built_at) if build else None,
        naive(build.data_as_of) if build and build.data_as_of else None,
        naive(_stale_after(settings, build)) if build else None,
        run.run_id,
        naive(run.finished_at),
        run.state,
        counts.total,
        counts.passed,
        counts.warned,
        counts.failed,
    )
