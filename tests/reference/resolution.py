"""What became of tickets and contacts, in plain Python from a raw export.

What belongs here: the words of the KPI catalogue on complexity, durability, escalation, follow-up
and first contact. Topics are given, since what a text is about is tested where topics are made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.reference.export import seed, stamp
from tests.reference.tickets import UNSOLVED, Desk, Message, Move, Ticket

FCR_DAYS = (1, 3, 7, 14)
Record = dict[str, Any]


@dataclass(frozen=True)
class Contact:
    """A ticket's first customer message, or one after a day of silence on the channel."""

    ticket: Ticket
    customer: str
    channel: str
    topic: str
    at: datetime
    no: int


class Contacts:
    """All contact episodes of a desk, by customer and in time order."""

    def __init__(self, desk: Desk, topics: dict[str, str]) -> None:
        lines: dict[tuple[str, str], list[tuple[Message, Ticket]]] = defaultdict(list)
        for ticket in desk.tickets():
            if ticket.in_p1:
                for message in ticket.own_messages:
                    if message.is_public and message.role == "customer":
                        lines[message.author, message.channel].append((message, ticket))
        self.of_customer: dict[str, list[Contact]] = defaultdict(list)
        opened: set[str] = set()
        for (author, channel), line in lines.items():
            gap = desk.limit("contacts_inbound", channel)
            before: datetime | None = None
            for message, ticket in sorted(line, key=lambda each: (each[0].at, each[0].no)):
                first = next(m for m in ticket.own_messages if m.is_public and m.role == "customer")
                is_opening = message == first and ticket.id not in opened
                if is_opening or before is None or message.at - before > gap:
                    opened |= {ticket.id} if is_opening else set()
                    topic = topics[ticket.id]
                    contact = Contact(ticket, author, channel, topic, message.at, message.no)
                    self.of_customer[author].append(contact)
                before = message.at
        for contacts in self.of_customer.values():
            contacts.sort(key=lambda each: each.at)

    def __iter__(self) -> Iterator[Contact]:
        for contacts in self.of_customer.values():
            yield from contacts

    def related(self, customer: str, topic: str) -> list[datetime]:
        """When the customer was in touch on the topic; an unknown topic may be any."""
        return [c.at for c in self.of_customer.get(customer, []) if _is_same(c.topic, topic)]


def _is_same(left: str, right: str) -> bool:
    return left == right or "unknown" in (left, right)


def episodes(desk: Desk, topics: dict[str, str]) -> Iterator[Record]:
    """One record per contact episode, by the id of the message that began it."""
    contacts = Contacts(desk, topics)
    for contact in contacts:
        ticket, at = contact.ticket, contact.at
        near = contacts.related(contact.customer, contact.topic)
        others = [
            each.at
            for each in contacts.of_customer[contact.customer]
            if each.at < at and not _is_same(each.topic, contact.topic)
        ]
        solved_at = next((solve.at for solve in ticket.solves if solve.at >= at), None)
        record: Record = {
            "message_no": contact.no,
            "ticket_id": ticket.id,
            "topic": contact.topic,
            "in_p6": ticket.in_p6,
            "is_solved": solved_at is not None,
            "is_repeat": _is_within(
                [each for each in near if each < at],
                at - desk.limit("repeat_inquiry_rate", contact.channel),
            ),
            "is_return": _is_within(
                others, at - desk.limit("customer_return_rate", contact.channel)
            ),
        }
        for days in FCR_DAYS:
            end = None if solved_at is None else solved_at + timedelta(days=days)
            record[f"is_matured_{days}d"] = end is not None and end <= desk.as_of
            record[f"is_first_contact_{days}d"] = (
                end is not None
                and len(ticket.human_owners) <= 1
                and not any(at < each <= end for each in near)
                and not any(solved_at < each <= end for each in _returns(ticket))  # type: ignore[operator]
            )
        yield record


def _is_within(moments: list[datetime], start: datetime) -> bool:
    return any(moment >= start for moment in moments)


def _returns(ticket: Ticket) -> list[datetime]:
    """Reopenings, and follow-ups to the ticket once it was closed."""
    known = ticket.desk.export.tickets
    follow_ups = [each for each in ticket.desk.follow_ups[ticket.id] if each in known]
    created = [Ticket(ticket.desk, each).created_at for each in follow_ups]
    return [move.at for move in ticket.reopens] + created


