"""What lies in the inbox is taken, waits, or is named as unrecognised: nothing else."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.ingest.inbox import InboxState, done_marker, printable, ready_files
from pipelines.settings import Settings
from tests.ingest_world import NOW, drop

QUIET = 10


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", quiet_seconds=QUIET)


def age(path: Path, seconds: float) -> None:
    moment = (NOW - timedelta(seconds=seconds)).timestamp()
    os.utime(path, (moment, moment))


def state(settings: Settings) -> InboxState:
    return ready_files(settings, NOW)


def names(settings: Settings) -> dict[str, list[str]]:
    return {
        kind: [item.name for item in items] for kind, items in state(settings)._asdict().items()
    }


def reasons(settings: Settings) -> dict[str, str]:
    return {item.path.name: item.reason for item in state(settings).unrecognised}


@pytest.mark.parametrize(
    ("folder", "account"),
    [
        ("zendesk", "default"),
        ("zendesk/northwind", "northwind"),
        ("zendesk/northwind/2026/03", "northwind"),
        ("zendesk_bpic2013", "bpic2013"),
        ("zendesk_bpic2013/part", "bpic2013"),
    ],
)
def test_the_folders_say_whose_a_file_is(settings: Settings, folder: str, account: str) -> None:
    age(drop(settings, "tickets.json", b"{}", folder), 60)

    [file] = state(settings).ready
    assert (file.source, file.account_id) == ("zendesk", account)


def test_an_inbox_that_is_not_there_is_empty(settings: Settings) -> None:
    assert state(settings) == ([], [], [])


def test_a_file_that_changed_lately_settles_first(settings: Settings) -> None:
    path = drop(settings, "tickets.json", b"{}")
    age(path, QUIET - 1)
    assert names(settings)["settling"] == ["zendesk/tickets.json"]

    age(path, QUIET)
    assert names(settings)["ready"] == ["zendesk/tickets.json"]


def test_a_done_marker_says_that_a_file_is_complete(settings: Settings) -> None:
    path = drop(settings, "tickets.json", b"{}")
    age(path, 0)
    done_marker(path).touch()

    assert names(settings) == {
        "ready": ["zendesk/tickets.json"],
        "settling": [],
        "unrecognised": [],
    }


def test_a_file_that_is_still_growing_is_never_ready(settings: Settings) -> None:
    path = drop(settings, "tickets.ndjson", b"")
    for cut in range(40):
        with path.open("ab") as writing:
            writing.write(b"x" * cut)
        age(path, QUIET / 2)
        assert not state(settings).ready


def test_a_stamp_from_a_clock_ahead_of_ours_does_not_settle_for_ever(settings: Settings) -> None:
    path = drop(settings, "tickets.json", b"{}")
    age(path, -3600)
    changed_at = path.lstat().st_ctime

    later = NOW.fromtimestamp(changed_at + QUIET, NOW.tzinfo)
    os.utime(path, (later.timestamp() + 3600,) * 2)
    assert ready_files(settings, later - timedelta(seconds=5)).settling
    assert ready_files(settings, later + timedelta(seconds=QUIET)).ready


def test_what_nobody_claims_is_named_with_a_reason(settings: Settings) -> None:
    for folder, name in [
        ("zendesk", "expected_metrics_sample.csv"),
        ("remedy", "tickets.json"),
        ("", "tickets.json"),
        ("zendesk_", "a.json"),
        ("zendesk", "b.json.part"),
        ("zendesk", "c.json.CRDOWNLOAD"),
    ]:
        age(drop(settings, name, b"{}", folder), 60)

    assert reasons(settings) == {
        "expected_metrics_sample.csv": "no_entity",
        "tickets.json": "no_source",
        "a.json": "no_source",
        "b.json.part": "unfinished",
        "c.json.CRDOWNLOAD": "unfinished",
    }
    assert not state(settings).ready


def test_links_and_pipes_are_not_read(settings: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "tickets.json"
    secret.write_text("{}")
    age(drop(settings, "real.json", b"{}"), 60)
    folder = settings.paths.inbox / "zendesk"
    (folder / "link.json").symlink_to(secret)
    (folder / "folder").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "pipe.json")

    assert reasons(settings) == {
        "link.json": "symbolic_link",
        "folder": "symbolic_link",
        "pipe.json": "no_regular_file",
    }
    assert names(settings)["ready"] == ["zendesk/real.json"]


def test_what_desktops_leave_behind_is_passed_over(settings: Settings) -> None:
    for name in (".DS_Store", "~tickets.json", "__MACOSX/tickets.json", ".git/tickets.json"):
        drop(settings, name, b"{}")
    drop(settings, "gone.json.done", b"")

    assert names(settings) == {"ready": [], "settling": [], "unrecognised": []}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("tickets_1.json", "tickets_1.json"),
        ("工单.json", "工单.json"),
        ("a\nb.json", "a\\u000ab.json"),
        ("\u202enosj.exe", "\\u202enosj.exe"),
        (os.fsdecode(b"\xff.json"), "\\xff.json"),
    ],
)
def test_names_are_shown_without_tricks(name: str, shown: str) -> None:
    assert printable(name) == shown


def test_a_name_of_255_bytes_is_taken(settings: Settings) -> None:
    age(drop(settings, "x" * 250 + ".json", b"{}"), 60)

    assert len(state(settings).ready) == 1
