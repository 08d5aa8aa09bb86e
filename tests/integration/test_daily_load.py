"""The daily job end to end on a small simulated service centre, and when it is stopped half-way."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import ExitCode
from pipelines.faults import POINTS
from pipelines.settings import Settings
from pipelines.simulate import write_demo
from pipelines.status import read_status

HELPMART = Path(sys.executable).with_name("helpmart")


def helpmart(
    settings: Settings, *arguments: str, fault: str = ""
) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "HELPMART_HOME": str(settings.home),
        "HELPMART_QUIET_SECONDS": "0",
        "HELPMART_SUPERSET_PORT": "0",
        "HELPMART_FAULT": fault,
    }
    return subprocess.run(
        [HELPMART, *arguments], capture_output=True, text=True, env=environment, check=False
    )


def drop_export(settings: Settings, *, seed: int, account: str = "northwind") -> None:
    write_demo(
        settings.paths.inbox / "zendesk" / account,
        settings.home / "truth",
        seed=seed,
        tickets=60,
        days=60,
        until=date(2026, 10, 31),
        dirt=False,  # a few bad records are too large a share of so small a world
    )


def published_hash(settings: Settings) -> str:
    return hashlib.sha256(settings.paths.published_file.read_bytes()).hexdigest()


def published_tickets(settings: Settings) -> int:
    with duckdb.connect(str(settings.paths.published_file.resolve()), read_only=True) as connection:
        row = connection.execute("select count(*) from published.fct_tickets").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation whose first load was published."""
    settings = Settings(home=tmp_path_factory.mktemp("daily") / "home", quiet_seconds=0)
    drop_export(settings, seed=1)
    run = helpmart(settings, "run")
    assert run.returncode == ExitCode.OK, run.stderr
    return settings


@pytest.mark.xdist_group("daily_load")
def test_a_drop_into_the_inbox_ends_in_a_published_build(loaded: Settings) -> None:
    status = read_status(loaded)
    assert status.last_run is not None
    assert status.last_run.state == "published"
    assert status.build_id is not None
    assert status.gates["failed"] == 0
    assert published_tickets(loaded) > 0


@pytest.mark.xdist_group("daily_load")
def test_a_load_tells_when_each_of_its_steps_ran(loaded: Settings) -> None:
    file = str(loaded.paths.health_file.resolve())
    with duckdb.connect(file, read_only=True) as connection:
        rows = connection.execute(
            "select step, state, started_at, finished_at from load_steps where run_id ="
            " (select run_id from load_runs order by started_at limit 1) order by step_no"
        ).fetchall()
    assert {row[0] for row in rows} == {
        *("land_files", "run_gate_raw", "build_warehouse", "run_gate_published"),
        *("publish_build", "send_reports", "import_dashboards"),
    }
    assert {row[1] for row in rows} == {"done"}
    assert [row[0] for row in rows][:3] == ["land_files", "run_gate_raw", "build_warehouse"]
    assert all(began <= ended for *_rest, began, ended in rows)


@pytest.mark.xdist_group("daily_load")
def test_a_second_run_without_new_files_changes_nothing(loaded: Settings) -> None:
    before = published_hash(loaded)
    again = helpmart(loaded, "run")
    assert again.returncode == ExitCode.OK
    assert "Nothing new" in again.stdout
    assert published_hash(loaded) == before


def crash(settings: Settings, point: str) -> None:
    crashed = helpmart(settings, "run", "--force", fault=point)
    assert crashed.returncode == -signal.SIGKILL, f"{point} was never reached: {crashed.stderr}"
    assert published_tickets(settings) > 0


def assert_complete(settings: Settings, *, more_than: int) -> None:
    completed = helpmart(settings, "run", "--force")
    assert completed.returncode == ExitCode.OK, completed.stderr
    assert published_tickets(settings) > more_than
    status = read_status(settings)
    assert status.last_run is not None
    assert status.last_run.state == "published"
    assert status.inbox_waiting == 0


@pytest.mark.xdist_group("daily_load")
def test_a_load_that_crashes_while_it_lands_is_completed_by_the_next(loaded: Settings) -> None:
    """The other points at which a load may be killed each take a build more, so they are long."""
    before = published_tickets(loaded)
    drop_export(loaded, seed=2, account="southwind")
    crash(loaded, "raw_renamed")
    assert_complete(loaded, more_than=before)


@pytest.mark.xdist_group("daily_load")
def test_a_failing_gate_publishes_nothing_and_says_so(loaded: Settings) -> None:
    before = published_hash(loaded)
    bad = loaded.paths.inbox / "zendesk" / "northwind" / "tickets_bad.ndjson"
    bad.parent.mkdir(parents=True, exist_ok=True)
    bad.write_text('{"ticket": {"id": 1}}\n' * 500)
    failed = helpmart(loaded, "run")
    assert failed.returncode == ExitCode.GATE_FAILED, failed.stderr
    assert "what to do" in failed.stderr
    assert published_hash(loaded) == before
    status = read_status(loaded)
    assert status.last_run is not None
    assert status.last_run.state == "gate_failed"
    assert status.failed_checks


@pytest.mark.long
@pytest.mark.parametrize("point", sorted(POINTS))
def test_a_crash_leaves_the_published_file_readable_and_the_next_run_completes(
    point: str, tmp_path: Path, published_home: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(published_home, home, symlinks=True)
    settings = Settings(home=home, quiet_seconds=0)
    before = published_tickets(settings)
    drop_export(settings, seed=2, account="southwind")
    crash(settings, point)
    assert_complete(settings, more_than=before)


@pytest.fixture(scope="module")
def published_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(home=tmp_path_factory.mktemp("crash") / "home", quiet_seconds=0)
    drop_export(settings, seed=1)
    assert helpmart(settings, "run").returncode == ExitCode.OK
    return settings.home
