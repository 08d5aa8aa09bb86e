"""Runs the daily job here and now, in this process, with progress; what `helpmart run` calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.orchestration.journal import Reporter, SilentReporter

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

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
    return _outcome(settings, result, time.monotonic() - begun)


def _broken_step(result: ExecuteInProcessResult) -> str:
    """What Dagster says of the first step that failed; empty if none did."""
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            error = event.step_failure_data.error
            cause = error.cause or error
            return f"{event.step_key}: {cause.message.strip()}"
    return ""


def _outcome(settings: Settings, result: ExecuteInProcessResult, seconds: float) -> RunOutcome:
    from pipelines.ingest.ledger import Ledger

    with Ledger(settings.paths.ledger) as ledger:
        run = ledger.run(result.run_id)
        failed = [check.title for check in ledger.checks(result.run_id) if check.blocks]
    return RunOutcome(
        run_id=result.run_id,
        state=run.state,
        build_id=run.build_id,
        error=run.error or _broken_step(result),
        failed_checks=failed,
        seconds=seconds,
    )
