"""Publishing puts a complete, stamped build before readers, or changes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import ExitCode, HelpmartError
from pipelines.publish import current_build, list_builds, publish, rollback, sweep
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

HOLD = """
import sys, duckdb
held = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


def one_row(file: Path, sql: str) -> tuple[object, ...]:
    with duckdb.connect(str(file.resolve()), read_only=True) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row


def test_readers_see_what_was_built_with_its_stamp_and_its_checks(settings: Settings) -> None:
    write_serving(settings, build_id(1), tickets=7)
    published = publish(
        settings,
        build_id=build_id(1),
        run_id="run-1",
        checks=[check(), failed("warning")],
        clock=lambda: NOON,
    )

    file = settings.paths.published_file
    assert one_row(file, "select count(*) from published.fct_tickets") == (7,)
    assert one_row(file, "select * exclude (code_version) from published.build_info") == (
        build_id(1),
        "run-1",
        NOON.replace(tzinfo=None),
        published.build.data_as_of.replace(tzinfo=None) if published.build.data_as_of else None,
        1,
        0,
        1,
    )
    assert one_row(file, "select count(*) from published.kpi_values_zh") == (1,)
    assert one_row(
        file, "select count(*), count(*) filter (where is_success) from published.check_results"
    ) == (2, 1)


def test_the_shown_file_is_read_only_and_keeps_its_catalog_name(settings: Settings) -> None:
    publish_number(settings, 1)
    file = settings.paths.published_file.resolve()
    assert file.stat().st_mode & 0o222 == 0
    assert one_row(file, "select current_catalog()") == ("helpmart",)


def test_a_failing_critical_check_publishes_nothing(settings: Settings) -> None:
    publish_number(settings, 1)
    before = seen_hash(settings)
    write_serving(settings, build_id(2), tickets=99)

    with pytest.raises(HelpmartError, match="1 of 2 checks failed") as raised:
        publish(settings, build_id=build_id(2), run_id="run-2", checks=[check(), failed()])

    assert raised.value.exit_code is ExitCode.GATE_FAILED
    assert seen_hash(settings) == before
    assert [build.build_id for build in list_builds(settings)] == [build_id(1)]


def test_a_build_that_nothing_checked_is_not_published(settings: Settings) -> None:
    write_serving(settings, build_id(1))
    with pytest.raises(HelpmartError, match="nothing checked it"):
        publish(settings, build_id=build_id(1), run_id="run-1", checks=[])
    assert current_build(settings) is None


def test_models_built_for_another_build_id_are_refused(settings: Settings) -> None:
    write_serving(settings, build_id(8))
    with pytest.raises(HelpmartError, match="not what was built") as raised:
        publish(settings, build_id=build_id(9), run_id="run-9", checks=[check()])
    assert f"kpi_values carries build id {build_id(8)}" in raised.value.why
    assert list(settings.paths.builds.iterdir()) == []


def test_a_view_that_looks_outside_the_file_is_refused(settings: Settings) -> None:
    file = write_serving(settings, build_id(1))
    other = settings.paths.warehouse_file
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table secret as select 1 as n")
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"attach '{other}' as warehouse")
        connection.execute("create view published.leak as select * from warehouse.main.secret")
    with pytest.raises(HelpmartError, match="not what was built") as raised:
        publish(settings, build_id=build_id(1), run_id="run-1", checks=[check()])
    assert "view leak" in raised.value.why


def test_a_copy_with_missing_rows_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_serving(settings, build_id(1))

    def lossy_copy(source: Path, target: Path) -> None:
        Path(target).write_bytes(Path(source).read_bytes())
        with duckdb.connect(str(target)) as connection:
            connection.execute("delete from published.fct_tickets where ticket_key = 't3'")

    monkeypatch.setattr("pipelines.publish.publication.shutil.copyfile", lossy_copy)
    with pytest.raises(HelpmartError) as raised:
        publish(settings, build_id=build_id(1), run_id="run-1", checks=[check()])
    assert raised.value.why == "fct_tickets has 9 rows instead of 10"


def test_without_built_models_publishing_says_what_to_run(settings: Settings) -> None:
    with pytest.raises(HelpmartError, match="nothing to publish") as raised:
        publish(settings, build_id=build_id(1), run_id="run-1", checks=[check()])
    assert raised.value.exit_code is ExitCode.NOT_FOUND
    assert "helpmart build" in raised.value.remedy


def test_a_file_that_another_program_holds_is_named_with_its_holder(settings: Settings) -> None:
    file = write_serving(settings, build_id(1))
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(HelpmartError, match="cannot be opened") as raised:
            publish(settings, build_id=build_id(1), run_id="run-1", checks=[check()])
        assert raised.value.exit_code is ExitCode.BUSY
        assert str(holder.pid) in raised.value.why
    finally:
        holder.communicate(b"\n")


