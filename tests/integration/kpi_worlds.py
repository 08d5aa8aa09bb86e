"""Desks loaded, built and published, with the export kept for the plain reference.

What belongs here: making a world, reading its tables, comparing them with the reference. What
should agree belongs to the tests.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.simulate import write_demo
from pipelines.transform.dbt_runner import build, load_manifest
from pipelines.transform.semantic import Kpi, kpis_from_manifest
from tests.integration.kpi_proofs import record
from tests.reference.export import Export, read_export
from tests.reference.kpis import GRAINS, Cell, Value, kpi_values
from tests.reference.outcome_kpis import outcome_values

SEED = 11
TICKETS = 500
DAYS = 100
UNTIL = date(2026, 10, 31)
PERIODS = ("day", "week", "month")
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
        """value, numerator, denominator and maturity of every cell of kpi_values."""
        found = self.rows(
            "select kpi_id, period_type, period_start, grain, unit_value,"
            " value, numerator, denominator, maturity from published.kpi_values"
        )
        return {Cell(*row[:5]): row[5:] for row in found}

    def value(self, kpi_id: str, period: str, start: date, grain: str, member: str) -> Any:
        row = self.values.get(Cell(kpi_id, period, start, grain, member))
        return None if row is None else row[0]

    def values_of(self, kpi_id: str, column: str) -> dict[date, Any]:
        """A column of a KPI for the whole desk, day by day."""
        return dict(
            self.rows(
                f"select period_start, {column} from published.kpi_values where kpi_id = ?"
                " and period_type = 'day' and grain = 'total'",
                kpi_id,
            )
        )


def simulated_world(home: Path) -> KpiWorld:
    """A small service centre with its known defects."""
    settings = Settings(home=home / "home", quiet_seconds=0)
    inbox, export = settings.paths.inbox / "zendesk" / "northwind", home / "export"
    write_demo(inbox, home / "truth", seed=SEED, tickets=TICKETS, days=DAYS, until=UNTIL)
    shutil.copytree(inbox, export)
    return _published(settings, export)


def real_world(home: Path, export: Path) -> KpiWorld:
    """A real incident desk's export, dropped into the inbox as it is."""
    settings = Settings(home=home / "home", quiet_seconds=0)
    settings.paths.inbox.mkdir(parents=True)
    shutil.copytree(export, settings.paths.inbox / export.name, copy_function=shutil.copyfile)
    return _published(settings, export)


def _published(settings: Settings, export: Path) -> KpiWorld:
    """Load, build every model but no data test, and publish the file by hand."""
    load_inbox(settings, run_id="kpis")
    export_for_dbt(settings)
    selection = "resource_type:seed resource_type:model"
    build(settings, build_id="world", select=selection).raise_on_failure()
    folder = settings.paths.builds / "world"
    folder.mkdir(parents=True)
    shutil.copyfile(settings.paths.serving_file, folder / settings.paths.serving_file.name)
    settings.paths.current_link.symlink_to(folder)
    return KpiWorld(settings, export)


def same(left: Any, right: Any) -> bool:
    """Equal up to the last digits of a double; nothing equals only nothing."""
    if left is None or right is None:
        return left is right
    return abs(float(left) - float(right)) <= 1e-9 * max(1.0, abs(float(right)))


def differing_from_reference(world: KpiWorld, account: str = "default") -> tuple[int, set[str]]:
    """How many cells were compared with the plain reference, and the KPIs that differ in any.

    The reference knows the KPIs of tickets, by day, week and month for the members of `GRAINS`, and
    by month for people.
    """
    zone = world.settings.reporting_zone
    return _differing(world, _reference_values(world.export, account, zone, _persons(world)))


def differing_from_outcomes(world: KpiWorld, account: str = "default") -> tuple[int, set[str]]:
    """The same for what became of tickets and contacts."""
    topics = dict(world.rows("select ticket_id, topic from published.fct_tickets"))
    export, zone = _records(world.export, account), world.settings.reporting_zone
    return _differing(world, outcome_values(export, zone, dict(_persons(world)), topics))


@cache
def _records(export: Path, account: str) -> Export:
    """An export's records, which do not change."""
    return read_export(export, account)


def _persons(world: KpiWorld) -> tuple[Row, ...]:
    return tuple(world.rows("select agent_id, person_key from published.dim_agents"))


def _differing(world: KpiWorld, reference: dict[Cell, Value]) -> tuple[int, set[str]]:
    known = {cell.kpi_id for cell in reference}
    grains = {"total", "agent", *GRAINS}
    cells = reference.keys() | {
        cell
        for cell in world.values
        if cell.kpi_id in known and cell.period_type in PERIODS and cell.grain in grains
    }
    differing = {
        cell.kpi_id for cell in cells if not _agrees(reference.get(cell), world.values.get(cell))
    }
    for kpi_id in known:
        record("raw", kpi_id, [cell[1:] for cell in reference if cell.kpi_id == kpi_id])
    return len(cells), differing


@cache
def _reference_values(
    export: Path, account: str, zone: str, persons: tuple[Row, ...]
) -> dict[Cell, Value]:
    """What the reference says of an export, which does not change."""
    return kpi_values(_records(export, account), zone, dict(persons))


def _agrees(expected: Value | None, found: Row | None) -> bool:
    """A cell that the reference doesn't know has no base, or nothing to count."""
    if found is None:
        return False
    if expected is None:
        return found[0] is None or found[0] == 0
    sides = (expected.numerator, expected.denominator)
    agree = same(found[0], expected.value) and same(found[3], expected.maturity)
    return agree and (sides == (None, None) or sides == found[1:3])
