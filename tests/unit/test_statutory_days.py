"""Statutory days: two libraries agree, a year without data is absent, mistakes are explained."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from chinese_calendar import constants

from pipelines.errors import HelpmartError
from pipelines.ingest.calendars.statutory import known_years, statutory_days


def kinds(country: str, subdivision: str = "") -> dict[date, str]:
    return {day.date: day.kind for day in statutory_days(country, subdivision)}


def test_china_closes_weekdays_in_lieu_and_works_weekends() -> None:
    days = kinds("CN")
    # State Council notice for 2025: 1 to 8 October off, 28 September and 11 October worked.
    assert [days[date(2025, 10, day)] for day in range(1, 9)] == ["holiday"] * 8
    assert days[date(2025, 9, 28)] == days[date(2025, 10, 11)] == "workday"
    assert date(2025, 10, 9) not in days


def test_a_day_that_one_library_misses_is_settled_by_the_notice() -> None:
    assert kinds("CN")[date(2005, 12, 31)] == "workday"


def test_no_day_comes_twice() -> None:
    assert max(Counter(day.date for day in statutory_days("CN")).values()) == 1


def test_england_has_its_own_days() -> None:
    england, scotland = kinds("GB", "ENG"), kinds("GB", "SCT")
    assert england[date(2026, 4, 6)] == "holiday"  # Easter Monday
    assert date(2026, 4, 6) not in scotland


def test_years_that_nobody_announced_are_absent() -> None:
    last = known_years("CN")[-1]
    assert max(kinds("CN")).year == last == max(constants.holidays).year
    assert last + 1 not in known_years("CN")


@pytest.mark.parametrize("place", [("XX", ""), ("GB", "ZZ")])
def test_an_unknown_place_is_named(place: tuple[str, str]) -> None:
    with pytest.raises(HelpmartError, match="-".join(filter(None, place))):
        statutory_days(*place)


def test_libraries_that_disagree_stop_the_load(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {day: name for day, name in constants.holidays.items() if day != date(2025, 10, 1)}
    monkeypatch.setattr(constants, "holidays", wrong)
    with pytest.raises(HelpmartError, match="disagree") as caught:
        statutory_days("CN")
    assert "2025-10-01" in caught.value.where
