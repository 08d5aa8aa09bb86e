"""What each role is given and refused, route by route, as a table in tests/data says."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from pipelines.dashboards.spec import load_dashboards
from pipelines.dashboards.words import LANGUAGES
from tests.superset_client import Person
from tests.superset_world import SupersetWorld

pytestmark = [pytest.mark.xdist_group("superset"), pytest.mark.timeout(600)]

ABSENT = [
    ("GET", "/swagger/v1"),
    ("GET", "/api/v1/_openapi"),
    ("POST", "/api/v1/report/"),
    ("POST", "/api/v1/sqllab/export_streaming/"),
]


ROLES = ("Analyst", "Lead", "Agent", "Executive", "nobody")
TABLE = Path(__file__).parents[1] / "data" / "superset_access.csv"
PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
VALUES = {
    "id_or_slug": "service-overview",
    "dashboard_id_or_slug": "service-overview",
    "column_name": "channel",
    "datasource_type": "table",
    "table_name": "kpi_values",
    "schema_name": "published",
    "lang": "en",
    **dict.fromkeys(("name", "digest", "key", "cache_key", "uuid", "tag", "client_id"), "x"),
    **dict.fromkeys(("filename", "permalink"), "x"),
}
HOME = "/superset/dashboard/service-overview"
ANSWERS = {"no": "refused", "none": "not there", "hidden": "not there"}


def routes(*, all_of_them: bool) -> list[dict[str, str]]:
    """Rows of the table: every route of Superset, or those that are tried in every run."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if all_of_them or row["always"]]


def answer_of(person: Person, method: str, route: str) -> str:
    path = PLACEHOLDER.sub(lambda found: VALUES.get(found[1], "1"), route)
    answer = person.get(path) if method == "GET" else person.send(method, path, {})
    leads_to = answer.headers.get("Location", "")
    if answer.status_code in (401, 403) or "CSRF" in answer.text[:2000]:
        return "refused"
    if (
        leads_to == "/"
        or "/login/" in leads_to
        or leads_to == "/dashboard/list/"
        or leads_to.startswith(HOME)
    ):
        return "refused"
    return "not there" if answer.status_code == 404 else "given"


def otherwise(world: SupersetWorld, role: str, rows: list[dict[str, str]]) -> list[str]:
    """Routes that answer a role otherwise than the table says.

    A yes is tried where nothing is written, and may lead to something that does not exist.
    """
    person = Person(world.address) if role == "nobody" else world.person(role.lower())
    found = []
    for row in rows:
        wanted = ANSWERS.get(row[role])
        if wanted is None and (row["method"] != "GET" or row["route"] == "/dashboard/new/"):
            continue
        got = answer_of(person, row["method"], row["route"])
        if got != wanted if wanted else got == "refused":
            found.append(f"{row['method']} {row['route']}: {got}, not {row[role]}")
    return found


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_the_table_says(superset_world: SupersetWorld, role: str) -> None:
    assert otherwise(superset_world, role, routes(all_of_them=False)) == []


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_the_whole_table_says(superset_world: SupersetWorld, role: str) -> None:
    assert otherwise(superset_world, role, routes(all_of_them=True)) == []


def test_a_wrong_table_is_noticed(superset_world: SupersetWorld) -> None:
    row = {"method": "GET", "route": "/api/v1/security/users/", "Lead": "yes"}
    assert otherwise(superset_world, "Lead", [row]) == [
        "GET /api/v1/security/users/: refused, not yes"
    ]
    row = {"method": "GET", "route": "/api/v1/dashboard/", "Lead": "no"}
    assert len(otherwise(superset_world, "Lead", [row])) == 1


