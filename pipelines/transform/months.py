"""Going from month to month. Pure: no file, no clock."""

from __future__ import annotations

from datetime import date

MONTHS_A_YEAR = 12


def add_months(start: date, months: int) -> date:
    """The first day of the month so many months away, before `start` where they are negative."""
    number = start.year * MONTHS_A_YEAR + start.month - 1 + months
    return date(number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1, 1)
