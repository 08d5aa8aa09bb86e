"""Assembles the definitions of one installation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.orchestration.assets import (
    dashboard_assets,
    dbt_assets,
    publish_assets,
    raw_assets,
    report_assets,
)
from pipelines.orchestration.gates import border_gate
from pipelines.orchestration.journal import Reporter, RunJournal, SilentReporter, open_journal
from pipelines.orchestration.triggers import daily_job, daily_schedule, inbox_sensor

if TYPE_CHECKING:
    from pipelines.quality.results import Border
    from pipelines.settings import Settings

BORDERS: tuple[Border, ...] = ("raw", "published")


def journal_resource(settings: Settings, reporter: Reporter) -> dg.ResourceDefinition:
    """Opens the journal, and with it the run lock, for the length of a run."""

    def open_for_run(context: dg.InitResourceContext) -> Iterator[RunJournal]:
        if context.run_id is None:
            raise RuntimeError("the journal belongs to a run")
        with open_journal(settings, context.run_id, reporter) as journal:
            yield journal

    return dg.ResourceDefinition(open_for_run)


def build_definitions(settings: Settings, reporter: Reporter | None = None) -> dg.Definitions:
    """The asset graph, gates, job, schedule and sensor; reads contracts, suites and manifest."""
    from pipelines.ingest.contracts import load_contracts
    from pipelines.quality.suites import load_suites
    from pipelines.transform.dbt_runner import load_manifest

    job = daily_job()
    return dg.Definitions(
        assets=[
            raw_assets(load_contracts()),
            dbt_assets(load_manifest(settings)),
            publish_assets(settings),
            dashboard_assets(settings),
            report_assets(),
        ],
        asset_checks=[border_gate(border, load_suites(border)) for border in BORDERS],
        jobs=[job],
        schedules=[daily_schedule(settings, job)],
        sensors=[inbox_sensor(settings, job)],
        resources={"journal": journal_resource(settings, reporter or SilentReporter())},
    )
