"""SLA clocks of a ticket: when they run, what target holds, when it is broken.

A target is broken at the first instant at which the running time exceeds the target in force. What
is over when the clock stops was promised by the policy and the priority of that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from pipelines.simulate.centre.calendars import ScheduleHistory
from pipelines.simulate.centre.company import IN_BUSINESS_HOURS, Policy, policy_for
from pipelines.simulate.centre.tickets import UNSOLVED, Ticket
from pipelines.simulate.centre.views import spans_in

WAITING_FOR_US = frozenset({"new", "open", "hold"})
IN_WORK = frozenset({"new", "open"})
Span = tuple[int, int]
Targets = list[tuple[int, str]]


@dataclass(slots=True)
class SlaClock:
    """One target of one ticket.

    `completed_at` is None while the clock runs and when it was called off. `deadline_at` is when
    the time allowed was used up or, had the clock gone on, would have been.
    """

    metric: str
    instance: int
    policy: Policy
    spans: list[Span]
    targets: Targets
    is_running: bool
    completed_at: int | None
    breached_at: int | None
    deadline_at: int
    elapsed: int

    @property
    def started_at(self) -> int:
        return self.spans[0][0]

    @property
    def status(self) -> str:
        if self.breached_at is not None:
            return "breached"
        if self.completed_at is not None:
            return "achieved"
        return "active" if self.is_running else "cancelled"


def sla_clocks(ticket: Ticket, history: ScheduleHistory, as_of: int) -> list[SlaClock]:
    """Every clock that ever ran under a target; none for a ticket without a priority."""
    priorities = _priorities(ticket)
    if not priorities:
        return []
    policy = policy_for(ticket.brand.brand_id, ticket.customer.organization_id)
    built = [
        _clock(metric, number, policy, spans, priorities, is_running, completed_at, history)
        for metric, number, spans, is_running, completed_at in _runs(ticket, as_of)
    ]
    return [clock for clock in built if clock is not None]


def reply_turns(ticket: Ticket) -> list[tuple[int, int | None]]:
    """(first unanswered customer message, next human reply or None), in order."""
    turns: list[tuple[int, int | None]] = []
    opened_at: int | None = None
    for comment in ticket.comments:
        if not comment.is_public:
            continue
        if comment.author.role == "customer" and opened_at is None:
            opened_at = comment.at
        elif comment.author.role == "agent" and opened_at is not None:
            turns.append((opened_at, comment.at))
            opened_at = None
    if opened_at is not None:
        turns.append((opened_at, None))
    return turns


def _runs(ticket: Ticket, as_of: int) -> list[tuple[str, int, list[Span], bool, int | None]]:
    runs: list[tuple[str, int, list[Span], bool, int | None]] = []
    is_inbound = ticket.comments[0].author.role == "customer"
    for position, (opened_at, answered_at) in enumerate(reply_turns(ticket)):
        is_first = position == 0 and is_inbound
        called_off_at = None if answered_at is not None else _next_end(ticket, opened_at)
        end = answered_at or called_off_at or as_of
        runs.append(
            (
                "first_reply_time" if is_first else "next_reply_time",
                position + (1 if is_inbound else 2),
                [(opened_at, end)],
                answered_at is None and called_off_at is None,
                answered_at,
            )
        )
    for metric, states in (("requester_wait_time", WAITING_FOR_US), ("agent_work_time", IN_WORK)):
        spans = spans_in(ticket.statuses, states, as_of)
        done = [change.at for change in ticket.statuses if change.status in {"solved", "closed"}]
        is_solved = ticket.status in {"solved", "closed"}
        completed_at = None
        if is_solved and ticket.merged_into is None and done:
            completed_at = _last_solve(ticket)
        if spans:
            runs.append((metric, 1, spans, ticket.status in UNSOLVED, completed_at))
    return runs


def _next_end(ticket: Ticket, after: int) -> int | None:
    """When the ticket was next solved, closed or deleted, so that nobody owes an answer."""
    for change in ticket.statuses:
        if change.at >= after and change.status not in UNSOLVED:
            return change.at
    return None


def _last_solve(ticket: Ticket) -> int:
    """The start of the final stretch of solved and closed."""
    at = ticket.statuses[-1].at
    for change in reversed(ticket.statuses):
        if change.status in UNSOLVED:
            break
        at = change.at
    return at


def _priorities(ticket: Ticket) -> Targets:
    return [
        (audit.at, change.after)
        for audit in ticket.audits
        for change in audit.changes
        if change.name == "priority" and change.after is not None
    ]


def _clock(
    metric: str,
    instance: int,
    policy: Policy,
    spans: list[Span],
    priorities: Targets,
    is_running: bool,
    completed_at: int | None,
    history: ScheduleHistory,
) -> SlaClock | None:
    end = spans[-1][1]
    known = [(since, priority) for since, priority in priorities if since <= end]
    if not known:
        return None
    elapsed, breached_at = 0, None
    allowed = policy.target_seconds(metric, known[-1][1])
    for start, stop, priority in _pieces(spans, known, history):
        worked = _worked(metric, start, stop, history)
        if priority is not None and breached_at is None:
            left = policy.target_seconds(metric, priority) - elapsed
            if left < worked:
                breached_at = _instant(metric, start, left, history)
        elapsed += worked
    deadline_at = breached_at or _instant(metric, end, allowed - elapsed, history)
    return SlaClock(
        metric,
        instance,
        policy,
        spans,
        known,
        is_running,
        completed_at,
        breached_at,
        deadline_at,
        elapsed,
    )


def _pieces(
    spans: list[Span], priorities: Targets, history: ScheduleHistory
) -> list[tuple[int, int, str | None]]:
    """The spans cut wherever priority or schedule changes, with the priority in force."""
    cuts = sorted({since for since, _ in priorities} | {since for since, _ in history.entries})
    pieces = []
    for start, end in spans:
        edges = [start, *(cut for cut in cuts if start < cut < end), end]
        for low, high in pairwise(edges):
            in_force = [priority for since, priority in priorities if since <= low]
            pieces.append((low, high, in_force[-1] if in_force else None))
    return pieces


def _worked(metric: str, start: int, end: int, history: ScheduleHistory) -> int:
    return history.between(start, end) if IN_BUSINESS_HOURS[metric] else end - start


def _instant(metric: str, start: int, left: int, history: ScheduleHistory) -> int:
    """When `left` more seconds are used up; at once if a change of target left nothing."""
    if left <= 0:
        return start
    return history.after(start, left) if IN_BUSINESS_HOURS[metric] else start + left
