"""How much happens on a day and at what hour: growth, weekday, holiday, campaign, a trend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from pipelines.simulate.centre.arrivals import (
    CAMPAIGNS,
    HOLIDAY_FACTOR,
    HOUR,
    HOURLY,
    WEEKLY,
    YEARLY_GROWTH,
    poisson,
)
from pipelines.simulate.centre.calendars import Schedule, local_midnight
from pipelines.simulate.company.plan import CompanyPlan


class Stream:
    """Instants of one kind of event; `expected` of them over the whole plan.

    Args:
        plan: the period.
        schedule: whose zone and holidays hold.
        language: whose campaigns hold.
        expected: how many in all.
        trend: multiplies the rate of a day; default: nothing changes.
        campaign_power: above one, campaigns weigh more than in contacts; orders do.
    """

    def __init__(
        self,
        plan: CompanyPlan,
        schedule: Schedule,
        language: str,
        expected: float,
        trend: Callable[[date], float] = lambda day: 1.0,
        campaign_power: float = 1.0,
    ) -> None:
        self._schedule = schedule
        weights = {}
        for day in plan.dates:
            growth = 1 + YEARLY_GROWTH * (day - plan.first).days / 365
            holiday = HOLIDAY_FACTOR if schedule.is_holiday(day) else 1.0
            campaign = campaign_factor(language, day) ** campaign_power
            weights[day] = WEEKLY[day.weekday()] * growth * holiday * campaign * trend(day)
        total = sum(weights.values())
        self.rates = {day: expected * weight / total for day, weight in weights.items()}

    def of_day(self, day: date, rng: Random) -> list[int]:
        """The instants of a local day, in order."""
        midnight = local_midnight(day, self._schedule.zone)
        count = poisson(self.rates[day], rng)
        hours = rng.choices(range(24), HOURLY, k=count)
        return sorted(midnight + hour * HOUR + rng.randrange(HOUR) for hour in hours)


def campaign_factor(language: str, day: date) -> float:
    for month, start, length, factor in CAMPAIGNS[language]:
        if 0 <= (day - date(day.year, month, start)).days < length:
            return factor
    return 1.0
