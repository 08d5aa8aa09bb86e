"""A simulated centre published with pseudonyms: nobody who works there is named in the file."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import duckdb
import pytest

from pipelines.publish import publish
from pipelines.publish.pseudonyms import shown_agent
from pipelines.settings import Settings
from tests.integration.publish_worlds import check
from tests.superset_world import SupersetWorld

pytestmark = [pytest.mark.xdist_group("superset"), pytest.mark.timeout(600)]

STAFF = "select id, name, email from read_parquet('{raw}/zendesk/users/*.parquet')"


@pytest.fixture(scope="module")
def published(
    superset_world: SupersetWorld, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, Path]:
    settings = Settings(home=tmp_path_factory.mktemp("pseudonyms"), agent_pseudonyms=True)
    settings.paths.warehouse.mkdir()
    shutil.copyfile(superset_world.settings.paths.serving_file, settings.paths.serving_file)
    with duckdb.connect(str(settings.paths.serving_file), read_only=True) as connection:
        ((build_id,),) = connection.execute(
            "select distinct build_id from published.kpi_daily"
        ).fetchall()
    done = publish(
        settings,
        build_id=build_id,
        run_id=str(uuid.uuid4()),
        checks=[check(sample_keys=("19360000000007",))],
    )
    return settings, done.file


def staff(world: SupersetWorld) -> list[str]:
    """Ids, names and addresses of everybody at work, as exported."""
    query = STAFF.format(raw=world.settings.paths.raw) + " where role in ('agent', 'admin')"
    people = [row for row in duckdb.sql(query).fetchall() if "Bot" not in str(row[1])]
    assert len(people) > 10
    return [str(value) for row in people for value in row if value]


def test_no_name_id_or_address_occurs_in_any_text(
    superset_world: SupersetWorld, published: tuple[Settings, Path]
) -> None:
    _, file = published
    known = staff(superset_world)
    shown = superset_world.published("select agent_id, agent_name from published.dim_agents")
    assert {value for row in shown for value in row} & set(known)
    assert found_in(file, known) == []
    content = file.read_bytes()
    assert [value for value in known if len(value) > 5 and value.encode() in content] == []


def found_in(file: Path, values: list[str]) -> list[str]:
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("create temp table wanted as select unnest(?) as value", [values])
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() join duckdb_tables()"
            " using (database_name, schema_name, table_name)"
            " where schema_name = 'published' and data_type in ('VARCHAR', 'VARCHAR[]')"
        ).fetchall()
        assert len(columns) > 300
        found = []
        for table, column in columns:
            query = (
                f'select count(*) from (select distinct "{column}"::text as text'
                f' from published."{table}") as texts, wanted where contains(text, value)'
            )
            ((count,),) = connection.execute(query).fetchall()
            found += [f"{table}.{column}"] if count else []
    return found


def test_agents_are_still_told_apart_and_found_by_who_has_the_key(
    superset_world: SupersetWorld, published: tuple[Settings, Path]
) -> None:
    settings, file = published
    query = "select count(distinct agent_key), count(distinct agent_name) from published.dim_agents"
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute(query).fetchall() == superset_world.published(query)
        (found,) = connection.execute(
            "select count(*) from published.dim_agents where agent_id = ?",
            [shown_agent(settings, "19360000000007")],
        ).fetchall()
    assert found == (1,)
