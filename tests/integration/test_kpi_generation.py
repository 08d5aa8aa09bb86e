"""What the macros that turn definitions into SQL refuse, tried on a project of one fact."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from pipelines.settings import PROJECT_ROOT

MODELS = {
    "fct": "select date '2026-01-01' as came_date, 3 as seconds, 's' as source_system",
    "days": "select date '2026-01-01' as date_day",
    "dim_accounts": "select 's' as source_system, 'a' as account_id, null as as_of_date",
    "dim_agents": "select 's' as source_system, 'a' as account_id, 1 as agent_id, 1 as person_key",
    "cells": "-- depends_on: {{ ref('fct') }}\n{{ kpi_cells() }}",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A dbt project with the macros of ours, one fact and a time spine."""
    dbt = PROJECT_ROOT / "dbt_project"
    for folder in ("kpi", "dialect", "materializations"):
        shutil.copytree(dbt / "macros" / folder, tmp_path / "macros" / folder)
    (tmp_path / "models").mkdir()
    # The facts that the macros name are the project's own; this one has but one.
    (tmp_path / "macros" / "kpi" / "kpi_facts.sql").unlink()
    for name, sql in MODELS.items():
        (tmp_path / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
    settings = {
        "name": "helpmart",
        "version": "1.0",
        "profile": "tiny",
        "flags": {"send_anonymous_usage_stats": False},
    }
    output = {"type": "duckdb", "path": ":memory:"}
    profile = {"tiny": {"target": "t", "outputs": {"t": output}}}
    (tmp_path / "dbt_project.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")
    return tmp_path


def compiled(project: Path, metrics: list[dict[str, object]], **measures: object) -> str:
    """The SQL that dbt makes of these definitions, or why it makes none."""
    time = {
        "name": "came_date",
        "type": "time",
        "type_params": {"time_granularity": "day"},
        "config": {"meta": {"event": "came"}},
    }
    model = {
        "name": "facts",
        "model": "ref('fct')",
        "primary_entity": "fact",
        "defaults": {"agg_time_dimension": "came_date"},
        "entities": [{"name": "account", "type": "foreign", "expr": "1"}],
        "dimensions": [time],
        "measures": [{"name": "seconds", "agg": "sum"}, *measures.get("more", [])],  # type: ignore[misc]
    }
    spine = {
        "name": "days",
        "time_spine": {"standard_granularity_column": "date_day"},
        "columns": [{"name": "date_day", "granularity": "day"}],
    }
    text = yaml.safe_dump({"models": [spine], "semantic_models": [model], "metrics": metrics})
    (project / "models" / "metrics.yml").write_text(text, encoding="utf-8")
    from dbt.cli.main import dbtRunner

    folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
    run = dbtRunner().invoke(["--quiet", "--log-path", str(project), "compile", *folders])
    if run.exception:
        return str(run.exception)
    return "\n".join(f"{r.message} {r.node.compiled_code}" for r in run.result.results)


def simple(name: str, measure: str = "seconds", **other: object) -> dict[str, object]:
    params = {"measure": measure}
    return {"name": name, "label": name, "type": "simple", "type_params": params, **other}


def test_definitions_without_fault_compile(project: Path) -> None:
    said = compiled(project, [simple("total")])
    assert "sum(v0)" in said


def test_a_filter_on_a_metric_is_refused_since_its_sql_would_lose_it(project: Path) -> None:
    filtered = simple("some", filter="{{ TimeDimension('fact__came_date') }} > '2026-01-01'")
    assert "state the condition in a measure" in compiled(project, [filtered])


def test_a_cumulative_metric_is_refused(project: Path) -> None:
    so_far = simple("so_far") | {"type": "cumulative"}
    assert "metrics of type cumulative" in compiled(project, [so_far])


def test_an_aggregation_without_sql_is_refused(project: Path) -> None:
    mean = {"name": "mean", "agg": "average", "expr": "seconds"}
    said = compiled(project, [simple("typical", "mean")], more=[mean])
    assert "aggregation average has no SQL here yet" in said


def test_snapshots_and_flows_of_one_day_are_kept_apart(project: Path) -> None:
    level = {
        "name": "level",
        "agg": "sum",
        "expr": "seconds",
        "non_additive_dimension": {"name": "came_date", "window_choice": "max"},
    }
    said = compiled(project, [simple("total")], more=[level])
    assert "mixes snapshots with flows" in said
