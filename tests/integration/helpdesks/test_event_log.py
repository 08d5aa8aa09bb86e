"""An event log: one row an event, cases become tickets with a whole history."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.helpdesks.world import HelpdeskWorld

pytestmark = pytest.mark.xdist_group("helpdesks")

HOUR = 3600
EVENTS = """\
Case ID,Activity,Complete Timestamp,Resource
A,Assign seriousness,2026/03/02 09:00:00,Ann
A,Take in charge ticket,2026/03/02 10:00:00,Ben
A,Assign seriousness,2026/03/02 10:30:00,Ben
A,Wait,2026/03/02 11:00:00,Ben
A,Take in charge ticket,2026/03/02 13:00:00,Cid
A,Resolve ticket,2026/03/02 14:00:00,Cid
A,Resolve ticket,2026/03/02 14:00:00,Cid
A,Closed,2026/03/09 14:00:00,System
"""


def write(inbox: Path) -> None:
    folder = inbox / "event_log" / "acme"
    folder.mkdir(parents=True)
    (folder / "log.csv").write_text(EVENTS, encoding="utf-8-sig")


def test_events_tell_states_and_holders(helpdesks: HelpdeskWorld) -> None:
    """A name that is no state, such as the second Assign seriousness, changes nothing."""
    columns = (
        "status",
        "new_status_calendar_seconds",
        "open_status_calendar_seconds",
        "on_hold_calendar_seconds",
        "first_resolution_calendar_seconds",
        "assignee_station_count",
        "closer_id",
    )
    expected = ("closed", HOUR, 2 * HOUR, 2 * HOUR, 5 * HOUR, 2, "Cid")
    assert helpdesks.fact("event_log", "acme", "A", *columns) == expected


def test_equal_rows_are_one_event(helpdesks: HelpdeskWorld) -> None:
    counts = helpdesks.counts("event_log", "event_log/acme")["events"]
    assert (counts["loaded"], counts["duplicate"], counts["quarantined"]) == (7, 1, 0)


def test_every_real_event_is_accounted_for(helpdesks: HelpdeskWorld, shared_data: Path) -> None:
    counts = helpdesks.counts("event_log", "event_log/italy")["events"]
    assert counts["loaded"] + counts["duplicate"] == 21_348
    assert counts["quarantined"] == 0
    [(cases,)] = helpdesks.rows(
        "select count(*) from fct_tickets where source_system = 'event_log'"
        " and account_id = 'italy'"
    )
    assert cases == 4_580