def test_a_disk_too_small_for_the_copy_stops_before_anything_is_written(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_number(settings, 1)
    before = seen_hash(settings)
    write_serving(settings, build_id(2))
    usage = namedtuple("usage", "total used free")(10, 10, 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(HelpmartError, match="too full") as raised:
        publish(settings, build_id=build_id(2), run_id="run-2", checks=[check()])
    assert "1 MiB free" in raised.value.why
    assert seen_hash(settings) == before


@pytest.mark.parametrize(
    ("step", "error", "why"),
    [
        ("shutil.copyfile", OSError(28, "No space left on device"), "No space left on device"),
        ("stamp", duckdb.IOException("IO Error: disk full\nwhile"), "IO Error: disk full"),
    ],
)
def test_a_disk_that_fills_up_on_the_way_leaves_nothing_behind(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str, error: Exception, why: str
) -> None:
    publish_number(settings, 1)
    before = seen_hash(settings)
    write_serving(settings, build_id(2))

    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(f"pipelines.publish.publication.{step}", full)
    with pytest.raises(HelpmartError, match="could not be written") as raised:
        publish(settings, build_id=build_id(2), run_id="run-2", checks=[check()])
    assert raised.value.why == why
    assert seen_hash(settings) == before
    assert [path.name for path in settings.paths.builds.iterdir()] == [build_id(1)]


def test_publishing_the_same_build_again_changes_nothing(settings: Settings) -> None:
    publish_number(settings, 1)
    before = seen_hash(settings)
    publish(settings, build_id=build_id(1), run_id="run-1", checks=[check()])
    assert seen_hash(settings) == before
    assert len(list_builds(settings)) == 1


def age(folder: Path, minutes: float) -> None:
    old = time.time() - 60 * minutes
    os.utime(folder, (old, old))


def test_only_the_last_builds_are_kept_and_never_the_one_just_left(settings: Settings) -> None:
    settings.keep_builds = 2
    for number in range(1, 5):
        publish_number(settings, number)
        age(settings.paths.builds / build_id(number), minutes=10)
    publish_number(settings, 5)
    kept = [build.build_id for build in list_builds(settings)]
    assert kept == [build_id(5), build_id(4)]

    for folder in settings.paths.builds.iterdir():
        age(folder, minutes=10)
    rollback(settings)
    publish_number(settings, 6)
    publish_number(settings, 7)
    assert build_id(4) not in [build.build_id for build in list_builds(settings)]


def test_a_build_young_enough_to_be_opened_by_a_slow_reader_stays(settings: Settings) -> None:
    settings.keep_builds = 2
    for number in range(1, 5):
        publish_number(settings, number)
    assert len(list_builds(settings)) == 4


def test_rollback_shows_any_kept_build_within_a_second_and_forward_again(
    settings: Settings,
) -> None:
    hashes = {}
    for number in range(1, 6):
        publish_number(settings, number, tickets=number)
        hashes[build_id(number)] = seen_hash(settings)

    started = time.perf_counter()
    back = rollback(settings)
    assert time.perf_counter() - started < 1
    assert (back.build_id, seen_hash(settings)) == (build_id(4), hashes[build_id(4)])

    for wanted in (build_id(1), build_id(5), build_id(2)):
        assert rollback(settings, wanted).build_id == wanted
        assert seen_hash(settings) == hashes[wanted]
        assert [b.build_id for b in list_builds(settings) if b.is_current] == [wanted]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (None, ExitCode.NOT_FOUND),
        (build_id(77), ExitCode.NOT_FOUND),
        ("../../etc", ExitCode.USAGE),
    ],
)
def test_rollback_to_what_is_not_there_says_so_and_changes_nothing(
    settings: Settings, wanted: str | None, code: ExitCode
) -> None:
    publish_number(settings, 1)
    before = seen_hash(settings)
    with pytest.raises(HelpmartError) as raised:
        rollback(settings, wanted)
    assert raised.value.exit_code is code
    assert seen_hash(settings) == before


def test_a_damaged_build_is_not_rolled_back_to(settings: Settings) -> None:
    publish_number(settings, 1)
    publish_number(settings, 2)
    damaged = settings.paths.builds / build_id(1) / "helpmart.duckdb"
    damaged.chmod(0o644)
    damaged.write_bytes(b"not a database")
    before = seen_hash(settings)
    with pytest.raises(HelpmartError, match="cannot be read"):
        rollback(settings)
    assert seen_hash(settings) == before


def test_leftovers_of_interrupted_publications_are_swept(settings: Settings) -> None:
    publish_number(settings, 1)
    before = seen_hash(settings)
    half = settings.paths.builds / f".building-{build_id(2)}"
    half.mkdir()
    (half / "helpmart.duckdb.wal").write_bytes(b"half")
    (settings.paths.builds / f".removing-{build_id(0)}").mkdir()
    (settings.paths.published / ".current-4711").symlink_to("builds/nowhere")
    settings.paths.health_link.parent.mkdir()
    (settings.paths.health_link.parent / ".building-00000009").mkdir()

    assert len(sweep(settings)) == 4
    assert [path.name for path in settings.paths.builds.iterdir()] == [build_id(1)]
    assert seen_hash(settings) == before


def test_the_state_folder_may_move(settings: Settings, tmp_path: Path) -> None:
    publish_number(settings, 1)
    moved = Settings(home=tmp_path / "elsewhere")
    settings.home.rename(moved.home)
    shown = current_build(moved)
    assert shown is not None
    assert shown.build_id == build_id(1)
    assert shown.data_as_of == NOON - timedelta(days=20) + timedelta(hours=4)
