"""KPIs of the small company compared with sums over plain records, cell by cell.

What belongs here: turning records into the cells of a KPI. What a record adds belongs to the
references.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from tests.integration.company_world import Cell, CompanyWorld, Row, cells_of, differences

Value = Callable[[list[Row]], float | None]
Grains = dict[str, Callable[[Row], str]]


def quotient(numerator: str, denominator: str) -> Value:
    """The sum of one figure over the sum of another; nothing without a base."""

    def value(rows: list[Row]) -> float | None:
        base = sum(row[denominator] or 0 for row in rows)
        return sum(row[numerator] or 0 for row in rows) / base if base else None

    return value


def mean(figure: str) -> Value:
    """The mean over the records that have the figure."""

    def value(rows: list[Row]) -> float | None:
        known = [row[figure] for row in rows if row[figure] is not None]
        return sum(known) / len(known) if known else None

    return value


def total(figure: str) -> Value:
    """The sum over all records."""
    return lambda rows: sum(row[figure] or 0 for row in rows)


def longest(figure: str) -> Value:
    """The greatest figure of any record."""
    return lambda rows: max((row[figure] for row in rows if row[figure] is not None), default=None)


def percentile(figure: str, fraction: float) -> Value:
    """The percentile, linearly interpolated between the two nearest ranks."""

    def value(rows: list[Row]) -> float | None:
        known = sorted(row[figure] for row in rows if row[figure] is not None)
        if not known:
            return None
        place = fraction * (len(known) - 1)
        low = int(place)
        high = min(low + 1, len(known) - 1)
        return float(known[low] + (known[high] - known[low]) * (place - low))

    return value


def persons(world: CompanyWorld) -> dict[tuple[str, str, str], str]:
    """The person behind an agent, by source system, account and agent id."""
    rows = world.published(
        "select source_system, account_id, agent_id, person_key from published.dim_agents"
    )
    return {
        (row["source_system"], row["account_id"], row["agent_id"]): row["person_key"]
        for row in rows
    }


def compare(
    world: CompanyWorld,
    records: Iterable[Row],
    kpis: dict[str, Value],
    grains: Grains,
    way: str = "records",
) -> int:
    """Assert that every cell of the KPIs is what the records add up to; how many there were."""
    cells = cells_of(records, _day, grains)
    compared = 0
    for kpi_id, value in kpis.items():
        expected: dict[Cell, float | None] = {cell: value(rows) for cell, rows in cells.items()}
        number, differing = differences(world, kpi_id, expected, grains, way)
        assert not differing, f"{kpi_id}: {len(differing)} of {number} differ, {differing[:3]}"
        assert number > 0, kpi_id
        compared += number
    return compared


def _day(row: Row) -> Any:
    day: date | None = row["day"]
    return day
