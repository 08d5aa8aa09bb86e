"""A view over raw tables without files is built once; then an empty one stands in for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.transform import left_out
from pipelines.transform.left_out import leave_out, recall, remember

VIEWS = {
    "stg_desk__tickets": "select 1::decimal(9, 6) as price, ['a'] as tags, null as gap where false",
    "stg_desk__scores": "select 'x' as score where false",
    "int_targets__stated": "select 'by default' as target",
    "stg_own__files": "select 'x' as file where false",
    "stg_seeds__only": "select 'x' as seed where false",
}
READS = {
    "stg_desk__tickets": ["source.desk.tickets", "seed.words"],
    "stg_desk__scores": ["source.desk.scores", "model.stg_desk__tickets"],
    "int_targets__stated": ["source.targets.targets", "seed.words"],
    "stg_own__files": ["source.helpmart.files"],
    "stg_seeds__only": ["seed.words"],
}


def node(kind: str, name: str, reads: list[str], **changes: Any) -> dict[str, Any]:
    layer = "intermediate" if name.startswith("int_") else "staging"
    return {
        "resource_type": kind,
        "name": name,
        "schema": layer,
        "fqn": ["helpmart", layer, name],
        "config": {"materialized": "view"},
        "depends_on": {"nodes": reads},
    } | changes


def manifest(**changes: Any) -> dict[str, Any]:
    nodes = {f"model.{name}": node("model", name, reads) for name, reads in READS.items()}
    nodes["seed.words"] = {"resource_type": "seed", "name": "words", "config": {}}
    for name, model in (("scores_hold", "stg_desk__scores"), ("own_hold", "stg_own__files")):
        nodes[f"test.{name}"] = node("test", name, [f"model.{model}"], config={})
    nodes["test.both"] = node(
        "test", "both", ["model.stg_desk__scores", "model.stg_own__files"], config={}
    )
    tables = [
        ("desk", "tickets"),
        ("desk", "scores"),
        ("targets", "targets"),
        ("helpmart", "files"),
    ]
    sources = {f"source.{s}.{t}": {"source_name": s, "name": t} for s, t in tables}
    return {"nodes": nodes | changes, "sources": sources}


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_out, "_learnt", {})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "model.sql").write_text("select 1", "utf-8")
    return folder


@pytest.fixture
def installation(settings: Settings) -> Settings:
    """What dbt leaves behind when nothing but helpmart's own files landed."""
    land(settings, "helpmart/files.parquet")
    land(settings, "desk/tickets/_schema.parquet")
    settings.paths.warehouse.mkdir(parents=True)
    settings.paths.dbt_target.mkdir(parents=True)
    duckdb.connect(str(settings.paths.serving_file)).close()
    with duckdb.connect(str(settings.paths.warehouse_file)) as connection:
        connection.execute("create schema staging; create schema intermediate")
        for name, query in VIEWS.items():
            schema = "intermediate" if name.startswith("int_") else "staging"
            connection.execute(f"create view {schema}.{name} as {query}")
    return settings


def land(settings: Settings, file: str) -> None:
    path = settings.paths.raw / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def learn(settings: Settings, project: Path, **changes: Any) -> None:
    parsed = manifest(**changes)
    remember(settings, recall(settings, project), parsed, list(parsed["nodes"]))


def left(settings: Settings, project: Path) -> list[str]:
    settings.paths.warehouse_file.unlink(missing_ok=True)
    return leave_out(settings, recall(settings, project))


def test_nothing_is_left_out_that_was_never_built(installation: Settings, project: Path) -> None:
    assert left(installation, project) == []


def test_views_without_rows_over_nothing_landed_and_their_tests_are_left_out(
    installation: Settings, project: Path
) -> None:
    learn(installation, project)
    assert left(installation, project) == ["scores_hold", "stg_desk__scores", "stg_desk__tickets"]


def test_a_stand_in_has_the_columns_of_the_view_and_no_row(
    installation: Settings, project: Path
) -> None:
    learn(installation, project)
    left(installation, project)
    with duckdb.connect(str(installation.paths.warehouse_file)) as connection:
        columns = connection.execute("describe staging.stg_desk__tickets").fetchall()
        count = connection.execute("select count(*) from staging.stg_desk__tickets").fetchone()
    kinds = [(column[0], column[1]) for column in columns]
    assert kinds == [("price", "DECIMAL(9,6)"), ("tags", "VARCHAR[]"), ("gap", '"NULL"')]
    assert count == (0,)


def test_what_landed_is_built_with_all_that_reads_it(installation: Settings, project: Path) -> None:
    learn(installation, project)
    land(installation, "desk/scores/1.parquet")
    assert left(installation, project) == ["stg_desk__tickets"]
    land(installation, "desk/tickets/1.parquet")
    assert left(installation, project) == []


def test_a_view_is_left_out_again_when_its_source_was_erased(
    installation: Settings, project: Path
) -> None:
    learn(installation, project)
    land(installation, "desk/tickets/1.parquet")
    left(installation, project)
    (installation.paths.raw / "desk/tickets/1.parquet").unlink()
    assert "stg_desk__tickets" in left(installation, project)


def test_another_version_of_the_project_is_built_in_full(
    installation: Settings, project: Path
) -> None:
    learn(installation, project)
    (project / "model.sql").write_text("select 2", "utf-8")
    assert left(installation, project) == []


def test_what_was_learnt_outlives_the_process_and_holds_for_other_installations_in_it(
    installation: Settings, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(installation, project)
    other = Settings(home=tmp_path / "other", quiet_seconds=0)
    assert leave_out(other, recall(other, project)) != []
    monkeypatch.setattr(left_out, "_learnt", {})
    assert leave_out(other, recall(other, project)) == []
    assert left(installation, project) != []


def test_a_published_view_and_a_table_are_always_built(
    installation: Settings, project: Path
) -> None:
    published = node(
        "model",
        "stg_desk__tickets",
        ["source.desk.tickets"],
        fqn=["helpmart", "published", "stg_desk__tickets"],
    )
    table = node(
        "model", "stg_desk__scores", ["source.desk.scores"], config={"materialized": "table"}
    )
    changes = {"model.stg_desk__tickets": published, "model.stg_desk__scores": table}
    learn(installation, project, **changes)
    assert left(installation, project) == []
