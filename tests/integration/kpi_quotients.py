"""Quotients of sums over the rows of a fact, for tests that compare them with published cells.

What belongs here: how rows become numerators, denominators and members. Formulas belong to tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.integration.company_world import Row

Side = Callable[[Row], float]

TICKET_GRAINS = {
    "channel": "channel", "team": "team_name", "priority": "priority", "shop": "shop",
    "source": "source_system",
}  # fmt: skip


def both(*names: str) -> Side:
    return lambda row: float(all(row[name] for name in names))


def quotients(cells: dict[Any, list[Row]], part: Side, whole: Side) -> dict[Any, float | None]:
    values: dict[Any, float | None] = {}
    for cell, rows in cells.items():
        base = sum(whole(row) for row in rows)
        values[cell] = sum(part(row) for row in rows) / base if base else None
    return values


def members(*more: str) -> dict[str, Callable[[Row], str]]:
    columns = TICKET_GRAINS | {name: name for name in more}
    return {grain: lambda row, column=column: row[column] for grain, column in columns.items()}
