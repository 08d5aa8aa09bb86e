"""What readers are told of each load: how it ended, and when each of its steps ran.

What belongs here: the rows of `load_runs` and `load_steps`, and carrying earlier ones over. What
does not: the file that they lie in, which is `health`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.publish.builds import Build
from pipelines.publish.wording import RunState
from pipelines.quality.results import CheckResult, count_checks

Row = tuple[Any, ...]

RUN_COLUMNS = """
    run_id varchar, started_at timestamp, finished_at timestamp, state varchar,
    build_id varchar, checks_passed integer, checks_failed integer, checks_warned integer,
    reason varchar
"""
STEP_COLUMNS = """
    run_id varchar, step_no integer, step varchar, started_at timestamp, finished_at timestamp,
    state varchar, is_newest boolean
"""


@dataclass(frozen=True)
class LoadStep:
    """When a step of a run began and ended, and whether it broke."""

    name: str
    started_at: datetime
    finished_at: datetime
    is_done: bool


@dataclass(frozen=True)
class LoadRun:
    """How one run, or one rollback, ended. `reason` is shown to readers: one line, no data."""

    run_id: str
    started_at: datetime
    finished_at: datetime
    state: RunState
    reason: str = ""
    steps: tuple[LoadStep, ...] = ()


def run_row(run: LoadRun, build: Build | None, checks: Sequence[CheckResult]) -> Row:
    counts = count_checks(checks)
    return (
        run.run_id,
        naive(run.started_at),
        naive(run.finished_at),
        run.state,
        build.build_id if build else None,
        counts.passed,
        counts.failed,
        counts.warned,
        run.reason or None,
    )


def step_rows(run: LoadRun) -> list[Row]:
    return [
        (
            run.run_id,
            number,
            step.name,
            naive(step.started_at),
            naive(step.finished_at),
            "done" if step.is_done else "failed",
            True,
        )
        for number, step in enumerate(run.steps, start=1)
    ]


def earlier_runs(file: Path, run_id: str) -> tuple[list[Row], list[Row]]:
    """The runs and their steps that the file before tells of; a file without steps has runs."""
    import duckdb

    if not file.is_file():
        return [], []
    try:
        with duckdb.connect(str(file.resolve()), read_only=True) as connection:
            runs: list[Row] = connection.execute(
                "select * from load_runs where run_id != ? order by finished_at desc", [run_id]
            ).fetchall()
            known = connection.execute("select 1 from duckdb_tables() where table_name = $1",
                                       ["load_steps"]).fetchone()  # fmt: skip
            steps: list[Row] = (
                connection.execute(
                    "select * replace (false as is_newest) from load_steps where run_id != ?"
                    " order by started_at desc",
                    [run_id],
                ).fetchall()
                if known
                else []
            )
    except duckdb.Error:
        return [], []
    return runs, steps


def naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)
