"""The months, quarters and half-years that a report is about. Pure: no file, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.errors import ExitCode, HelpmartError
from pipelines.transform.months import add_months
from pipelines.transform.semantic import Language

Kind = Literal["monthly", "quarterly", "half-year"]
Part = Literal["day", "week", "month", "quarter"]
KINDS: tuple[Kind, ...] = ("monthly", "quarterly", "half-year")
MONTHS: dict[Kind, int] = {"monthly": 1, "quarterly": 3, "half-year": 6}
SHAPES: dict[Kind, str] = {
    "monthly": r"(\d{4})-(0[1-9]|1[0-2])",
    "quarterly": r"(\d{4})-Q([1-4])",
    "half-year": r"(\d{4})-H([12])",
}
EXAMPLES: dict[Kind, str] = {
    "monthly": "2026-03",
    "quarterly": "2026-Q1",
    "half-year": "2026-H1",
}
TREND_LENGTH: dict[str, int] = {"month": 13, "quarter": 9}
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
QUARTERS_ZH = "一二三四"


@dataclass(frozen=True)
class Span:
    """A published month or quarter."""

    part: Part
    start: date

    @property
    def end(self) -> date:
        """The first day after it."""
        return add_months(self.start, 1 if self.part == "month" else 3)

    def label(self, language: Language) -> str:
        """As short as an axis wants it."""
        if self.part == "month":
            return f"{self.start:%Y-%m}"
        quarter = (self.start.month + 2) // 3
        return f"{self.start.year} Q{quarter}" if language == "en" else _quarter_zh(self.start)


@dataclass(frozen=True)
class Period:
    """What a report covers; a half-year is its two quarters, since no half-year is published."""

    kind: Kind
    start: date

    @property
    def end(self) -> date:
        """The first day after it."""
        return add_months(self.start, MONTHS[self.kind])

    @property
    def previous(self) -> Period:
        """The period of the same length right before."""
        return Period(self.kind, add_months(self.start, -MONTHS[self.kind]))

    @property
    def following(self) -> Period:
        """The period of the same length right after."""
        return Period(self.kind, self.end)

    @property
    def part(self) -> Part:
        return "month" if self.kind == "monthly" else "quarter"

    @property
    def spans(self) -> tuple[Span, ...]:
        """The published periods that it is made of, first to last."""
        if self.kind != "half-year":
            return (Span(self.part, self.start),)
        return Span("quarter", self.start), Span("quarter", add_months(self.start, 3))

    @property
    def trend(self) -> tuple[Span, ...]:
        """The published periods up to its end, as many as a chart shows."""
        step = 1 if self.part == "month" else 3
        length = TREND_LENGTH[self.part]
        return tuple(
            Span(self.part, add_months(self.end, -step * back)) for back in range(length, 0, -1)
        )

    @property
    def name(self) -> str:
        """As it is typed and as files are called: 2026-03, 2026-Q1, 2026-H1."""
        if self.kind == "monthly":
            return f"{self.start:%Y-%m}"
        if self.kind == "quarterly":
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        return f"{self.start.year}-H{1 if self.start.month == 1 else 2}"

    def label(self, language: Language) -> str:
        """As a reader says it."""
        start = self.start
        if self.kind == "monthly":
            month = MONTH_NAMES[start.month - 1]
            return (
                f"{month} {start.year}" if language == "en" else f"{start:%Y} 年 {start.month} 月"
            )
        if self.kind == "quarterly":
            quarter = (start.month + 2) // 3
            return f"Q{quarter} {start.year}" if language == "en" else _quarter_zh(start)
        first = start.month == 1
        if language == "en":
            return f"H{1 if first else 2} {start.year}"
        return f"{start.year} 年{'上' if first else '下'}半年"


def _quarter_zh(start: date) -> str:
    return f"{start.year} 年第{QUARTERS_ZH[(start.month - 1) // 3]}季度"


def parse_period(kind: Kind, text: str) -> Period:
    """The period that a user typed.

    Raises:
        HelpmartError: It is none of that kind.
    """
    match = re.fullmatch(SHAPES[kind], text)
    if match is None:
        raise HelpmartError(
            what=f"{text!r} is no period of a {kind} report",
            remedy=f"write it as {EXAMPLES[kind]}",
            exit_code=ExitCode.USAGE,
        )
    number = int(match[2])
    return Period(kind, date(int(match[1]), (number - 1) * MONTHS[kind] + 1, 1))


def latest_complete(kind: Kind, newest: date) -> Period:
    """The newest period that had ended by the end of `newest`, the last day with all its data."""
    months = MONTHS[kind]
    running = Period(kind, date(newest.year, (newest.month - 1) // months * months + 1, 1))
    return running.previous
