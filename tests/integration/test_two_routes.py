"""A build upon a build, after a day of new and changed tickets, against one build of all of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from benchmarks.build import SELECTION, differing_tables, hold_back, load
from pipelines.settings import Settings
from pipelines.simulate import write_demo
from pipelines.transform.dbt_runner import build

# What tells of the loads themselves, which are two here and two there but not at the same times.
OF_LOADS = {"fct_load_files", "fct_source_freshness", "load_health", "kpi_values"}
OF_LOADS_TOO = "freshness_lag"


def built(home: Path, days: list[list[Path]]) -> Path:
    """The published tables after a build for each day's exports."""
    settings = Settings(home=home, quiet_seconds=0)
    for exports in days:
        for export in exports:
            load(home, export)
        build(settings, build_id="routes", select=SELECTION).raise_on_failure()
    return settings.paths.serving_file


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_day_loaded_upon_a_build_leads_to_what_a_rebuild_leads_to(tmp_path: Path) -> None:
    export, later = tmp_path / "export", tmp_path / "later"
    until = date(2026, 10, 31)
    write_demo(export, tmp_path / "truth", tickets=300, days=120, until=until, dirt=False)
    assert hold_back(export, later, share=0.05) == (8, 8)

    daily = built(tmp_path / "daily", [[export], [later]])
    afresh = built(tmp_path / "afresh", [[export, later]])

    assert set(differing_tables(daily, afresh)) <= OF_LOADS
    with duckdb.connect() as connection:
        connection.execute(f"attach '{daily}' as a (read_only); attach '{afresh}' as b (read_only)")
        differing = connection.execute(
            "select distinct kpi_id from ((from a.published.kpi_values except all"
            " from b.published.kpi_values) union all (from b.published.kpi_values except all"
            " from a.published.kpi_values))"
        ).fetchall()
    assert {kpi for (kpi,) in differing} <= {OF_LOADS_TOO}
