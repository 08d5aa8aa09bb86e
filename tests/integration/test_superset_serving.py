"""What is served: pages, limits, one build at a time, and the numbers of the published file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.dashboards import serve
from pipelines.dashboards.environment import superset_environment
from pipelines.dashboards.sync.provision import provision
from pipelines.settings import PROJECT_ROOT
from tests.superset_client import Person
from tests.superset_world import SupersetWorld

pytestmark = [pytest.mark.xdist_group("superset"), pytest.mark.timeout(600)]


def chart_value(world: SupersetWorld, slug: str, chart: str) -> list[dict[str, Any]]:
    """The rows of one chart's stored query, over its whole data."""
    (found,) = [row for row in world.charts(slug) if row["slice_name"] == chart]
    answer = world.person("admin").get(f"/api/v1/chart/{found['id']}/data/")
    assert answer.status_code == 200, answer.text[:500]
    rows: list[dict[str, Any]] = answer.json()["result"][0]["data"]
    return rows


def test_the_login_page_renders_under_our_name(superset_world: SupersetWorld) -> None:
    page = Person(superset_world.address).get("/login/")
    assert page.status_code == 200
    assert "helpmart" in page.text
    assert "Apache Superset" not in page.text


def test_pages_may_only_talk_to_their_own_server(superset_world: SupersetWorld) -> None:
    headers = Person(superset_world.address).get("/login/").headers
    policy = headers["Content-Security-Policy"]
    assert "http" not in policy.replace("https://helpmart.invalid", "")
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_no_script_names_the_telemetry_host(superset_world: SupersetWorld) -> None:
    sys.path.insert(0, str(PROJECT_ROOT / "superset"))
    from helpmart_superset.front_end import STATIC_PATH, changed_scripts

    person = Person(superset_world.address)
    for name in changed_scripts():
        assert "scarf.sh" not in person.get(STATIC_PATH + name).text


def test_a_session_ends_on_the_server_and_its_cookie_is_out_of_reach_of_scripts(
    superset_world: SupersetWorld,
) -> None:
    person = Person(superset_world.address, source="127.0.0.3")
    answer = person.sign_in("analyst", superset_world.password("analyst"))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    kept = person.session.cookies.copy()
    person.get("/logout/")
    person.session.cookies = kept
    assert person.get("/api/v1/me/").status_code == 401


def test_guessing_passwords_at_the_form_is_slowed_down(superset_world: SupersetWorld) -> None:
    guesser = Person(superset_world.address, source="127.0.0.4")
    answers = [guesser.sign_in("admin", f"guess-{number}").status_code for number in range(8)]
    assert answers[0] != 429
    assert answers[-1] == 429


def test_guessing_passwords_by_the_api_is_slowed_down(superset_world: SupersetWorld) -> None:
    guesser = Person(superset_world.address, source="127.0.0.5")
    body = {"username": "admin", "password": "guess", "provider": "db"}
    answers = [guesser.send("POST", "/api/v1/security/login", body).status_code for _ in range(8)]
    assert answers[0] == 401
    assert answers[-1] == 429


@pytest.mark.filterwarnings("ignore:The HMAC key")
def test_a_token_signed_with_a_published_key_opens_nothing(superset_world: SupersetWorld) -> None:
    import jwt

    token = jwt.encode(
        {"user": {"username": "guest"}, "resources": [], "rls_rules": [], "aud": "superset"},
        "test-guest-secret-change-me",  # Superset's default
        algorithm="HS256",
    )
    person = Person(superset_world.address)
    person.session.headers["X-GuestToken"] = token
    for path in ("/api/v1/dashboard/", "/api/v1/database/", "/api/v1/me/"):
        assert person.get(path).status_code == 401


@pytest.mark.parametrize("slug", ["service-overview", "service-overview-zh"])
def test_every_chart_answers_with_rows(superset_world: SupersetWorld, slug: str) -> None:
    empty = []
    for chart in superset_world.charts(slug):
        answer = superset_world.person("admin").get(f"/api/v1/chart/{chart['id']}/data/")
        if answer.status_code != 200 or not answer.json()["result"][0]["data"]:
            empty.append((chart["slice_name"], answer.text[:300]))
    assert not empty


