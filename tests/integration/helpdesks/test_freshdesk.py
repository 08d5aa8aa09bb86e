"""Freshdesk: codes, stamps in place of a history, the daily file of activities, ranks as scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.helpdesks.world import HelpdeskWorld, write_json

pytestmark = pytest.mark.xdist_group("helpdesks")

HOUR = 3600
CUSTOMER, AGENT = 51, 71
PLAIN, REOPENED, TOLD, SPAM, DELETED, OUTBOUND, CUSTOM, OPEN = range(1, 9)


def _ticket(number: int, **changes: Any) -> dict[str, Any]:
    record = {
        "id": number,
        "subject": "s",
        "description_text": "where is my parcel?",
        "status": 2,
        "priority": 2,
        "source": 1,
        "type": "Question",
        "requester_id": CUSTOMER,
        "responder_id": AGENT,
        "group_id": 91,
        "spam": False,
        "deleted": False,
        "tags": [],
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-04T12:00:00Z",
        "stats": {"status_updated_at": "2026-03-02T15:00:00Z"},
    }
    return record | changes


def _stats(**stamps: str) -> dict[str, Any]:
    return {"resolved_at": None, "reopened_at": None, "closed_at": None, **stamps}


PLAIN_STATS = _stats(
    first_responded_at="2026-03-02T09:30:00Z",
    resolved_at="2026-03-02T12:00:00Z",
    closed_at="2026-03-04T12:00:00Z",
    status_updated_at="2026-03-04T12:00:00Z",
)
REOPENED_STATS = _stats(
    reopened_at="2026-03-03T09:00:00Z",
    resolved_at="2026-03-03T12:00:00Z",
    status_updated_at="2026-03-03T12:00:00Z",
)


def _activity(performed_at: str, performer: int, **activity: Any) -> dict[str, Any]:
    return {
        "ticket_id": TOLD,
        "performed_at": performed_at,
        "performer_type": "user",
        "performer_id": performer,
        "activity": activity,
    }


def write(inbox: Path) -> None:
    """Two accounts, one of them without conversations."""
    folder = inbox / "freshdesk" / "acme"
    tickets = [
        _ticket(PLAIN, status=5, priority=1, stats=PLAIN_STATS),
        _ticket(REOPENED, status=4, stats=REOPENED_STATS),
        _ticket(TOLD, status=4, stats=_stats(reopened_at="2026-03-02T13:00:00Z")),
        _ticket(SPAM, spam=True),
        _ticket(DELETED, deleted=True),
        _ticket(OUTBOUND, source=10),
        _ticket(CUSTOM, status=9),
        _ticket(OPEN),
    ]
    conversations = [
        {"id": 1, "ticket_id": PLAIN, "user_id": AGENT, "incoming": False, "private": True},
        {"id": 2, "ticket_id": PLAIN, "user_id": AGENT, "incoming": False, "private": False},
    ]
    for conversation, minute in zip(conversations, (10, 30), strict=True):
        conversation |= {"body_text": "sent", "created_at": f"2026-03-02T09:{minute}:00Z"}
        conversation |= {"updated_at": conversation["created_at"]}
        write_json(folder, f"conversations_{minute}.json", [conversation])
    activities = [
        _activity("2026-03-02T09:00:00Z", CUSTOMER, status="Open", priority="Medium"),
        _activity("2026-03-02T10:00:00Z", AGENT, status="Pending", agent_id=AGENT),
        _activity("2026-03-02T12:00:00Z", AGENT, status="Resolved"),
        _activity("2026-03-02T13:00:00Z", CUSTOMER, status="Open", group="Night"),
        _activity("2026-03-02T15:00:00Z", AGENT, status="Resolved", note={"id": 5}),
    ]
    hours = {"start_time": "8:00 am", "end_time": "5:00 pm"}
    contact = {"name": "Ada", "email": "ada@desk.invalid", "active": True}
    ratings = [(1, PLAIN, 102), (2, REOPENED, -103), (3, TOLD, 100)]
    write_json(folder, "tickets_1.json", tickets)
    write_json(folder, "ticket_activities_2026-03-02.json", {"activities_data": activities})
    write_json(folder, "agents.json", [{"id": AGENT, "contact": contact, "group_ids": [91]}])
    write_json(
        folder,
        "groups.json",
        [
            {"id": 91, "name": "Day", "business_hour_id": 31},
            {"id": 92, "name": "Night", "business_hour_id": None},
        ],
    )
    write_json(
        folder,
        "business_hours.json",
        [
            {
                "id": 31,
                "name": "Office",
                "is_default": False,
                "time_zone": "London",
                "working_hours": {"monday": hours, "tuesday": hours},
            },
            {
                "id": 32,
                "name": "Always",
                "is_default": True,
                "time_zone": "UTC",
                "working_hours": {
                    day: {"start_time": "12:00 am", "end_time": "12:00 am"}
                    for day in ("monday", "tuesday", "wednesday")
                },
            },
        ],
    )
    targets = {"respond_within": 900, "resolve_within": 7200, "business_hours": False}
    write_json(
        folder,
        "sla_policies.json",
        [
            {
                "id": 41,
                "name": "Days",
                "position": 1,
                "active": True,
                "sla_target": {f"priority_{number}": targets for number in (1, 2, 3, 4)},
                "applicable_to": {"group_ids": [91], "ticket_types": ["Question"]},
            }
        ],
    )
    write_json(
        folder,
        "satisfaction_ratings.json",
        [
            {
                "id": number,
                "ticket_id": ticket,
                "user_id": CUSTOMER,
                "agent_id": AGENT,
                "group_id": 91,
                "ratings": {"default_question": score},
                "created_at": "2026-03-05T09:00:00Z",
                "updated_at": "2026-03-05T09:00:00Z",
            }
            for number, ticket, score in ratings
        ],
    )
    write_json(
        inbox / "freshdesk" / "silent",
        "tickets.json",
        [_ticket(PLAIN, status=5, stats=PLAIN_STATS), _ticket(OPEN, stats=_stats())],
    )


def _fact(world: HelpdeskWorld, ticket: int, *columns: str, account: str = "acme") -> Any:
    return world.fact("freshdesk", account, str(ticket), *columns)


def test_codes_become_the_canonical_words(helpdesks: HelpdeskWorld) -> None:
    words = ("status", "priority", "channel", "type", "team_name", "assignee_id")
    assert _fact(helpdesks, PLAIN, *words) == (
        "closed",
        "low",
        "email",
        "question",
        "Day",
        str(AGENT),
    )
    assert _fact(helpdesks, CUSTOM, "status") == ("unknown",)
    assert _fact(helpdesks, DELETED, "status", "is_deleted") == ("deleted", True)
    assert _fact(helpdesks, SPAM, "exclusion_reason") == ("spam",)


def test_stamps_time_what_they_can_and_no_more(helpdesks: HelpdeskWorld) -> None:
    columns = (
        "first_response_calendar_seconds",
        "first_resolution_calendar_seconds",
        "full_resolution_calendar_seconds",
        "agent_work_calendar_seconds",
        "reopen_count",
    )
    assert _fact(helpdesks, PLAIN, *columns) == (1800, 3 * HOUR, 3 * HOUR, None, 0)
    assert _fact(helpdesks, REOPENED, *columns) == (None, None, 27 * HOUR, None, None)
    assert _fact(helpdesks, OPEN, *columns, "status") == (None, None, None, None, 0, "open")


def test_a_first_resolution_that_nobody_knows_is_in_no_rate(helpdesks: HelpdeskWorld) -> None:
    flags = ("is_resolution_matured", "is_reopen_matured", "is_solved", "is_reopened_in_window")
    assert _fact(helpdesks, REOPENED, *flags) == (False, False, True, False)


def test_activities_back_to_the_creation_are_a_whole_history(helpdesks: HelpdeskWorld) -> None:
    columns = (
        "first_resolution_calendar_seconds",
        "full_resolution_calendar_seconds",
        "agent_work_calendar_seconds",
        "agent_wait_calendar_seconds",
        "reopen_count",
        "customer_reopen_count",
        "closer_id",
    )
    expected = (3 * HOUR, 6 * HOUR, 3 * HOUR, 2 * HOUR, 1, 1, str(AGENT))
    assert _fact(helpdesks, TOLD, *columns) == expected


def test_derived_changes_are_marked(helpdesks: HelpdeskWorld) -> None:
    changes = helpdesks.rows(
        "select tickets.ticket_id, events.old_value, events.new_value, events.is_derived"
        " from warehouse.intermediate.int_ticket_events__unioned as events"
        " join fct_tickets as tickets using (ticket_key)"
        " where events.source_system = 'freshdesk' and events.account_id = 'acme'"
        f" and event_type = 'status' and tickets.ticket_id in ('{PLAIN}', '{TOLD}')"
        " order by tickets.ticket_id, event_seq"
    )
    assert changes == [
        ("1", "unknown", "solved", True),
        ("1", "solved", "closed", True),
        ("3", None, "open", False),
        ("3", "open", "pending", False),
        ("3", "pending", "solved", False),
        ("3", "solved", "open", False),
        ("3", "open", "solved", False),
    ]


def test_an_agents_mail_to_a_customer_is_no_question(helpdesks: HelpdeskWorld) -> None:
    assert _fact(helpdesks, OUTBOUND, "is_agent_initiated", "in_p3", "in_p4") == (True, True, False)


def test_without_conversations_the_stated_answer_counts(helpdesks: HelpdeskWorld) -> None:
    columns = ("first_response_calendar_seconds", "in_p6", "message_count", "is_unreplied")
    assert _fact(helpdesks, PLAIN, *columns, account="silent") == (1800, True, None, False)
    assert _fact(helpdesks, OPEN, *columns, account="silent") == (None, True, None, True)


def test_a_group_keeps_its_own_hours(helpdesks: HelpdeskWorld) -> None:
    """Closed from Tuesday 17:00, London; REOPENED was solved on Tuesday at 12:00."""
    seconds = ("full_resolution_business_seconds",)
    assert _fact(helpdesks, PLAIN, *seconds) == (3 * HOUR,)
    assert _fact(helpdesks, REOPENED, *seconds) == (8 * HOUR + 4 * HOUR,)


def test_only_a_known_history_is_measured_against_targets(helpdesks: HelpdeskWorld) -> None:
    rows = helpdesks.rows(
        "select ticket_id, metric, target_seconds from fct_sla_targets"
        " where source_system = 'freshdesk' order by all"
    )
    assert {ticket for ticket, _, _ in rows} == {str(TOLD)}
    assert (str(TOLD), "agent_work_time", 2 * HOUR) in rows


def test_scores_are_ranks(helpdesks: HelpdeskWorld) -> None:
    rows = helpdesks.rows(
        "select score_raw, round(score_norm, 4), sentiment from fct_surveys"
        " where source_system = 'freshdesk' order by ticket_id"
    )
    assert rows == [("102", 0.8333, "good"), ("-103", 0.0, "bad"), ("100", 0.5, "neutral")]


def test_no_address_of_an_agent_lands(helpdesks: HelpdeskWorld) -> None:
    raw = helpdesks.settings.paths.raw / "freshdesk" / "agents" / "*.parquet"
    contacts = helpdesks.rows(
        f"select contact from read_parquet('{raw}') where contact is not null"
    )
    assert contacts == [('{"name":"Ada","active":true}',)]
