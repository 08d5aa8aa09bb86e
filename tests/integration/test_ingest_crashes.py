"""A load killed anywhere loses nothing and is completed by the next one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.ingest.raw import STAGING_FOLDER
from pipelines.settings import Settings
from tests.ingest_world import (
    assert_accounts_hold,
    comment,
    drop,
    files,
    load,
    raw_content,
    raw_rows,
    ticket,
    wrapped,
)

LOAD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
settings = Settings(home=Path(sys.argv[1]), quiet_seconds=0)
load_inbox(settings, run_id="killed", clock=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))
"""
FULL_DISK = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
ENTITIES = ("tickets", "comments")


def drop_all(settings: Settings) -> None:
    records = [ticket(n, comments=[comment(n * 10)]) for n in range(1, 6)]
    drop(settings, "a.ndjson", wrapped("ticket", *records[:3]) + b"oops\n")
    drop(settings, "b.ndjson", wrapped("ticket", *records[2:]))


def run_load(settings: Settings, script: str = LOAD, fault: str = "") -> int:
    """Load in a process of its own; its exit code, negative for a signal."""
    environment = {**os.environ, "HELPMART_FAULT": fault}
    done = subprocess.run(
        [sys.executable, "-c", script, str(settings.home)],
        env=environment,
        check=False,
        capture_output=True,
    )
    return done.returncode


def outcome(settings: Settings) -> tuple[object, ...]:
    """All that a load leaves, but for the run in which it happened."""
    counts = [
        (r.name, r.entity, r.seen, r.loaded, r.quarantined, r.duplicate)
        for r in files(settings)
        if r.status != "already_loaded"
    ]
    return counts, [raw_content(settings, entity) for entity in ENTITIES]


@pytest.fixture
def undisturbed(tmp_path: Path) -> tuple[object, ...]:
    settings = Settings(home=tmp_path / "undisturbed", quiet_seconds=0)
    drop_all(settings)
    load(settings)
    return outcome(settings)


@pytest.mark.parametrize("point", ["archived", "raw_written", "raw_renamed", "ledger_committed"])
def test_a_load_killed_at_a_named_point_is_completed_by_the_next(
    settings: Settings, undisturbed: tuple[object, ...], point: str
) -> None:
    drop_all(settings)

    assert run_load(settings, fault=point) == -signal.SIGKILL
    assert (settings.paths.inbox / "zendesk" / "a.ndjson").exists()
    assert (settings.paths.inbox / "zendesk" / "b.ndjson").exists()

    load(settings)

    assert outcome(settings) == undisturbed
    assert_accounts_hold(settings)
    assert not list((settings.paths.inbox / "zendesk").iterdir())
    assert not (settings.paths.raw / STAGING_FOLDER).exists()


def test_a_file_withdrawn_after_a_crash_leaves_no_rows(settings: Settings) -> None:
    drop_all(settings)
    run_load(settings, fault="raw_renamed")
    assert raw_rows(settings, "tickets")
    shutil.rmtree(settings.paths.inbox)

    load(settings)

    assert raw_rows(settings, "tickets") == []
    assert files(settings) == []


def test_a_disk_that_takes_no_more_bytes_loses_nothing(
    settings: Settings, undisturbed: tuple[object, ...]
) -> None:
    drop_all(settings)

    assert run_load(settings, FULL_DISK + LOAD) == 1
    assert (settings.paths.inbox / "zendesk" / "b.ndjson").exists()
    load(settings)

    assert outcome(settings) == undisturbed
    assert_accounts_hold(settings)
