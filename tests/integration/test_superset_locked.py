"""SQL Lab as an analyst: published data can be read, and nothing else can be done."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.superset_world import STATEMENT_SECONDS, SupersetWorld

pytestmark = [pytest.mark.xdist_group("superset"), pytest.mark.timeout(600)]

ALLOWED = [
    "select 1",
    "select count(*) from published.fct_tickets",
    "with t as (select * from published.kpi_values) select kpi_id, count(*) from t group by 1",
    "from published.kpi_values limit 1",
    "select * from published.kpi_overview_daily_zh limit 5",
]

HOST = [
    "select * from read_text('/etc/passwd')",
    "select * from '/etc/passwd'",
    'select * from "/etc/passwd"',
    "from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from read_csv('/etc/passwd')",
    "select * from read_csv_auto('/etc/passwd')",
    "select * from read_json('/etc/passwd')",
    "select * from read_parquet('{home}/raw/*/*/*.parquet')",
    "select * from parquet_scan('{home}/raw/*/*/*.parquet')",
    "select * from parquet_metadata('{home}/raw/*/*/*.parquet')",
    "select * from '{home}/raw/zendesk/tickets/*.parquet'",
    "select * from sniff_csv('/etc/passwd')",
    "select * from glob('/*')",
    "select * from 'https://example.invalid/a.csv'",
    "with t as (select * from read_text('/etc/passwd')) select * from t",
    "select (select content from read_text('/etc/passwd'))",
    "summarize select * from read_text('/etc/passwd')",
    "copy (select 1) to '{home}/attack'",
    "copy published.kpi_values to '{home}/attack'",
    "/* select */ copy (select 1) to '{home}/attack'",
    "select 1; copy (select 1) to '{home}/attack'",
    "explain analyze copy (select 1) to '{home}/attack'",
    "export database '{home}/attack'",
    "import database '{home}/attack'",
    "attach '{home}/attack'",
    "attach ':memory:' as m",
    "attach '{home}/superset/superset.db' as s (type sqlite)",
    "attach '{home}/warehouse/warehouse.duckdb'",
    "install httpfs",
    "load httpfs",
    "create secret s (type s3)",
    "select getenv('HOME')",
]
SETTINGS = [
    "set memory_limit = '100GB'",
    "set enable_external_access = true",
    "-- select\nset threads = 64",
    "reset memory_limit",
    "pragma threads = 64",
    "pragma database_list",
    "pragma enable_profiling",
    "call enable_logging()",
    "call pragma_version()",
    "set variable x = 1",
    "use memory",
    "select current_setting('temp_directory')",
    "select * from duckdb_settings()",
    "select * from duckdb_secrets()",
    "select * from duckdb_databases()",
    "select * from pg_settings",
    "select * from query('select 1')",
    "select * from query_table('published.kpi_values')",
    "select * from pragma_storage_info('published.kpi_values')",
]
WRITES = [
    "insert into published.kpi_values select * from published.kpi_values",
    "explain analyze insert into published.kpi_values select * from published.kpi_values",
    "update published.kpi_values set kpi_id = 'x'",
    "delete from published.kpi_values",
    "truncate published.kpi_values",
    "drop table published.kpi_values",
    "select 1; drop table published.kpi_values",
    "create table published.x as select 1",
    "create temp table x as select 1",
    "create or replace view published.v as select 1",
    "create macro f() as 1",
    "alter table published.kpi_values add column x int",
    "prepare p as select 1",
    "execute p",
    "begin transaction",
    "vacuum",
    "checkpoint",
    "detach helpmart",
]


@pytest.mark.parametrize("statement", ALLOWED)
def test_an_analyst_reads_published_data(superset_world: SupersetWorld, statement: str) -> None:
    answer = superset_world.person("analyst").sql(superset_world.databases["helpmart"], statement)
    assert answer.status_code == 200, answer.text[:500]


@pytest.mark.parametrize("database", ["helpmart", "helpmart health"])
@pytest.mark.parametrize("statement", [*HOST, *SETTINGS, *WRITES])
def test_an_attack_by_sql_lab_is_refused(
    superset_world: SupersetWorld, statement: str, database: str
) -> None:
    home = superset_world.settings.home
    before = superset_world.published("select count(*) from published.kpi_values")
    answer = superset_world.person("analyst").sql(
        superset_world.databases[database], statement.format(home=home)
    )
    assert answer.status_code >= 400, answer.text[:500]
    assert "root:" not in answer.text
    assert not (home / "attack").exists()
    assert superset_world.published("select count(*) from published.kpi_values") == before


def test_an_attack_by_a_charts_own_metric_is_refused(superset_world: SupersetWorld) -> None:
    chart = superset_world.charts("service-overview")[0]
    dataset = int(chart["form_data"]["datasource"].split("__")[0])
    for expression in ("max(getenv('HOME'))", "max(current_setting('temp_directory'))"):
        metric = {"expressionType": "SQL", "sqlExpression": expression, "label": "x"}
        body = {
            "datasource": {"id": dataset, "type": "table"},
            "queries": [{"metrics": [metric], "columns": [], "filters": [], "row_limit": 1}],
            "result_format": "json",
            "result_type": "full",
        }
        answer = superset_world.person("admin").send("POST", "/api/v1/chart/data", body)
        assert "function" in answer.text
        assert answer.status_code >= 400


def test_an_endless_query_is_stopped_and_others_are_served_meanwhile(
    superset_world: SupersetWorld,
) -> None:
    analyst, database = superset_world.person("analyst"), superset_world.databases["helpmart"]
    started = time.monotonic()
    answer = analyst.sql(
        database,
        "select count(*) from range(1000000000) as a, range(1000000) as b"
        " where a.range * b.range % 7 = 3",
    )
    assert answer.status_code >= 400
    assert f"Stopped after {STATEMENT_SECONDS} seconds" in answer.text
    assert time.monotonic() - started < STATEMENT_SECONDS + 10
    assert analyst.sql(database, "select 1").status_code == 200


def test_an_administrators_edit_does_not_unlock_the_connection(
    superset_world: SupersetWorld,
) -> None:
    admin, database = superset_world.person("admin"), superset_world.databases["helpmart"]
    extra = (
        '{"engine_params": {"connect_args": {"read_only": false,'
        ' "config": {"enable_external_access": true, "lock_configuration": false}}}}'
    )
    edit = admin.send("PUT", f"/api/v1/database/{database}", {"extra": extra, "allow_dml": True})
    assert edit.status_code == 200, edit.text[:500]
    try:
        for statement in ("select * from '/etc/passwd'", "drop table published.kpi_values"):
            assert admin.sql(database, statement).status_code >= 400
        assert admin.sql(database, "select 1").status_code == 200
    finally:
        admin.send("PUT", f"/api/v1/database/{database}", {"extra": "{}", "allow_dml": False})


@pytest.mark.parametrize(
    "address",
    [
        "duckdb:////etc/passwd",
        "duckdb:///:memory:",
        "duckdb:////{home}/warehouse/warehouse.duckdb",
        "duckdb:////{home}/published/current/helpmart.duckdb?access_mode=read_write",
        "sqlite:////{home}/superset/superset.db",
        "postgresql://somebody@127.0.0.1/postgres",
    ],
)
def test_nothing_but_the_published_files_can_be_registered(
    superset_world: SupersetWorld, address: str
) -> None:
    address = address.format(home=str(superset_world.settings.home).lstrip("/"))
    answer = superset_world.person("admin").send(
        "POST", "/api/v1/database/", {"database_name": "other", "sqlalchemy_uri": address}
    )
    assert answer.status_code >= 400, answer.text[:300]
    assert "other" not in superset_world.databases


def test_secrets_and_supersets_own_database_are_private(superset_world: SupersetWorld) -> None:
    paths = superset_world.settings.paths
    private: list[Path] = [paths.superset / "superset.db", *paths.secrets.iterdir()]
    for path in private:
        assert path.stat().st_mode & 0o077 == 0, path
