"""Intercom: parts as history and messages, office hours kept apart, nobody written as 0."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.helpdesks.world import HelpdeskWorld, epoch, write_json

pytestmark = pytest.mark.xdist_group("helpdesks")

HOUR = 3600
ADMIN, BOT, USER = "71", "72", "5f0a"
DONE, PUSHED, BARE, CUT = "101", "102", "103", "104"


def _conversation(number: str, **changes: Any) -> dict[str, Any]:
    record = {
        "type": "conversation",
        "id": number,
        "created_at": epoch("2026-03-02 09:00"),
        "updated_at": epoch("2026-03-03 09:00"),
        "state": "closed",
        "open": False,
        "priority": "not_priority",
        "admin_assignee_id": 0,
        "team_assignee_id": "0",
        "source": {
            "type": "conversation",
            "id": f"s{number}",
            "delivered_as": "customer_initiated",
            "body": "<p>where is it?</p>",
            "author": {"type": "user", "id": USER, "email": "canary@customer.invalid"},
        },
        "contacts": {"contacts": [{"id": USER, "external_id": "canary@customer.invalid"}]},
        "tags": {"tags": []},
        "conversation_parts": {"conversation_parts": [], "total_count": 0},
    }
    return record | changes


def _part(number: int, kind: str, at: str, author: dict[str, str], **more: Any) -> dict[str, Any]:
    return {
        "type": "conversation_part",
        "id": str(number),
        "conversation_id": int(DONE),
        "part_type": kind,
        "created_at": epoch(f"2026-03-02 {at}"),
        "updated_at": epoch(f"2026-03-02 {at}"),
        "author": author,
        "body": None,
        **more,
    }


def write(inbox: Path) -> None:
    """An account with parts and one without."""
    admin, bot = {"type": "admin", "id": ADMIN}, {"type": "bot", "id": BOT}
    user = {"type": "user", "id": USER}
    parts = [
        _part(1, "comment", "09:01", bot, body="a person will answer"),
        _part(2, "assignment", "09:05", bot, assigned_to=admin),
        _part(3, "note", "09:06", admin, body="look into it"),
        _part(4, "comment", "09:20", admin, body="on its way"),
        _part(5, "snoozed", "10:00", admin),
        _part(6, "open", "11:00", user, body="still nothing"),
        _part(7, "close", "12:00", admin, body="found"),
        _part(8, "open", "14:00", user, body="broken"),
        _part(9, "close", "15:00", admin, body="sent a new one"),
    ]
    rating = {"rating": 4, "created_at": epoch("2026-03-03 08:00"), "teammate": admin}
    statistics = {
        "time_to_admin_reply": 600,
        "time_to_first_close": 5400,
        "count_reopens": 1,
        "count_conversation_parts": 10,
        "first_admin_reply_at": epoch("2026-03-02 09:20"),
        "first_close_at": epoch("2026-03-02 12:00"),
        "last_close_at": epoch("2026-03-02 15:00"),
    }
    pushed = {"type": "email", "delivered_as": "automated", "body": "news", "author": admin}
    done = _conversation(
        DONE,
        admin_assignee_id=int(ADMIN),
        priority="priority",
        conversation_rating=rating,
        statistics=statistics,
        conversation_parts={"conversation_parts": parts, "total_count": 9},
    )
    cut = _conversation(CUT, statistics=statistics | {"count_conversation_parts": 40})
    folder = inbox / "intercom" / "acme"
    conversations = [done, _conversation(PUSHED, source=pushed, state="open"), cut]
    write_json(folder, "conversations.json", {"conversations": conversations, "pages": {}})
    write_json(folder, "admins.json", {"admins": [{"id": ADMIN, "name": "Ada", "email": "x@y.z"}]})
    bare = _conversation(BARE, statistics=statistics)
    write_json(inbox / "intercom" / "bare", "conversation_103.json", bare)


def _fact(world: HelpdeskWorld, number: str, *columns: str, account: str = "acme") -> Any:
    return world.fact("intercom", account, number, *columns)


def test_parts_are_messages_and_history(helpdesks: HelpdeskWorld) -> None:
    """Open 2 h, snoozed 1 h, open 1 h, closed 2 h, open 1 h."""
    columns = (
        "first_response_calendar_seconds",
        "first_resolution_calendar_seconds",
        "full_resolution_calendar_seconds",
        "open_status_calendar_seconds",
        "agent_wait_calendar_seconds",
        "reopen_count",
        "customer_reopen_count",
        "bot_message_count",
        "internal_note_count",
        "public_agent_reply_count",
    )
    assert _fact(helpdesks, DONE, *columns) == (
        1200,
        3 * HOUR,
        6 * HOUR,
        3 * HOUR,
        HOUR,
        1,
        1,
        1,
        1,
        3,
    )
    words = ("status", "channel", "priority", "assignee_id", "closer_id")
    assert _fact(helpdesks, DONE, *words) == ("solved", "messaging", "high", ADMIN, ADMIN)


def test_office_hours_stay_beside_our_clock(helpdesks: HelpdeskWorld) -> None:
    columns = ("vendor_first_reply_business_seconds", "vendor_first_reply_calendar_seconds")
    assert _fact(helpdesks, DONE, *columns) == (600, None)


def test_nobody_is_written_as_zero(helpdesks: HelpdeskWorld) -> None:
    assert _fact(helpdesks, PUSHED, "assignee_id", "team_id") == ("unknown", "unknown")


def test_an_automated_message_is_no_demand(helpdesks: HelpdeskWorld) -> None:
    flags = ("is_agent_initiated", "in_p2", "in_p4", "in_p6")
    assert _fact(helpdesks, PUSHED, *flags) == (True, True, False, False)


@pytest.mark.parametrize(("number", "account"), [(BARE, "bare"), (CUT, "acme")])
def test_without_all_parts_the_statistics_tell_what_they_can(
    helpdesks: HelpdeskWorld, number: str, account: str
) -> None:
    columns = (
        "first_resolution_calendar_seconds",
        "full_resolution_calendar_seconds",
        "open_status_calendar_seconds",
        "reopen_count",
        "is_reopen_matured",
    )
    expected = (3 * HOUR, 6 * HOUR, None, 1, False)
    assert _fact(helpdesks, number, *columns, account=account) == expected


def test_the_stated_answer_counts_where_no_message_came(helpdesks: HelpdeskWorld) -> None:
    columns = ("first_response_calendar_seconds", "message_count", "in_p6")
    assert _fact(helpdesks, BARE, *columns, account="bare") == (1200, None, True)


def test_a_rating_belongs_to_the_teammate_who_was_rated(helpdesks: HelpdeskWorld) -> None:
    rows = helpdesks.rows(
        "select score_raw, score_norm, sentiment, agent_id from fct_surveys"
        " where source_system = 'intercom'"
    )
    assert rows == [("4", 0.75, "good", ADMIN)]


def test_no_address_of_a_customer_lands(helpdesks: HelpdeskWorld) -> None:
    raw = helpdesks.settings.paths.raw / "intercom" / "conversations" / "*.parquet"
    [(landed,)] = helpdesks.rows(f"select string_agg(r::text, '') from read_parquet('{raw}') as r")
    assert "where is it" in landed
    assert "canary" not in landed