def outcomes(desk: Desk, topics: dict[str, str]) -> Iterator[Record]:
    """One record per ticket, excluded ones too."""
    contacts = Contacts(desk, topics)
    rules = _Rules()
    for ticket in desk.tickets():
        begun = [other for other in rules.outbound(desk) if other.requester == ticket.requester]
        topic = topics[ticket.id]
        is_complex = rules.is_complex(ticket, topic)
        stays = list(_stays(ticket))
        tiers = [rules.tier(team) for team, _ in stays]
        yield {
            "ticket_id": ticket.id,
            "is_complex": is_complex,
            "unsolved_calendar_seconds": ticket.seconds("calendar", ticket.spans_in(UNSOLVED)),
            "unsolved_business_seconds": ticket.seconds("business", ticket.spans_in(UNSOLVED)),
            "is_closed_by_one": not ticket.reopens and ticket.agents_touching == 1,
            "is_escalated": any(high > low for low, high in pairwise(tiers)),
            "other_department_seconds": sum(
                seconds for team, seconds in stays if rules.is_other_department(team)
            ),
            **_durability(ticket, contacts.related(ticket.requester, topic)),
            **_follow_up(ticket, rules.is_selected(ticket, is_complex), begun),
        }


def _durability(ticket: Ticket, contacts: list[datetime]) -> Record:
    solved_at = ticket.first_solved_at
    if solved_at is None:
        return dict.fromkeys(
            ("is_durable_matured", "is_reopened_early", "is_repeated_early"), False
        )
    end = solved_at + ticket.desk.limit("durable_resolution_rate", ticket.channel)
    reopens = [move.at for move in ticket.reopens]
    back = ticket.first_customer_return_at
    return {
        "is_durable_matured": end <= ticket.desk.as_of,
        "is_reopened_early": any(at <= end for at in reopens) or (back is not None and back <= end),
        "is_repeated_early": any(solved_at < at <= end for at in contacts),
    }


def _follow_up(ticket: Ticket, is_selected: bool, begun: list[Ticket]) -> Record:
    solved_at = ticket.last_solved_at
    if solved_at is None or not ticket.in_p5:
        return {"is_follow_up_selected": is_selected, "is_followed_up": False}
    end = solved_at + ticket.desk.limit("followup_coverage_rate", ticket.channel)
    later = [message for message in ticket.spoken if message.at > solved_at][:1]
    unasked = [message.at for message in later if message.role == "agent"]
    unasked += [other.created_at for other in begun if other.created_at > solved_at]
    return {
        "is_follow_up_selected": is_selected,
        "is_followed_up": any(at <= end for at in unasked),
    }


def _stays(ticket: Ticket) -> Iterator[tuple[str, int]]:
    """Teams that held the ticket one after another, each with its seconds while unsolved."""
    changes = [each for each in ticket.changes("group_id") if each[1] != each[2]]
    first = changes[0][1] if changes else str(ticket.record.get("group_id") or "")
    begin = min([ticket.created_at, *(at for at, *_ in changes[:1])])
    moves = [Move(begin, first or None, ""), *(Move(at, new, "") for at, _, new, _ in changes)]
    ends = [*(move.at for move in moves[1:]), ticket.desk.as_of]
    for move, end in zip(moves, ends, strict=True):
        if move.value is not None:
            spans = ticket.spans_in(UNSOLVED)
            parts = (min(end, stop) - max(move.at, start) for start, stop in spans)
            seconds = sum(int(part.total_seconds()) for part in parts if part > timedelta(0))
            yield ticket.team_name(move.value), seconds


class _Rules:
    """The seeds of judgements: ticket_rules and team_tiers."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in seed("ticket_rules"):
            self.values[row["rule_set"], row["attribute"]].add(row["value"])
        self.teams = {row["team_name"]: row for row in seed("team_tiers")}
        self._outbound: list[Ticket] | None = None

    def outbound(self, desk: Desk) -> list[Ticket]:
        if self._outbound is None:
            self._outbound = [t for t in desk.tickets() if t.in_p2 and t.is_agent_initiated]
        return self._outbound

    def is_complex(self, ticket: Ticket, topic: str) -> bool:
        return (
            ticket.priority in self.values["complex", "priority"]
            or topic in self.values["complex", "topic"]
            or bool(self._tags(ticket) & self.values["complex", "tag"])
            or len(ticket.turns) >= int(min(self.values["complex", "min_turns"]))
            or ticket.group_stations >= int(min(self.values["complex", "min_groups"]))
        )

    def is_selected(self, ticket: Ticket, is_complex: bool) -> bool:
        ratings = {
            str(each["score"]).removesuffix("_with_comment")
            for each in ticket.desk.export.ratings[ticket.id].values()
            if stamp(each["created_at"])
        }
        return (
            bool(self._tags(ticket) & self.values["follow_up", "tag"])
            or bool(ratings & self.values["follow_up", "rating"])
            or (is_complex and "true" in self.values["follow_up", "complex"])
        )

    def tier(self, team: str) -> int:
        return int(self.teams.get(team, self.teams["*"])["tier"])

    def is_other_department(self, team: str) -> bool:
        return self.teams.get(team, self.teams["*"])["department"] != "customer_service"

    def _tags(self, ticket: Ticket) -> set[str]:
        return set(ticket.record.get("tags", ()))
