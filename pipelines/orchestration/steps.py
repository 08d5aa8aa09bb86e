"""The steps of the daily job as plain functions over a journal, free of Dagster.

Each does one thing that the asset graph names, fails by raising, and is safe to repeat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from pipelines.faults import fault

if TYPE_CHECKING:
    from pipelines.dashboards.sync.provision import Provisioned
    from pipelines.ingest.load import LoadReport
    from pipelines.orchestration.journal import RunJournal
    from pipelines.publish import Published
    from pipelines.quality.results import Border, CheckResult
    from pipelines.reports.delivery.deliver import Outcome
    from pipelines.transform.dbt_runner import DbtResult, NodeResult

Given = ParamSpec("Given")
Gained = TypeVar("Gained")
TEST_OWNER = "data platform"


def _noted(
    step: Callable[Concatenate[RunJournal, Given], Gained],
) -> Callable[Concatenate[RunJournal, Given], Gained]:
    """Keep in the journal when a step ran and what it broke on: Dagster tells its resources
    nothing of it. A gate is a step for each border."""

    @wraps(step)
    def noted(journal: RunJournal, /, *args: Given.args, **kwargs: Given.kwargs) -> Gained:
        from pipelines.publish import LoadStep

        name = "_".join([step.__name__, *map(str, (*args, *kwargs.values()))])
        begun, is_done = datetime.now(UTC), False
        try:
            gained = step(journal, *args, **kwargs)
            is_done = True
        except Exception as error:
            journal.error = journal.error or str(error)
            raise
        finally:
            journal.steps.append(LoadStep(name, begun, datetime.now(UTC), is_done))
        return gained

    return noted


@dataclass(frozen=True)
class GateRun:
    """What one gate said."""

    border: str
    results: list[CheckResult]

    @property
    def passed(self) -> bool:
        return not any(result.blocks for result in self.results)


@_noted
def land_files(journal: RunJournal) -> LoadReport:
    """Take every complete file of the inbox into archive, raw layer and ledger."""
    from pipelines.ingest.load import load_inbox
    from pipelines.quality import engine

    journal.reporter.step("Landing files")
    engine.preload()
    return load_inbox(journal.settings, run_id=journal.run_id, progress=journal.reporter.detail)


@_noted
def run_gate(journal: RunJournal, border: Border) -> GateRun:
    """Run all suites of one border and keep what they said."""
    from pipelines.quality.run import run_suites

    journal.reporter.step(f"Checking the {border} border")
    results = list(run_suites(journal.settings, border, run_id=journal.run_id).results)
    _keep_checks(journal, results)
    fault(f"{border}_checked")
    return GateRun(border, results)


def _keep_checks(journal: RunJournal, results: list[CheckResult]) -> None:
    from pipelines.ingest.ledger import Ledger

    with Ledger(journal.settings.paths.ledger) as ledger:
        ledger.record_checks(journal.run_id, results)
    journal.checks.extend(results)


@_noted
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
    _keep_checks(journal, [_as_check(node) for node in result.nodes if node.kind == "test"])
    fault("dbt_built")
    return result


def _as_check(test: NodeResult) -> CheckResult:
    from pipelines.quality.results import CheckResult

    return CheckResult(
        border="dbt",
        table=test.schema,
        name=test.name,
        expectation="dbt test",
        column=None,
        severity="critical" if test.failed else "warning",
        success=test.status in {"pass", "success"},
        observed=test.message,
        unexpected_count=0,
        why="a model's promise about its own rows",
        owner=TEST_OWNER,
    )


@_noted
def publish_build(journal: RunJournal) -> Published:
    """Make what was built and checked the file that readers see."""
    from pipelines.orchestration.changes import inputs_digest, remember_inputs
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
    remember_inputs(journal.settings, published.build_id, inputs_digest(journal.settings))
    return published


@_noted
def send_reports(journal: RunJournal) -> list[Outcome]:
    """Alerts on thresholds, and reports that are due, each once to each recipient."""
    from pipelines.reports.delivery.postman import after_publish

    journal.reporter.step("Sending reports")
    return after_publish(journal.settings)


@_noted
def import_dashboards(journal: RunJournal) -> Provisioned:
    """Bring Superset in step with the folder `superset/`; does nothing when it is."""
    from pipelines.dashboards.sync.provision import provision

    journal.reporter.step("Importing dashboards")
    return provision(journal.settings)
