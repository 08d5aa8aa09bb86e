"""KPIs of the chat tool: a matter is one chain of sessions, from the bot to the last person.

A list of sessions tells no single messages, so nothing is said of turns, replies and episodes. A
session that ended unsettled is closed, one that was settled is solved; both are done.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.simulate.company.contacts import Chat
from pipelines.simulate.truth.facts import Duration, Survey, TicketFacts
from pipelines.simulate.truth.kpis import KpiTally
from pipelines.simulate.zendesk.records import iso

KPIS = (
    "tickets_created", "unreplied_rate", "first_response_time", "response_in_time_rate",
    "requester_wait_time", "agent_work_time", "agent_wait_time", "on_hold_time",
    "resolution_rate", "first_resolution_time", "full_resolution_time", "reopen_rate",
    "transfer_rate", "backlog_open", "backlog_age", "net_flow", "csat_score",
    "csat_response_rate", "dsat_rate",
)  # fmt: skip
MESSAGING = frozenset({"wx", "wx_ma"})
GOOD_FROM, FAIR = 4, 3


class ChatTally:
    """Takes the sessions of each day once; `as_record` says what they add up to."""

    def __init__(self) -> None:
        self._tally = KpiTally()
        self.newest_stamp = 0

    def add(self, chats: Iterable[Chat]) -> None:
        """All sessions of a day: no chain goes on after midnight."""
        for chain in chains_of(chats):
            facts = chain_facts(chain)
            self._tally.add(facts, facts.created_at)
            self.newest_stamp = max(self.newest_stamp, *(_newest(chat) for chat in chain))

    def as_record(self, begins_at: int) -> dict[str, Any]:
        kpis = self._tally.as_records(begins_at, self.newest_stamp)
        return {"as_of": iso(self.newest_stamp), "kpis": {name: kpis[name] for name in KPIS}}


def chains_of(chats: Iterable[Chat]) -> list[list[Chat]]:
    """The sessions of a day by matter, each in the order in which they began."""
    chains: dict[int, list[Chat]] = {}
    roots: dict[int, int] = {}
    for chat in sorted(chats, key=lambda chat: chat.session_id):
        root = roots[chat.came_from.session_id] if chat.came_from else chat.session_id
        roots[chat.session_id] = root
        chains.setdefault(root, []).append(chat)
    return list(chains.values())


def chain_facts(chain: list[Chat]) -> TicketFacts:
    """One matter; the sessions come in the order in which they began."""
    first, last = chain[0], chain[-1]
    created_at, ended_at = first.started_at, max(chat.ended_at for chat in chain)
    replies = [chat.first_reply_at for chat in chain if chat.first_reply_at is not None]
    people = {chat.employee for chat in chain if chat.employee is not None}
    is_bot_only = all(chat.is_bot for chat in chain)
    whole = _duration(ended_at - created_at)
    durations = {
        "first_resolution": whole,
        "full_resolution": whole,
        "requester_wait": whole,
        "agent_work": whole,
        "agent_wait": _duration(0),
        "on_hold": _duration(0),
    }
    if replies:
        durations["first_response"] = _duration(replies[0] - created_at)
    return TicketFacts(
        ticket_id=first.session_id,
        customer_id=first.need.person.number,
        channel="messaging" if first.origin in MESSAGING else "chat",
        team=last.crew.name if last.crew else "",
        priority="none",
        status="solved" if last.is_resolved else "closed",
        exclusion=None,
        merged_into_id=None,
        follow_up_of=None,
        in_p1=True,
        in_p2=True,
        in_p3=not is_bot_only,
        in_p4=not is_bot_only,
        in_p5=True,
        in_p6=not is_bot_only,
        is_bot_only=is_bot_only,
        is_agent_initiated=False,
        has_human=bool(people),
        is_one_touch=False,
        is_transferred=len(people) > 1,
        is_solved_by_human=bool(people),
        own_created_at=created_at,
        created_at=created_at,
        response_started_at=created_at,
        first_response_at=replies[0] if replies else None,
        first_solved_at=ended_at,
        last_solved_at=ended_at,
        first_reopened_at=None,
        first_customer_reopen_at=None,
        reopen_count=0,
        customer_reopen_count=0,
        public_agent_reply_count=0,
        agents_touching_count=len(people),
        group_station_count=0,
        assignee_station_count=len(people),
        durations=durations,
        turns=(),
        unsolved=((created_at, ended_at),),
        sla=(),
        survey=next((_survey(chat) for chat in chain if chat.grade is not None), None),
        customer_messages=(),
    )


def _survey(chat: Chat) -> Survey:
    grade = chat.grade
    assert grade is not None
    if grade.score is None:
        return Survey(grade.asked_at, None, None)
    is_good, is_bad = grade.score >= GOOD_FROM, grade.score < FAIR
    return Survey(
        grade.asked_at, grade.answered_at, "good" if is_good else "bad" if is_bad else "neutral"
    )


def _newest(chat: Chat) -> int:
    grade = chat.grade
    return max(chat.ended_at, (grade.answered_at or grade.asked_at) if grade else 0)


def _duration(seconds: int) -> Duration:
    """By the calendar; the sessions' KPIs ask no other clock."""
    return Duration(seconds, seconds, seconds)
