"""Every dashboard as everybody who may see it, in both languages, on a company with all systems."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.dashboards.access.worked_out import work_out_access
from pipelines.dashboards.bundle import Datasets, identify
from pipelines.dashboards.datasets import load_datasets
from pipelines.dashboards.spec import Dashboard, load_dashboards
from pipelines.dashboards.words import LANGUAGES
from tests.browser.figures import FIGURES
from tests.browser.pages import Look, look_at
from tests.browser.reading import Reader, reading
from tests.browser.test_service_overview import default_period
from tests.integration.test_dashboards_filled import MAY_BE_EMPTY as EMPTY_OVER_ALL_DAYS
from tests.superset_world import SupersetWorld

pytestmark = [
    pytest.mark.long,
    pytest.mark.browser,
    pytest.mark.xdist_group("company_site"),
    pytest.mark.timeout(3600),
]

BOARDS = {board.slug: board for board in load_dashboards()}
SEES_ALL = {"admin": "Admin", "analyst": "Analyst", "executive": "Executive"}
FENCED = {"lead": "Lead", "agent": "Agent"}

# What else may be empty in the period that pages open with, by dashboard and chart, and why.
MAY_BE_EMPTY: Mapping[tuple[str, str], str] = {
    **EMPTY_OVER_ALL_DAYS,
    ("commerce-effect", "by_satisfaction"): "whoever rated in the last weeks has had no 90 days",
    ("quality", "agreement"): "the few that two people reviewed got one verdict: no kappa",
    ("what-changed", "anomalies"): "no day of the KPI that it opens with stands out",
}
# Pages on which somebody has no rows at all, and why.
MAY_BE_BARE: Mapping[tuple[str, str], str] = {
    ("lead", "complaints"): "complaints of the company name no team",
}


@pytest.fixture(scope="module")
def datasets(company_site: SupersetWorld) -> Datasets:
    return load_datasets(company_site.settings)


@pytest.fixture(scope="module")
def readers_of(company_site: SupersetWorld, datasets: Datasets) -> Mapping[str, set[str]]:
    """The roles that may open each page, by its slug."""
    boards = list(BOARDS.values())
    access = work_out_access(company_site.settings, boards, datasets)
    return {
        board.slug_of(language): {
            "Admin",
            *access.dashboard_readers[identify("dashboard", board.slug_of(language))],
        }
        for board in boards
        for language in LANGUAGES
    }


def sign_in(world: SupersetWorld, username: str) -> Any:
    return reading(world.address, username, world.password(username))


def listed(reader: Reader) -> set[str]:
    """The pages that somebody finds in the list of dashboards."""
    answer = reader.page.request.get(f"{reader.address}api/v1/dashboard/?q=(page_size:100)")
    return {row["slug"] for row in answer.json()["result"]}


@pytest.mark.parametrize("username", SEES_ALL)
def test_who_sees_everything_meets_no_error_and_no_empty_chart(
    company_site: SupersetWorld,
    datasets: Datasets,
    readers_of: Mapping[str, set[str]],
    username: str,
) -> None:
    wrong: dict[str, Any] = {}
    with sign_in(company_site, username) as reader:
        assert listed(reader) == {
            slug for slug, roles in readers_of.items() if SEES_ALL[username] in roles
        }
        for board in BOARDS.values():
            for language in LANGUAGES:
                look = look_at(reader, board, language, datasets)
                empty = {chart for chart in look.empty if (board.slug, chart) not in MAY_BE_EMPTY}
                if look.troubles or empty:
                    wrong[board.slug_of(language)] = (look.troubles, empty)
        assert reader.outside == []
    assert wrong == {}


@pytest.mark.parametrize("username", FENCED)
def test_who_sees_some_rows_meets_no_error_and_something_on_each_page(
    company_site: SupersetWorld,
    datasets: Datasets,
    readers_of: Mapping[str, set[str]],
    username: str,
) -> None:
    wrong: dict[str, Any] = {}
    with sign_in(company_site, username) as reader:
        slugs = {slug for slug, roles in readers_of.items() if FENCED[username] in roles}
        assert listed(reader) == slugs
        for board in BOARDS.values():
            for language in LANGUAGES:
                if board.slug_of(language) in slugs:
                    look = look_at(reader, board, language, datasets)
                    bare = not _shows_something(look, board)
                    if look.troubles or (bare and (username, board.slug) not in MAY_BE_BARE):
                        wrong[board.slug_of(language)] = look.troubles or "nothing"
        assert reader.outside == []
    assert wrong == {}


def test_three_figures_of_each_dashboard_are_those_of_the_facts(
    company_site: SupersetWorld, datasets: Datasets
) -> None:
    start, end = default_period(company_site)
    ((month,),) = company_site.published(
        "select period_start::date from published.kpi_values where kpi_id = 'csat_score'"
        " and period_type = 'month' and grain = 'total' and is_latest"
    )
    assert isinstance(month, date)
    following = (month + timedelta(days=32)).replace(day=1)
    wrong = []
    with sign_in(company_site, "executive") as reader:
        for slug, board in BOARDS.items():
            look = look_at(reader, board, "en", datasets)
            charts = {chart.id: chart for chart in board.charts()}
            for figure in (each for each in FIGURES if each.slug == slug):
                chart = charts[figure.chart]
                beside = [*([chart.time] if chart.time else []), *chart.dimensions]
                shown = figure.of(look.rows[figure.chart], beside)
                ((counted,),) = company_site.published(
                    figure.sql.format(start=start, end=end, month=month, next=following)
                )
                if counted is None or not math.isclose(shown, float(str(counted)), rel_tol=1e-9):
                    wrong.append((slug, figure.chart, figure.column, shown, counted))
    assert wrong == []


def test_every_dashboard_has_three_figures() -> None:
    assert Counter(figure.slug for figure in FIGURES) == dict.fromkeys(BOARDS, 3)


def test_what_may_be_empty_is_a_chart_of_the_project() -> None:
    charts = {(board.slug, chart.id) for board in BOARDS.values() for chart in board.charts()}
    assert MAY_BE_EMPTY.keys() <= charts


def _shows_something(look: Look, board: Dashboard) -> bool:
    return bool({chart.id for chart in board.charts()} - look.empty - {"data_status"})
