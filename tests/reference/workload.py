"""Work per person and day, and the orders that people handled, in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from tests.reference.demand import Agent, Desk, Records, Row, add, is_human

NEARBY = timedelta(days=7)
Moment = tuple[datetime, str]


def workload(desk: Desk) -> Records:
    """Tickets of each person and day, and whether the day counts as one of work."""
    humans = {
        (a["source_system"], a["account_id"], a["agent_id"])
        for a in desk.agents
        if not a["is_bot"] and a["agent_id"] != "unknown"
    }
    desks = {(t["source_system"], t["account_id"]) for t in desk.tickets}
    staff = {desk.persons[a] for a in humans if (a[0], a[1]) in desks}
    worked: dict[tuple[str, date], set[str]] = defaultdict(set)
    for agent, ticket_key, at in _actions(desk):
        if agent in humans:
            worked[desk.persons[agent], desk.local(at).date()].add(ticket_key)
    last_day = max(t["as_of_at"] for t in desk.tickets)
    sheet: dict[str, dict[date, bool]] = defaultdict(dict)
    for shift in desk.shifts:
        if shift["employee_key"] in staff and shift["local_date"] <= desk.day(last_day):
            days = sheet[shift["employee_key"]]
            day = shift["local_date"]
            days[day] = days.get(day, False) or not shift["is_rest"]
    found: Records = {}
    for person, day in {*worked, *((p, d) for p, days in sheet.items() for d in days)}:
        days = sheet.get(person, {})
        is_rostered = bool(days) and min(days) <= day <= max(days)
        counts = days.get(day, False) if is_rostered else (person, day) in worked
        tickets = len(worked.get((person, day), ()))
        members = {"agent": person}
        add(found, "workload_per_agent", day, members, part=tickets, whole=int(counts))
    return found


def _actions(desk: Desk) -> Iterator[tuple[Agent, str, datetime]]:
    for key, talk in desk.talks.items():
        ticket = desk.by_key[key]
        for message in talk:
            if ticket["in_p2"] and is_human(message):
                yield _agent(ticket, message["author_id"]), key, message["sent_at"]
    for solve in desk.solves:
        ticket, at = desk.by_key[solve["ticket_key"]], solve["started_at"]
        if not ticket["in_p2"]:
            continue
        if solve["actor_type"] == "agent":
            yield _agent(ticket, solve["actor_id"]), ticket["ticket_key"], at
        elif solve["actor_type"] == "unknown" and at == ticket["last_solved_at"]:
            yield _agent(ticket, ticket["closer_id"]), ticket["ticket_key"], at


def _agent(ticket: Row, agent: str | None) -> Agent:
    return ticket["source_system"], ticket["account_id"], agent


def orders(desk: Desk) -> Records:
    """Paid orders that a human had to do with, and contacts per paid order."""
    known = {(a["source_system"], a["account_id"], a["agent_id"]) for a in desk.agents}
    identity = {c["customer_key"]: c["identity_hash"] for c in desk.customers}
    by_person, by_reference = _handled(desk, identity)
    found: Records = {"orders_handled": [], "orders_handled_refunded": []}
    for order in desk.orders:
        if order["paid_at"] is None or order["is_cancellation"]:
            continue
        day = desk.day(order["paid_at"])
        add(found, "contact_rate_per_order", day, {}, part=0, whole=1)
        person = identity.get(order["customer_key"])
        near = by_person.get(person, ()) if person else ()
        ticket = _ticket_of(order, near, by_reference.get(order["order_id"], ()))
        seller = (order["source_system"], order["account_id"], order["agent_id"])
        if seller in known or ticket is not None:
            paid, refunded = order["paid_amount"] or 0, order["refund_amount"] or 0
            is_back = paid > 0 and refunded >= paid
            agent = seller if seller in known else _answerer(desk.by_key[str(ticket)])
            members = {"shop": order["shop"], "agent": desk.persons.get(agent, "unknown")}
            add(found, "orders_handled", day, members, part=int(not is_back))
            add(found, "orders_handled_refunded", day, members, part=int(is_back))
    for contact in desk.contacts:
        day = desk.day(contact["started_at"])
        add(found, "contact_rate_per_order", day, {}, part=1, whole=0)
    return found


def _ticket_of(order: Row, near: Sequence[Moment], named: Sequence[Moment]) -> str | None:
    """The ticket that names the order, else the nearest in time of its customer's."""
    names, gaps = {key for _, key in named}, dict[str, timedelta]()
    for at, key in [*named, *near]:
        gap = abs(at - order["paid_at"])
        if gap <= NEARBY or (at, key) in named:
            gaps[key] = min(gap, gaps.get(key, gap))
    return min(gaps, key=lambda key: (key not in names, gaps[key], key), default=None)


def _answerer(ticket: Row) -> Agent:
    """Who answered first; where that is not told, whoever holds the ticket."""
    first = ticket["first_response_agent_id"]
    return _agent(ticket, ticket["assignee_id"] if first == "unknown" else first)


def _handled(
    desk: Desk, identity: dict[str, str]
) -> tuple[dict[str, list[Moment]], dict[str, list[Moment]]]:
    """When each person came to which ticket that a human answered; which tickets name an order."""
    moments: dict[str, list[Moment]] = defaultdict(list)
    named: dict[str, list[Moment]] = defaultdict(list)
    answered = set()
    for ticket in desk.tickets:
        talk = desk.talks.get(ticket["ticket_key"], [])
        by_human = any(map(is_human, talk)) if ticket["has_messages"] else False
        if ticket["in_p2"] and (by_human or ticket["first_response_at"] is not None):
            answered.add(ticket["ticket_key"])
            if ticket["external_ref"]:
                named[ticket["external_ref"]].append((ticket["created_at"], ticket["ticket_key"]))
            person = identity.get(ticket["customer_key"])
            if person:
                moments[person].append((ticket["created_at"], ticket["ticket_key"]))
    for contact in desk.contacts:
        person = identity.get(contact["customer_key"])
        if contact["ticket_key"] in answered and person:
            moments[person].append((contact["started_at"], contact["ticket_key"]))
    return moments, named
