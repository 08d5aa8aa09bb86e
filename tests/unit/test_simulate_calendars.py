"""The simulator's own calendars, against days that can be reckoned by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipelines.simulate.centre.calendars import BusinessClock, ScheduleHistory, london, shanghai

HOUR = 3600
SHANGHAI = BusinessClock(shanghai(2025, 2027), date(2025, 9, 1), date(2027, 1, 31))
LONDON = BusinessClock(london(2025, 2027), date(2025, 9, 1), date(2027, 1, 31))


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def hours_of_day(clock: BusinessClock, day: str) -> float:
    """Working hours of a UTC day; both offices open and close within it."""
    start = epoch(f"{day} 00:00")
    return clock.between(start, start + 24 * HOUR) / HOUR


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-12", 9), ("2026-03-14", 4), ("2026-03-15", 0), ("2026-02-17", 0), ("2025-10-07", 0)],
)
def test_shanghai_works_full_days_saturday_mornings_and_no_festival(day: str, hours: int) -> None:
    assert hours_of_day(SHANGHAI, day) == hours


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-12", 8.5), ("2026-03-14", 0), ("2026-04-03", 0), ("2026-04-06", 0)],
)
def test_london_rests_on_weekends_and_at_easter(day: str, hours: float) -> None:
    assert hours_of_day(LONDON, day) == hours


def test_london_opens_an_hour_earlier_by_utc_in_summer() -> None:
    assert not LONDON.is_open(epoch("2026-03-27 08:30"))
    assert LONDON.is_open(epoch("2026-03-30 08:30"))


def test_a_target_is_used_up_at_closing_time_not_at_the_next_opening() -> None:
    opening = epoch("2026-03-12 01:00")
    assert SHANGHAI.after(opening, 9 * HOUR) == epoch("2026-03-12 10:00")
    assert SHANGHAI.after(opening, 9 * HOUR + 1) == epoch("2026-03-13 01:00:01")


def test_time_is_used_up_when_the_clock_says_so() -> None:
    start = epoch("2026-03-11 22:00")
    for seconds in (1, 900, 5 * HOUR, 40 * HOUR):
        assert LONDON.between(start, LONDON.after(start, seconds)) == seconds


def test_each_schedule_counts_while_it_is_in_force() -> None:
    moved_at = epoch("2026-03-12 09:30")
    history = ScheduleHistory([(epoch("2026-03-12 02:00"), SHANGHAI), (moved_at, LONDON)])
    start, end = epoch("2026-03-12 00:00"), epoch("2026-03-12 18:00")
    assert history.between(start, end) == 8.5 * HOUR + 8 * HOUR
    assert history.between_by_last(start, end) == 8.5 * HOUR
