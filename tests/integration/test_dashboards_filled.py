"""Every chart of every dashboard has something to show on a company that has all systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest

from pipelines.dashboards.bundle import Datasets
from pipelines.dashboards.datasets import Dataset, load_datasets
from pipelines.dashboards.kinds.base import Chart, Query, params_of
from pipelines.dashboards.spec import load_dashboards
from pipelines.dashboards.words import LANGUAGES
from tests.integration.company_world import CompanyWorld

pytestmark = pytest.mark.xdist_group("company")

# Charts that may have nothing to show there, by dashboard and chart, and why.
MAY_BE_EMPTY: Mapping[tuple[str, str], str] = {
    ("customers", "ltv"): "a first order has to lie a year back, further than these files go",
    ("data-trust", "checks_passed"): "the company is built without its gates",
    ("data-trust", "failed_checks"): "the company is built without its gates",
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


def shows(connection: duckdb.DuckDBPyConnection, dataset: Dataset, query: Query) -> bool:
    """Whether a query has a row, and of its metrics a value."""
    names = query["metrics"] or []
    metrics = [dataset.metrics[name].expression for name in names]
    columns = [expression(dataset, column) for column in query["columns"]]
    grouped = f" group by {', '.join(columns)}" if metrics and columns else ""
    conditions = [
        condition(dataset, asked) for asked in query["filters"] if "TEMP" not in asked["op"]
    ]
    filtered = f" where {' and '.join(conditions)}" if conditions else ""
    rows = connection.execute(
        f"select {', '.join([*metrics, *columns])} from {dataset.schema}.{dataset.table}"
        f"{filtered}{grouped} limit 1000"
    ).fetchall()
    if not metrics:
        return bool(rows)
    return any(value is not None for row in rows for value in row[: len(metrics)])


def expression(dataset: Dataset, column: str | dict[str, Any]) -> str:
    """A column as SQL: published ones by name, calculated ones by what they say."""
    name = column if isinstance(column, str) else column["sqlExpression"]
    calculated = dataset.calculated.get(name)
    return f"({calculated.sql(dataset.language)})" if calculated else str(name)


def condition(dataset: Dataset, asked: dict[str, Any]) -> str:
    """One of a chart's fixed filters as SQL."""
    stated = asked["val"] if isinstance(asked["val"], list) else [asked["val"]]
    members = ", ".join(
        str(each) if isinstance(each, bool | int) else "'" + str(each).replace("'", "''") + "'"
        for each in stated
    )
    return f"{expression(dataset, asked['col'])} in ({members})"
