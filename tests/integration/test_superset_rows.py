"""A lead sees the rows of the own team and an agent the own rows, whatever is asked and how.

Every figure is compared with the published file, so a clause that is gone or too wide is seen.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.superset_world import SupersetWorld

pytestmark = [pytest.mark.xdist_group("superset"), pytest.mark.timeout(600)]

TEAM, AGENT_ID = "Store Support", "19360000000007"
OVERVIEW, WORK = "kpi_overview_daily_en", "kpi_workload_daily"
MY_KEY = f"select agent_key from published.dim_agents where agent_id = '{AGENT_ID}'"
TEAM_KEYS = f"select agent_key from published.dim_agents where team_name = '{TEAM}'"
WORKERS = (
    "select distinct agent_key from published.kpi_workload_daily"
    f" where team_name = '{TEAM}' or agent_key in ({TEAM_KEYS})"
)


@pytest.fixture(scope="module")
def board(superset_world: SupersetWorld) -> Iterator[dict[str, Any]]:
    """A published dashboard for leads and agents on a dataset that has both columns."""
    admin, dataset = superset_world.person("admin"), superset_world.dataset(WORK)
    roles = admin.get("/api/v1/security/roles/?q=(page_size:100)").json()["result"]
    readers = [role["id"] for role in roles if role["name"] in ("Lead", "Agent")]
    chart = admin.send(
        "POST",
        "/api/v1/chart/",
        {
            "slice_name": "Work",
            "viz_type": "table",
            "datasource_id": dataset,
            "datasource_type": "table",
            "params": "{}",
        },
    ).json()["id"]
    made = {
        "dashboard_title": "Work",
        "slug": "work-for-a-test",
        "published": True,
        "roles": readers,
        "position_json": "{}",
    }
    dashboard = admin.send("POST", "/api/v1/dashboard/", made).json()["id"]
    admin.send("PUT", f"/api/v1/chart/{chart}", {"dashboards": [dashboard]})
    yield {"dashboard": dashboard, "chart": chart, "dataset": dataset}
    admin.send("DELETE", f"/api/v1/dashboard/{dashboard}")
    admin.send("DELETE", f"/api/v1/chart/{chart}")


def ask(
    world: SupersetWorld,
    username: str,
    board: dict[str, Any],
    columns: list[Any],
    *,
    form_data: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
    **query: Any,
) -> requests.Response:
    """What the page of a dashboard sends for one of its charts."""
    context = {"dashboardId": board["dashboard"], "slice_id": board["chart"]}
    content = {
        "datasource": {"id": board["dataset"], "type": "table"},
        "queries": [{"columns": columns, "metrics": [], "filters": [], "row_limit": 5000} | query],
        "form_data": context if form_data is None else form_data,
        "result_format": "json",
        "result_type": "full",
    } | (body or {})
    return world.person(username).send("POST", "/api/v1/chart/data", content)


def values(answer: requests.Response, column: str) -> set[Any]:
    assert answer.status_code == 200, answer.text[:500]
    return {row[column] for row in answer.json()["result"][0]["data"]}


def overview(world: SupersetWorld) -> dict[str, Any]:
    return chart_of(world, "service-overview", OVERVIEW)


def chart_of(world: SupersetWorld, slug: str, table: str) -> dict[str, Any]:
    """A chart of a table and its dashboard, as a request names them."""
    dataset = world.dataset(table)
    chart = next(
        row
        for row in world.charts(slug)
        if int(row["form_data"]["datasource"].split("__")[0]) == dataset
    )
    number = world.person("admin").get(f"/api/v1/dashboard/{slug}").json()["result"]["id"]
    return {"dashboard": number, "chart": chart["id"], "dataset": dataset}


def keys(world: SupersetWorld, query: str) -> set[Any]:
    return {value for (value,) in world.published(query)}


def test_a_lead_sees_the_own_team_on_a_dashboard(superset_world: SupersetWorld) -> None:
    answer = ask(superset_world, "lead", overview(superset_world), ["team_name"])
    assert values(answer, "team_name") == {TEAM}
    everyone = ask(superset_world, "executive", overview(superset_world), ["team_name"])
    assert len(values(everyone, "team_name")) > 1


def test_a_leads_sums_are_those_of_the_team(superset_world: SupersetWorld) -> None:
    answer = ask(superset_world, "lead", overview(superset_world), [], metrics=["tickets_created"])
    ((wanted,),) = superset_world.published(
        "select sum(tickets_created) from published.kpi_overview_daily_en"
        f" where anchor = 'created' and team_name = '{TEAM}'"
    )
    assert values(answer, "tickets_created") == {int(wanted)}


def test_a_lead_sees_the_people_of_the_team(
    superset_world: SupersetWorld, board: dict[str, Any]
) -> None:
    wanted = keys(superset_world, WORKERS)
    assert len(wanted) > 1
    assert values(ask(superset_world, "lead", board, ["agent_key"]), "agent_key") == wanted


def test_an_agent_sees_the_own_rows(superset_world: SupersetWorld, board: dict[str, Any]) -> None:
    answer = ask(superset_world, "agent", board, ["agent_key"])
    assert values(answer, "agent_key") == keys(superset_world, MY_KEY)


# Whose value the one chart of a finished KPI shows, as kpi_values has it.
OWN_CELLS = {
    "executive": "grain = 'total'",
    "lead": f"grain = 'team' and unit_value = '{TEAM}'",
    "agent": "grain = 'agent' and unit_value = (select person_key from published.dim_agents"
    f" where agent_id = '{AGENT_ID}')",
}


@pytest.mark.parametrize("username", OWN_CELLS)
def test_one_chart_shows_each_reader_the_own_value(
    superset_world: SupersetWorld, username: str
) -> None:
    asked = {
        "kpi_id": "one_touch_rate",
        "period_type": "quarter",
        "grain": ["total", "team", "agent"],
    }
    filters = [
        {"col": column, "op": "IN" if isinstance(value, list) else "==", "val": value}
        for column, value in asked.items()
    ]
    answer = ask(
        superset_world,
        username,
        chart_of(superset_world, "quality", "kpi_values_en"),
        ["period_start"],
        metrics=["own_value"],
        filters=filters,
    )
    assert answer.status_code == 200, answer.text[:500]
    shown = [row["own_value"] for row in answer.json()["result"][0]["data"]]
    wanted = superset_world.published(
        "select value from published.kpi_values where kpi_id = 'one_touch_rate'"
        f" and period_type = 'quarter' and {OWN_CELLS[username]}"
    )
    assert wanted
    assert sorted(shown) == pytest.approx(sorted(value for (value,) in wanted))


def test_a_lead_opens_what_has_rows_of_teams(superset_world: SupersetWorld) -> None:
    everything = "/api/v1/dashboard/?q=(page_size:100)"
    boards = superset_world.person("lead").get(everything).json()["result"]
    slugs = {row["slug"] for row in boards}
    assert {"complaints", "resolution", "customer-voice", "service-levels"} <= slugs
    assert not {"commerce-effect", "staffing", "executive-overview"} & slugs


@pytest.mark.parametrize("username", ["lead", "agent"])
@pytest.mark.parametrize("route", ["execute", "estimate", "export", "format_sql"])
def test_sql_lab_is_refused(superset_world: SupersetWorld, username: str, route: str) -> None:
    """There no row filter would hold."""
    query = {
        "database_id": superset_world.databases["helpmart"],
        "schema": "published",
        "sql": "select agent_key from published.kpi_workload_daily",
    }
    path = f"/api/v1/sqllab/{route}/"
    person = superset_world.person(username)
    answer = person.get(f"{path}x/") if route == "export" else person.send("POST", path, query)
    assert answer.status_code in (401, 403), answer.text[:300]
    assert_mine_alone(superset_world, answer)


def test_an_agent_is_not_shown_a_dashboard_of_teams(superset_world: SupersetWorld) -> None:
    agent = superset_world.person("agent")
    slugs = {row["slug"] for row in agent.get("/api/v1/dashboard/").json()["result"]}
    assert "service-overview" not in slugs
    assert agent.get("/api/v1/dashboard/service-overview").status_code == 404
    assert ask(superset_world, "agent", overview(superset_world), ["team_name"]).status_code == 403


@pytest.mark.parametrize(("username", "mine"), [("agent", MY_KEY), ("lead", WORKERS)])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_exports_hold_the_same_rows(
    superset_world: SupersetWorld, board: dict[str, Any], kind: str, username: str, mine: str
) -> None:
    answer = ask(superset_world, username, board, ["agent_key"], body={"result_format": kind})
    assert answer.status_code == 200, answer.text[:300]
    assert exported(answer, kind) == keys(superset_world, mine)


def exported(answer: requests.Response, kind: str) -> set[str]:
    if kind == "csv":
        return {row["Agent"] for row in csv.DictReader(io.StringIO(answer.text))}
    import python_calamine

    assert zipfile.is_zipfile(io.BytesIO(answer.content))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    header, *rows = book.get_sheet_by_index(0).to_python()
    return {str(row[header.index("Agent")]) for row in rows}


# What SQLAlchemy and drivers may take for a parameter.
AWKWARD = "agent_key != 'Night''s: 100%% or %s :team ?'"
ESCAPES: dict[str, dict[str, Any]] = {
    "a filter that asks for all": {"filters": [{"col": "agent_key", "op": "IS NOT NULL"}]},
    "a condition that is always true": {"extras": {"where": "1 = 1) or (1 = 1", "having": ""}},
    "an alternative in the condition": {"extras": {"where": "1 = 1 or true", "having": ""}},
    "a comment in the condition": {"extras": {"where": "1 = 1 or true) --", "having": ""}},
    "a condition on the groups": {"extras": {"where": "", "having": "true or 1 = 1"}},
    "Jinja in the condition": {"extras": {"where": "{{ '1=1) or (1=1' }}", "having": ""}},
    "a filter with Jinja": {
        "filters": [{"col": "agent_key", "op": "!=", "val": "{{ current_username() }}"}]
    },
    "a column of SQL": {
        "columns": [
            {
                "expressionType": "SQL",
                "label": "agent_key",
                "sqlExpression": "(select max(agent_key) from published.kpi_workload_daily)",
            }
        ]
    },
    "a measure of SQL": {
        "metrics": [
            {
                "expressionType": "SQL",
                "label": "agent_key",
                "sqlExpression": "(select string_agg(agent_key, ' ')"
                " from published.kpi_workload_daily)",
            }
        ]
    },
    "rows by another table": {
        "extras": {
            "where": "agent_key in (select agent_key from published.kpi_workload_daily) or true",
            "having": "",
        }
    },
    "no rows law": {"is_rowcount": False, "applied_time_extras": {}, "url_params": {"rls": "[]"}},
}


@pytest.mark.parametrize("way", ESCAPES)
def test_no_condition_leads_out(
    superset_world: SupersetWorld, board: dict[str, Any], way: str
) -> None:
    query = dict(ESCAPES[way])
    columns = query.pop("columns", ["agent_key"])
    answer = ask(superset_world, "agent", board, columns, **query)
    assert_mine_alone(superset_world, answer)


def assert_mine_alone(world: SupersetWorld, answer: requests.Response) -> None:
    """Refused, or nobody else's key anywhere in the answer."""
    strangers = keys(world, "select agent_key from published.dim_agents") - keys(world, MY_KEY)
    assert strangers
    found = {key for key in strangers if key in answer.text.replace("\\/", "/")}
    assert not found, answer.text[:1000]


