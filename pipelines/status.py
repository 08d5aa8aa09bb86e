"""What readers see and how it came there, in one record: the answer of `helpmart status`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.settings import Settings


@dataclass(frozen=True)
class LastRun:
    """How the newest run ended."""

    run_id: str
    state: str
    finished_at: datetime | None
    error: str


@dataclass(frozen=True)
class Status:
    """`build_id` is None until something was published; `gates` are the last run's checks."""

    build_id: str | None
    published_at: datetime | None
    data_as_of: datetime | None
    last_run: LastRun | None
    gates: dict[str, int]
    failed_checks: list[str] = field(default_factory=list)
    inbox_waiting: int = 0
    inbox_unrecognised: list[str] = field(default_factory=list)
    records_quarantined: int = 0


def read_status(settings: Settings) -> Status:
    """Read the published build, the ledger and the inbox; changes nothing."""
    from pipelines.ingest.inbox import ready_files
    from pipelines.ingest.ledger import Ledger
    from pipelines.publish import current_build
    from pipelines.quality.results import count_checks

    build = current_build(settings)
    inbox = ready_files(settings)
    with Ledger(settings.paths.ledger) as ledger:
        runs = ledger.runs()
        last = runs[0] if runs else None
        checks = ledger.checks(last.run_id) if last else []
        quarantined = sum(row.quarantined for row in ledger.files())
    counts = count_checks(checks)
    return Status(
        build_id=build.build_id if build else None,
        published_at=build.built_at if build else None,
        data_as_of=build.data_as_of if build else None,
        last_run=LastRun(last.run_id, last.state, last.finished_at, last.error) if last else None,
        gates={"passed": counts.passed, "failed": counts.failed, "warned": counts.warned},
        failed_checks=[f"{check.table}: {check.name}" for check in checks if not check.success],
        inbox_waiting=len(inbox.ready) + len(inbox.settling),
        inbox_unrecognised=[str(file.path) for file in inbox.unrecognised],
        records_quarantined=quarantined,
    )
