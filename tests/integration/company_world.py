"""A whole small company, every system of it, loaded and built once for all tests of KPIs.

What belongs here: making the world and reading its tables. What should agree belongs to the tests;
each module of them is marked `xdist_group("company")`, so that one worker builds the world.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.simulate.company_demo import DESK, company_plan, write_company
from pipelines.simulate.systems import SYSTEMS
from pipelines.transform.dbt_runner import build, load_manifest
from pipelines.transform.semantic import Kpi, kpis_from_manifest
from tests.integration.kpi_proofs import record

SEED = 17
CONTACTS = 1_200
DAYS = 210
UNTIL = date(2026, 10, 31)
Row = dict[str, Any]


@dataclass(frozen=True)
class CompanyWorld:
    """One installation with a finished build; instants are UTC without a zone, dates are dates."""

    settings: Settings
    truth: Path

    def published(self, sql: str) -> list[Row]:
        """Rows of the file that is published; its tables lie in the schema published."""
        return _rows(self.settings.paths.serving_file, sql)

    def build(self, sql: str) -> list[Row]:
        """Rows of the build, where staging, intermediate and seeds lie."""
        return _rows(self.settings.paths.warehouse_file, sql)

    def readable(self) -> Settings:
        """The settings, once the build lies where published builds do."""
        paths = self.settings.paths
        if not paths.current_link.exists():
            folder = paths.builds / "company"
            folder.mkdir(parents=True)
            shutil.copyfile(paths.serving_file, folder / paths.serving_file.name)
            paths.current_link.symlink_to(folder)
        return self.settings

    @cached_property
    def kpis(self) -> dict[str, Kpi]:
        """The definitions of the project, by id."""
        return {kpi.id: kpi for kpi in kpis_from_manifest(load_manifest(self.settings))}

    @cached_property
    def cells(self) -> dict[str, dict[Cell, Row]]:
        """All of kpi_values: by KPI, then by period type, period start, grain and member."""
        found: dict[str, dict[Cell, Row]] = defaultdict(dict)
        for row in self.published(
            "select kpi_id, period_type, period_start, grain, unit_value, value, numerator,"
            " denominator, n, maturity, standard_error from published.kpi_values"
        ):
            cell = (row["period_type"], row["period_start"], row["grain"], row["unit_value"])
            found[row["kpi_id"]][cell] = row
        return found


Cell = tuple[str, date, str, str]


def build_company(home: Path, build_id: str = "company") -> CompanyWorld:
    """Simulate, load and build; the data tests have test runs of their own."""
    settings = Settings(home=home / "home", quiet_seconds=0)
    plan = company_plan(SEED, CONTACTS, DAYS, UNTIL)
    write_company(settings.paths.inbox, home / "truth", plan, [DESK, *SYSTEMS])
    load_inbox(settings, run_id="company")
    export_for_dbt(settings)
    selection = "resource_type:seed resource_type:model"
    build(settings, build_id=build_id, select=selection).raise_on_failure()
    return CompanyWorld(settings, home / "truth")


def periods_of(day: date) -> list[tuple[str, date]]:
    """The periods that a business date is part of, each with its first day."""
    quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return [
        ("day", day),
        ("week", day - timedelta(days=day.weekday())),
        ("month", day.replace(day=1)),
        ("quarter", quarter),
    ]


def cells_of(
    rows: Iterable[Row],
    day: Callable[[Row], date | None],
    grains: dict[str, Callable[[Row], str]],
) -> dict[Cell, list[Row]]:
    """Records by the cells that they fall into; those without a date fall into none.

    Args:
        rows: Plain records.
        day: The business date of a record, by the KPI's anchor.
        grains: How a record's member is read, by grain; the grain total need not be given. People
            (grain `agent`) have months and quarters only.
    """
    found: dict[Cell, list[Row]] = defaultdict(list)
    members = {"total": lambda _: "total", **grains}
    for row in rows:
        when = day(row)
        if when is None:
            continue
        for period_type, start in periods_of(when):
            for grain, member in members.items():
                if grain != "agent" or period_type in {"month", "quarter"}:
                    found[period_type, start, grain, member(row)].append(row)
    return found


def differences(
    world: CompanyWorld,
    kpi_id: str,
    expected: dict[Cell, float | None],
    grains: Iterable[str],
    way: str = "records",
) -> tuple[int, list[tuple[Cell, float | None, float | None]]]:
    """How many cells of a KPI were compared, and those where the warehouse says something else.

    A cell that either side lacks, or has without a value, counts as nothing; nothing equals zero
    only where no record is counted. Cells of periods that begin after the as-of date are left out.

    Args:
        world: The company.
        kpi_id: Which KPI.
        expected: What the cells should hold, by the plain reference.
        grains: Those that the reference knows, beside the total.
        way: What the reference was made from: one of `kpi_proofs.WAYS`.
    """
    wanted = {"total", *grains}
    found = {cell: row for cell, row in world.cells[kpi_id].items() if cell[2] in wanted}
    newest = max((cell[1] for cell in found), default=date.min)
    cells = {cell for cell in found.keys() | expected.keys() if cell[1] <= newest}
    differing, told = [], []
    for cell in sorted(cells):
        row = found.get(cell)
        value = None if row is None else row["value"]
        if not _same(value, expected.get(cell), is_empty=row is None or not row["n"]):
            differing.append((cell, value, expected.get(cell)))
        if value is not None or expected.get(cell) is not None:
            told.append(cell)
    record(way, kpi_id, told)
    return len(cells), differing


def _same(left: float | None, right: float | None, *, is_empty: bool) -> bool:
    if left is None or right is None:
        return left is right or (is_empty and not left and not right)
    return abs(float(left) - float(right)) <= 1e-9 * max(1.0, abs(float(right)))


def _rows(path: Path, sql: str) -> list[Row]:
    with duckdb.connect(str(path), read_only=True) as connection:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
