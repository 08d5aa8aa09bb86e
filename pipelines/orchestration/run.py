"""Runs the daily job here and now, in this process, with progress; what `helpmart run` calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.orchestration.journal import Reporter, SilentReporter

if TYPE_CHECKING:
    from pipelines.settings import Settings


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended, as the ledger has it."""

    run_id: str
    state: str
    build_id: str
    error: str
    failed_checks: list[str]
    seconds: float


def run_daily_load(settings: Settings, reporter: Reporter | None = None) -> RunOutcome:
    """Run files to dashboards once.

    Raises:
        HelpmartError: another run holds the lock (BUSY).
    """
    import time

    from pipelines.orchestration.build import build_definitions
    from pipelines.orchestration.instance import open_instance
    from pipelines.orchestration.triggers import JOB_NAME

    begun = time.monotonic()
    definitions = build_definitions(settings, reporter or SilentReporter())
    job = definitions.resolve_job_def(JOB_NAME)
    with open_instance(settings) as instance:
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    return _outcome(settings, result.run_id, time.monotonic() - begun)


def _outcome(settings: Settings, run_id: str, seconds: float) -> RunOutcome:
    from pipelines.ingest.ledger import Ledger

    with Ledger(settings.paths.ledger) as ledger:
        run = ledger.run(run_id)
        failed = [check.title for check in ledger.checks(run_id) if check.blocks]
    return RunOutcome(
        run_id=run_id,
        state=run.state,
        build_id=run.build_id,
        error=run.error,
        failed_checks=failed,
        seconds=seconds,
    )
