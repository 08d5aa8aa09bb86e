"""Reviews, actions, success factors and the balance of speed and quality, in plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from statistics import mean, stdev
from typing import Any

Row = dict[str, Any]
RED, AMBER, GREEN = 0, 1, 2
AMBER_FROM = 0.9
MONTHS, LEAST_MONTHS, DEVIATIONS = 6, 3, 1.0
LENGTHS = {"month": 1, "quarter": 3, "half_year": 6}
BENEFIT_DAYS, AFTER_DAYS = 180, 56
DAYS_TO_SIGN = timedelta(15)


def months_later(month: date, number: int) -> date:
    at = month.year * 12 + month.month - 1 + number
    return date(at // 12, at % 12 + 1, 1)


def reviews_due(reviews: list[Row], roster: Iterable[Row], kind: str, last: date) -> list[Row]:
    """A record a person employed on the last day of a period, signed or not, when both its end and
    the days to sign its reviews are over."""
    own = [row for row in reviews if row["period_kind"] == kind]
    if not own:
        return []
    signed = {
        (row["employee_no"], row["period_start"]) for row in own if row["signed_date"] is not None
    }
    start, versions = min(row["period_start"] for row in own), list(roster)
    records = []
    while (after := months_later(start, LENGTHS[kind])) + DAYS_TO_SIGN <= last:
        closing = after - timedelta(1)
        for version in versions:
            left = version["left_date"]
            if version["valid_from"] <= closing < version["valid_to"] and not (
                left is not None and left < closing
            ):
                key = (version["employee_no"], start)
                records.append(
                    {
                        "day": start, "team": version["team_name"] or "unknown",
                        "employee": version["employee_key"], "due": 1, "signed": int(key in signed),
                    }
                )  # fmt: skip
        start = after
    return records


def actions_due(actions: Iterable[Row], last: date) -> list[Row]:
    """Actions by the day they are due: those closed, and those whose day is over."""
    return [
        {
            "day": row["due_date"],
            "team": row["team_name"] or "unknown",
            "segment": row["owner"] or "unknown",
            "due": 1,
            "closed": int(row["closed_date"] is not None and row["closed_date"] <= row["due_date"]),
        }
        for row in actions
        if row["closed_date"] is not None or row["due_date"] < last
    ]


def status(reached: float) -> int:
    """Green from the target on, amber from nine tenths of it."""
    return GREEN if reached >= 1 else AMBER if reached >= AMBER_FROM else RED


def worst(reached: Mapping[str, float | None], kpi_ids: Iterable[str]) -> int | None:
    """The worst status of those KPIs that have one."""
    known = [status(value) for kpi in kpi_ids if (value := reached.get(kpi)) is not None]
    return min(known, default=None)


def deviations(history: Mapping[date, float], month: date, direction: str) -> float | None:
    """How many standard deviations a month is better than those before it."""
    before = [
        value for when, value in history.items() if months_later(month, -MONTHS) <= when < month
    ]
    if len(before) < LEAST_MONTHS or not stdev(before):
        return None
    better = (history[month] - mean(before)) / stdev(before)
    return -better if direction == "down" else better


def alert(speed: Iterable[float | None], quality: Iterable[float | None]) -> int | None:
    """1 where something became much faster while something else became much worse."""
    fast = [value for value in speed if value is not None]
    good = [value for value in quality if value is not None]
    if not fast or not good:
        return None
    return int(max(fast) >= DEVIATIONS and min(good) <= -DEVIATIONS)


def benefit(effect: float, unit_value: float, records: int, completed: date, last: date) -> Row:
    """What an effect is worth, and a day of it: less of the KPI saves its worth each time."""
    known = (last - completed).days + 1
    daily = -effect * unit_value * records / min(AFTER_DAYS, known)
    return {"amount": daily * min(BENEFIT_DAYS, known), "a_day": daily}
