"""ServiceNow: incidents as a list, the audit as a history, and the vendor's own seconds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.helpdesks.world import HelpdeskWorld

pytestmark = pytest.mark.xdist_group("helpdesks")

HOUR = 3600
AUDIT = """\
number,incident_state,sys_mod_count,reopen_count,made_sla,opened_at,sys_updated_at,sys_updated_by,\
contact_type,priority,assigned_to,assignment_group,resolved_at,closed_at,caller_id
INC1,New,0,0,true,2/3/2016 09:00,2/3/2016 09:00,Agent 1,Phone,4 - Low,?,G7,?,?,C3
INC1,Active,1,0,true,2/3/2016 09:00,2/3/2016 10:00,Agent 1,Phone,4 - Low,R2,G7,?,?,C3
INC1,Awaiting User Info,2,0,true,2/3/2016 09:00,2/3/2016 11:00,Agent 1,Phone,4 - Low,R2,\
G7,?,?,C3
INC1,Resolved,3,0,true,2/3/2016 09:00,2/3/2016 13:00,Agent 1,Phone,4 - Low,R2,G7,\
2/3/2016 13:00,?,C3
INC1,-100,4,0,true,2/3/2016 09:00,2/3/2016 14:00,Agent 1,Phone,4 - Low,R2,G7,?,?,C3
INC2,Active,3,2,false,2/3/2016 09:00,2/3/2016 10:00,Agent 1,Email,1 - Critical,R2,G7,\
2/3/2016 10:00,?,C3
"""


def write(inbox: Path) -> None:
    folder = inbox / "servicenow" / "acme"
    folder.mkdir(parents=True)
    (folder / "incident_event_log.csv").write_text(AUDIT, encoding="utf-8")


def test_the_audit_is_a_history(helpdesks: HelpdeskWorld) -> None:
    columns = (
        "new_status_calendar_seconds",
        "open_status_calendar_seconds",
        "agent_wait_calendar_seconds",
        "first_resolution_calendar_seconds",
        "reopen_count",
    )
    expected = (HOUR, HOUR, 2 * HOUR, 4 * HOUR, 0)
    assert helpdesks.fact("servicenow", "acme", "INC1", *columns) == expected


def test_a_row_without_its_state_is_set_aside(helpdesks: HelpdeskWorld) -> None:
    counts = helpdesks.counts("servicenow", "servicenow/acme")["incident_audit"]
    assert (counts["loaded"], counts["quarantined"]) == (5, 1)


def test_a_caller_is_a_pseudonym(helpdesks: HelpdeskWorld) -> None:
    [(caller,)] = helpdesks.rows(
        "select customer_id from warehouse.intermediate.int_tickets__unioned"
        " where source_system = 'servicenow' and ticket_id = 'INC1'"
    )
    assert re.fullmatch("[0-9a-f]{32}", caller)


def test_an_audit_that_begins_late_is_no_history(helpdesks: HelpdeskWorld) -> None:
    columns = ("status", "priority", "channel", "open_status_calendar_seconds", "reopen_count")
    expected = ("open", "urgent", "email", None, 2)
    assert helpdesks.fact("servicenow", "acme", "INC2", *columns) == expected


def test_every_real_incident_is_accounted_for(helpdesks: HelpdeskWorld, shared_data: Path) -> None:
    counts = helpdesks.counts("servicenow", "servicenow/demo")["incidents"]
    assert (counts["loaded"], counts["quarantined"], counts["duplicate"]) == (67, 0, 0)
    assert counts["seen"] == counts["loaded"] + counts["skipped"]


def test_the_vendors_seconds_are_ours(helpdesks: HelpdeskWorld, shared_data: Path) -> None:
    """All but one of 27: there the vendor counts two hours less than its own stamps lie apart."""
    rows = helpdesks.rows(
        "select ticket_id, full_resolution_calendar_seconds"
        " - vendor_full_resolution_calendar_seconds from fct_tickets"
        " where source_system = 'servicenow' and account_id = 'demo' and is_solved"
    )
    assert len(rows) == 27
    assert [row for row in rows if abs(row[1]) > 1] == [("INC0000060", 7200)]
