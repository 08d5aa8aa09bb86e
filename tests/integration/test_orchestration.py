"""The asset graph as Dagster sees it: complete, gated, triggered only by complete files."""

from __future__ import annotations

import os

import dagster as dg
import pytest
import yaml

from pipelines.orchestration.build import build_definitions
from pipelines.orchestration.gates import _verdict
from pipelines.orchestration.instance import write_instance_config
from pipelines.orchestration.triggers import JOB_NAME
from pipelines.quality.results import CheckResult
from pipelines.settings import Settings


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dg.Definitions]:
    settings = Settings(home=tmp_path_factory.mktemp("dagster") / "home", quiet_seconds=0)
    return settings, build_definitions(settings)


def test_one_graph_leads_from_files_to_dashboards(
    definitions: tuple[Settings, dg.Definitions],
) -> None:
    graph = definitions[1].resolve_asset_graph()
    upstream = graph.get_ancestor_asset_keys(dg.AssetKey(["superset", "dashboards"]))
    assert dg.AssetKey(["raw", "zendesk__tickets"]) in upstream
    assert dg.AssetKey(["published", "fct_tickets"]) in upstream
    assert dg.AssetKey(["published", "build"]) in upstream


def test_reports_are_sent_only_after_what_may_stop_a_load(
    definitions: tuple[Settings, dg.Definitions],
) -> None:
    graph = definitions[1].resolve_asset_graph()
    upstream = graph.get_ancestor_asset_keys(dg.AssetKey(["reports", "mails"]))
    assert {dg.AssetKey(["published", name]) for name in ("candidate", "build")} <= upstream
    assert dg.AssetKey(["superset", "dashboards"]) not in upstream


def test_every_check_of_both_borders_blocks(definitions: tuple[Settings, dg.Definitions]) -> None:
    specs = [spec for checks in definitions[1].asset_checks or [] for spec in checks.check_specs]
    assert {spec.asset_key.path[0] for spec in specs} == {"raw", "published"}
    assert all(spec.blocking for spec in specs)


def test_every_checked_table_is_an_asset_of_the_graph(
    definitions: tuple[Settings, dg.Definitions],
) -> None:
    graph = definitions[1].resolve_asset_graph()
    known = set(graph.get_all_asset_keys())
    checked = {
        spec.asset_key
        for checks in definitions[1].asset_checks or []
        for spec in checks.check_specs
    }
    assert checked - known == set()


def sensor_answer(settings: Settings, definitions: dg.Definitions) -> dg.SkipReason | dg.RunRequest:
    sensor = definitions.resolve_sensor_def("load_on_arrival")
    with dg.DagsterInstance.ephemeral() as instance, dg.build_sensor_context(instance) as context:
        data = sensor.evaluate_tick(context)
    if data.run_requests:
        return data.run_requests[0]
    return dg.SkipReason(data.skip_message)


def test_the_sensor_waits_for_a_file_that_is_still_being_written(
    definitions: tuple[Settings, dg.Definitions],
) -> None:
    settings, graph = definitions
    drop = settings.paths.inbox / "zendesk" / "tickets.ndjson"
    drop.parent.mkdir(parents=True, exist_ok=True)
    assert isinstance(sensor_answer(settings, graph), dg.SkipReason)
    settings.quiet_seconds = 3600
    drop.write_text('{"ticket": {"id": 1')
    try:
        answer = sensor_answer(settings, graph)
        assert isinstance(answer, dg.SkipReason)
        assert "still being written" in str(answer.skip_message)
        long_ago = drop.stat().st_mtime - 7200
        os.utime(drop, (long_ago, long_ago))
        first = sensor_answer(settings, graph)
        second = sensor_answer(settings, graph)
        assert isinstance(first, dg.RunRequest)
        assert isinstance(second, dg.RunRequest)
        assert first.run_key == second.run_key
    finally:
        settings.quiet_seconds = 0
        drop.unlink()


def test_schedule_follows_the_settings(definitions: tuple[Settings, dg.Definitions]) -> None:
    settings, graph = definitions
    schedule = graph.resolve_schedule_def("load_daily")
    assert schedule.cron_schedule == settings.schedule_cron
    assert schedule.execution_timezone == settings.schedule_zone
    assert schedule.job_name == JOB_NAME


def test_the_instance_frees_slots_ends_long_runs_and_reports_nothing_home(
    settings: Settings,
) -> None:
    config = yaml.safe_load((write_instance_config(settings) / "dagster.yaml").read_text())
    assert config["telemetry"] == {"enabled": False}
    assert config["run_monitoring"]["free_slots_after_run_end_seconds"] > 0
    assert config["run_monitoring"]["max_runtime_seconds"] == settings.max_runtime_seconds
    assert config["run_retries"]["retry_on_asset_or_op_failure"] is False
    assert config["concurrency"]["pools"]["default_limit"] == 1


def result(*, success: bool, severity: str) -> CheckResult:
    return CheckResult(
        border="raw",
        table="zendesk__tickets",
        name="id is never null",
        expectation="expect_column_values_to_not_be_null",
        column="id",
        severity=severity,  # type: ignore[arg-type]
        success=success,
        observed="",
        unexpected_count=0 if success else 1,
        why="",
        owner="data",
    )


@pytest.mark.parametrize(
    ("results", "passed", "severity"),
    [
        ([result(success=True, severity="critical")], True, dg.AssetCheckSeverity.WARN),
        ([result(success=False, severity="warning")], False, dg.AssetCheckSeverity.WARN),
        ([result(success=False, severity="critical")], False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_only_a_critical_miss_stops_the_line(
    results: list[CheckResult], passed: bool, severity: dg.AssetCheckSeverity
) -> None:
    spec = dg.AssetCheckSpec("zendesk__tickets_valid", asset=["raw", "zendesk__tickets"])
    verdict = _verdict(spec, results)
    assert (verdict.passed, verdict.severity) == (passed, severity)


def test_loading_the_definitions_imports_neither_gx_nor_superset(
    definitions: tuple[Settings, dg.Definitions],
) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path;"
        "from pipelines.settings import Settings;"
        "from pipelines.orchestration.build import build_definitions;"
        f"build_definitions(Settings(home=Path({str(definitions[0].home)!r})));"
        "print({'great_expectations', 'superset'} & set(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip().endswith("set()")
