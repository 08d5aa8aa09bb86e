"""The dbt project builds from raw, tells what failed, and leaves its database files closed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.load import load_inbox
from pipelines.ingest.schema_files import ensure_schema_files
from pipelines.settings import Settings
from pipelines.transform import dbt_runner, left_out
from pipelines.transform.dbt_runner import NodeResult, build, load_manifest, run_unit_tests
from pipelines.transform.profile import PROJECT_DIR
from tests.integration.desk import Desk
from tests.integration.helpdesks.world import HelpdeskWorld

pytestmark = pytest.mark.xdist_group("helpdesks")
STAGING = "stg_zendesk__brands"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation that was built before any file came; its first account has landed since."""
    built = Settings(home=tmp_path_factory.mktemp("runner"), quiet_seconds=0)
    ensure_schema_files(built)
    export_for_dbt(built)
    with pytest.MonkeyPatch.context() as patch:
        # As in a new process: nothing is left out of this build.
        patch.setattr(left_out, "_learnt", {})
        build(built).raise_on_failure()
        learnt = dict(left_out._learnt)
    left_out._learnt.update(learnt)
    account = Desk("runner")
    account.ticket("2024-03-04 10:00", id=1)
    account.add("brands", name="Shop")
    account.write(built.paths.inbox)
    load_inbox(built, run_id="test")
    export_for_dbt(built)
    return built


@pytest.fixture
def broken_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the dbt project that a test may damage."""
    copy = tmp_path / "dbt_project"
    shutil.copytree(PROJECT_DIR, copy)
    monkeypatch.setattr(dbt_runner, "PROJECT_DIR", copy)
    yield copy


def test_every_unit_test_of_the_project_passes(settings: Settings) -> None:
    result = run_unit_tests(settings)
    result.raise_on_failure()
    assert sum(node.kind == "unit_test" for node in result.nodes) >= 10


def test_a_selection_builds_upon_what_is_there_and_a_full_build_begins_anew(
    settings: Settings,
) -> None:
    told: list[NodeResult] = []
    part = build(settings, select=STAGING, on_node=told.append)
    assert [node.name for node in part.nodes] == [STAGING] == [node.name for node in told]
    assert part.node("staging", STAGING) is not None
    assert part.node("staging", "fct_tickets") is None
    with duckdb.connect(str(settings.paths.serving_file), read_only=True) as con:
        assert con.execute("select count(*) from published.dim_channels").fetchone() != (0,)


def columns(settings: Settings) -> set[tuple[str, ...]]:
    """Every column of every relation of both files, with its type."""
    found: set[tuple[str, ...]] = set()
    for path in (settings.paths.warehouse_file, settings.paths.serving_file):
        with duckdb.connect(str(path), read_only=True) as con:
            found.update(
                con.execute(
                    "select table_schema, table_name, column_name, data_type"
                    " from information_schema.columns"
                ).fetchall()
            )
    return found


def test_an_installation_without_any_source_builds_the_same_tables_without_rows(
    settings: Settings, helpdesks: HelpdeskWorld
) -> None:
    assert columns(settings) == columns(helpdesks.settings)
    with duckdb.connect(str(settings.paths.serving_file), read_only=True) as con:
        assert con.execute("select count(*) from published.fct_tickets").fetchone() == (0,)


def test_a_view_over_nothing_is_left_out_although_it_is_selected(settings: Settings) -> None:
    part = build(settings, select=f"{STAGING} stg_freshdesk__tickets")
    assert [node.name for node in part.nodes] == [STAGING]


def test_the_files_are_closed_and_the_environment_is_as_before(settings: Settings) -> None:
    before = dict(os.environ)
    build(settings, build_id="some-build", select=STAGING)
    assert dict(os.environ) == before
    for path in (settings.paths.warehouse_file, settings.paths.serving_file):
        with duckdb.connect(str(path), read_only=True) as con:
            assert con.execute("select 1").fetchone() == (1,)


def test_a_model_that_fails_is_named_with_its_reason_and_leaves_what_was_there(
    settings: Settings, broken_project: Path
) -> None:
    path = broken_project / "models" / "staging" / "zendesk" / f"{STAGING}.sql"
    path.write_text("select no_such_column from {{ ref('channels') }}\n", encoding="utf-8")
    result = build(settings, select=STAGING)
    assert not result.success
    with pytest.raises(HelpmartError, match="no_such_column") as raised:
        result.raise_on_failure()
    assert raised.value.exit_code == ExitCode.FAILED
    with duckdb.connect(str(settings.paths.warehouse_file), read_only=True) as con:
        assert con.execute(f"select count(*) from staging.{STAGING}").fetchone() == (1,)


def test_a_table_of_parts_is_made_of_all_of_them_or_left_as_it_was(
    settings: Settings, broken_project: Path
) -> None:
    def rows(last: str) -> list[tuple[object, ...]]:
        model.write_text(
            "{{ config(materialized='table_in_parts') }}\n"
            "(select 1 as number)" + "{{ between_parts() }}" + f"(select {last} as number)\n",
            encoding="utf-8",
        )
        results.append(build(settings, select="parts").success)
        with duckdb.connect(str(settings.paths.warehouse_file), read_only=True) as con:
            return con.execute("from staging.parts order by all").fetchall()

    model = broken_project / "models" / "staging" / "zendesk" / "parts.sql"
    results: list[bool] = []
    assert rows("2") == [(1,), (2,)]
    assert rows("error('no second part')::integer") == [(1,), (2,)]
    assert results == [True, False]


def test_a_failing_test_counts_as_a_gate(settings: Settings, broken_project: Path) -> None:
    (broken_project / "tests" / "always_fails.sql").write_text(
        "select * from {{ ref('channels') }}\n", encoding="utf-8"
    )
    with pytest.raises(HelpmartError, match="always_fails") as raised:
        build(settings, select="always_fails").raise_on_failure()
    assert raised.value.exit_code == ExitCode.GATE_FAILED


def test_a_test_of_a_whole_table_names_the_column_and_the_rule_that_is_broken(
    settings: Settings, broken_project: Path
) -> None:
    path = broken_project / "models" / "staging" / "zendesk" / f"{STAGING}.sql"
    path.write_text(
        "select cast(null as text) as brand_id, 'hidden' as state from {{ ref('channels') }}\n",
        encoding="utf-8",
    )
    path.with_name("promises.yml").write_text(
        """
