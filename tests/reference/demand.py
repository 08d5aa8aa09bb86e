"""Demand and workload of a desk in plain Python: no SQL, no data frames, nothing of the pipeline.

What belongs here: the words of the catalogue's group A, over tickets, messages and contact episodes
whose populations and roles another reference has proven, and over canonical orders and shifts. Each
KPI comes as records: a day, the members of its grains, and what the record adds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Records = dict[str, list[Row]]
Agent = tuple[str, str, str | None]


@dataclass
class Desk:
    """What is known of the company; lists of plain rows, instants in UTC without a zone."""

    zone: ZoneInfo
    tickets: list[Row]
    messages: list[Row]
    contacts: list[Row]
    solves: list[Row]
    agents: list[Row]
    shifts: list[Row]
    orders: list[Row]
    customers: list[Row]
    holidays: list[Row]
    open_stretches: list[Row]
    campaigns: list[dict[str, str]]
    by_key: dict[str, Row] = field(init=False)

    def __post_init__(self) -> None:
        self.by_key = {ticket["ticket_key"]: ticket for ticket in self.tickets}

    def local(self, at: datetime) -> datetime:
        return at.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def day(self, at: datetime | None) -> date | None:
        return None if at is None else self.local(at).date()

    @cached_property
    def talks(self) -> dict[str, list[Row]]:
        """The messages of each ticket in their order, those of tickets merged into it included."""
        found: dict[str, list[Row]] = defaultdict(list)
        for message in self.messages:
            found[message["ticket_key"]].append(message)
        for talk in found.values():
            talk.sort(key=lambda m: (m["sent_at"], int(m["message_id"])))
        return found

    @cached_property
    def persons(self) -> dict[Agent, str]:
        return {
            (a["source_system"], a["account_id"], a["agent_id"]): a["person_key"]
            for a in self.agents
        }

    def person(self, ticket: Row, agent: str | None) -> str:
        key = (ticket["source_system"], ticket["account_id"], agent or "unknown")
        return self.persons.get(key, "unknown")

    def members(self, ticket: Row, agent: str | None = None, channel: str | None = None) -> Row:
        return {
            "channel": channel or ticket["channel"],
            "team": ticket["team_name"],
            "priority": ticket["priority"],
            "shop": ticket["shop"],
            "source": ticket["source_system"],
            "agent": self.person(ticket, agent),
        }


def add(records: Records, kpi_id: str, day: date | None, members: Row, **adds: Any) -> None:
    records.setdefault(kpi_id, []).append({"day": day, **members, **adds})


def is_human(message: Row) -> bool:
    return bool(message["is_public"]) and message["author_type"] == "agent"


def is_customer(message: Row) -> bool:
    return bool(message["is_public"]) and message["author_type"] == "customer"


def turns(talk: Iterable[Row]) -> Iterator[tuple[Row, Row | None]]:
    """The first unanswered customer message and the human reply to it, if there is one."""
    asked: Row | None = None
    for message in talk:
        if is_customer(message):
            asked = asked or message
        elif is_human(message) and asked is not None:
            yield asked, message
            asked = None
    if asked is not None:
        yield asked, None


def conversations(desk: Desk) -> Records:
    """Turns, messages and valid sessions."""
    found: Records = {}
    for ticket in desk.tickets:
        if not ticket["in_p2"]:
            continue
        talk = desk.talks.get(ticket["ticket_key"], [])
        _add_turns(found, desk, ticket, talk)
        _add_messages(found, desk, ticket, talk)
        members = desk.members(ticket, ticket["assignee_id"])
        part = _is_valid(talk) if ticket["has_messages"] else _is_stated_valid(ticket)
        add(found, "valid_sessions", desk.day(ticket["created_at"]), members, part=int(part))
    return found


def _is_valid(talk: list[Row]) -> bool:
    return any(map(is_customer, talk)) and any(map(is_human, talk))


def _is_stated_valid(ticket: Row) -> bool:
    return bool(ticket["is_response_stated"]) and ticket["first_response_at"] is not None


def _add_turns(found: Records, desk: Desk, ticket: Row, talk: list[Row]) -> None:
    for asked, reply in turns(talk):
        day = desk.day(asked["sent_at"])
        members = desk.members(ticket, reply["author_id"] if reply else None)
        add(found, "conversation_turns", day, members, part=1)
        is_late = reply is None or desk.day(reply["sent_at"]) != day
        add(found, "conversation_turns_unanswered", day, members, part=int(is_late))


def _add_messages(found: Records, desk: Desk, ticket: Row, talk: list[Row]) -> None:
    is_valid = _is_valid(talk)
    for position, message in enumerate(talk):
        if not message["is_public"]:
            continue
        day = desk.day(message["sent_at"])
        later = [m["author_id"] for m in talk[position:] if is_human(m)]
        earlier = [m["author_id"] for m in talk[:position] if is_human(m)]
        agent = later[0] if later else earlier[-1] if earlier else ticket["assignee_id"]
        members = desk.members(ticket, agent, message["channel"])
        by_human, by_customer = is_human(message), is_customer(message)
        add(found, "messages_in_out", day, members, part=int(by_human or by_customer))
        add(found, "messages_in_out_customers", day, members, part=int(by_customer))
        add(found, "messages_in_out_agents", day, members, part=int(by_human))
        by_bot = message["author_type"] == "bot"
        add(found, "messages_in_out_bots", day, members, part=int(by_bot))
        if is_valid and (by_human or by_customer):
            sides = {"part": int(by_human), "whole": int(by_customer)}
            add(found, "qa_message_ratio", day, members, **sides)


def answer_to(desk: Desk, contact: Row) -> Row | None:
    """The next human message on the contact's ticket, or on the one that it was merged into."""
    for talk in _talks_with(desk, contact):
        for position, message in enumerate(talk):
            is_start = message["own_ticket_key"] == contact["ticket_key"]
            if is_start and is_customer(message) and message["sent_at"] == contact["started_at"]:
                return next((m for m in talk[position + 1 :] if is_human(m)), None)
    raise AssertionError(f"no message began the contact {contact['contact_key']}")


def _talks_with(desk: Desk, contact: Row) -> Iterator[list[Row]]:
    own = desk.by_key[contact["ticket_key"]]
    target = (own["source_system"], own["account_id"], own["merged_into_id"])
    for ticket in desk.tickets:
        key = (ticket["source_system"], ticket["account_id"], ticket["ticket_id"])
        if ticket is own or key == target:
            yield desk.talks.get(ticket["ticket_key"], [])


def customers_served(desk: Desk) -> Records:
    """Persons with an answered contact episode; `key` says who, to be counted once a cell."""
    identity = {c["customer_key"]: c["identity_hash"] for c in desk.customers}
    found: Records = {}
    for contact in desk.contacts:
        ticket = desk.by_key[contact["ticket_key"]]
        reply = answer_to(desk, contact)
        agent = reply["author_id"] if reply else ticket["assignee_id"]
        members = desk.members(ticket, agent, contact["channel"])
        key = identity.get(contact["customer_key"]) or contact["customer_key"]
        day = desk.day(contact["started_at"])
        add(found, "unique_customers_served", day, members, key=key if reply else None)
    return found
