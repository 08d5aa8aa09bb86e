"""Forecasts and staffing of a whole small company equal the plain reference."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from operator import itemgetter

import pytest

from tests.integration.company_world import CompanyWorld, Row
from tests.integration.kpi_cells import Grains, compare, longest, quotient, total
from tests.integration.staffing_records import (
    AHEAD,
    Queue,
    agents_required,
    arrivals_of,
    forecasts_of,
    monday_of,
    newest_day_of_contacts,
    newest_days,
    rosters_of,
)

pytestmark = pytest.mark.xdist_group("company")

FORECASTS = {
    "forecast_wape": quotient("day_error", "actual"),
    "forecast_wape_half_hourly": quotient("error", "actual"),
}
GAPS = {
    "coverage_gap": quotient("gap", "needed"),
    "coverage_gap_short": quotient("short", "needed"),
    "coverage_gap_peak": longest("largest"),
    "coverage_gap_ahead": quotient("gap_ahead", "needed_ahead"),
    "coverage_gap_hours_needed": total("hours_needed"),
    "coverage_gap_hours_rostered": total("hours_rostered"),
}


def test_every_cell_of_the_forecast_equals_the_reference(company: CompanyWorld) -> None:
    arrivals = arrivals_of(company)
    expected = forecasts_of(company, arrivals)
    as_of = newest_days(company)
    weeks = {
        (queue[:2], monday_of(slot.day)) for queue, slots in expected.items() for slot in slots
    }
    records: list[Row] = []
    for queue, own in arrivals.items():
        slots, came = expected.get(queue, {}), Counter(arrival.slot for arrival in own)
        days: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for slot in slots.keys() | {s for s in came if (queue[:2], monday_of(s.day)) in weeks}:
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
    rosters, written = rosters_of(company)
    arrivals = arrivals_of(company)
    forecasts = forecasts_of(company, arrivals)
    required = agents_required(forecasts, arrivals, rosters)
    newest = newest_day_of_contacts(company, arrivals)
    days: dict[str, list[date]] = defaultdict(list)
    for queue, slots in forecasts.items():
        days[queue[2]] += [slot.day for slot in slots]
    # Where the roster has people, that nobody is needed is told too, on days with a forecast.
    manned = {
        (skill, slot)
        for skill, own in days.items()
        for slot in rosters[skill]
        if min(own) <= slot.day <= max(own)
    }
    records: list[Row] = []
    for skill, slot in required.keys() | manned:
        if skill in written:
            agents, present = required.get((skill, slot), 0), rosters[skill].get(slot, 0.0)
            gap = agents - present
            record: Row = {"day": slot.day, "skill": skill, "hours_needed": agents / 2}
            record |= {"hours_rostered": present / 2}
            record |= {"gap": 0.0, "short": 0.0, "needed": 0, "largest": None}
            record |= {"gap_ahead": 0.0, "needed_ahead": 0}
            if agents and slot.day <= written[skill]:
                record |= {"needed": 1, "gap": gap, "largest": gap, "short": max(gap, 0.0)}
            if agents and slot.day >= newest:
                record |= {"needed_ahead": 1, "gap_ahead": gap}
            records.append(record)
    compared = compare(company, records, GAPS, {"skill": itemgetter("skill")})
    print(f"{compared} cells of staffing compared")
    assert compared > 1_000


def test_the_forecast_beats_the_repeated_week(company: CompanyWorld) -> None:
    """By days, weeks and the squares of half hours; at a contact a day, no half hour is sure."""
    rows = company.published("select * from published.kpi_forecast_accuracy")
    assert {row["horizon_week"] for row in rows} == {1, 2, 3, 4, 5}
    for horizon in range(1, 6):
        for period_type, kind in [
            ("day", "mae"),
            ("week", "mae"),
            ("day", "rmse"),
            ("half_hour", "rmse"),
        ]:
            own, naive = (
                sum(
                    row[measure] ** (2 if kind == "rmse" else 1) * row["n"]
                    for row in rows
                    if (row["period_type"], row["horizon_week"]) == (period_type, horizon)
                )
                for measure in (kind, f"naive_{kind}")
            )
            print(f"{horizon} {period_type} {kind}: {own:.0f} against {naive:.0f}")
            assert 0 < own < 0.95 * naive, (period_type, horizon)


def test_a_service_level_grows_with_every_agent(company: CompanyWorld) -> None:
    rows = company.published("select * from published.kpi_staffing_what_if")
    cases: dict[tuple[str, date, int], dict[int, Row]] = defaultdict(dict)
    for row in rows:
        cases[row["skill"], row["local_date"], row["half_hour"]][row["agents_added"]] = row
    assert len(cases) > 100
    newest = newest_day_of_contacts(company, arrivals_of(company))
    for (_, day, _), case in cases.items():
        assert newest <= day <= monday_of(newest) + AHEAD + timedelta(days=6)
        levels = [case[added]["predicted_service_level"] for added in range(-2, 3)]
        assert levels == sorted(levels)
        assert case[0]["service_level_change"] == 0
        assert case[2]["service_level_change"] == pytest.approx(levels[4] - levels[2])


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
