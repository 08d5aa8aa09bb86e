"""The dashboard as an executive meets it: every chart drawn, in both languages, figures true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from pipelines.dashboards.datasets import load_datasets
from pipelines.dashboards.spec import Dashboard, load_dashboards
from pipelines.dashboards.titles import chart_title
from pipelines.dashboards.words import Language
from tests.browser.reading import PATIENCE, Reader, reading
from tests.superset_world import SupersetWorld

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("superset"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def reader(superset_world: SupersetWorld) -> Iterator[Reader]:
    with reading(
        superset_world.address, "executive", superset_world.password("executive")
    ) as reader:
        assert reader.page.url.split("?")[0].endswith("/superset/dashboard/service-overview/")
        yield reader


@pytest.fixture(scope="module")
def board() -> Dashboard:
    return {board.slug: board for board in load_dashboards()}["service-overview"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_chart_of_every_tab_is_drawn_without_error(
    reader: Reader,
    superset_world: SupersetWorld,
    board: Dashboard,
    language: Language,
    tmp_path: Path,
) -> None:
    datasets = load_datasets(superset_world.settings)
    reader.open(board.slug_of(language))
    for tab in board.tabs:
        reader.choose(tab.title.of(language))
        for row in tab.rows:
            for chart in row.cells:
                title = chart_title(chart, datasets[chart.dataset, language])
                tile = reader.tile(title)
                tile.scroll_into_view_if_needed()
                drawn = tile.locator("canvas, table tbody tr, [class*=superset-] > div")
                drawn.first.wait_for()
                trouble = tile.locator(".ant-alert, .ant-empty, [data-test=error]")
                assert trouble.count() == 0, f"{title}: {trouble.first.inner_text()}"
        reader.page.screenshot(path=tmp_path / f"{tab.id}.png", full_page=True)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Data as of 2026-10-31"), ("zh", "数据截至 2026-10-31")]
)
def test_the_state_of_the_data_is_said_at_the_top(
    reader: Reader, board: Dashboard, language: Language, said: str
) -> None:
    reader.open(board.slug_of(language))
    reader.settle()
    title = "State of the data" if language == "en" else "数据状态"
    assert said in reader.tile(title).inner_text()


def test_each_language_links_to_the_other_and_brings_its_interface(reader: Reader) -> None:
    reader.open("service-overview")
    reader.page.get_by_role("link", name="中文版").click()
    reader.page.wait_for_url("**/service-overview-zh/**")
    reader.page.get_by_text("清除所有").wait_for()
    reader.page.get_by_role("link", name="English").click()
    reader.page.wait_for_url("**/service-overview/**")
    reader.page.get_by_text("Clear all").wait_for()


def test_three_figures_are_those_of_the_published_file(
    reader: Reader, superset_world: SupersetWorld
) -> None:
    reader.open("service-overview")
    reader.choose("Overview")
    start, end = default_period(superset_world)
    ((created, solved, decided, achieved),) = superset_world.published(f"""
        select
            sum(tickets_created), sum(tickets_solved),
            sum(sla_targets_decided), sum(sla_targets_achieved)
        from published.kpi_overview_daily
        where local_date >= date '{start}' and local_date < date '{end}'
    """)
    figures = {
        "Tickets created": f"{created:,}",
        "Tickets solved": f"{solved:,}",
        "SLA attainment": f"{100 * achieved / decided:.1f}%",
    }
    for title, figure in figures.items():
        shown = re.compile(rf"^{re.escape(figure)}([↑↓]|{re.escape(figure)})")
        expect(reader.tile(title).locator(".pop_kpi")).to_have_text(shown, timeout=PATIENCE)


def test_a_figure_without_a_base_is_a_dash_and_not_zero(reader: Reader) -> None:
    answers = "**/api/v1/chart/data**"

    def without_base(route: Route) -> None:
        answer = route.fetch()
        text = re.sub(r'("csat_score\w*": )[0-9.]+', r"\1null", answer.text())
        route.fulfill(response=answer, body=text)

    reader.page.route(answers, without_base)
    try:
        reader.open("service-overview")
        reader.choose("Overview")
        figure = reader.tile("Customer satisfaction (CSAT)").locator(".pop_kpi")
        expect(figure).to_have_text("—— before—", timeout=PATIENCE)
    finally:
        reader.page.unroute(answers, without_base)


def default_period(world: SupersetWorld) -> tuple[date, date]:
    """The last full weeks as the tests understand them: at most 13 and at most half of all."""
    weeks = sorted(
        week
        for (week,) in world.published(
            "select distinct period_start::date from published.kpi_values"
            " where period_type = 'week' and not is_partial"
        )
    )
    span = (weeks[-1] - weeks[0]).days // 7 + 1
    end = weeks[-1] + timedelta(days=7)
    return end - timedelta(days=7 * max(1, min(13, span // 2))), end


def test_nothing_was_asked_of_any_other_machine(reader: Reader) -> None:
    assert reader.outside == []
