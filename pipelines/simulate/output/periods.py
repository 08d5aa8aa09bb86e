"""The stretches by which a company exports: quarters while there is little, months else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.simulate.centre.calendars import local_midnight
from pipelines.simulate.company.plan import HOME_ZONE, CompanyPlan

MONTHS_A_QUARTER = 3
MONTHLY_FROM = 20_000
# By then the last local day is over in every zone.
EXPORTED_AT_HOUR = 10


@dataclass(frozen=True)
class Period:
    """`exported_at` is when the files of the period are written; the last one, at the end."""

    label: str
    first: date
    last: date
    exported_at: int


class Periods:
    """Which period a day belongs to."""

    def __init__(self, plan: CompanyPlan) -> None:
        self._plan = plan
        self._months = MONTHS_A_QUARTER if plan.contacts < MONTHLY_FROM else 1

    def of(self, day: date) -> Period:
        month = (day.month - 1) // self._months * self._months + 1
        begins = date(day.year, month, 1)
        after = begins + timedelta(days=31 * self._months)
        ends = min(date(after.year, after.month, 1) - timedelta(days=1), self._plan.last)
        begins = max(begins, self._plan.first)
        exported_at = local_midnight(ends + timedelta(days=1), HOME_ZONE)
        return Period(f"{begins:%Y%m}", begins, ends, exported_at + EXPORTED_AT_HOUR * 3600)
