"""Zendesk's own metric set of a ticket: whole minutes, business hours by the last schedule only."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from pipelines.simulate.centre.calendars import BusinessClock
from pipelines.simulate.centre.views import View, spans_in
from pipelines.simulate.zendesk.records import iso

FIRST_METRIC_ID = 36_030_000_000
DONE = frozenset({"solved", "closed"})


def metric_set(view: View, clock: BusinessClock) -> dict[str, Any]:
    """The record as the side-load `metric_sets` gives it."""
    ticket, created_at, now = view.ticket, view.ticket.created_at, view.updated_at
    replies = [c.at for c in view.comments if c.author.role == "agent" and c.is_public]
    if replies and view.comments[0].author.role == "agent":
        replies = replies[1:]
    solved = [
        change.at
        for before, change in zip([None, *view.statuses], view.statuses, strict=False)
        if change.status in DONE and (before is None or before.status not in DONE)
    ]
    assigned = _stamps(view, "assignee_id")
    last_solved = solved[-1] if solved and view.status in DONE else None

    def minutes(spans: list[tuple[int, int]]) -> dict[str, int]:
        return {
            "calendar": sum(end - start for start, end in spans) // 60,
            "business": sum(clock.between(start, end) for start, end in spans) // 60,
        }

    def until(at: int | None) -> dict[str, int | None]:
        if at is None:
            return {"calendar": None, "business": None}
        return dict(minutes([(created_at, at)]))

    def spent(*states: str) -> dict[str, int]:
        return minutes(spans_in(view.statuses, frozenset(states), now))

    return {
        "id": FIRST_METRIC_ID + ticket.ticket_id,
        "ticket_id": ticket.ticket_id,
        "created_at": iso(created_at),
        "updated_at": iso(now),
        "group_stations": len(_stamps(view, "group_id")),
        "assignee_stations": len(assigned),
        "reopens": _reopens(view),
        "replies": len(replies),
        "assignee_updated_at": _last_by(view, "agent"),
        "requester_updated_at": _last_by(view, "customer"),
        "status_updated_at": iso(view.statuses[-1].at),
        "initially_assigned_at": iso(assigned[0]) if assigned else None,
        "assigned_at": iso(assigned[-1]) if assigned else None,
        "solved_at": None if last_solved is None else iso(last_solved),
        "latest_comment_added_at": iso(view.comments[-1].at),
        "reply_time_in_minutes": until(replies[0] if replies else None),
        "first_resolution_time_in_minutes": until(solved[0] if solved else None),
        "full_resolution_time_in_minutes": until(last_solved),
        "agent_wait_time_in_minutes": spent("pending"),
        "requester_wait_time_in_minutes": spent("new", "open", "hold"),
        "on_hold_time_in_minutes": spent("hold"),
    }


def _stamps(view: View, name: str) -> list[int]:
    return [
        audit.at
        for audit in view.audits
        for change in audit.changes
        if change.name == name and change.after is not None
    ]


def _reopens(view: View) -> int:
    pairs = pairwise(view.statuses)
    return sum(1 for a, b in pairs if a.status in DONE and b.status not in {*DONE, "deleted"})


def _last_by(view: View, role: str) -> str | None:
    stamps = [audit.at for audit in view.audits if audit.author.role == role]
    return iso(stamps[-1]) if stamps else None