@pytest.mark.parametrize("result_type", ["samples", "drill_detail", "results", "query"])
def test_records_behind_a_number_are_the_own(
    superset_world: SupersetWorld, board: dict[str, Any], result_type: str
) -> None:
    answer = ask(
        superset_world,
        "agent",
        board,
        [] if result_type in ("samples", "drill_detail") else ["agent_key"],
        form_data={"dashboardId": board["dashboard"]},
        body={"result_type": result_type},
    )
    assert_mine_alone(superset_world, answer)


def test_drill_to_detail_shows_the_own_records(
    superset_world: SupersetWorld, board: dict[str, Any]
) -> None:
    path = (
        f"/datasource/samples?force=false&datasource_type=table&datasource_id={board['dataset']}"
        f"&dashboard_id={board['dashboard']}&per_page=50&page=1"
    )
    answer = superset_world.person("agent").send("POST", path, {"filters": []})
    assert answer.status_code == 200, answer.text[:500]
    rows = answer.json()["result"]["data"]
    assert {row["agent_key"] for row in rows} == keys(superset_world, MY_KEY)


def test_the_choices_of_a_filter_are_the_own(
    superset_world: SupersetWorld, board: dict[str, Any]
) -> None:
    path = f"/api/v1/datasource/table/{board['dataset']}/column/agent_key/values/"
    assert_mine_alone(superset_world, superset_world.person("agent").get(path))


