"""Working calendars of the simulated company and the clocks that count their seconds.

Computed here from `zoneinfo` alone, apart from the warehouse's own calendar code, since the truth
must not share a mistake with what it checks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FOREVER = 1 << 62
WEEKDAYS = range(5)
SATURDAY = 5
SPRING_FESTIVALS = {
    2024: (date(2024, 2, 10), date(2024, 2, 17)),
    2025: (date(2025, 1, 28), date(2025, 2, 4)),
    2026: (date(2026, 2, 15), date(2026, 2, 23)),
    2027: (date(2027, 2, 5), date(2027, 2, 11)),
}


@dataclass(frozen=True)
class Holiday:
    """Closed local dates, both ends included."""

    holiday_id: int
    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Schedule:
    """Weekly hours in one zone: (weekday with Monday 0, opening minute, closing minute)."""

    schedule_id: int
    name: str
    zone: str
    rails_zone: str
    hours: tuple[tuple[int, int, int], ...]
    holidays: tuple[Holiday, ...]

    def is_holiday(self, day: date) -> bool:
        return any(h.first <= day <= h.last for h in self.holidays)

    def hours_of(self, day: date) -> list[tuple[int, int]]:
        if self.is_holiday(day):
            return []
        return [(start, end) for weekday, start, end in self.hours if weekday == day.weekday()]


class BusinessClock:
    """Counts the seconds inside a schedule between any two instants of its range."""

    def __init__(self, schedule: Schedule, first: date, last: date) -> None:
        self.schedule = schedule
        self.starts: list[int] = []
        self._ends: list[int] = []
        self._worked_before: list[int] = []
        worked = 0
        zone = ZoneInfo(schedule.zone)
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            for opening, closing in schedule.hours_of(day):
                start, end = _epoch(day, opening, zone), _epoch(day, closing, zone)
                self.starts.append(start)
                self._ends.append(end)
                self._worked_before.append(worked)
                worked += end - start

    def worked_until(self, at: int) -> int:
        """Working seconds from the beginning of the range to `at`."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self._worked_before[index] + min(at, self._ends[index]) - self.starts[index]

    def between(self, start: int, end: int) -> int:
        return self.worked_until(end) - self.worked_until(start)

    def is_open(self, at: int) -> bool:
        index = bisect_right(self.starts, at) - 1
        return index >= 0 and at < self._ends[index]

    def after(self, start: int, seconds: int) -> int:
        """The first instant at which `seconds` working seconds have passed since `start`."""
        goal = self.worked_until(start) + seconds
        index = bisect_right(self._worked_before, goal) - 1
        if index > 0 and self._worked_before[index] == goal:
            index -= 1
        return max(start, self.starts[index] + goal - self._worked_before[index])


@dataclass(frozen=True)
class ScheduleHistory:
    """Which clock was in force for a ticket, and since when; in order of time."""

    entries: Sequence[tuple[int, BusinessClock]]

    def between(self, start: int, end: int) -> int:
        """Working seconds by the clock in force at each instant."""
        return sum(
            clock.between(max(start, since), min(end, until))
            for since, until, clock in self._in_force()
            if max(start, since) < min(end, until)
        )

    def clock_at(self, at: int) -> BusinessClock:
        return next(clock for since, until, clock in self._in_force() if since <= at < until)

    def between_by_last(self, start: int, end: int) -> int:
        """Working seconds as if the last clock had always been in force, as Zendesk counts."""
        return self.entries[-1][1].between(start, end)

    def _in_force(self) -> Iterator[tuple[int, int, BusinessClock]]:
        """(since, until, clock); the first has held ever before, the last one holds for ever."""
        for position, (since, clock) in enumerate(self.entries):
            is_last = position + 1 == len(self.entries)
            until = FOREVER if is_last else self.entries[position + 1][0]
            yield (-FOREVER if position == 0 else since), until, clock


def local_midnight(day: date, zone: str) -> int:
    """The epoch second at which `day` begins in `zone`."""
    return _epoch(day, 0, ZoneInfo(zone))


def shanghai(first_year: int, last_year: int) -> Schedule:
    """Monday to Friday 09:00 to 18:00 and Saturday morning, with the statutory holidays."""
    hours = [(weekday, 540, 1080) for weekday in WEEKDAYS] + [(SATURDAY, 540, 780)]
    years = range(first_year, last_year + 1)
    named = [holiday for year in years for holiday in _chinese_holidays(year)]
    return Schedule(
        36001, "上海客服中心", "Asia/Shanghai", "Beijing", tuple(hours), _numbered(3600100, named)
    )


def london(first_year: int, last_year: int) -> Schedule:
    """Monday to Friday 09:00 to 17:30 with daylight saving and the bank holidays of England."""
    hours = [(weekday, 540, 1050) for weekday in WEEKDAYS]
    years = range(first_year, last_year + 1)
    named = [holiday for year in years for holiday in _english_holidays(year)]
    return Schedule(
        36002, "London office", "Europe/London", "London", tuple(hours), _numbered(3600200, named)
    )


def _epoch(day: date, minute: int, zone: ZoneInfo) -> int:
    wall = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone)
    return int(wall.astimezone(UTC).timestamp())


def _numbered(first_id: int, named: list[tuple[str, date, date]]) -> tuple[Holiday, ...]:
    return tuple(Holiday(first_id + n, *parts) for n, parts in enumerate(named))


def _chinese_holidays(year: int) -> list[tuple[str, date, date]]:
    named = [
        (f"元旦 {year}", date(year, 1, 1), date(year, 1, 1)),
        (f"劳动节 {year}", date(year, 5, 1), date(year, 5, 5)),
        (f"国庆节 {year}", date(year, 10, 1), date(year, 10, 7)),
    ]
    if year in SPRING_FESTIVALS:
        named.insert(1, (f"春节 {year}", *SPRING_FESTIVALS[year]))
    return named


def _english_holidays(year: int) -> list[tuple[str, date, date]]:
    easter = _easter_sunday(year)
    days = [
        ("New Year", date(year, 1, 1)),
        ("Good Friday", easter - timedelta(days=2)),
        ("Easter Monday", easter + timedelta(days=1)),
        ("Early May", _monday_from(date(year, 5, 1))),
        ("Spring bank holiday", _monday_from(date(year, 5, 25))),
        ("Summer bank holiday", _monday_from(date(year, 8, 25))),
        ("Christmas", date(year, 12, 25)),
        ("Boxing Day", date(year, 12, 26)),
    ]
    return [(f"{name} {year}", day, day) for name, day in days]


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _easter_sunday(year: int) -> date:
    """Butcher's rule for the Gregorian calendar."""
    century, in_century = divmod(year, 100)
    shift = (19 * (year % 19) + century - century // 4 - _lunar_correction(century) + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - shift - in_century % 4) % 7
    late = (year % 19 + 11 * shift + 22 * weekday) // 451
    month, day = divmod(shift + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _lunar_correction(century: int) -> int:
    return (century - (century + 8) // 25 + 1) // 3
