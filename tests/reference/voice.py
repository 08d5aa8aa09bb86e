"""Voice of the customer from the catalogue's words: surveys, issues and posts, in plain Python.

What belongs here: folding canonical records into surveys, and what each adds to which KPI. Adding
up belongs to the tests. Instants are UTC without a zone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.reference.commerce import local_day

Row = dict[str, Any]
Agent = tuple[str, str, str]
COUNTED_EXCLUSIONS = frozenset({None, "deleted", "merged"})


def surveys(records: Iterable[Row]) -> list[Row]:
    """One row a survey with its last rating, whenever that came.

    An invitation opens a survey, the ratings up to the next one answer it; ratings that nobody
    invited are one survey. What a tool asks about one ticket is one line of surveys.
    """
    lines: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for record in records:
        subject = record["ticket_key"] or record["survey_key"]
        lines[record["source_system"], record["account_id"], subject, record["kind"]].append(record)
    found = []
    for line in lines.values():
        opened: list[list[Row]] = []
        for record in sorted(line, key=_place):
            if record["is_invitation"] or not opened:
                opened.append([])
            opened[-1].append(record)
        found += [_survey(own) for own in opened]
    return found


def _place(record: Row) -> tuple[Any, ...]:
    number = record["survey_id"]
    is_number = str(number).lstrip("-").isdigit()
    return (
        record["created_at"],
        not record["is_invitation"],
        not is_number,
        int(number) if is_number else 0,
        str(number),
    )


def _survey(records: list[Row]) -> Row:
    invitation = records[0] if records[0]["is_invitation"] else None
    answers = [record for record in records if not record["is_invitation"]]
    answer = answers[-1] if answers else None
    last = {
        name: next((r[name] for r in reversed(records) if r[name] is not None), None)
        for name in ("agent_id", "call_key", "customer_id", "channel")
    }
    invited_at = None if invitation is None else invitation["created_at"]
    answered_at = None
    if answer is not None:
        answered_at = answer["updated_at"] if invitation is None else answer["created_at"]
        changed = answer["updated_at"] > answer["created_at"] or answer["is_time_estimated"]
        invited_at = (
            answer["invited_at"] or invited_at or (answer["created_at"] if changed else None)
        )
    return records[0] | last | {
        "invited_at": invited_at,
        "answered_at": answered_at,
        "sentiment": answer and answer["sentiment"],
        "score": answer and _score(answer),
    }  # fmt: skip


def _score(answer: Row) -> float | None:
    """In the points of the survey's own kind; good or bad alone is no grade."""
    share = answer["score_norm"]
    if share is None:
        return None
    if answer["kind"] == "nps":
        return float(10 * share)
    if answer["kind"] == "ces":
        return float(1 + 6 * share)
    return float(1 + 4 * share) if answer["is_graded"] else None


class Places:
    """Where surveys belong: by the ticket or call that they are about, else by their own account.

    Args:
        tickets: With their unit, closer and reason of exclusion.
        calls: Legs.
        agents: Whom the accounts know.
        logins: What employees are called in which system.
        channels: Those there are.
        accounts: Which systems' accounts were loaded.
    """

    def __init__(
        self,
        tickets: Iterable[Row],
        calls: Iterable[Row],
        agents: Iterable[Row],
        logins: Iterable[Row],
        channels: Iterable[str],
        accounts: Iterable[tuple[str, str]],
    ) -> None:
        self.tickets = {row["ticket_key"]: row for row in tickets}
        self.calls = {row["call_key"]: row for row in calls}
        self.channels, self.accounts = set(channels), set(accounts)
        agents = list(agents)
        self.agents = {(r["source_system"], r["account_id"], r["agent_id"]) for r in agents}
        self._names = _names(list(logins), {row["agent_key"]: row for row in agents})

    def placed(self, survey: Row) -> Row | None:
        """The survey with its unit and rated agent; None for one on spam or a test."""
        ticket = self.tickets.get(survey["ticket_key"], {})
        if ticket.get("exclusion_reason") not in COUNTED_EXCLUSIONS:
            return None
        call = self.calls.get(survey["call_key"] or survey["ticket_key"], {})
        where = (survey["source_system"], survey["account_id"])
        about = (survey["ticket_system"], survey["ticket_account_id"])
        if about in self.accounts:
            where = about
        own = survey["channel"] if survey["channel"] in self.channels else None
        stated = self._agent(where, survey["agent_id"])
        agent = stated or ticket.get("closer_id") or call.get("agent_id") or "unknown"
        return survey | {
            "where": where,
            "source": where[0],
            "shop": ticket.get("shop") or where[1],
            "channel": ticket.get("channel") or ("phone" if call else None) or own or "unknown",
            "team": ticket.get("team_name") or "unknown",
            "priority": ticket.get("priority") or "none",
            "agent": (*where, agent),
            "contact_key": call.get("contact_key"),
            "customer": ticket.get("customer_key")
            or _customer(call)
            or _customer(survey),
        }  # fmt: skip

    def _agent(self, where: tuple[str, str], name: str | None) -> str | None:
        """The agent by the account's own id, or by what the employee is called elsewhere."""
        if name is None or (*where, name) in self.agents:
            return name
        return self._names.get((*where, name))


