"""What the exports of all systems have in common: a folder, periods, an accounting, file dates."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.output.accounting import Accounting
from pipelines.simulate.output.periods import Period, Periods

Truth = dict[str, int | float]
D = TypeVar("D")
# Real exports are mostly sound; a loader stops at one bad record among twenty.
RECORDS_A_DEFECT = 25


class Export(ABC):
    """One system's export into `<root>/<source>/<account>/`.

    `truth` says what is so in the world; `accounting` what a loader must count, file by file.
    """

    source: ClassVar[str]
    account: ClassVar[str] = "northwind"

    def __init__(self, root: Path, plan: CompanyPlan, *, dirt: bool = True) -> None:
        self.plan = plan
        self.dirt = dirt
        self.accounting = Accounting()
        self.truth: dict[str, Truth] = {}
        self._planted: Counter[str] = Counter()
        self.folder = root / self.source / self.account
        self.folder.mkdir(parents=True, exist_ok=True)
        self._periods = Periods(plan)
        self._period: Period | None = None

    def add(self, day: Day) -> None:
        """Take a day; where it begins a new period, the one before is written first."""
        period = self._periods.of(day.day)
        if self._period is not None and period != self._period:
            self.end(self._period)
        if period != self._period:
            self._period = period
            self.begin(period)
        self.take(day)

    def finish(self) -> None:
        """The last period is over."""
        if self._period is not None:
            self.end(self._period)

    def kpis(self) -> dict[str, Any] | None:
        """KPI values by month for a source of tickets or sessions; None for any other."""
        return None

    @abstractmethod
    def begin(self, period: Period) -> None:
        """Open what the period needs."""

    @abstractmethod
    def take(self, day: Day) -> None:
        """Write or keep what happened on a day of the period."""

    @abstractmethod
    def end(self, period: Period) -> None:
        """Write and close the files of the period."""

    def count(self, entity: str, **amounts: float) -> None:
        """Add to what is true of an entity."""
        sums = self.truth.setdefault(entity, {})
        for name, amount in amounts.items():
            sums[name] = sums.get(name, 0) + amount

    def defects(self, file_name: str, entity: str, known: Sequence[D]) -> Iterator[D]:
        """Those of the known defects that a file has room for, given what is loaded from it.

        They take turns from file to file, so that short files have each of them too.
        """
        room = self.accounting.of(file_name, entity).loaded // RECORDS_A_DEFECT
        for _ in range(min(room, len(known)) if self.dirt else 0):
            yield known[self._planted[entity] % len(known)]
            self._planted[entity] += 1

    def date_file(self, name: str, written_at: int) -> None:
        """Let the file be as old as its export: that is part of what is landed."""
        os.utime(self.folder / name, (written_at, written_at))


def stamp(at: int) -> str:
    """UTC, as JSON exports have it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def wall(at: int, zone: str = "Asia/Shanghai") -> datetime:
    """The local time of a zone, without saying which."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None)


def wall_text(at: int | None, zone: str = "Asia/Shanghai") -> str:
    return "" if at is None else wall(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def money(cents: int) -> str:
    return f"{cents / 100:.2f}"
