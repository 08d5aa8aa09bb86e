"""SLA targets of one ticket in plain Python: walks its life stretch by stretch.

What belongs here: the rules of each clock as its description states them. What does not: reading
an export, or where a target comes from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from tests.reference.clocks import END, Calendar, business_seconds, reached_at

UNSOLVED = frozenset({"new", "open", "pending", "hold"})
STATES = {
    "requester_wait_time": frozenset({"new", "open", "hold"}),
    "agent_work_time": frozenset({"new", "open"}),
    "total_resolution_time": UNSOLVED,
    "periodic_update_time": UNSOLVED,
    "pausable_update_time": frozenset({"new", "open", "hold"}),
}
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Target:
    seconds: int | None
    in_business_hours: bool = False


@dataclass
class Life:
    """One ticket: what held since when, in time order, and who wrote publicly when."""

    created_at: datetime
    as_of: datetime
    statuses: list[tuple[datetime, str]]
    calendars: list[tuple[datetime, Calendar]]
    messages: list[tuple[datetime, bool]] = field(default_factory=list)  # True: by an agent
    targets: dict[str, list[tuple[datetime, Target]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    metric: str
    instance_no: int
    status: str
    elapsed_seconds: int
    deadline_at: datetime | None


def verdicts(life: Life) -> list[Verdict]:
    """What became of every target that ever was on the ticket."""
    found = []
    for metric, changes in life.targets.items():
        if all(target.seconds is None for _, target in changes):
            continue
        for number, started_at, completed_at in _instances(life, metric):
            running = _running(life, metric, started_at, completed_at or life.as_of)
            if running:
                found.append(_verdict(life, metric, number, running, completed_at))
    return sorted(found, key=lambda verdict: (verdict.metric, verdict.instance_no))


def _instances(life: Life, metric: str) -> list[tuple[int, datetime, datetime | None]]:
    if metric == "first_reply_time":
        replies = [at for at, by_agent in life.messages if by_agent]
        reply = replies[0] if replies else None
        return [(1, life.created_at, _first(reply, _solved_after(life, life.created_at)))]
    if metric == "next_reply_time":
        turns = _turns(life)[1:]
        return [
            (number, asked, _first(answered, _solved_after(life, asked)))
            for number, (asked, answered) in enumerate(turns, start=1)
        ]
    if metric.endswith("update_time"):
        sent: list[datetime | None] = [at for at, by_agent in life.messages if by_agent]
        return [
            (number, begun, _first(following, _solved_after(life, begun)))
            for number, (begun, following) in enumerate(pairwise([*sent, None]), start=1)
            if begun is not None
        ]
    last_status = life.statuses[-1][1]
    solved = None if last_status in UNSOLVED else _solves(life)[-1]
    return [(1, life.created_at, solved)]


def _turns(life: Life) -> list[tuple[datetime, datetime | None]]:
    turns: list[tuple[datetime, datetime | None]] = []
    waiting = False
    for sent_at, by_agent in life.messages:
        if by_agent and waiting:
            turns[-1] = (turns[-1][0], sent_at)
        if not by_agent and not waiting:
            turns.append((sent_at, None))
        waiting = not by_agent
    return turns


def _solves(life: Life) -> list[datetime]:
    return [
        at
        for (_, before), (at, status) in pairwise([(life.created_at, "new"), *life.statuses])
        if before in UNSOLVED and status not in UNSOLVED
    ]


def _solved_after(life: Life, started_at: datetime) -> datetime | None:
    return next((at for at in _solves(life) if at >= started_at), None)


def _first(*instants: datetime | None) -> datetime | None:
    return min((at for at in instants if at is not None), default=None)


def _running(life: Life, metric: str, from_at: datetime, to_at: datetime) -> list[Stretch]:
    if metric not in STATES:
        return [(from_at, to_at)]
    return [
        (max(since, from_at), min(until, to_at))
        for (since, status), (until, _) in pairwise([*life.statuses, (END, "")])
        if status in STATES[metric] and since <= to_at and until > from_at
    ]


def _verdict(
    life: Life, metric: str, number: int, running: list[Stretch], completed_at: datetime | None
) -> Verdict:
    elapsed = {True: 0, False: 0}
    due = None
    target, calendar, since, before = Target(None), life.calendars[0][1], life.created_at, elapsed
    for begin, end in _cut(life, metric, running):
        target, calendar = _holding(life, metric, begin)
        before, since = elapsed, begin
        elapsed = {
            True: elapsed[True] + business_seconds(calendar, begin, end),
            False: elapsed[False] + int((end - begin).total_seconds()),
        }
        if target.seconds is not None and elapsed[target.in_business_hours] > target.seconds:
            due = target
            break
    deadline = _deadline(life, target, calendar, since, before)
    if due is not None:
        return Verdict(metric, number, "breached", _total(life, metric, running, due), deadline)
    status = "active" if completed_at is None else "achieved"
    if target.seconds is None:
        status = "cancelled"
    return Verdict(metric, number, status, elapsed[target.in_business_hours], deadline)


def _deadline(
    life: Life, target: Target, calendar: Calendar, since: datetime, before: dict[bool, int]
) -> datetime | None:
    if target.seconds is None:
        return None
    left = max(target.seconds - before[target.in_business_hours], 0)
    if target.in_business_hours:
        return reached_at(calendar, since, left, life.as_of.replace(year=life.as_of.year + 1))
    return datetime.fromtimestamp(since.timestamp() + left, since.tzinfo)


def _total(life: Life, metric: str, running: list[Stretch], target: Target) -> int:
    if not target.in_business_hours:
        return sum(int((end - begin).total_seconds()) for begin, end in running)
    return sum(
        business_seconds(_holding(life, metric, begin)[1], begin, end)
        for begin, end in _cut(life, metric, running)
    )


def _cut(life: Life, metric: str, running: list[Stretch]) -> list[Stretch]:
    """The same time, cut where a target or the calendar changes."""
    changes = {at for at, _ in life.targets[metric]} | {at for at, _ in life.calendars}
    cut = []
    for begin, end in running:
        inner = sorted(at for at in changes if begin < at < end)
        cut += list(pairwise([begin, *inner, end]))
    return cut


def _holding(life: Life, metric: str, instant: datetime) -> tuple[Target, Calendar]:
    target = [t for at, t in life.targets[metric] if at <= instant]
    calendar = [c for at, c in life.calendars if at <= instant]
    return (target or [Target(None)])[-1], calendar[-1]