def _customer(row: Mapping[str, Any]) -> tuple[str, str, str] | None:
    if row.get("customer_id") is None:
        return None
    return row["source_system"], row["account_id"], row["customer_id"]


def _names(logins: list[Row], agents: dict[str, Row]) -> dict[Agent, str]:
    """By account and name, the agent behind a name that one employee alone has."""
    of_employee: dict[str, list[Row]] = defaultdict(list)
    employees: dict[str, set[str]] = defaultdict(set)
    for login in logins:
        of_employee[login["employee_key"]].append(login)
        for name in (login["employee_no"], login["login"]):
            if name is not None:
                employees[name].add(login["employee_key"])
    found: dict[Agent, set[str]] = defaultdict(set)
    holders: dict[Agent, set[str]] = defaultdict(set)
    for name, keys in employees.items():
        for key in keys:
            for login in of_employee[key]:
                agent = agents.get(login["agent_key"])
                if agent is not None:
                    at = (agent["source_system"], agent["account_id"], name)
                    found[at].add(agent["agent_id"])
                    holders[at].add(key)
    return {at: min(ids) for at, ids in found.items() if len(holders[at]) == 1}


def graded(survey: Row) -> Row:
    """What an answered survey adds to the KPIs of its kind."""
    kind, score = survey["kind"], survey["score"]
    is_csat = kind == "csat"
    rounded = None if score is None else math.floor(score + 0.5)
    counted = {
        "rating": is_csat,
        "good": is_csat and survey["sentiment"] == "good",
        "bad": is_csat and survey["sentiment"] == "bad",
        "grade": is_csat and score is not None,
        "effort": kind == "ces",
        "asked": kind == "nps",
        # Whole points on a scale of eleven; half a point over six is no detractor's.
        "promoted": kind == "nps" and ((score or 0) >= 9) - ((score or 0) < 6.5),
        **{f"is_{k}": is_csat and rounded == k for k in range(1, 6)},
    }
    sums = {
        "grades": score if is_csat and score is not None else 0.0,
        "efforts": score if kind == "ces" else 0.0,
    }
    return survey | {name: int(value) for name, value in counted.items()} | sums


def sent(survey: Row) -> Row:
    """What a satisfaction survey that was sent adds, by the day it was sent."""
    is_answered = survey["answered_at"] is not None
    is_good = survey["sentiment"] == "good"
    is_bad = survey["sentiment"] == "bad"
    return survey | {
        "one": 1,
        "answered": int(is_answered),
        "good": int(is_good),
        "not_bad": int(not is_bad),
    }


def last_ratings(
    placed: Iterable[Row], keys: Mapping[tuple[str, str, str], str]
) -> dict[Any, bool]:
    """By place, shop, customer and month, whether the customer's last rating was good.

    Args:
        placed: Surveys with their places.
        keys: A customer's key by source, account and id; who was never exported is left out.
    """
    known = set(keys.values())
    last: dict[Any, tuple[datetime, str, bool]] = {}
    for survey in placed:
        key = survey["customer"]
        key = keys.get(key) if isinstance(key, tuple) else key
        if survey["kind"] != "csat" or survey["answered_at"] is None or key not in known:
            continue
        month = local_day(survey["answered_at"]).replace(day=1)
        cell = (*survey["where"], survey["shop"], key, month)
        rating = (survey["answered_at"], survey["survey_key"], survey["sentiment"] == "good")
        last[cell] = max(last.get(cell, rating), rating, key=lambda each: each[:2])
    return {cell: rating[2] for cell, rating in last.items()}


def issues(contacts: Iterable[Row], gap: timedelta) -> list[list[Row]]:
    """Contacts of one person, each at most so long after the one before, are one issue."""
    lines: dict[str, list[Row]] = defaultdict(list)
    for contact in contacts:
        if not contact["is_agent_initiated"]:
            lines[contact["buyer_key"] or contact["customer_key"]].append(contact)
    found: list[list[Row]] = []
    for line in lines.values():
        before: datetime | None = None
        for contact in sorted(line, key=lambda each: (each["contact_at"], each["contact_key"])):
            if before is None or contact["contact_at"] - before > gap:
                found.append([])
            found[-1].append(contact)
            before = contact["contact_at"]
    return found