@pytest.mark.parametrize(("method", "route"), ABSENT)
def test_what_is_switched_off_is_not_there(
    superset_world: SupersetWorld, method: str, route: str
) -> None:
    person = superset_world.person("admin")
    answer = person.get(route) if method == "GET" else person.send(method, route, {})
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/", "/superset/welcome/", "/chart/list/", "/theme/list/"])
def test_an_executive_is_led_to_the_dashboard(superset_world: SupersetWorld, path: str) -> None:
    answer = superset_world.person("executive").get(path)
    assert (answer.status_code, answer.headers["Location"]) in [
        (302, "/superset/dashboard/service-overview/"),
        (302, "/superset/dashboard/service-overview-zh/"),
    ]


def test_who_may_not_see_the_first_dashboard_is_led_to_the_list(
    superset_world: SupersetWorld,
) -> None:
    answer = superset_world.person("agent").get("/superset/welcome/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dashboard/list/")


def test_an_executive_sees_every_dashboard_in_both_languages(
    superset_world: SupersetWorld,
) -> None:
    everything = "/api/v1/dashboard/?q=(page_size:100)"
    boards = superset_world.person("executive").get(everything).json()["result"]
    ours = {board.slug_of(each) for board in load_dashboards() for each in LANGUAGES}
    assert {board["slug"] for board in boards} == ours


@pytest.mark.parametrize(("username", "status"), [("analyst", 200), ("executive", 403)])
def test_only_an_analyst_drills_to_the_rows_behind_a_figure(
    superset_world: SupersetWorld, username: str, status: int
) -> None:
    dataset = superset_world.charts("service-overview")[1]["form_data"]["datasource"].split("__")[0]
    path = f"/datasource/samples?datasource_id={dataset}&datasource_type=table&per_page=5&page=1"
    answer = superset_world.person(username).send("POST", path, {"filters": []})
    assert answer.status_code == status, answer.text[:300]


def test_an_executive_does_not_see_a_draft(superset_world: SupersetWorld) -> None:
    admin = superset_world.person("admin")
    draft = {"dashboard_title": "Draft", "slug": "draft", "published": False}
    created = admin.send("POST", "/api/v1/dashboard/", draft).json()["id"]
    try:
        executive = superset_world.person("executive")
        assert executive.get("/api/v1/dashboard/draft").status_code == 404
        assert executive.get("/superset/dashboard/draft/").status_code == 404
    finally:
        admin.send("DELETE", f"/api/v1/dashboard/{created}")


def test_a_dashboards_data_is_refused_without_the_dashboard(
    superset_world: SupersetWorld,
) -> None:
    chart = superset_world.charts("service-overview")[0]
    dataset = int(chart["form_data"]["datasource"].split("__")[0])
    body = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [{"columns": ["channel"], "metrics": [], "filters": [], "row_limit": 5}],
        "form_data": {},
        "result_format": "json",
        "result_type": "full",
    }
    answer = superset_world.person("executive").send("POST", "/api/v1/chart/data", body)
    assert answer.status_code == 403


def test_an_analyst_may_explore_but_not_administer(superset_world: SupersetWorld) -> None:
    analyst = superset_world.person("analyst")
    assert analyst.get("/sqllab/").status_code == 200
    assert analyst.get("/chart/add").status_code == 200
    assert analyst.get("/superset/dashboard/service-overview/").status_code == 200
    for path in ("/users/list/", "/roles/list/", "/api/v1/security/users/"):
        assert analyst.get(path).status_code == 403
    for method, path in (("POST", "/api/v1/database/"), ("PUT", "/api/v1/database/1")):
        assert analyst.send(method, path, {}).status_code == 403


def test_nobody_gets_in_without_signing_in(superset_world: SupersetWorld) -> None:
    stranger = Person(superset_world.address)
    for path in ("/superset/dashboard/service-overview/", "/sqllab/", "/"):
        answer = stranger.get(path)
        assert answer.status_code == 302
        assert "/login/" in answer.headers["Location"] or path == "/"
    for path in ("/api/v1/chart/", "/api/v1/dashboard/", "/api/v1/database/"):
        assert stranger.get(path).status_code == 401