def test_a_dashboard_does_not_lend_another_dataset(
    superset_world: SupersetWorld, board: dict[str, Any]
) -> None:
    """The numbers of a chart one may see, with the dataset of one that one may not."""
    other = board | {"dataset": superset_world.dataset(OVERVIEW)}
    assert ask(superset_world, "agent", other, ["team_name"]).status_code == 403
    foreign = overview(superset_world) | {"dataset": board["dataset"]}
    assert_mine_alone(superset_world, ask(superset_world, "agent", foreign, ["agent_key"]))


def test_an_analysts_own_dataset_opens_nothing(superset_world: SupersetWorld) -> None:
    """A table without a filter of ours is empty for who is fenced, also from a cached result."""
    admin = superset_world.person("admin")
    roles = admin.get("/api/v1/security/roles/?q=(page_size:100)").json()["result"]
    readers = [role["id"] for role in roles if role["name"] in ("Agent", "Executive")]
    virtual = {
        "database": superset_world.databases["helpmart"],
        "schema": "published",
        "table_name": "a_view_of_an_analyst",
        "sql": "select agent_key, agent_days from published.kpi_workload_daily",
    }
    dataset = admin.send("POST", "/api/v1/dataset/", virtual).json()["id"]
    made = {
        "slice_name": "Leak",
        "viz_type": "table",
        "datasource_id": dataset,
        "datasource_type": "table",
        "params": "{}",
    }
    chart = admin.send("POST", "/api/v1/chart/", made).json()["id"]
    dashboard = admin.send(
        "POST",
        "/api/v1/dashboard/",
        {"dashboard_title": "Leak", "published": True, "roles": readers},
    ).json()["id"]
    admin.send("PUT", f"/api/v1/chart/{chart}", {"dashboards": [dashboard]})
    leak = {"dashboard": dashboard, "chart": chart, "dataset": dataset}
    try:
        seen = values(ask(superset_world, "executive", leak, ["agent_key"]), "agent_key")
        assert len(seen) > 1
        assert values(ask(superset_world, "agent", leak, ["agent_key"]), "agent_key") == set()
    finally:
        admin.send("DELETE", f"/api/v1/dashboard/{dashboard}")
        admin.send("DELETE", f"/api/v1/chart/{chart}")
        admin.send("DELETE", f"/api/v1/dataset/{dataset}")


