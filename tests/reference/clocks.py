"""Business time in plain Python: what the warehouse's clock has to agree with, to the second.

What belongs here: calendars, spans and nothing else, on `datetime` and `zoneinfo` alone, so that no
mistake can be shared with the SQL. What does not: KPIs, or reading an export.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTES_PER_WEEK = 7 * 24 * 60
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
END = datetime(9999, 12, 31, tzinfo=UTC)

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Version:
    """Working hours as (start, end) minutes since Sunday 00:00 local, in force from..to."""

    zone: str
    hours: tuple[tuple[int, int], ...]
    valid_from: datetime = BEGINNING
    valid_to: datetime = END


@dataclass(frozen=True)
class Calendar:
    """A schedule: its versions, and the local dates on which it is closed."""

    versions: tuple[Version, ...]
    holidays: frozenset[date] = field(default_factory=frozenset)

    def openings(self, from_at: datetime, to_at: datetime) -> list[Stretch]:
        """The disjoint stretches of working time within from..to, in order."""
        stretches = [
            stretch
            for version in self.versions
            for stretch in self._stretches(version, from_at, to_at)
        ]
        return _merged(stretches)

    def _stretches(self, version: Version, from_at: datetime, to_at: datetime) -> list[Stretch]:
        begin = max(from_at, version.valid_from)
        end = min(to_at, version.valid_to)
        found = []
        day = begin.date() - timedelta(days=2)
        while day <= end.date() + timedelta(days=2):
            for start, stop in _minutes_of(day, version.hours):
                if day in self.holidays:
                    continue
                opened = max(_instant(day, start, version.zone), begin)
                closed = min(_instant(day, stop, version.zone), end)
                if opened < closed:
                    found.append((opened, closed))
            day += timedelta(days=1)
        return found


def business_seconds(calendar: Calendar, from_at: datetime, to_at: datetime) -> int:
    """Whole working seconds in from..to."""
    return sum(_seconds(a, b) for a, b in calendar.openings(from_at, to_at))


def business_seconds_in_force(
    calendars: list[tuple[datetime, Calendar]], from_at: datetime, to_at: datetime
) -> int:
    """Working seconds where each calendar holds from its instant until the next one's."""
    total = 0
    for (since, calendar), (until, _) in pairwise([*calendars, (END, calendars[-1][1])]):
        begin, end = max(since, from_at), min(until, to_at)
        if begin < end:
            total += business_seconds(calendar, begin, end)
    return total


def reached_at(
    calendar: Calendar, from_at: datetime, seconds: int, limit: datetime
) -> datetime | None:
    """The first instant at which `seconds` of working time have passed; None if after `limit`."""
    while seconds > 0 and from_at < limit:
        until = min(from_at + timedelta(days=30), limit)
        for opened, closed in calendar.openings(from_at, until):
            length = _seconds(opened, closed)
            if seconds <= length:
                return opened + timedelta(seconds=seconds)
            seconds -= length
        from_at = until
    return from_at if seconds == 0 else None


def _minutes_of(day: date, hours: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """The part of the weekly hours that falls on one local date, in minutes of that date."""
    midnight = day.isoweekday() % 7 * 1440
    parts = []
    for start, stop in hours:
        for week in (-MINUTES_PER_WEEK, 0, MINUTES_PER_WEEK):
            first = max(start + week - midnight, 0)
            last = min(stop + week - midnight, 1440)
            if first < last:
                parts.append((first, last))
    return parts


def _instant(day: date, minute: int, zone: str) -> datetime:
    """fold=0: the earlier of two, and through a gap with the offset before it."""
    wall = datetime.combine(day, time.min) + timedelta(minutes=minute)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for opened, closed in sorted(stretches):
        if merged and opened <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closed))
        else:
            merged.append((opened, closed))
    return merged


def _seconds(from_at: datetime, to_at: datetime) -> int:
    return int((to_at - from_at).total_seconds())
