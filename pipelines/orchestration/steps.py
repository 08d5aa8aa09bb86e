"""The steps of the daily job as plain functions over a journal, free of Dagster.

Each does one thing that the asset graph names, fails by raising, and is safe to repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.faults import fault

if TYPE_CHECKING:
    from pipelines.ingest.load import LoadReport
    from pipelines.orchestration.journal import RunJournal
    from pipelines.publish import Published
    from pipelines.quality.results import CheckResult
    from pipelines.transform.dbt_runner import DbtResult


@dataclass(frozen=True)
class GateRun:
    """What one gate said."""

    border: str
    results: list[CheckResult]

    @property
    def passed(self) -> bool:
        return not any(result.blocks for result in self.results)


def land_files(journal: RunJournal) -> LoadReport:
    """Take every complete file of the inbox into archive, raw layer and ledger."""
    from pipelines.ingest.load import load_inbox
    from pipelines.ingest.schema_files import ensure_schema_files

    journal.reporter.step("Landing files")
    ensure_schema_files(journal.settings)
    return load_inbox(journal.settings, run_id=journal.run_id, progress=journal.reporter.detail)


def run_gate(journal: RunJournal, border: str) -> GateRun:
    """Run all suites of one border and keep what they said."""
    from pipelines.ingest.ledger import Ledger
    from pipelines.quality.run import run_suites

    journal.reporter.step(f"Checking the {border} border")
    results = run_suites(journal.settings, border, run_id=journal.run_id).results
    with Ledger(journal.settings.paths.ledger) as ledger:
        ledger.record_checks(journal.run_id, results)
    journal.checks.extend(results)
    fault(f"{border}_checked")
    return GateRun(border, list(results))


def build_warehouse(journal: RunJournal) -> DbtResult:
    """Build all models and run all dbt tests, from raw, into fresh files."""
    from pipelines.ingest.export import export_for_dbt
    from pipelines.transform.dbt_runner import build

    journal.reporter.step("Building the warehouse")
    export_for_dbt(journal.settings)
    result = build(
        journal.settings,
        build_id=journal.new_build_id,
        on_node=lambda node: journal.reporter.detail(node.name),
    )
    fault("dbt_built")
    return result


def publish_build(journal: RunJournal) -> Published:
    """Make what was built and checked the file that readers see."""
    from pipelines.publish import publish

    journal.reporter.step("Publishing")
    if journal.failed_checks:
        raise RuntimeError("refusing to publish: a blocking check failed in this run")
    published = publish(
        journal.settings,
        build_id=journal.new_build_id,
        run_id=journal.run_id,
        checks=journal.checks,
    )
    journal.build_id = published.build_id
    journal.published = True
    return published
