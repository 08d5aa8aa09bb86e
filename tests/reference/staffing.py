"""Forecasts of contacts by half hour from the weeks before, in plain Python.

What belongs here: arithmetic on counts. Which contacts and special days there are, the caller says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

WEEKS = 12
HALF_LIFE = 6
WEEKDAY_WEIGHT = 20
PROFILE_WEIGHT = 50
KIND_WEIGHT = 30
LEAST_FACTOR, GREATEST_FACTOR = 0.2, 5.0
GAP_MEAN = 5
ORDINARY = "ordinary"


class Slot(NamedTuple):
    """A half hour of a local day."""

    day: date
    half_hour: int


def gaps(counts: Mapping[date, int], first: date, newest: date) -> set[date]:
    """Days without any contact after four weeks in which there were many a day.

    `first` is the first day looked at, `newest` the first day that is not over.
    """
    found = set()
    day = first
    while day < newest:
        start = max(first, day - timedelta(days=28))
        length = (day - start).days
        before = sum(counts.get(start + timedelta(days=n), 0) for n in range(length))
        if not counts.get(day) and length and before / length >= GAP_MEAN:
            found.add(day)
        day += timedelta(days=1)
    return found


def ordinary_week(
    arrivals: Iterable[Slot], monday: date, unusual: set[date]
) -> dict[tuple[int, int], float]:
    """By weekday and half hour, what the weeks before a Monday let expect of an ordinary week."""
    slots: Counter[tuple[int, int]] = Counter()
    weighted: dict[int, float] = defaultdict(float)
    usable: dict[int, float] = defaultdict(float)
    for ago in range(1, 7 * WEEKS + 1):
        day = monday - timedelta(days=ago)
        if day not in unusual:
            usable[day.weekday()] += _weight(ago)
    for day, half_hour in arrivals:
        ago = (monday - day).days
        if 0 < ago <= 7 * WEEKS and day not in unusual:
            slots[day.weekday(), half_hour] += 1
            weighted[day.weekday()] += _weight(ago)
    total = sum(slots.values())
    if not total:
        return {}
    mean = sum(weighted.values()) / sum(usable.values())
    of_half_hour: Counter[int] = Counter()
    of_day: Counter[int] = Counter()
    for (weekday, half_hour), count in slots.items():
        of_half_hour[half_hour] += count
        of_day[weekday] += count
    week = {}
    for weekday in range(7):
        own = weighted[weekday] / usable[weekday] if weekday in usable else mean
        rate = (total / 7 * own + WEEKDAY_WEIGHT * mean) / (total / 7 + WEEKDAY_WEIGHT)
        for half_hour, count in of_half_hour.items():
            share = slots[weekday, half_hour] + PROFILE_WEIGHT * count / total
            week[weekday, half_hour] = rate * share / (of_day[weekday] + PROFILE_WEIGHT)
    return week


def factor(came: float, expected: float) -> float:
    """How much more than an ordinary day a kind of day brings, from what its past days brought."""
    return min(max((came + KIND_WEIGHT) / (expected + KIND_WEIGHT), LEAST_FACTOR), GREATEST_FACTOR)


def forecast(
    week: Mapping[tuple[int, int], float],
    monday: date,
    kinds: Mapping[date, str],
    factors: Mapping[str, float],
) -> dict[Slot, float]:
    """The half hours of the week that begins on the Monday."""
    found = {}
    for (weekday, half_hour), count in week.items():
        day = monday + timedelta(days=weekday)
        found[Slot(day, half_hour)] = count * factors.get(kinds.get(day, ORDINARY), 1.0)
    return found


def _weight(days_ago: int) -> float:
    weeks_ago = (days_ago - 1) // 7
    return float(0.5 ** (weeks_ago / HALF_LIFE))
