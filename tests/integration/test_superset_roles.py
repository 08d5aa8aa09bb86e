"""An executive sees the published dashboards and is refused everything else, route by route."""

from __future__ import annotations

import pytest

from tests.superset_world import SupersetWorld

pytestmark = [pytest.mark.xdist_group("superset"), pytest.mark.timeout(600)]

SQL_LAB = [
    ("GET", "/sqllab/"),
    ("GET", "/sqllab/history/"),
    ("GET", "/savedqueryview/list/"),
    ("GET", "/api/v1/sqllab/"),
    ("GET", "/api/v1/query/"),
    ("GET", "/api/v1/saved_query/"),
    ("POST", "/api/v1/sqllab/execute/"),
    ("POST", "/api/v1/sqllab/estimate/"),
    ("POST", "/api/v1/sqllab/format_sql/"),
    ("POST", "/api/v1/saved_query/"),
    ("POST", "/tabstateview/"),
]
CHARTS_AND_DASHBOARDS = [
    ("GET", "/explore/?slice_id={chart}"),
    ("GET", "/explore/?datasource_type=table&datasource_id=1"),
    ("GET", "/chart/add"),
    ("GET", "/dashboard/new/"),
    ("GET", "/api/v1/explore/?slice_id={chart}"),
    ("POST", "/api/v1/explore/form_data"),
    ("POST", "/api/v1/explore/permalink"),
    ("POST", "/superset/explore_json/"),
    ("POST", "/api/v1/chart/"),
    ("PUT", "/api/v1/chart/{chart}"),
    ("DELETE", "/api/v1/chart/{chart}"),
    ("PUT", "/api/v1/chart/warm_up_cache"),
    ("POST", "/api/v1/chart/import/"),
    ("POST", "/api/v1/dashboard/"),
    ("PUT", "/api/v1/dashboard/1"),
    ("DELETE", "/api/v1/dashboard/1"),
    ("PUT", "/api/v1/dashboard/1/filters"),
    ("PUT", "/api/v1/dashboard/1/colors"),
    ("POST", "/api/v1/dashboard/1/copy/"),
    ("POST", "/api/v1/dashboard/1/embedded"),
    ("POST", "/api/v1/dashboard/import/"),
]
DATA = [
    ("GET", "/tablemodelview/list/"),
    ("GET", "/databaseview/list/"),
    ("GET", "/api/v1/dataset/"),
    ("GET", "/api/v1/dataset/1"),
    ("POST", "/api/v1/dataset/"),
    ("POST", "/api/v1/dataset/get_or_create/"),
    ("PUT", "/api/v1/dataset/1"),
    ("PUT", "/api/v1/dataset/1/refresh"),
    ("DELETE", "/api/v1/dataset/1"),
    ("POST", "/datasource/save/"),
    ("GET", "/datasource/get/table/1/"),
    ("POST", "/datasource/samples?datasource_type=table&datasource_id=1"),
    ("GET", "/api/v1/datasource/table/1/column/channel/values/"),
    ("GET", "/api/v1/database/"),
    ("GET", "/api/v1/database/1"),
    ("GET", "/api/v1/database/1/schemas/"),
    ("GET", "/api/v1/database/1/tables/?q=(schema_name:published)"),
    ("GET", "/api/v1/database/1/table_metadata/?name=kpi_values"),
    ("POST", "/api/v1/database/"),
    ("POST", "/api/v1/database/test_connection/"),
    ("POST", "/api/v1/database/validate_parameters/"),
    ("PUT", "/api/v1/database/1"),
    ("DELETE", "/api/v1/database/1"),
]
PEOPLE = [
    ("GET", "/users/list/"),
    ("GET", "/roles/list/"),
    ("GET", "/rowlevelsecurity/list/"),
    ("GET", "/api/v1/security/users/"),
    ("GET", "/api/v1/security/roles/"),
    ("GET", "/api/v1/rowlevelsecurity/"),
    ("GET", "/api/v1/log/"),
    ("POST", "/api/v1/security/users/"),
    ("POST", "/api/v1/security/roles/"),
    ("POST", "/api/v1/security/guest_token/"),
    ("POST", "/api/v1/rowlevelsecurity/"),
    ("PUT", "/api/v1/security/users/1"),
    ("DELETE", "/api/v1/security/users/1"),
]
EXPORTS_AND_LOOKS = [
    ("GET", "/api/v1/assets/export/"),
    ("POST", "/api/v1/assets/import/"),
    ("GET", "/api/v1/chart/export/?q=!({chart})"),
    ("GET", "/api/v1/dashboard/export/?q=!(1)"),
    ("GET", "/api/v1/dataset/export/?q=!(1)"),
    ("GET", "/api/v1/database/export/?q=!(1)"),
    ("GET", "/csstemplatemodelview/list/"),
    ("GET", "/annotationlayer/list/"),
    ("GET", "/api/v1/css_template/"),
    ("GET", "/api/v1/annotation_layer/"),
    ("POST", "/api/v1/css_template/"),
    ("POST", "/api/v1/theme/"),
    ("POST", "/api/v1/cachekey/invalidate"),
]
ABSENT = [
    ("GET", "/swagger/v1"),
    ("GET", "/api/v1/_openapi"),
    ("POST", "/api/v1/report/"),
    ("POST", "/api/v1/sqllab/export_streaming/"),
]


@pytest.mark.parametrize(
    ("method", "route"), [*SQL_LAB, *CHARTS_AND_DASHBOARDS, *DATA, *PEOPLE, *EXPORTS_AND_LOOKS]
)
def test_an_executive_is_refused(superset_world: SupersetWorld, method: str, route: str) -> None:
    chart = superset_world.charts("service-overview")[0]["id"]
    path = route.format(chart=chart)
    person = superset_world.person("executive")
    answer = person.get(path) if method == "GET" else person.send(method, path, {})
    assert answer.status_code == 403, f"{method} {path}: {answer.status_code}"


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


def test_an_executive_sees_the_two_published_dashboards(superset_world: SupersetWorld) -> None:
    boards = superset_world.person("executive").get("/api/v1/dashboard/").json()["result"]
    assert {board["slug"] for board in boards} == {"service-overview", "service-overview-zh"}


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
    from tests.superset_client import Person

    stranger = Person(superset_world.address)
    for path in ("/superset/dashboard/service-overview/", "/sqllab/", "/"):
        answer = stranger.get(path)
        assert answer.status_code == 302
        assert "/login/" in answer.headers["Location"] or path == "/"
    for path in ("/api/v1/chart/", "/api/v1/dashboard/", "/api/v1/database/"):
        assert stranger.get(path).status_code == 401
