"""A simulated desk, loaded, built and published, with the export kept for the plain reference.

What belongs here: making the world and reading its tables. What should agree belongs to the tests.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.simulate import write_demo
from pipelines.transform.dbt_runner import build, load_manifest
from pipelines.transform.semantic import Kpi, kpis_from_manifest
from tests.reference.kpis import Cell

SEED = 11
TICKETS = 500
DAYS = 100
UNTIL = date(2026, 10, 31)
Row = tuple[Any, ...]


@dataclass(frozen=True)
class KpiWorld:
    """One installation with a published build, and the raw export that it was built from."""

    settings: Settings
    export: Path

    @cached_property
    def kpis(self) -> list[Kpi]:
        return kpis_from_manifest(load_manifest(self.settings))

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        file = self.settings.paths.published_file.resolve()
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    @cached_property
    def values(self) -> dict[Cell, Row]:
        """value, numerator and denominator of every cell of kpi_values."""
        found = self.rows(
            "select kpi_id, period_type, period_start, grain, unit_value,"
            " value, numerator, denominator from published.kpi_values"
        )
        return {Cell(*row[:5]): row[5:] for row in found}

    def value(self, kpi_id: str, period: str, start: date, grain: str, member: str) -> Any:
        row = self.values.get(Cell(kpi_id, period, start, grain, member))
        return None if row is None else row[0]


def build_world(home: Path) -> KpiWorld:
    """Simulate, load, build every model with its data tests, and publish the file by hand."""
    settings = Settings(home=home / "home", quiet_seconds=0)
    inbox, export = settings.paths.inbox / "zendesk" / "northwind", home / "export"
    write_demo(inbox, home / "truth", seed=SEED, tickets=TICKETS, days=DAYS, until=UNTIL)
    shutil.copytree(inbox, export)
    load_inbox(settings, run_id="kpis")
    export_for_dbt(settings)
    build(settings, build_id="world").raise_on_failure()
    folder = settings.paths.builds / "world"
    folder.mkdir(parents=True)
    shutil.copyfile(settings.paths.serving_file, folder / settings.paths.serving_file.name)
    settings.paths.current_link.symlink_to(folder)
    return KpiWorld(settings, export)
