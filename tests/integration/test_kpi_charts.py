"""What the tables of charts add up to is the published value, for every table and KPI of it."""

from __future__ import annotations

from math import isclose

import pytest

from pipelines.transform.formulas import value_sql
from tests.integration.company_world import CompanyWorld, Row

# Holds finished values by grain and member, not sums.
WITHOUT_SUMS = "kpi_backlog_age_daily"
pytestmark = pytest.mark.xdist_group("company")

MEMBERS = {
    "total": "'total'", "channel": "channel", "team": "team_name", "shop": "shop",
    "queue": "queue_name", "cause": "cause", "platform": "platform", "segment": "segment",
    "source": "source_system", "priority": "priority", "topic": "topic", "skill": "skill",
}  # fmt: skip


def chart_tables(company: CompanyWorld) -> dict[str, set[str]]:
    """Columns of the tables of sums by day; their twins in a language hold the same."""
    rows = company.published(
        "select table_name, list(column_name) as columns from information_schema.columns"
        " where table_schema = 'published' and table_name like 'kpi\\_%ly' escape '\\'"
        " group by table_name"
    )
    return {
        row["table_name"]: set(row["columns"])
        for row in rows
        if "local_date" in row["columns"] and row["table_name"] != WITHOUT_SUMS
    }


def sums_of(company: CompanyWorld, table: str, columns: set[str], grain: str) -> dict[str, str]:
    """By KPI that the table holds and that has the grain, its value over the table's columns."""
    return {
        kpi.id: value_sql(kpi.formula, lambda measure: f"sum({measure.name})")
        for kpi in company.kpis.values()
        if columns >= {measure.name for measure in kpi.measures}
        and all(measure.agg in {"sum", "count"} for measure in kpi.measures)
        and any(cell[2] == grain for cell in company.cells[kpi.id])
    }


def test_every_table_of_charts_adds_up_to_the_published_values(company: CompanyWorld) -> None:
    compared, differing, seen = 0, [], set()
    for table, columns in chart_tables(company).items():
        for grain, member in MEMBERS.items():
            sums = sums_of(company, table, columns, grain)
            if not sums or (grain != "total" and member not in columns):
                continue
            values = ", ".join(f"{sql} as {kpi_id}" for kpi_id, sql in sums.items())
            rows = company.published(
                f"select local_date, {member} as member, {values} from published.{table}"
                " where local_date is not null group by all"
            )
            for row in rows:
                differing += [(table, *found) for found in _unlike(company, row, grain, sums)]
            compared += len(rows) * len(sums)
            seen |= {table} if rows else set()
    print(f"{compared} values of {len(seen)} tables compared")
    assert differing[:5] == []
    assert len(seen) > 12
    assert compared > 50_000


def _unlike(
    company: CompanyWorld, row: Row, grain: str, kpi_ids: dict[str, str]
) -> list[tuple[str, str, object, object]]:
    found = []
    for kpi_id in kpi_ids:
        published = company.cells[kpi_id].get(("day", row["local_date"], grain, row["member"]), {})
        value, summed = published.get("value"), row[kpi_id]
        if (value or summed) and not isclose(value or 0, summed or 0, rel_tol=1e-9):
            found.append((kpi_id, row["member"], value, summed))
    return found
