"""Two more pages on the small desk, one in Chinese and one as a lead; the rest is a long test."""

from __future__ import annotations

import pytest

from pipelines.dashboards.datasets import load_datasets
from pipelines.dashboards.spec import load_dashboards
from tests.browser.pages import look_at
from tests.browser.reading import reading
from tests.browser.test_service_overview import default_period
from tests.superset_world import SupersetWorld

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("superset"),
    pytest.mark.timeout(600),
]

BOARDS = {board.slug: board for board in load_dashboards()}
TEAM = "Store Support"


def test_the_backlog_in_chinese(superset_world: SupersetWorld) -> None:
    datasets = load_datasets(superset_world.settings)
    _start, end = default_period(superset_world)
    with reading(
        superset_world.address, "executive", superset_world.password("executive")
    ) as reader:
        look = look_at(reader, BOARDS["backlog"], "zh", datasets)
        shown = reader.tile("积压工单量").locator(".pop_kpi").inner_text()
        assert reader.outside == []
    ((open_tickets,),) = superset_world.published(
        "select sum(open_tickets) from published.fct_backlog_days"
        f" where local_date = date '{end}' - 1"
    )
    assert look.troubles == []
    assert look.empty <= {"age_percentiles", "days_to_clear"}  # of teams, not on every desk
    assert look.rows["open"][0]["backlog_open"] == open_tickets
    assert shown.startswith(f"{open_tickets:,}")


def test_service_levels_as_a_lead(superset_world: SupersetWorld) -> None:
    """Rows of the own team alone, on the page as in its figures."""
    datasets = load_datasets(superset_world.settings)
    start, end = default_period(superset_world)
    with reading(superset_world.address, "lead", superset_world.password("lead")) as reader:
        look = look_at(reader, BOARDS["service-levels"], "en", datasets)
        assert reader.outside == []
    ((breaches, everybody),) = superset_world.published(f"""
        select count(*) filter (team_name = '{TEAM}'), count(*) from published.fct_sla_targets
        where in_p2 and is_breached
            and breached_date >= date '{start}' and breached_date < date '{end}'
    """)
    assert look.troubles == []
    assert 0 < breaches < everybody
    assert look.rows["breaches"][0]["sla_breach_count"] == breaches
    assert {row["team_name"] for row in look.rows["groups"]} == {TEAM}
