"""Every chart has something to show on a company that has all systems, to each who may open it.

What a Lead or an Agent does not see says why; a chart of all and of one group is the same chart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest

from pipelines.dashboards.access.policies import load_policies
from pipelines.dashboards.access.rows import clause_for, readers_of
from pipelines.dashboards.access.users import Rows
from pipelines.dashboards.bundle import Datasets
from pipelines.dashboards.datasets import Dataset, load_datasets
from pipelines.dashboards.kinds.base import Chart, Query, params_of
from pipelines.dashboards.spec import load_dashboards
from pipelines.dashboards.words import LANGUAGES
from tests.integration.company_world import CompanyWorld

pytestmark = pytest.mark.xdist_group("company")

# Charts that may have nothing to show there, by dashboard and chart, and why.
MAY_BE_EMPTY: Mapping[tuple[str, str], str] = {
    ("team-and-agent", "own_csat"): "shows one agent, whom who sees all has to choose",
    ("team-and-agent", "own_phrases"): "shows one agent, whom who sees all has to choose",
    ("team-and-agent", "own_proficiency"): "shows one agent, whom who sees all has to choose",
    ("team-and-agent", "own_response"): "shows one agent, whom who sees all has to choose",
    ("team-and-agent", "own_solves"): "shows one agent, whom who sees all has to choose",
    ("customers", "ltv"): "a first order has to lie a year back, further than these files go",
    ("data-trust", "checks_passed"): "the company is built without its gates",
    ("data-trust", "failed_checks"): "the company is built without its gates",
    ("people-and-training", "payback"): "the one course takes more than ten years to pay",
    ("responsiveness", "agents_table"): "nobody of so few answers 30 times in a month",
    ("responsiveness", "spread_by_agent"): "nobody of so few answers 30 times in a month",
    ("data-trust", "restated"): "one build: no figure could have had another value before",
}


def test_every_chart_of_every_dashboard_has_rows(company: CompanyWorld) -> None:
    datasets = load_datasets(company.settings)
    with duckdb.connect(str(company.settings.paths.serving_file), read_only=True) as connection:
        empty = {
            (slug, chart.id)
            for slug, chart, dataset in drawn(datasets)
            if not all(shows(connection, dataset, query) for query in queries(chart, dataset))
        }
    assert empty - MAY_BE_EMPTY.keys() == set()


def test_what_may_be_empty_is_a_chart_of_the_project() -> None:
    charts = {(board.slug, chart.id) for board in load_dashboards() for chart in board.charts()}
    assert MAY_BE_EMPTY.keys() <= charts


# The busiest team, and the person of it with most figures of his or her own.
WHO = """
    with team as (
        select team_name from published.kpi_overview_daily where team_name != 'unknown'
        group by 1 order by sum(tickets_created) desc limit 1
    )
    select team_name, (
        select person_key from published.dim_people
        inner join published.kpi_values on grain = 'agent' and unit_value = person_key
        where dim_people.team_name = team.team_name
        group by 1 order by count(*) desc, 1 limit 1
    ) from team
