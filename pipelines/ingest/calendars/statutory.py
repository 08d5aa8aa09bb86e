"""Statutory holidays and make-up workdays of a country, year by year.

Grain: one day that is not what its weekday says. Every country comes from `holidays`; China's days
(调休: weekends that are worked, weekdays off in lieu) from `chinesecalendar`, each year checked
against `holidays`. A year that a library does not know is absent, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.errors import ExitCode, HelpmartError

FIRST_YEAR = 2004
LAST_YEAR = 2040
CHINA = "CN"
_FIRST_WEEKEND_DAY = 5

# Days on which the two libraries are known to differ, with what held: the State Council's notice
# on New Year 2006 made this Saturday of the year before a workday.
SETTLED_IN_CHINA: dict[date, Literal["holiday", "workday"]] = {date(2005, 12, 31): "workday"}


@dataclass(frozen=True, order=True)
class StatutoryDay:
    """A date on which a country is closed although its weekday is not, or the reverse."""

    country: str
    subdivision: str
    date: date
    kind: Literal["holiday", "workday"]
    name: str


def statutory_days(country: str, subdivision: str = "") -> list[StatutoryDay]:
    """All statutory days of a country, or of a part of it, that the libraries know.

    Args:
        country: ISO 3166 code such as CN or GB.
        subdivision: the library's code of a part of the country such as ENG; empty for the whole.

    Raises:
        HelpmartError: no such country or part, or the libraries disagree on China.
    """
    if country == CHINA and not subdivision:
        return sorted(_chinese_days())
    return sorted(_days_of(country, subdivision))


def known_years(country: str) -> range:
    """The years of which statutory days are known."""
    if country != CHINA:
        return range(FIRST_YEAR, LAST_YEAR + 1)
    from chinese_calendar import constants

    return range(FIRST_YEAR, max(constants.holidays).year + 1)


def _days_of(country: str, subdivision: str) -> Iterable[StatutoryDay]:
    import holidays

    try:
        found = holidays.country_holidays(
            country, subdiv=subdivision or None, years=known_years(country)
        )
    except NotImplementedError as error:
        raise HelpmartError(
            f"No statutory days are known for {'-'.join(filter(None, (country, subdivision)))}",
            where="source calendars, column holiday_country or holiday_subdivision",
            why=str(error),
            remedy="write an ISO 3166 country such as CN or GB and a subdivision such as ENG, or "
            "leave both empty and list the days in special_days",
            exit_code=ExitCode.SETUP_BROKEN,
        ) from error
    return [StatutoryDay(country, subdivision, day, "holiday", name) for day, name in found.items()]


def _chinese_days() -> Iterable[StatutoryDay]:
    from chinese_calendar import constants

    days = {day: ("holiday", name) for day, name in constants.holidays.items()}
    days |= {day: ("workday", name) for day, name in constants.workdays.items()}
    known = known_years(CHINA)
    open_questions = _disagreements(known) - SETTLED_IN_CHINA.keys()
    if open_questions:
        listed = ", ".join(day.isoformat() for day in sorted(open_questions))
        raise HelpmartError(
            "Two libraries disagree on China's statutory days",
            where=listed,
            why="chinesecalendar and holidays do not name the same days",
            remedy="look the days up in the State Council's notice and settle them in "
            "pipelines/ingest/calendars/statutory.py",
            exit_code=ExitCode.SETUP_BROKEN,
        )
    days |= {day: (kind, "调休") for day, kind in SETTLED_IN_CHINA.items()}
    return [
        StatutoryDay(CHINA, "", day, "holiday" if kind == "holiday" else "workday", name)
        for day, (kind, name) in days.items()
        if day.year in known
    ]


def _disagreements(years: Iterable[int]) -> set[date]:
    """Weekdays that one library closes and the other does not, and weekends likewise worked."""
    import holidays
    from chinese_calendar import constants

    wanted = frozenset(years)
    other = holidays.country_holidays(CHINA, years=wanted)
    worked: set[date] = getattr(other, "weekend_workdays", set())
    closed = {day for day in constants.holidays if day.weekday() < _FIRST_WEEKEND_DAY}
    closed ^= {day for day in other if day.weekday() < _FIRST_WEEKEND_DAY}
    return {day for day in closed | (set(constants.workdays) ^ worked) if day.year in wanted}