version: 2
models:
  - name: stg_zendesk__brands
    data_tests:
      - columns_hold:
          name: brands_columns_hold
          arguments:
            filled: [brand_id, state]
            unique: [[brand_id], [state]]
            accepted: {brand_id: ['1'], state: [shown]}
            at_most: {state: "'a'", brand_id: "'a'"}
""",
        encoding="utf-8",
    )
    definitions = path.with_name("_zendesk__models.yml")
    definitions.write_text(
        definitions.read_text("utf-8").replace(f"name: {STAGING}", "name: stg_zendesk__gone"),
        encoding="utf-8",
    )
    result = build(settings, select=STAGING)
    (failed,) = result.failures
    assert failed.name == "brands_columns_hold"
    rules = {told.rsplit(":", 1)[0] for told in failed.message.split("; ")}
    assert rules == {
        "brand_id is never null",
        "state is unique",
        "state is one of the accepted values",
        "state is at most 'a'",
    }
    with pytest.raises(HelpmartError, match="brand_id is never null: broken") as raised:
        result.raise_on_failure()
    assert raised.value.exit_code == ExitCode.GATE_FAILED


def test_a_project_that_cannot_be_read_is_an_error_of_its_own(
    settings: Settings, broken_project: Path
) -> None:
    path = broken_project / "models" / "staging" / "zendesk" / f"{STAGING}.sql"
    path.write_text("select 1 from {{ ref('no_such_model') }}\n", encoding="utf-8")
    with pytest.raises(HelpmartError, match="no_such_model"):
        build(settings, select=STAGING)


def test_the_manifest_is_parsed_again_only_after_a_change(
    settings: Settings, broken_project: Path
) -> None:
    manifest = settings.paths.dbt_target / "manifest.json"
    load_manifest(settings)
    parsed = manifest.stat().st_mtime_ns
    brands = broken_project / "models" / "staging" / "zendesk" / f"{STAGING}.sql"
    brands.touch()
    assert "model.helpmart.fct_tickets" in load_manifest(settings)["nodes"]
    assert manifest.stat().st_mtime_ns == parsed
    brands.write_text(brands.read_text("utf-8") + "-- changed\n", encoding="utf-8")
    os.utime(brands, (0, 0))
    code = load_manifest(settings)["nodes"][f"model.helpmart.{STAGING}"]["raw_code"]
    assert code.endswith("-- changed")


def test_a_manifest_of_another_installation_is_not_parsed_again(
    settings: Settings, tmp_path: Path
) -> None:
    other = Settings(home=tmp_path / "other", quiet_seconds=0)
    assert load_manifest(other)["nodes"].keys() == load_manifest(settings)["nodes"].keys()
    assert not (other.paths.dbt_target / "partial_parse.msgpack").exists()
    assert (other.paths.dbt_target / "semantic_manifest.json").is_file()
