"""A ticket as it stood at an instant, folded from its history."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.simulate.centre.calendars import BusinessClock, ScheduleHistory
from pipelines.simulate.centre.tickets import Audit, Comment, Rating, StatusChange, Ticket


@dataclass(slots=True)
class View:
    """What an export taken at `updated_at` or a moment later would have seen."""

    ticket: Ticket
    audits: list[Audit]
    statuses: list[StatusChange]
    comments: list[Comment]
    ratings: list[Rating]
    values: dict[str, str | None]
    tags: list[str]

    @property
    def updated_at(self) -> int:
        return self.audits[-1].at

    @property
    def status(self) -> str:
        return self.statuses[-1].status


def view_at(ticket: Ticket, at: int) -> View:
    """Everything up to and including `at`, which is no earlier than the creation."""
    audits = [audit for audit in ticket.audits if audit.at <= at]
    values: dict[str, str | None] = {}
    for audit in audits:
        for change in audit.changes:
            values[change.name] = change.after
    tags = values.get("tags")
    return View(
        ticket,
        audits,
        [change for change in ticket.statuses if change.at <= at],
        [audit.comment for audit in audits if audit.comment is not None],
        [rating for rating in ticket.ratings if rating.at <= at],
        values,
        tags.split(" ") if tags else [ticket.topic],
    )


def schedule_history(ticket: Ticket, clocks: dict[str, BusinessClock]) -> ScheduleHistory:
    """The schedules of the ticket; what holds at its creation held ever before."""
    return ScheduleHistory(
        [
            (audit.at, clocks[change.after])
            for audit in ticket.audits
            for change in audit.changes
            if change.name == "schedule" and change.after is not None
        ]
    )


def spans_in(
    statuses: list[StatusChange], wanted: frozenset[str], until: int
) -> list[tuple[int, int]]:
    """The intervals spent in any of the wanted states, open ones cut at `until`."""
    spans: list[tuple[int, int]] = []
    for position, change in enumerate(statuses):
        end = statuses[position + 1].at if position + 1 < len(statuses) else until
        if change.status not in wanted or end <= change.at:
            continue
        if spans and spans[-1][1] == change.at:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((change.at, end))
    return spans
