"""A desk of a few cells, so that its changes can be computed by the project's own models.

What belongs here: `kpi_values` and `kpi_dictionary` as small as a test needs them, and the tables
of changes made of them. What does not: any formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from tests.dbt_sql import materialise

AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)
MODELS = ("kpi_bridges", "kpi_change_drivers", "kpi_changes")
Members = Mapping[str, tuple[float, float]]


@dataclass
class ChangeWorld:
    """Cells of one or more KPIs; `tables()` builds what the project makes of them."""

    cells: list[tuple[Any, ...]] = field(default_factory=list)
    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)

    def quotient(
        self,
        kpi_id: str,
        month: date,
        grains: Mapping[str, Members],
        *,
        total: tuple[float, float] | None = None,
        period: str = "month",
        direction: str = "up",
    ) -> None:
        """A KPI's cells; the total is the sum of the first grain's members unless it is given."""
        self.kinds[kpi_id] = ("quotient", direction)
        first = next(iter(grains.values()))
        total = total or (sum(n for n, _ in first.values()), sum(d for _, d in first.values()))
        rows = [("total", "total", *total)]
        rows += [
            (grain, name, n, d) for grain, own in grains.items() for name, (n, d) in own.items()
        ]
        for grain, name, n, d in rows:
            value = n / d if d else None
            self.cells.append((kpi_id, period, month, grain, name, value, n, d, int(d), False))

    def count(self, kpi_id: str, month: date, channels: Mapping[str, float]) -> None:
        """A plain count and its members by channel."""
        self.kinds[kpi_id] = ("count", "neutral")
        rows = [("total", "total", sum(channels.values()))]
        rows += [("channel", name, value) for name, value in channels.items()]
        for grain, name, value in rows:
            cell = (kpi_id, "month", month, grain, name, value, None, None, int(value), False)
            self.cells.append(cell)

    def tables(self) -> Tables:
        connection = duckdb.connect(config={"threads": 1})
        connection.execute(
            "create table kpi_values (kpi_id varchar, period_type varchar, period_start date,"
            " grain varchar, unit_value varchar, value double, numerator double,"
            " denominator double, n bigint, is_partial boolean, value_low double,"
            " value_high double, maturity double)"
        )
        connection.executemany(
            f"insert into kpi_values values ({', '.join('?' * 10)}, null, null, null)",
            self.cells,
        )
        connection.execute(
            "update kpi_values set value_low = value - 0.01, value_high = value + 0.01"
            " where denominator is not null"
        )
        connection.execute(
            "create table kpi_dictionary (kpi_id varchar, bridge_kind varchar, direction varchar)"
        )
        connection.executemany(
            "insert into kpi_dictionary values (?, ?, ?)",
            [(kpi_id, *kind) for kpi_id, kind in self.kinds.items()],
        )
        materialise(connection, *MODELS)
        return Tables(connection)


@dataclass(frozen=True)
class Tables:
    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str) -> list[dict[str, Any]]:
        found = self.connection.execute(sql)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def change(self, kpi_id: str = "csat_score", grain: str = "channel") -> dict[str, Any]:
        (row,) = self.rows(
            f"from kpi_changes where kpi_id = '{kpi_id}' and grain = '{grain}'"
            " and comparison = 'previous' and period_type = 'month'"
        )
        return row

    def drivers(
        self, kpi_id: str = "csat_score", grain: str = "channel"
    ) -> dict[str, dict[str, Any]]:
        rows = self.rows(
            f"from kpi_change_drivers where kpi_id = '{kpi_id}' and grain = '{grain}'"
            " and comparison = 'previous' and period_type = 'month' order by driver_rank"
        )
        return {row["unit_value"]: row for row in rows}
