"""Answers to contacts and turns, first responses and assignments, in plain Python.

What belongs here: the words of the catalogue's group B that `tests.reference.kpis` does not cover.
Limits and windows come from the seeds; populations of tickets are taken as proven.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from tests.reference.demand import Desk, Records, Row, add, answer_to, is_human, turns
from tests.reference.export import seed

Stretch = tuple[datetime, datetime, str | None]


def limit(kpi_id: str, channel: str) -> int:
    rows = {
        r["channel"]: int(r["seconds"]) for r in seed("kpi_thresholds") if r["kpi_id"] == kpi_id
    }
    return rows.get(channel, rows["*"])


def window(shop: str, channel: str) -> tuple[int, int] | None:
    """Seconds of the day between which the platform judges; the most specific row of the seed."""
    rows = {(r["shop"], r["channel"]): r for r in seed("platform_windows")}
    for key in ((shop, channel), (shop, "*"), ("*", channel), ("*", "*")):
        if key in rows:
            return _second(rows[key]["opens_at"]), _second(rows[key]["closes_at"])
    return None


def _second(text: str) -> int:
    hours, minutes, seconds = map(int, text.split(":"))
    return hours * 3600 + minutes * 60 + seconds


def _second_of(at: datetime) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def begins_inside(desk: Desk, hours: tuple[int, int] | None, at: datetime) -> bool:
    return hours is not None and hours[0] <= _second_of(desk.local(at)) < hours[1]


def seconds_inside(desk: Desk, hours: tuple[int, int], begin: datetime, end: datetime) -> int:
    """Local seconds between two instants that lie inside the daily hours, day by day."""
    first, last, total = desk.local(begin), desk.local(end), 0
    midnight = datetime.combine(first.date(), time())
    while midnight <= last:
        opens, closes = (midnight + timedelta(seconds=each) for each in hours)
        inside = (min(closes, last) - max(opens, first)).total_seconds()
        total += max(0, int(inside))
        midnight += timedelta(days=1)
    return total


def contacts(desk: Desk) -> Records:
    found: Records = {}
    for contact in desk.contacts:
        ticket = desk.by_key[contact["ticket_key"]]
        started_at, channel = contact["started_at"], contact["channel"]
        hours = window(ticket["shop"], channel)
        if hours is not None and not begins_inside(desk, hours, started_at):
            continue
        reply = answer_to(desk, contact)
        agent = reply["author_id"] if reply else ticket["assignee_id"]
        members, day = desk.members(ticket, agent, channel), desk.day(started_at)
        add(found, "response_rate_any_time", day, members, part=int(reply is not None), whole=1)
        due_at = started_at + timedelta(seconds=limit("response_rate", channel))
        if due_at <= ticket["as_of_at"]:
            in_time = reply is not None and reply["sent_at"] <= due_at
            add(found, "response_rate", day, members, part=int(in_time), whole=1)
    return found


def answered_turns(desk: Desk) -> Records:
    found: Records = {}
    for ticket in desk.tickets:
        if not ticket["in_p2"]:
            continue
        hours = window(ticket["shop"], ticket["channel"])
        most = timedelta(seconds=limit("response_within_x_rate", ticket["channel"]))
        talk = desk.talks.get(ticket["ticket_key"], [])
        for position, (asked, reply) in enumerate(turns(talk)):
            members = desk.members(ticket, reply["author_id"] if reply else None)
            opened_at, replied_at = asked["sent_at"], reply["sent_at"] if reply else None
            if ticket["has_human"]:
                in_time = replied_at is not None and replied_at - opened_at <= most
                sides = {"part": int(in_time), "whole": 1}
                add(found, "response_within_x_rate", desk.day(opened_at), members, **sides)
                if position == 0:
                    kpi_id = "response_within_x_rate_first"
                    add(found, kpi_id, desk.day(opened_at), members, **sides)
            if hours and replied_at is not None and begins_inside(desk, hours, opened_at):
                waited = seconds_inside(desk, hours, opened_at, replied_at)
                kpi_id = "avg_response_time_platform"
                add(found, kpi_id, desk.day(replied_at), members, part=waited, whole=1)
    return found


def first_responses(desk: Desk) -> Records:
    found: Records = {}
    for ticket in desk.tickets:
        day, created_at = desk.day(ticket["created_at"]), ticket["created_at"]
        replied_at, begin = ticket["first_response_at"], ticket["response_started_at"]
        members = desk.members(ticket, ticket["first_response_agent_id"])
        if ticket["in_p3"] and replied_at is not None:
            waited = max(0, int((replied_at - created_at).total_seconds()))
            add(found, "first_response_time_zendesk", day, members, part=waited, whole=1)
        if not ticket["in_p6"]:
            continue
        hours = window(ticket["shop"], ticket["channel"])
        if hours and replied_at is not None and begins_inside(desk, hours, begin):
            waited = seconds_inside(desk, hours, begin, max(begin, replied_at))
            add(found, "first_response_time_platform", day, members, part=waited, whole=1)
        excess = 0
        if replied_at is not None:
            target = limit("response_in_time_rate", ticket["channel"])
            excess = max(0, int((replied_at - begin).total_seconds()) - target)
        holder = desk.members(ticket, ticket["assignee_id"])
        add(found, "wait_minutes_over_target", day, holder, part=excess, whole=1)
    return found


def assignments(desk: Desk, events: Iterable[Row], unsolved: dict[str, list[Row]]) -> Records:
    """Assignment of tickets with a complete history.

    Args:
        desk: The company.
        events: Canonical changes of assignee.
        unsolved: By ticket, the stretches in which it was unsolved.
    """
    found: Records = {}
    changes: dict[str, list[Row]] = {}
    for event in sorted(events, key=lambda each: each["event_seq"]):
        if event["new_value"] != event["old_value"]:
            changes.setdefault(event["ticket_key"], []).append(event)
    for ticket in desk.tickets:
        if not (ticket["is_history_complete"] and ticket["in_p2"]):
            continue
        key = ticket["ticket_key"]
        held = list(_stretches(ticket, changes.get(key, [])))
        _add_first(found, desk, ticket, held)
        _add_replies(found, desk, ticket, held)
        if ticket["in_p5"] and ticket["last_solved_at"] is not None:
            free = [(begin, end) for begin, end, agent in held if agent is None]
            total = sum(_overlap(ticket, each, free) for each in unsolved.get(key, ()))
            members = desk.members(ticket, ticket["closer_id"])
            day = desk.day(ticket["last_solved_at"])
            add(found, "unassigned_time", day, members, part=total, whole=1)
    return found


def _stretches(ticket: Row, changes: list[Row]) -> Iterator[Stretch]:
    end = ticket["as_of_at"]
    if not changes:
        yield ticket["created_at"], end, ticket["own_assignee_id"]
        return
    begin = min(ticket["created_at"], changes[0]["event_at"])
    yield begin, changes[0]["event_at"], changes[0]["old_value"]
    for change, later in zip(changes, [*changes[1:], None], strict=True):
        yield change["event_at"], later["event_at"] if later else end, change["new_value"]


def _overlap(ticket: Row, stretch: Row, free: list[tuple[datetime, datetime]]) -> int:
    ended_at = stretch["ended_at"] or ticket["as_of_at"]
    spans = ((max(a, stretch["started_at"]), min(b, ended_at)) for a, b in free)
    return sum(max(0, int((b - a).total_seconds())) for a, b in spans)


def _add_first(found: Records, desk: Desk, ticket: Row, held: list[Stretch]) -> None:
    assigned = [(begin, agent) for begin, _, agent in held if agent is not None]
    if assigned:
        waited = max(0, int((assigned[0][0] - ticket["created_at"]).total_seconds()))
        members = desk.members(ticket, assigned[0][1])
        day = desk.day(ticket["created_at"])
        add(found, "first_assignment_time", day, members, part=waited, whole=1)


def _add_replies(found: Records, desk: Desk, ticket: Row, held: list[Stretch]) -> None:
    for agent in {agent for _, _, agent in held if agent is not None}:
        begins = [begin for begin, _, holder in held if holder == agent]
        sent = [
            m["sent_at"]
            for m in desk.talks.get(ticket["ticket_key"], [])
            if is_human(m) and m["author_id"] == agent and m["sent_at"] >= begins[0]
        ]
        if sent:
            begin = max(each for each in begins if each <= sent[0])
            waited = int((sent[0] - begin).total_seconds())
            members = desk.members(ticket, agent)
            add(found, "assignment_to_reply", desk.day(sent[0]), members, part=waited, whole=1)