def test_figures_are_those_of_the_published_file(superset_world: SupersetWorld) -> None:
    ((created, solved),) = superset_world.published(
        "select count(*) filter (where in_p2), count(*) filter (where in_p5)"
        " from published.fct_tickets"
    )
    assert chart_value(superset_world, "service-overview", "Tickets created") == [
        {"tickets_created": created}
    ]
    assert chart_value(superset_world, "service-overview-zh", "已解决工单量") == [
        {"tickets_solved": solved}
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_cell_that_a_spreadsheet_would_run_is_exported_as_text(
    superset_world: SupersetWorld, start: str
) -> None:
    formula = f"{start}cmd|calc"
    cell = {"expressionType": "SQL", "sqlExpression": f"'{formula}'", "label": "cell"}
    body = {
        "datasource": {"id": superset_world.dataset("kpi_overview_daily_en"), "type": "table"},
        "queries": [{"columns": [cell], "metrics": [], "filters": [], "row_limit": 1}],
        "form_data": {},
        "result_format": "csv",
        "result_type": "full",
    }
    answer = superset_world.person("admin").send("POST", "/api/v1/chart/data", body)
    assert answer.status_code == 200, answer.text[:300]
    (_head, row) = answer.text.lstrip("\ufeff").splitlines()
    assert row.strip('"').startswith("'")


def test_the_dashboard_opens_on_the_last_full_weeks_of_the_data(
    superset_world: SupersetWorld,
) -> None:
    answer = superset_world.person("executive").get("/api/v1/dashboard/service-overview")
    metadata = answer.json()["result"]["json_metadata"]
    ((end,),) = superset_world.published(
        "select max(period_start)::date + 7 from published.kpi_values"
        " where period_type = 'week' and not is_partial"
    )
    assert f" : {end:%Y-%m-%d}" in metadata
    assert "helpmart: last full weeks" not in metadata


def test_a_publish_is_seen_at_once_although_results_are_cached(
    superset_world: SupersetWorld,
) -> None:
    paths = superset_world.settings.paths
    before = chart_value(superset_world, "service-overview", "Tickets created")
    current = paths.current_link.resolve()
    changed = current.with_name("20991231T000000Z-000000")
    shutil.copytree(current, changed)
    file = changed / "helpmart.duckdb"
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "insert into published.kpi_overview_daily select * from published.kpi_overview_daily"
        )
    try:
        _point(paths.current_link, changed)
        after = chart_value(superset_world, "service-overview", "Tickets created")
        _point(paths.current_link, current)
        again = chart_value(superset_world, "service-overview", "Tickets created")
    finally:
        _point(paths.current_link, current)
        shutil.rmtree(changed)
    assert after[0]["tickets_created"] == 2 * before[0]["tickets_created"]
    assert again == before


def _point(link: Path, target: Path) -> None:
    work = link.with_name(".work")
    work.symlink_to(target)
    work.replace(link)


def test_a_second_provisioning_changes_nothing(superset_world: SupersetWorld) -> None:
    provision(superset_world.settings)
    assert not provision(superset_world.settings).changed


def test_what_people_changed_or_left_behind_is_put_right(superset_world: SupersetWorld) -> None:
    """A managed chart that the folder does not know goes; an edited one comes back."""
    import sqlite3

    database = superset_world.settings.paths.superset / "superset.db"
    (chart, other) = superset_world.charts("service-overview")[:2]
    with sqlite3.connect(database, timeout=30) as connection:
        connection.execute("update slices set slice_name = 'Edited' where id = ?", [chart["id"]])
        connection.execute(
            "insert into slices (slice_name, datasource_id, datasource_type, viz_type, params,"
            " uuid, is_managed_externally, created_on, changed_on)"
            " select 'Left behind', datasource_id, datasource_type, viz_type, params,"
            " randomblob(16), 1, created_on, changed_on from slices where id = ?",
            [other["id"]],
        )
    outcome = provision(superset_world.settings, force=True)
    with sqlite3.connect(database, timeout=30) as connection:
        names = {name for (name,) in connection.execute("select slice_name from slices")}
    assert outcome.changed
    assert any("Left behind" in name for name in outcome.removed)
    assert not names & {"Edited", "Left behind"}
    assert chart["slice_name"] in names


def test_it_listens_on_loopback_only_and_starting_again_starts_nothing(
    superset_world: SupersetWorld,
) -> None:
    again = serve.start(superset_world.settings)
    assert not again.started
    assert again.address.startswith("http://127.0.0.1:")
    port = f"{superset_world.settings.superset_port:04X}"
    listening = [
        line.split()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port}")
    ]
    assert listening == [f"0100007F:{port}"]


def test_superset_does_not_start_without_its_keys(superset_world: SupersetWorld, tmp_path) -> None:
    lost = superset_world.settings.model_copy(update={"home": tmp_path})
    (tmp_path / "superset").mkdir()
    process = subprocess.run(
        [sys.executable, "-c", "from superset.app import create_app; create_app()"],
        env=superset_environment(lost),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert process.returncode != 0
    assert "superset_secret_key" in process.stderr
