"""Zammad: user 1 is nobody, working minutes, a first closing that only a last one proves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.helpdesks.world import HelpdeskWorld, write_json

pytestmark = pytest.mark.xdist_group("helpdesks")

HOUR = 3600
ONCE, TWICE, MERGED, UNPROVEN = range(1, 5)


def _ticket(number: int, **changes: Any) -> dict[str, Any]:
    record = {
        "id": number,
        "number": f"0012{number}",
        "title": "t",
        "group_id": 2,
        "state_id": 4,
        "priority_id": 2,
        "owner_id": 1,
        "customer_id": 9,
        "customer": "canary@customer.invalid",
        "create_article_type": "email",
        "first_response_at": "2026-03-02T09:30:00.000Z",
        "first_response_in_min": 25,
        "first_response_diff_in_min": 35,
        "close_at": "2026-03-02T12:00:00.000Z",
        "close_in_min": 170,
        "close_diff_in_min": -10,
        "last_close_at": "2026-03-02T12:00:00.000Z",
        "created_at": "2026-03-02T09:00:00.000Z",
        "updated_at": "2026-03-03T09:00:00.000Z",
    }
    return record | changes


def write(inbox: Path) -> None:
    folder = inbox / "zammad" / "acme"
    tickets = [
        _ticket(ONCE, owner_id=7, priority_id=3),
        _ticket(TWICE, last_close_at="2026-03-03T09:00:00.000Z"),
        _ticket(MERGED, state_id=5),
        _ticket(UNPROVEN, last_close_at=None),
    ]
    write_json(folder, "tickets.json", tickets)
    write_json(folder, "groups.json", [{"id": 2, "name": "Service", "active": True}])


def _fact(world: HelpdeskWorld, number: int, *columns: str) -> Any:
    return world.fact("zammad", "acme", str(number), *columns)


RESOLUTION = (
    "first_resolution_calendar_seconds",
    "full_resolution_calendar_seconds",
    "reopen_count",
)


def test_codes_become_the_canonical_words(helpdesks: HelpdeskWorld) -> None:
    words = ("status", "priority", "channel", "team_name", "assignee_id")
    assert _fact(helpdesks, ONCE, *words) == ("closed", "high", "email", "Service", "7")
    assert _fact(helpdesks, TWICE, "assignee_id") == ("unknown",)
    assert _fact(helpdesks, MERGED, "exclusion_reason") == ("merged",)


def test_two_closings_are_two_resolutions(helpdesks: HelpdeskWorld) -> None:
    assert _fact(helpdesks, ONCE, *RESOLUTION) == (3 * HOUR, 3 * HOUR, None)
    assert _fact(helpdesks, TWICE, *RESOLUTION) == (3 * HOUR, 24 * HOUR, None)
    assert _fact(helpdesks, UNPROVEN, *RESOLUTION) == (None, 3 * HOUR, None)


def test_the_vendor_counts_working_minutes(helpdesks: HelpdeskWorld) -> None:
    columns = ("first_response_calendar_seconds", "vendor_first_reply_business_seconds")
    assert _fact(helpdesks, ONCE, *columns) == (1800, 25 * 60)
    [(met,)] = helpdesks.rows(
        "select distinct vendor_is_sla_met from warehouse.intermediate.int_tickets__unioned"
        " where source_system = 'zammad'"
    )
    assert met is False
