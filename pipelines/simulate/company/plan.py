"""What to simulate, and the story that the numbers should tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from pipelines.simulate.centre.calendars import Schedule, local_midnight, london, shanghai

HOME_ZONE = "Asia/Shanghai"
# Contacts in helpdesk, chat tool and telephone system together.
SIZES = {"S": 6_000, "M": 100_000, "L": 2_000_000}
DEFAULT_DAYS = 548
ORDERS_PER_CONTACT = 2.2
SHARES = {"desk": 0.34, "chat": 0.44, "call": 0.22}


@dataclass(frozen=True)
class Episode:
    """A stretch of days in which something is different from usual."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class CompanyPlan:
    """`contacts` are expected between the two days, both included."""

    seed: int
    contacts: int
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=offset) for offset in range(self.days)]

    @cached_property
    def ends_at(self) -> int:
        """The midnight after the last day, at home."""
        return local_midnight(self.last + timedelta(days=1), HOME_ZONE)

    def expected(self, system: str) -> float:
        return self.contacts * SHARES[system]

    def day_at(self, share: float) -> date:
        """The day on which this share of the period is over."""
        return self.first + timedelta(days=int(share * (self.days - 1)))

    def progress(self, day: date) -> float:
        return (day - self.first).days / max(1, self.days - 1)

    @cached_property
    def course_day(self) -> date:
        """When the course of the trained group ends; its effect begins on the day after."""
        return self.day_at(0.55)

    @cached_property
    def tent_fault(self) -> Episode:
        """Tents of a bad batch are sold and come back."""
        return Episode(self.day_at(0.62), self.day_at(0.72))

    @cached_property
    def courier_trouble(self) -> Episode:
        """The courier's depot is closed: parcels are late."""
        return Episode(
            self.day_at(0.30), self.day_at(0.30) + timedelta(days=max(2, self.days // 40))
        )

    @cached_property
    def five_point_scale_since(self) -> date:
        """From here on the chat asks for one of five grades; before, one of three."""
        return self.day_at(0.45)

    def schedules(self) -> dict[str, Schedule]:
        years = self.first.year - 1, self.last.year + 1
        return {"zh": shanghai(*years), "en": london(*years)}

    def rng(self, name: str) -> Random:
        """A stream of its own for each part, so that one part does not disturb another."""
        return Random(f"{self.seed}:{name}")  # noqa: S311 - a reproducible world, no secret
