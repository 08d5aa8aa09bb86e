"""Conversations with bots by the words of the catalogue, in plain Python.

What belongs here: how a conversation with a bot ended, and who answered after it. A conversation is
a ticket; instants are UTC without a zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

Row = dict[str, Any]
QIYU_TIMEOUTS = frozenset({"2", "101"})
QIYU_HANDED_ON = frozenset({"3", "5"})
SILENCE = timedelta(minutes=15)
REPEAT = timedelta(hours=72)


def stated_ends(sessions: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """How Qiyu's bot sessions ended, by account and ticket, from its list of sessions."""
    chains: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for session in sessions:
        chains[session["account_id"], session["ticket_id"]].append(session)
    found = {}
    for key, chain in chains.items():
        chain.sort(key=lambda session: session["started_at"])
        bots = [session for session in chain if session["is_bot_session"]]
        if not bots:
            continue
        last = bots[-1]
        people = [
            session
            for session in chain
            if not session["is_bot_session"] and session["started_at"] >= bots[0]["started_at"]
        ]
        handed_over = None
        if last["close_reason"] in QIYU_HANDED_ON:
            handed_over = last["ended_at"]
        elif people:
            handed_over = people[0]["started_at"]
        replies = [s for s in people if s["first_replied_at"] is not None]
        first = min(replies, key=lambda session: session["first_replied_at"], default=None)
        verdict = next(
            (s["is_confirmed_solved"] for s in bots if s["is_confirmed_solved"] is not None), None
        )
        found[key] = {
            "started_at": bots[0]["started_at"],
            "ended_at": max(s["ended_at"] for s in bots if s["ended_at"] is not None),
            "handed_over_at": handed_over,
            "human_replied_at": None if first is None else first["first_replied_at"],
            "human": None if first is None else first["agent_id"],
            "is_silent": last["close_reason"] in QIYU_TIMEOUTS,
            "is_solved": last["status_raw"] == "1" if verdict is None else verdict,
        }
    return found


def observed_end(
    ticket: Row, messages: list[Row], holders: list[Row], states: list[Row], bots: set[str]
) -> Row | None:
    """How a chat with a bot ended, read from what was said; None if no bot spoke first.

    Args:
        ticket: The ticket.
        messages: Its public messages in order.
        holders: Who held it from when to when.
        states: Its states in order.
        bots: Agents of the account that are bots.
    """
    spoken = [m for m in messages if m["author_type"] in {"bot", "agent"}]
    if not spoken or spoken[0]["author_type"] != "bot":
        return None
    people = [m for m in spoken if m["author_type"] == "agent"]
    replied = people[0]["sent_at"] if people else None
    before = [m for m in messages if not people or m["message_no"] < people[0]["message_no"]]
    bot_words = [m["sent_at"] for m in before if m["author_type"] == "bot"]
    assigned = min(
        (
            span["started_at"]
            for span in holders
            if span["value"] is not None
            and span["value"] not in bots
            and span["started_at"] >= spoken[0]["sent_at"]
        ),
        default=None,
    )
    solves = [state for state in states if state["is_solve"]]
    solved = solves[0]["started_at"] if solves else None
    handed_over: datetime | None = max(bot_words) if people else None
    if ticket["response_started_at"] > ticket["created_at"]:
        handed_over = ticket["response_started_at"]
    elif assigned is not None and (replied is None or assigned <= replied):
        handed_over = assigned
    passed_on = handed_over is not None and (solved is None or handed_over <= solved)
    last_word = max(m["sent_at"] for m in before)
    by_whom = solves[0]["actor_type"] if solves else None
    return {
        "started_at": ticket["created_at"],
        "ended_at": handed_over if passed_on else solved,
        "handed_over_at": handed_over,
        "human_replied_at": replied,
        "human": people[0]["author_id"] if people else None,
        "is_silent": solved is not None and solved - last_word >= SILENCE,
        "is_solved": by_whom in {"bot", "customer"},
    }


def counted(end: Row, asked_again: Iterable[datetime], newest: datetime) -> Row:
    """What a conversation adds to the KPIs of bots.

    Args:
        end: How it ended.
        asked_again: When the customer began any contact in the account.
        newest: As-of of the account.
    """
    ended, handed_over = end["ended_at"], end["handed_over_at"]
    replied = end["human_replied_at"]
    is_repeated = ended is not None and any(ended < at <= ended + REPEAT for at in asked_again)
    is_matured = ended is not None and ended + REPEAT <= newest
    is_silent = handed_over is None and end["is_silent"]
    is_resolved = handed_over is None and not is_silent and ended is not None and end["is_solved"]
    wait = None
    if handed_over is not None and replied is not None and replied >= handed_over:
        wait = int((replied - handed_over).total_seconds())
    return {
        "conversations": 1,
        "handed_over": int(handed_over is not None),
        "silent": int(is_silent),
        "matured": int(is_matured),
        "resolved": int(is_matured and is_resolved and not is_repeated),
        "wait": wait,
    }
