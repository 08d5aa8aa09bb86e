"""What the plain references of forecasts and staffing make of a small company's records.

What belongs here: which contacts, special days and shifts go in. Arithmetic is the references'.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipelines.settings import PROJECT_ROOT
from tests.integration.company_world import CompanyWorld
from tests.reference.queues import servers_needed
from tests.reference.staffing import ORDINARY, Slot, factor, forecast, gaps, ordinary_week

ZONE = ZoneInfo("Asia/Shanghai")
WEEKS = timedelta(weeks=12)
WEEK = timedelta(weeks=1)
AHEAD = timedelta(weeks=4)
USUAL = timedelta(weeks=4)
Queue = tuple[str, str, str, str]
Account = tuple[str, str]


class Arrival(NamedTuple):
    """A contact of a queue: when it came, how long it took and from which day on that was known."""

    slot: Slot
    handle_seconds: int | None
    known_on: date | None
    wait_seconds: int | None = None
    is_abandoned: bool = False


def forecasts_of(
    company: CompanyWorld, arrivals: dict[Queue, list[Arrival]]
) -> dict[Queue, dict[Slot, float]]:
    """By queue, the forecasts of all weeks that have the weeks before in full, and those ahead."""
    found: dict[Queue, dict[Slot, float]] = defaultdict(dict)
    special = _special_days(company)
    for account, as_of in newest_days(company).items():
        own = {queue: them for queue, them in arrivals.items() if queue[:2] == account}
        counts = Counter(arrival.slot.day for them in own.values() for arrival in them)
        if not counts:
            continue
        first = min(counts) + timedelta(days=-min(counts).weekday() % 7)
        kinds = special.get(account) or {
            day: kind for days in special.values() for day, kind in days.items()
        }
        kinds = kinds | _campaigns(first, as_of + 2 * AHEAD)
        missing = gaps(counts, first, as_of)
        came: dict[str, float] = defaultdict(float)
        expected: dict[str, float] = defaultdict(float)
        monday = first + WEEKS
        while monday <= monday_of(as_of):
            weeks = {
                queue: ordinary_week((one.slot for one in them), monday, missing | kinds.keys())
                for queue, them in own.items()
            }
            factors = {kind: factor(came[kind], expected[kind]) for kind in came}
            ahead = range(5) if monday == monday_of(as_of) else range(1)
            for queue, week in weeks.items():
                for number in ahead:
                    found[queue] |= forecast(week, monday + number * WEEK, kinds, factors)
            for number in range(7):
                day = monday + timedelta(days=number)
                if (kind := kinds.get(day, ORDINARY)) != ORDINARY and day not in missing:
                    came[kind] += counts[day]
                    expected[kind] += sum(
                        count
                        for week in weeks.values()
                        for (weekday, _), count in week.items()
                        if weekday == number
                    )
            monday += WEEK
    return {queue: slots for queue, slots in found.items() if slots}


def _special_days(company: CompanyWorld) -> dict[Account, dict[date, str]]:
    """Holidays and worked weekends by account; a day off in any calendar is a holiday."""
    found: dict[Account, dict[date, str]] = defaultdict(dict)
    for row in company.build("select * from intermediate.int_calendar_special_days__unioned"):
        own = found[row["source_system"], row["account_id"]]
        kind = "holiday" if row["follows_weekday"] is None else "workday"
        own[row["local_date"]] = min(kind, own.get(row["local_date"], kind))
    return found


def _campaigns(first: date, last: date) -> dict[date, str]:
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "campaign_days.csv").open(
        encoding="utf-8"
    ) as file:
        spans = [(row["first_day"], row["last_day"]) for row in csv.DictReader(file)]
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {
        day: "campaign"
        for day in days
        if any(begins <= f"{day:%m-%d}" <= ends for begins, ends in spans)
    }


def rosters_of(company: CompanyWorld) -> tuple[dict[str, dict[Slot, float]], dict[str, date]]:
    """By skill, agents on the roster and, past its last day, the mean of its last four weeks."""
    found: dict[str, dict[Slot, float]] = defaultdict(dict)
    for row in company.build("select * from intermediate.int_rostered_half_hours"):
        found[row["skill"]][Slot(row["local_date"], row["half_hour"])] = row["rostered_agents"]
    written = {skill: max(slot.day for slot in slots) for skill, slots in found.items()}
    end = monday_of(max(newest_days(company).values())) + AHEAD + timedelta(days=6)
    for skill, last in written.items():
        usual: dict[tuple[int, int], float] = defaultdict(float)
        for slot, agents in found[skill].items():
            if slot.day > last - USUAL:
                usual[slot.day.weekday(), slot.half_hour] += agents / 4
        day = last + timedelta(days=1)
        while day <= end:
            for (weekday, half_hour), agents in usual.items():
                if weekday == day.weekday():
                    found[skill][Slot(day, half_hour)] = agents
            day += timedelta(days=1)
    return found, written


def agents_required(
    forecasts: dict[Queue, dict[Slot, float]],
    arrivals: dict[Queue, list[Arrival]],
    rosters: dict[str, dict[Slot, float]],
) -> dict[tuple[str, Slot], int]:
    """Whole agents by skill and half hour: Erlang where people wait, an even spread of mail."""
    staffed: dict[str, dict[date, list[Slot]]] = defaultdict(lambda: defaultdict(list))
    for skill, roster in rosters.items():
        for slot in roster:
            staffed[skill][slot.day].append(slot)
    agents: dict[tuple[str, Slot], float] = defaultdict(float)
    for queue, slots in forecasts.items():
        skill, channel = queue[2:]
        times: dict[date, tuple[float, float]] = {}
        for slot, count in slots.items():
            monday = monday_of(slot.day)
            if monday not in times:
                times[monday] = _times(arrivals[queue], monday, channel)
            seconds, impatience = times[monday]
            load = math.ceil(count * seconds / 18 - 1e-9) / 100
            if channel in {"phone", "chat", "messaging"}:
                if count >= 0.02:
                    wait, places = (20, 1) if channel == "phone" else (30, 3)
                    servers = servers_needed(load, wait / seconds, 0.8, impatience, 0.9)
                    agents[skill, slot] += servers / places
            else:
                days = (slot.day + timedelta(days=ahead) for ahead in range(7))
                worked_on = next((day for day in days if day in staffed[skill]), None)
                for place in staffed[skill][worked_on] if worked_on else []:
                    agents[skill, place] += load / 0.85 / len(staffed[skill][place.day])
    return {key: math.ceil(number / 0.9 - 1e-9) for key, number in agents.items()}


def _times(arrivals: Iterable[Arrival], monday: date, channel: str) -> tuple[float, float]:
    """The mean seconds to handle of the weeks before, at least one, and that over the patience."""
    before = [
        arrival
        for arrival in arrivals
        if monday - WEEKS <= arrival.slot.day < monday
        and arrival.known_on is not None
        and arrival.known_on < monday
    ]
    longest_seconds = 3600 if channel in {"phone", "chat", "messaging"} else 14400
    known = [
        min(one.handle_seconds, longest_seconds) for one in before if one.handle_seconds is not None
    ]
    default = {"phone": 300, "chat": 600, "messaging": 600}.get(channel, 900)
    seconds = max(sum(known) / len(known) if known else default, 1)
    if channel != "phone":
        return seconds, 0.0
    given_up = sum(one.is_abandoned for one in before)
    waits = sum(one.wait_seconds or 0 for one in before)
    return seconds, seconds / max(waits / given_up if given_up >= 20 else 180, 1)


def arrivals_of(company: CompanyWorld) -> dict[Queue, list[Arrival]]:
    """Calls in queues and tickets of P4, each of the queue or team that has to serve it."""
    found: dict[Queue, list[Arrival]] = defaultdict(list)
    for call in company.published("select * from published.fct_calls where is_queued"):
        queue = (call["source_system"], call["account_id"], call["queue_name"], "phone")
        known = call["handle_seconds"] if call["is_handled"] else None
        gave_up = call["disposition"] == "abandoned_queue"
        ended_on, waited = _day(call["ended_at"]), call["queue_seconds"]
        found[queue].append(Arrival(_slot(call["arrived_at"]), known, ended_on, waited, gave_up))
    handed_over = {
        row["ticket_key"]: row["handed_over_at"]
        for row in company.published("select * from published.fct_bot_sessions")
    }
    seconds: dict[str, int] = defaultdict(int)
    for row in company.published("select * from published.fct_handling"):
        seconds[row["ticket_key"]] += row["handling_seconds"]
    for ticket in company.build("select * from intermediate.int_tickets__classified where in_p4"):
        key = ticket["ticket_key"]
        team = ticket["team_name"] if ticket["team_name"] != "unknown" else ticket["team_id"]
        queue = (ticket["source_system"], ticket["account_id"], team, ticket["channel"])
        known = seconds.get(key) if ticket["in_p5"] else None
        came = handed_over.get(key) or ticket["created_at"]
        found[queue].append(Arrival(_slot(came), known, _day(ticket["last_solved_at"])))
    return found


def newest_days(company: CompanyWorld) -> dict[Account, date]:
    return {
        (row["source_system"], row["account_id"]): row["as_of_date"]
        for row in company.published("select * from published.dim_accounts")
    }


def newest_day_of_contacts(company: CompanyWorld, arrivals: Iterable[Queue]) -> date:
    """The day of the newest data of any account with contacts."""
    as_of = newest_days(company)
    return max(as_of[queue[:2]] for queue in arrivals)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _slot(instant: datetime) -> Slot:
    moment = instant.replace(tzinfo=UTC).astimezone(ZONE)
    return Slot(moment.date(), moment.hour * 2 + moment.minute // 30)


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else _slot(instant).day