"""


@pytest.fixture(scope="module")
def seen(company: CompanyWorld) -> dict[str, Rows]:
    with duckdb.connect(str(company.settings.paths.serving_file), read_only=True) as connection:
        ((team, person),) = connection.execute(WHO).fetchall()
    return {"Lead": Rows(teams=(team,)), "Agent": Rows(persons=(person,))}


@pytest.mark.parametrize(("role", "least"), [("Lead", 100), ("Agent", 10)])
def test_what_a_fenced_reader_does_not_see_says_why(
    company: CompanyWorld, seen: dict[str, Rows], role: str, least: int
) -> None:
    datasets, policies = load_datasets(company.settings), load_policies()
    mine = {
        board.slug for board in load_dashboards() if role in readers_of(board, datasets, policies)
    }
    filled, silent = 0, []
    with duckdb.connect(str(company.settings.paths.serving_file), read_only=True) as connection:
        for slug, chart, dataset in drawn(datasets):
            if slug not in mine:
                continue
            rows = clause_for(dataset.columns, seen[role])
            rows = "true" if dataset.name in policies.open_to_all else rows or "false"
            if all(shows(connection, dataset, query, rows) for query in queries(chart, dataset)):
                filled += 1
            elif chart.empty is None and (slug, chart.id) not in MAY_BE_EMPTY:
                silent.append((slug, chart.id))
    assert silent == []
    assert filled >= least


# A table whose rows a fence tells apart by team, its sums, and the KPI that they add up to.
ADDED_UP = {
    "kpi_complaints_daily": ("sum(complaints)", "complaint_count"),
    "kpi_repeat_topics": ("sum(repeated_contacts)", "repeat_inquiry_rate"),
    "kpi_sla_daily": ("sum(sla_breaches)", "sla_breach_count"),
}


@pytest.mark.parametrize("table", ADDED_UP)
def test_teams_add_up_to_the_whole(company: CompanyWorld, table: str) -> None:
    total, kpi = ADDED_UP[table]
    period = "period_start" if table == "kpi_repeat_topics" else "date_trunc('quarter', local_date)"
    (row,) = company.published(
        f"""
        with teams as (
            select {period} as start, team_name, {total} as amount
            from published.{table} group by all
        ), added as (
            select start, sum(amount) as amount from teams group by start having sum(amount) > 0
        ), whole as (
            select period_start as start, coalesce(numerator, value) as amount
            from published.kpi_values
            where kpi_id = '{kpi}' and period_type = 'quarter' and grain = 'total'
        )
        select count(*) as quarters, count(*) filter (where added.amount = whole.amount) as same,
            (select count(distinct team_name) from teams) as teams
        from added inner join whole using (start)
        """
    )
    assert row["quarters"] == row["same"] > 0
    assert row["teams"] > 1 or table == "kpi_complaints_daily"


def test_lines_of_satisfaction_are_those_of_the_tickets_of_a_team(company: CompanyWorld) -> None:
    rows = company.published(
        "select grain, channel, sum(weight) as rated, max(channel_ratings) as stated"
        " from published.kpi_response_satisfaction group by grain, unit_value, channel"
    )
    assert {row["grain"] for row in rows} == {"total", "team"}
    assert all(row["rated"] == row["stated"] for row in rows)
    whole = {row["channel"]: row["rated"] for row in rows if row["grain"] == "total"}
    for channel, rated in whole.items():
        teams = [r["rated"] for r in rows if r["grain"] == "team" and r["channel"] == channel]
        assert sum(teams) <= rated


def test_a_chart_whose_members_do_not_exist_shows_nothing(company: CompanyWorld) -> None:
    datasets = load_datasets(company.settings)
    (chart,) = [
        chart
        for slug, chart, dataset in drawn(datasets)
        if (slug, chart.id, dataset.language) == ("service-overview", "contacts_by_hour", "en")
    ]
    dataset = datasets["kpi_contacts_hourly", "en"]
    nowhere = chart.model_copy(update={"where": {"channel": "nowhere"}})
    with duckdb.connect(str(company.settings.paths.serving_file), read_only=True) as connection:
        assert all(shows(connection, dataset, query) for query in queries(chart, dataset))
        assert not any(shows(connection, dataset, query) for query in queries(nowhere, dataset))


def drawn(datasets: Datasets) -> Iterator[tuple[str, Chart, Dataset]]:
    """Every chart in both languages; the health file is not part of the company."""
    for board in load_dashboards():
        for chart in board.charts():
            for language in LANGUAGES:
                dataset = datasets[chart.dataset, language]
                if dataset.spec.database == "published":
                    yield board.slug, chart, dataset


def queries(chart: Chart, dataset: Dataset) -> list[Query]:
    """What the chart asks for; its dashboard's period is left open."""
    return chart.queries(params_of(chart, dataset), dataset)


def shows(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, query: Query, rows: str = "true"
) -> bool:
    """Whether a query has a row, and of its metrics a value, for who sees these rows."""
    names = query["metrics"] or []
    metrics = [dataset.metrics[name].expression for name in names]
    columns = [expression(dataset, column) for column in query["columns"]]
    grouped = f" group by {', '.join(columns)}" if metrics and columns else ""
    conditions = [
        condition(dataset, asked) for asked in query["filters"] if "TEMP" not in asked["op"]
    ]
    found = connection.execute(
        f"select {', '.join([*metrics, *columns])} from {dataset.schema}.{dataset.table}"
        f" where {' and '.join([f'({rows})', *conditions])}{grouped} limit 1000"
    ).fetchall()
    if not metrics:
        return bool(found)
    return any(value is not None for row in found for value in row[: len(metrics)])


def expression(dataset: Dataset, column: str | dict[str, Any]) -> str:
    """A column as SQL: published ones by name, calculated ones by what they say."""
    name = column if isinstance(column, str) else column["sqlExpression"]
    calculated = dataset.calculated.get(name)
    return f"({calculated.sql(dataset.language)})" if calculated else str(name)


def condition(dataset: Dataset, asked: dict[str, Any]) -> str:
    """One of a chart's fixed filters as SQL."""
    if asked["op"] == "IS NOT NULL":
        return f"{expression(dataset, asked['col'])} is not null"
    stated = asked["val"] if isinstance(asked["val"], list) else [asked["val"]]
    members = ", ".join(
        str(each) if isinstance(each, bool | int) else "'" + str(each).replace("'", "''") + "'"
        for each in stated
    )
    return f"{expression(dataset, asked['col'])} in ({members})"
