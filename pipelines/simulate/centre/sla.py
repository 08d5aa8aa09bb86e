"""SLA clocks of a ticket: when they run, what target holds, when it is broken.

A reply is owed from the first unanswered message; a solve settles it too, since afterwards nobody
waits. A target is broken at the first instant at which the running time exceeds the target in
force, that is the one of the policy and the priority of that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from pipelines.simulate.centre.calendars import ScheduleHistory
from pipelines.simulate.centre.company import IN_BUSINESS_HOURS, Policy, policy_for
from pipelines.simulate.centre.tickets import UNSOLVED, Comment, StatusChange, Ticket
from pipelines.simulate.centre.views import spans_in

DONE = frozenset({"solved", "closed"})
STATES = {
    "requester_wait_time": frozenset({"new", "open", "hold"}),
    "agent_work_time": frozenset({"new", "open"}),
}
Span = tuple[int, int]
Targets = list[tuple[int, str]]


class Course(NamedTuple):
    """What the clocks follow: (question, answer or None) in order, and the states."""

    turns: list[tuple[int, int | None]]
    statuses: list[StatusChange]


@dataclass(slots=True)
class SlaClock:
    """One target of one ticket.

    `completed_at` is None while the clock runs and when it was called off. `deadline_at` is when
    the time allowed was used up or, had the clock gone on, would have been.
    """

    metric: str
    instance: int
    policy: Policy
    started_at: int
    spans: list[Span]
    targets: Targets
    is_running: bool
    completed_at: int | None
    breached_at: int | None
    deadline_at: int
    elapsed: int

    @property
    def status(self) -> str:
        if self.breached_at is not None:
            return "breached"
        if self.completed_at is not None:
            return "achieved"
        return "active" if self.is_running else "cancelled"


class _Run(NamedTuple):
    """A stretch to be measured, whether or not anything was promised for it."""

    metric: str
    instance: int
    started_at: int
    spans: list[Span]
    is_running: bool
    completed_at: int | None


def own_course(ticket: Ticket) -> Course:
    """The ticket's own conversation and states, as the helpdesk itself sees them."""
    return Course(reply_turns(ticket.comments), ticket.statuses)


def sla_clocks(
    ticket: Ticket,
    course: Course,
    history: ScheduleHistory,
    as_of: int,
    promised_since: dict[str, int] | None = None,
) -> list[SlaClock]:
    """Every clock that ever ran under a target; none for a ticket without a priority.

    Args:
        ticket: whose policy and priorities make the targets.
        course: what the clocks follow.
        history: the calendars in force.
        as_of: where clocks that still run are read.
        promised_since: by metric, before when nothing was promised; default: no limit.
    """
    priorities = _priorities(ticket)
    policy = policy_for(ticket.brand.brand_id, ticket.customer.organization_id)
    clocks = []
    for run in [*_reply_runs(course, as_of), *_state_runs(course, as_of)]:
        targets = _targets(priorities, run, promised_since)
        if targets:
            clocks.append(_measure(run, policy, targets, history))
    return clocks


def reply_turns(comments: list[Comment]) -> list[tuple[int, int | None]]:
    """(first unanswered customer message, next human reply or None), in order."""
    turns: list[tuple[int, int | None]] = []
    opened_at: int | None = None
    for comment in comments:
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


def _reply_runs(course: Course, as_of: int) -> list[_Run]:
    runs = []
    for position, (opened_at, answered_at) in enumerate(course.turns):
        ended_at = _next_end(course.statuses, opened_at)
        is_answered = answered_at is not None and (ended_at is None or answered_at <= ended_at[0])
        completed_at = answered_at if is_answered else None
        if not is_answered and ended_at is not None and ended_at[1] in DONE:
            completed_at = ended_at[0]
        stop = completed_at or (ended_at[0] if ended_at else as_of)
        metric = "next_reply_time" if position else "first_reply_time"
        is_running = completed_at is None and ended_at is None
        spans = [(opened_at, stop)]
        runs.append(_Run(metric, position + 1, opened_at, spans, is_running, completed_at))
    return runs


def _state_runs(course: Course, as_of: int) -> list[_Run]:
    created_at, status = course.statuses[0].at, course.statuses[-1].status
    completed_at = _last_solve(course.statuses) if status in DONE else None
    return [
        _Run(metric, 1, created_at, spans, status in UNSOLVED, completed_at)
        for metric, states in STATES.items()
        if (spans := spans_in(course.statuses, states, as_of))
    ]


def _next_end(statuses: list[StatusChange], after: int) -> tuple[int, str] | None:
    """When and how the ticket next left the unsolved states."""
    for before, change in pairwise([None, *statuses]):
        was_unsolved = before is None or before.status in UNSOLVED
        has_left = change is not None and was_unsolved and change.status not in UNSOLVED
        if change is not None and has_left and change.at >= after:
            return change.at, change.status
    return None


def _last_solve(statuses: list[StatusChange]) -> int:
    """The start of the final stretch of solved and closed."""
    at = statuses[-1].at
    for change in reversed(statuses):
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


def _targets(priorities: Targets, run: _Run, promised_since: dict[str, int] | None) -> Targets:
    since = 0 if promised_since is None else promised_since.get(run.metric)
    if since is None:
        return []
    start, end = run.started_at, run.spans[-1][1]
    moved = {max(at, since): priority for at, priority in priorities}
    return [(at, priority) for at, priority in moved.items() if at < end or at <= start]


def _measure(run: _Run, policy: Policy, targets: Targets, history: ScheduleHistory) -> SlaClock:
    elapsed, breached_at = 0, None
    start = left = 0
    for start, stop, priority in _pieces(run.spans, targets, history):
        worked = _worked(run.metric, start, stop, history)
        if priority is not None:
            left = policy.target_seconds(run.metric, priority) - elapsed
            if breached_at is None and left < worked:
                breached_at = _instant(run.metric, start, left, history)
        elapsed += worked
    deadline_at = breached_at or _instant(run.metric, start, left, history)
    return SlaClock(
        run.metric,
        run.instance,
        policy,
        run.started_at,
        run.spans,
        targets,
        run.is_running,
        run.completed_at,
        breached_at,
        deadline_at,
        elapsed,
    )


def _pieces(
    spans: list[Span], targets: Targets, history: ScheduleHistory
) -> list[tuple[int, int, str | None]]:
    """The spans cut wherever target or schedule changes, with the priority in force."""
    cuts = sorted({since for since, _ in targets} | {since for since, _ in history.entries})
    pieces = []
    for start, end in spans:
        edges = [start, *(cut for cut in cuts if start < cut < end), end]
        for low, high in pairwise(edges):
            in_force = [priority for since, priority in targets if since <= low]
            pieces.append((low, high, in_force[-1] if in_force else None))
    return pieces


def _worked(metric: str, start: int, end: int, history: ScheduleHistory) -> int:
    return history.between(start, end) if IN_BUSINESS_HOURS[metric] else end - start


def _instant(metric: str, start: int, left: int, history: ScheduleHistory) -> int:
    """When `left` more seconds are used up; at once if a change of target left nothing."""
    if left <= 0:
        return start
    if not IN_BUSINESS_HOURS[metric]:
        return start + left
    return history.clock_at(start).after(start, left)
