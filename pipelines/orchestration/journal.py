"""What one run of the daily job did: held under the run lock, written down however it ends.

A journal is open for exactly one run. It takes the lock that keeps two runs from writing together,
clears what a killed run left, collects what the gates said, and at the end records the run in the
ledger and rewrites the health file that the dashboards' header reads, also after a failure.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipelines.publish import LoadStep
    from pipelines.publish.wording import RunState
    from pipelines.quality.results import CheckResult
    from pipelines.settings import Settings


class Reporter(Protocol):
    """Where progress is told: a terminal, a log, or nobody."""

    def step(self, name: str) -> None: ...

    def detail(self, text: str) -> None: ...


class SilentReporter:
    def step(self, name: str) -> None:
        """Say nothing."""

    def detail(self, text: str) -> None:
        """Say nothing."""


@dataclass
class RunJournal:
    """The facts of one run, filled in step by step."""

    settings: Settings
    run_id: str
    started_at: datetime
    new_build_id: str
    reporter: Reporter
    checks: list[CheckResult] = field(default_factory=list)
    steps: list[LoadStep] = field(default_factory=list)
    error: str = ""
    build_id: str = ""
    published: bool = False

    @property
    def failed_checks(self) -> list[CheckResult]:
        return [check for check in self.checks if check.blocks]

    @property
    def state(self) -> RunState:
        """`published`, `gate_failed` (a check said no) or `failed` (something broke)."""
        if self.published:
            return "published"
        return "gate_failed" if self.failed_checks else "failed"

    @property
    def reason(self) -> str:
        """One line for readers; the whole error is in the ledger."""
        return self.error.splitlines()[0] if self.error else ""


@contextmanager
def open_journal(settings: Settings, run_id: str, reporter: Reporter) -> Iterator[RunJournal]:
    """Hold the run lock for one run.

    Raises:
        HelpmartError: another run holds the lock (exit code BUSY).
    """
    from pipelines.ingest.lock import run_lock
    from pipelines.publish import new_build_id, sweep

    with run_lock(settings):
        sweep(settings)
        now = datetime.now(UTC)
        journal = RunJournal(settings, run_id, now, new_build_id(now), reporter)
        try:
            yield journal
        except BaseException as error:
            journal.error = journal.error or f"{type(error).__name__}: {error}"
            raise
        finally:
            _write_down(journal)


def _write_down(journal: RunJournal) -> None:
    from pipelines.ingest.ledger import Ledger
    from pipelines.publish import LoadRun, write_health

    finished_at = datetime.now(UTC)
    with Ledger(journal.settings.paths.ledger) as ledger:
        ledger.record_run(
            run_id=journal.run_id,
            started_at=journal.started_at,
            finished_at=finished_at,
            state=journal.state,
            build_id=journal.build_id,
            error=journal.error,
        )
    run = LoadRun(
        journal.run_id,
        journal.started_at,
        finished_at,
        journal.state,
        reason=journal.reason,
        steps=tuple(journal.steps),
    )
    write_health(journal.settings, run=run, checks=journal.checks)
    if journal.state != "published":
        _alert(journal)


def _alert(journal: RunJournal) -> None:
    """Tell the alert rooms; a room that cannot be reached changes nothing of how the run ended."""
    from pipelines.errors import HelpmartError
    from pipelines.reports.delivery.postman import after_failure

    reason = journal.reason or "; ".join(
        f"{check.table}: {check.name}" for check in journal.failed_checks[:3]
    )
    try:
        after_failure(journal.settings, journal.run_id, journal.state, reason)
    except HelpmartError as error:
        journal.reporter.detail(str(error))
        logging.getLogger(__name__).warning("alert not told: %s", error.what)
