"""Chatwoot: two numbers of a conversation, solves from events, reopenings from messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.helpdesks.world import HelpdeskWorld, epoch, write_json

pytestmark = pytest.mark.xdist_group("helpdesks")

HOUR = 3600
AGENT, CONTACT = 3, 3  # contacts and agents are numbered apart
REOPENED, WAITING = "12", "13"


def _message(number: int, kind: int, at: str, sender: str | None, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "conversation_id": 901,
        "message_type": kind,
        "content": "text",
        "private": False,
        "sender_type": sender,
        "sender_id": AGENT if sender else None,
        "created_at": epoch(f"2026-03-02 {at}"),
        "updated_at": epoch(f"2026-03-02 {at}") + 0.25,
        **more,
    }


def _event(number: int, name: str, seconds: float, at: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "value": seconds,
        "value_in_business_hours": seconds / 2,
        "conversation_id": 901,
        "user_id": AGENT,
        "created_at": epoch(f"2026-03-02 {at}"),
        **more,
    }


def write(inbox: Path) -> None:
    """The database's conversation 901 is number 12 to everybody else."""
    folder = inbox / "chatwoot" / "acme"
    base = {
        "created_at": epoch("2026-03-02 09:00"),
        "updated_at": epoch("2026-03-02 15:00") + 0.5,
        "last_activity_at": epoch("2026-03-02 15:00"),
        "contact_id": CONTACT,
        "inbox_id": 5,
        "first_reply_created_at": 0,
    }
    conversations = [
        base | {"id": 901, "display_id": 12, "status": 1, "priority": 3, "assignee_id": AGENT},
        base | {"id": 902, "display_id": 13, "status": "snoozed", "priority": None},
    ]
    messages = [
        _message(1, 0, "09:00", "Contact"),
        _message(2, 3, "09:01", None),
        _message(3, 1, "09:10", "User", private=True),
        _message(4, 1, "09:30", "User"),
        _message(5, 2, "12:00", None),
        _message(6, 0, "14:00", "Contact"),
        _message(7, 1, "14:30", "User"),
    ]
    events = [
        _event(1, "first_response", 1800.4, "09:30"),
        _event(2, "conversation_resolved", 10800, "12:00"),
        _event(3, "conversation_resolved", 21600, "15:00"),
    ]
    write_json(folder, "conversations.json", conversations)
    write_json(folder, "messages.json", messages)
    write_json(folder, "reporting_events.json", {"reporting_events": events})
    inbox_record = {"id": 5, "name": "Shop", "channel_type": "Channel::WebWidget"}
    write_json(folder, "inboxes.json", [inbox_record])
    write_json(folder, "agents.json", [{"id": AGENT, "name": "Ada", "email": "ada@desk.invalid"}])


def _fact(world: HelpdeskWorld, number: str, *columns: str) -> Any:
    return world.fact("chatwoot", "acme", number, *columns)


def test_the_number_that_people_see_is_the_id(helpdesks: HelpdeskWorld) -> None:
    words = ("status", "priority", "channel", "shop")
    assert _fact(helpdesks, REOPENED, *words) == ("solved", "urgent", "chat", "Shop")
    assert _fact(helpdesks, WAITING, *words) == ("pending", "none", "chat", "Shop")


def test_messages_count_for_the_side_that_the_source_names(helpdesks: HelpdeskWorld) -> None:
    columns = (
        "customer_message_count",
        "public_agent_reply_count",
        "bot_message_count",
        "internal_note_count",
        "first_response_calendar_seconds",
    )
    assert _fact(helpdesks, REOPENED, *columns) == (2, 2, 1, 1, 1800)


def test_solves_are_events_and_a_message_reopens(helpdesks: HelpdeskWorld) -> None:
    columns = (
        "first_resolution_calendar_seconds",
        "full_resolution_calendar_seconds",
        "reopen_count",
        "open_status_calendar_seconds",
        "closer_id",
    )
    assert _fact(helpdesks, REOPENED, *columns) == (3 * HOUR, 6 * HOUR, 1, None, str(AGENT))
    moments = helpdesks.rows(
        "select status, strftime(started_at, '%H:%M') from fct_status_intervals"
        " join fct_tickets using (ticket_key, source_system, account_id, status)"
        " where source_system = 'chatwoot'"
    )
    assert ("solved", "15:00") in moments


def test_the_vendors_seconds_stay_beside_ours(helpdesks: HelpdeskWorld) -> None:
    columns = (
        "vendor_first_reply_calendar_seconds",
        "vendor_first_reply_business_seconds",
        "vendor_full_resolution_calendar_seconds",
    )
    assert _fact(helpdesks, REOPENED, *columns) == (1800, 900, 21600)
