"""When customers write: a Poisson process that follows hour, weekday, holiday and campaign."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pipelines.simulate.centre.calendars import Schedule, local_midnight

HOUR = 3600
NORMAL_APPROXIMATION_FROM = 30.0

# Share of a day's contacts by local hour: a shop's day, with peaks before lunch and after dinner.
HOURLY = (
    *(0.6, 0.3, 0.2, 0.2, 0.2, 0.4, 0.9, 1.8, 3.2, 5.6, 7.0, 6.8),
    *(5.2, 5.4, 6.2, 6.4, 6.0, 5.4, 4.8, 5.6, 7.2, 6.8, 4.2, 1.8),
)
WEEKLY = (1.15, 1.05, 1.0, 1.0, 1.02, 0.9, 0.85)
OWN_CHANNELS = {
    "zh": (("chat", 0.52), ("web", 0.18), ("email", 0.12), ("api", 0.10), ("voice", 0.08)),
    "en": (("email", 0.50), ("web", 0.24), ("chat", 0.16), ("voice", 0.06), ("api", 0.04)),
}
# Beside a chat tool and a telephone system, the helpdesk is left with letters and few chats.
LETTER_CHANNELS = {
    "zh": (("web", 0.55), ("email", 0.33), ("api", 0.12)),
    "en": (("email", 0.58), ("web", 0.26), ("chat", 0.12), ("api", 0.04)),
}
HOLIDAY_FACTOR = 0.55
YEARLY_GROWTH = 0.18
# (month, day, length in days, factor)
CAMPAIGNS = {
    "zh": ((6, 16, 5, 2.2), (11, 9, 6, 2.6)),
    "en": ((11, 26, 6, 2.3), (12, 27, 7, 1.5)),
}


@dataclass(frozen=True)
class Mix:
    """Which languages and channels come to the helpdesk."""

    chinese_share: float
    channels: Mapping[str, tuple[tuple[str, float], ...]]


EVERYTHING = Mix(0.6, OWN_CHANNELS)
LETTERS = Mix(0.35, LETTER_CHANNELS)


@dataclass(frozen=True)
class Arrival:
    """One customer starts to write."""

    at: int
    language: str
    channel: str


class Demand:
    """The rate of arrivals, scaled so that `tickets` are expected between two days."""

    def __init__(
        self,
        schedules: dict[str, Schedule],
        first: date,
        days: int,
        tickets: int,
        mix: Mix = EVERYTHING,
    ) -> None:
        self._mix = mix
        self._schedules = schedules
        self._first = first
        weights = sum(
            self._weight(language, first + timedelta(days=offset))
            for offset in range(days)
            for language in schedules
        )
        self._scale = tickets / weights

    def of_day(self, day: date, rng: Random) -> Iterator[Arrival]:
        """Arrivals whose local date is `day`, both languages, in no order."""
        for language, schedule in self._schedules.items():
            expected = self._weight(language, day) * self._scale
            midnight = local_midnight(day, schedule.zone)
            for hour, share in enumerate(HOURLY):
                for _ in range(poisson(expected * share / sum(HOURLY), rng)):
                    at = midnight + hour * HOUR + rng.randrange(HOUR)
                    yield Arrival(at, language, pick(self._mix.channels[language], rng))

    def is_campaign(self, language: str, day: date) -> bool:
        return self._campaign_factor(language, day) > 1

    def _weight(self, language: str, day: date) -> float:
        chinese = self._mix.chinese_share
        share = chinese if language == "zh" else 1 - chinese
        holiday = HOLIDAY_FACTOR if self._schedules[language].is_holiday(day) else 1.0
        growth = 1 + YEARLY_GROWTH * (day - self._first).days / 365
        campaign = self._campaign_factor(language, day)
        return share * WEEKLY[day.weekday()] * holiday * growth * campaign

    def _campaign_factor(self, language: str, day: date) -> float:
        for month, start, length, factor in CAMPAIGNS[language]:
            if 0 <= (day - date(day.year, month, start)).days < length:
                return factor
        return 1.0


def poisson(mean: float, rng: Random) -> int:
    """A Poisson draw; by the normal approximation where the product method would be slow."""
    if mean >= NORMAL_APPROXIMATION_FROM:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def pick(weighted: tuple[tuple[str, float], ...], rng: Random) -> str:
    """One name, by its weight; the weights sum to one."""
    point = rng.random()
    for name, weight in weighted:
        point -= weight
        if point < 0:
            return name
    return weighted[-1][0]
