"""The health file tells readers how the data stand, above all when a load failed."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import datetime, timedelta

import duckdb
import pytest

from pipelines.publish import LoadRun, LoadStep, publish, rollback, write_health
from pipelines.publish.health import columns_of
from pipelines.publish.wording import RunState
from pipelines.quality.results import CheckResult
from pipelines.settings import Settings
from tests.integration.publish_worlds import (
    NOON,
    build_id,
    check,
    failed,
    publish_number,
    seen_hash,
    write_serving,
)


def run(number: int, state: RunState = "published", reason: str = "") -> LoadRun:
    started = NOON + timedelta(days=number)
    return LoadRun(f"run-{number}", started, started + timedelta(minutes=2), state, reason)


def ask(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    file = settings.paths.health_file.resolve()
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def status(settings: Settings, *columns: str) -> tuple[object, ...]:
    rows = ask(settings, f"select {', '.join(columns)} from load_status")
    assert len(rows) == 1
    return rows[0]


def tell(
    settings: Settings, load: LoadRun, *checks: CheckResult, at: datetime = NOON
) -> tuple[object, ...]:
    write_health(settings, run=load, checks=checks, clock=lambda: at)
    return status(settings, "state", "message_en", "message_zh")


def test_a_good_load_is_green_and_dated_in_the_reporting_zone(settings: Settings) -> None:
    publish_number(settings, 1)
    assert tell(settings, run(0), check()) == (
        "green",
        f"Data as of 2026-10-31 16:00 (Asia/Shanghai) · build {build_id(1)} · all 1 checks passed",
        f"数据截至 2026-10-31 16:00（Asia/Shanghai），版本 {build_id(1)}，1 项检查全部通过",
    )
    assert status(settings, "build_id", "last_run_id", "last_run_state", "failed_checks") == (
        build_id(1),
        "run-0",
        "published",
        0,
    )
    assert status(settings, "published_at", "data_as_of", "stale_after") == (
        datetime(2026, 11, 20, 4),
        datetime(2026, 10, 31, 8),
        datetime(2026, 11, 21, 10),
    )


def test_a_warning_is_amber_and_listed_with_its_reason(settings: Settings) -> None:
    write_serving(settings, build_id(1))
    checks = [check(), failed("warning")]
    publish(settings, build_id=build_id(1), run_id="run-0", checks=checks, clock=lambda: NOON)
    state, en, zh = tell(settings, run(0), *checks)
    assert state == "amber"
    assert str(en).endswith("1 of 2 checks passed, 1 warning")
    assert str(zh).endswith("2 项检查中 1 项通过，1 项警告")
    assert ask(settings, "select check_name, severity, unexpected_count from load_checks") == [
        ("fct_tickets_status_known", "warning", 3)
    ]


def test_a_failed_gate_is_red_and_names_the_build_that_readers_still_see(
    settings: Settings,
) -> None:
    publish_number(settings, 1)
    before = seen_hash(settings)
    state, en, zh = tell(settings, run(1, "gate_failed"), check(), failed(), failed(name="other"))
    assert state == "red"
    assert en == (
        "Load of 2026-11-21 12:00 (Asia/Shanghai) failed at the gate: 2 checks; you see the build"
        f" of 2026-11-20 12:00 (Asia/Shanghai) ({build_id(1)})"
        " · Data as of 2026-10-31 16:00 (Asia/Shanghai)"
    )
    assert zh == (
        "2026-11-21 12:00（Asia/Shanghai）的加载未通过质量检查：2 项不合格；当前显示"
        f" 2026-11-20 12:00（Asia/Shanghai）的版本（{build_id(1)}）"
        "，数据截至 2026-10-31 16:00（Asia/Shanghai）"
    )
    assert status(settings, "build_id", "failed_checks", "checks_passed") == (build_id(1), 2, 1)
    assert seen_hash(settings) == before


def test_a_broken_load_is_red_with_its_reason(settings: Settings) -> None:
    publish_number(settings, 1)
    state, en, zh = tell(settings, run(1, "failed", "the disk is too full to publish\n  where: /x"))
    assert state == "red"
    assert "(Asia/Shanghai) failed: the disk is too full to publish; you see the build" in str(en)
    assert "的加载失败：the disk is too full to publish；当前显示" in str(zh)


@pytest.mark.parametrize("state", ["gate_failed", "failed", "published"])
def test_before_the_first_publication_readers_are_told_that_there_is_nothing(
    settings: Settings, state: RunState
) -> None:
    colour, en, zh = tell(settings, run(1, state), failed())
    assert colour == "red"
    assert "published yet" in str(en)
    assert "尚未发布任何数据" in str(zh)
    assert status(settings, "build_id", "published_at", "data_as_of") == (None, None, None)


def test_an_overdue_load_is_amber(settings: Settings) -> None:
    publish_number(settings, 1)
    late = NOON + timedelta(hours=settings.freshness_hours, minutes=1)
    state, en, zh = tell(settings, run(0), check(), at=late)
    assert state == "amber"
    assert str(en).endswith("· the next load is overdue")
    assert str(zh).endswith("，下一次加载已逾期")


def test_a_rollback_is_amber_until_the_next_good_load(settings: Settings) -> None:
    publish_number(settings, 1)
    tell(settings, run(0), check())
    publish_number(settings, 2)
    tell(settings, run(1), check())
    rollback(settings, clock=lambda: NOON)
    state, en, zh = status(settings, "state", "message_en", "message_zh")
    assert state == "amber"
    assert str(en).startswith("Rolled back to the build of 2026-11-20 12:00 (Asia/Shanghai)")
    assert str(zh).startswith("已回退到 2026-11-20 12:00（Asia/Shanghai）的版本")
    publish_number(settings, 3)
    assert tell(settings, run(2), check())[0] == "green"


def test_earlier_runs_are_carried_over_and_a_repeated_one_replaced(settings: Settings) -> None:
    publish_number(settings, 1)
    tell(settings, run(0), check())
    tell(settings, run(1, "gate_failed"), failed())
    tell(settings, run(1, "failed", "again"))
    assert ask(settings, "select run_id, state, reason from load_runs") == [
        ("run-1", "failed", "again"),
        ("run-0", "published", None),
    ]


def test_pages_in_chinese_have_the_loads_under_a_name_of_their_own(settings: Settings) -> None:
    tell(settings, run(0))
    tell(settings, run(1, "failed", "again"))
    rows = ask(settings, "select * from load_runs_zh")
    assert len(rows) == 2
    assert rows == ask(settings, "select * from load_runs")
    assert columns_of("load_runs_zh") == columns_of("load_runs") != columns_of("load_checks")
    assert columns_of("load_checks_zh") == ""


def stepped(number: int, *names: str, broken: str = "") -> LoadRun:
    """A run of steps that follow one another by a minute."""
    load = run(number, "failed" if broken else "published")
    ends = [load.started_at + timedelta(minutes=each) for each in range(len(names) + 1)]
    steps = tuple(
        LoadStep(name, begun, ended, name != broken)
        for name, begun, ended in zip(names, ends, ends[1:], strict=False)
    )
    return replace(load, steps=steps)


def test_the_steps_of_a_load_are_kept_with_their_times_and_the_newest_are_marked(
    settings: Settings,
) -> None:
    publish_number(settings, 1)
    tell(settings, stepped(0, "land_files", "build_warehouse"))
    tell(settings, stepped(1, "land_files", "run_gate_raw", broken="run_gate_raw"))
    rows = ask(
        settings,
        "select run_id, step_no, step, date_diff('second', started_at, finished_at), state,"
        " is_newest from load_steps order by started_at",
    )
    assert rows == [
        ("run-0", 1, "land_files", 60, "done", False),
        ("run-0", 2, "build_warehouse", 60, "done", False),
        ("run-1", 1, "land_files", 60, "done", True),
        ("run-1", 2, "run_gate_raw", 60, "failed", True),
    ]
    tell(settings, run(2))
    assert ask(settings, "select count(*), count_if(is_newest) from load_steps") == [(4, 0)]


def test_runs_of_a_health_file_without_steps_are_carried_over(settings: Settings) -> None:
    tell(settings, run(0))
    file = settings.paths.health_file.resolve()
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute("drop table load_steps")
    tell(settings, stepped(1, "land_files"))
    assert ask(settings, "select run_id from load_runs order by 1") == [("run-0",), ("run-1",)]
    assert ask(settings, "select run_id from load_steps") == [("run-1",)]


def test_an_unreadable_health_file_is_replaced_and_few_are_kept(settings: Settings) -> None:
    tell(settings, run(0))
    broken = settings.paths.health_file.resolve()
    broken.chmod(0o644)
    broken.write_bytes(b"nonsense")
    for number in range(1, 9):
        age_all(settings)
        tell(settings, run(number, "failed"))
    assert len(ask(settings, "select * from load_runs")) == 8
    folders = [path for path in settings.paths.health_link.parent.iterdir() if path.is_dir()]
    assert len(folders) == 6  # five files, and the link to the newest


def test_a_state_young_enough_to_be_opened_by_a_slow_reader_stays(settings: Settings) -> None:
    tell(settings, run(0))
    found_by_a_reader = settings.paths.health_file.resolve()
    for number in range(1, 9):
        tell(settings, run(number, "failed"))
    assert found_by_a_reader.is_file()


def age_all(settings: Settings) -> None:
    """As if every state had been written ten minutes ago."""
    old = time.time() - 600
    for path in settings.paths.health_link.parent.iterdir():
        os.utime(path, (old, old), follow_symlinks=False)
