"""Forecasts and staffing of a whole small company equal the plain reference."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from tests.integration.company_world import CompanyWorld, Row
from tests.integration.kpi_cells import Grains, compare, longest, quotient
from tests.reference.staffing import Slot, forecast, servers_needed

pytestmark = pytest.mark.xdist_group("company")

ZONE = ZoneInfo("Asia/Shanghai")
WEEKS = timedelta(weeks=8)
WEEK = timedelta(weeks=1)
Queue = tuple[str, str, str, str]
FORECASTS = {
    "forecast_wape": quotient("day_error", "actual"),
    "forecast_wape_half_hourly": quotient("error", "actual"),
}
GAPS = {
    "coverage_gap": quotient("gap", "needed"),
    "coverage_gap_short": quotient("short", "needed"),
    "coverage_gap_peak": longest("largest"),
}


class Arrival(NamedTuple):
    """A contact of a queue: when it came, how long it took and from which day on that was known."""

    slot: Slot
    handle_seconds: int | None
    handled_on: date | None


def test_every_cell_of_the_forecast_equals_the_reference(company: CompanyWorld) -> None:
    arrivals = _arrivals(company)
    expected = _forecasts(company, arrivals)
    as_of = _as_of(company)
    weeks = {(queue[:2], _monday(slot.day)) for queue, slots in expected.items() for slot in slots}
    records: list[Row] = []
    for queue, own in arrivals.items():
        slots, came = expected.get(queue, {}), Counter(arrival.slot for arrival in own)
        days: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for slot in slots.keys() | {s for s in came if (queue[:2], _monday(s.day)) in weeks}:
            if slot.day < as_of[queue[:2]]:
                ahead, actual = slots.get(slot, 0.0), came[slot]
                days[slot.day][0] += ahead
                days[slot.day][1] += actual
                records.append(_record(queue, slot.day, error=abs(ahead - actual), actual=actual))
        records += [
            _record(queue, day, day_error=abs(ahead - actual))
            for day, (ahead, actual) in days.items()
        ]
    grains: Grains = {"channel": itemgetter("channel"), "skill": itemgetter("skill")}
    compared = compare(company, records, FORECASTS, grains)
    print(f"{compared} cells of forecasts compared")
    assert compared > 1_000


def test_agents_required_and_gaps_equal_the_reference(company: CompanyWorld) -> None:
    arrivals = _arrivals(company)
    required = _required(company, arrivals)
    rostered = {
        (row["skill"], Slot(row["local_date"], row["half_hour"])): row["rostered_agents"]
        for row in company.build("select * from intermediate.int_rostered_half_hours")
    }
    skills = {skill for skill, _ in rostered}
    records: list[Row] = []
    for (skill, slot), agents in required.items():
        if skill in skills and agents:
            gap = agents - rostered.get((skill, slot), 0.0)
            records.append(
                {"day": slot.day, "skill": skill, "needed": 1, "gap": gap, "largest": gap}
                | {"short": max(gap, 0.0)}
            )
    compared = compare(company, records, GAPS, {"skill": itemgetter("skill")})
    print(f"{compared} cells of staffing compared")
    assert compared > 1_000


def test_the_roster_of_a_half_hour_adds_up_to_the_shifts(company: CompanyWorld) -> None:
    (heads,) = company.build(
        "select sum(rostered_agents) / 2 as hours from intermediate.int_rostered_half_hours"
    )
    (paid,) = company.build(
        "select sum(paid_seconds) / 3600 as hours from intermediate.int_shifts__unioned"
        " where not is_rest and employee_key is not null"
    )
    assert heads["hours"] == pytest.approx(paid["hours"])


def _record(queue: Queue, day: date, **figures: float) -> Row:
    empty = {"error": 0.0, "day_error": 0.0, "actual": 0}
    return {"day": day, "skill": queue[2], "channel": queue[3]} | empty | figures


def _forecasts(
    company: CompanyWorld, arrivals: dict[Queue, list[Arrival]]
) -> dict[Queue, dict[Slot, float]]:
    """By queue, the forecasts of all weeks that have the weeks before in full."""
    as_of = _as_of(company)
    found: dict[Queue, dict[Slot, float]] = {}
    for queue, own in arrivals.items():
        begins = min(
            arrival.slot.day
            for other, them in arrivals.items()
            if other[:2] == queue[:2]
            for arrival in them
        )
        monday = begins + timedelta(days=-begins.weekday() % 7) + WEEKS
        slots: dict[Slot, float] = {}
        while monday <= as_of[queue[:2]] + WEEK:
            slots |= forecast((arrival.slot for arrival in own), monday)
            monday += WEEK
        if slots:
            found[queue] = slots
    return found


def _required(
    company: CompanyWorld, arrivals: dict[Queue, list[Arrival]]
) -> dict[tuple[str, Slot], int]:
    """Whole agents by skill and half hour: Erlang C where people wait, an even spread of mail."""
    staffed: dict[str, dict[date, list[Slot]]] = defaultdict(lambda: defaultdict(list))
    for row in company.build("select * from intermediate.int_rostered_half_hours"):
        staffed[row["skill"]][row["local_date"]].append(Slot(row["local_date"], row["half_hour"]))
    agents: dict[tuple[str, Slot], float] = defaultdict(float)
    for queue, slots in _forecasts(company, arrivals).items():
        skill, channel = queue[2:]
        seconds: dict[date, float] = {}
        for slot, count in slots.items():
            monday = _monday(slot.day)
            if monday not in seconds:
                seconds[monday] = _handle_seconds(arrivals[queue], monday, channel)
            load = count * seconds[monday] / 1800
            if channel == "phone":
                agents[skill, slot] += servers_needed(load, 20 / seconds[monday], 0.8)
            elif channel in {"chat", "messaging"}:
                agents[skill, slot] += servers_needed(load, 30 / seconds[monday], 0.8) / 3
            else:
                days = (slot.day + timedelta(days=ahead) for ahead in range(7))
                worked_on = next((day for day in days if day in staffed[skill]), None)
                for place in staffed[skill][worked_on] if worked_on else []:
                    agents[skill, place] += load / 0.85 / len(staffed[skill][place.day])
    return {key: math.ceil(number - 1e-9) for key, number in agents.items()}


def _handle_seconds(arrivals: Iterable[Arrival], monday: date, channel: str) -> float:
    """The mean of what came and was done in the weeks before, at least a second."""
    known = [
        arrival.handle_seconds
        for arrival in arrivals
        if arrival.handle_seconds is not None
        and arrival.handled_on is not None
        and monday - WEEKS <= arrival.slot.day < monday
        and arrival.handled_on < monday
    ]
    default = {"phone": 300, "chat": 600, "messaging": 600}.get(channel, 900)
    return max(sum(known) / len(known) if known else default, 1)


def _arrivals(company: CompanyWorld) -> dict[Queue, list[Arrival]]:
    """Calls in queues and tickets of P4, each of the queue or team that has to serve it."""
    found: dict[Queue, list[Arrival]] = defaultdict(list)
    for call in company.published("select * from published.fct_calls where is_queued"):
        queue = (call["source_system"], call["account_id"], call["queue_name"], "phone")
        known = call["handle_seconds"] if call["is_handled"] else None
        found[queue].append(Arrival(_slot(call["arrived_at"]), known, _day(call["ended_at"])))
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


def _as_of(company: CompanyWorld) -> dict[tuple[str, ...], date]:
    return {
        (row["source_system"], row["account_id"]): row["as_of_date"]
        for row in company.published("select * from published.dim_accounts")
    }


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _slot(instant: datetime) -> Slot:
    moment = instant.replace(tzinfo=UTC).astimezone(ZONE)
    return Slot(moment.date(), moment.hour * 2 + moment.minute // 30)


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else _slot(instant).day