def test_without_its_clause_a_dataset_is_empty_and_with_a_wider_one_it_is_not(
    superset_world: SupersetWorld, board: dict[str, Any]
) -> None:
    """The clauses are what fences: each of the tests above fails when they are changed."""
    import sqlite3

    database = superset_world.settings.paths.superset / "superset.db"
    mine = "agent_key in (select agent_key from published.dim_agents"
    query = "update row_level_security_filters set clause = ? where clause = ?"
    with sqlite3.connect(database, timeout=30) as connection:
        (clause,) = connection.execute(
            "select clause from row_level_security_filters where clause like ? and name like ?",
            [f"{mine}%", "%Rows of agent%"],
        ).fetchone()
    try:
        for changed, count in (("1 = 0", 0), ("1 = 1", 2), (AWKWARD, 2)):
            with sqlite3.connect(database, timeout=30) as connection:
                connection.execute(query, [changed, clause])
            answer = ask(superset_world, "agent", board, ["agent_key"])
            assert min(len(values(answer, "agent_key")), 2) == count
            with sqlite3.connect(database, timeout=30) as connection:
                connection.execute(query, [clause, changed])
    finally:
        with sqlite3.connect(database, timeout=30) as connection:
            connection.execute(
                "update row_level_security_filters set clause = ? where name like ?"
                " and clause in ('1 = 0', '1 = 1', ?)",
                [clause, "%Rows of agent%", AWKWARD],
            )
