"""Figures that say where they come from: each carries the ids of the published cells behind it.

What belongs here: identity, and the few ways in which a report may join cells. What does not:
formatting, and any formula of a KPI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.reports.periods import Part
from pipelines.transform.kpi_query import wilson_interval

Status = Literal["met", "missed", "unclear", "unjudged"]
Turn = Literal["better", "worse", "moved"]
Aspect = Literal[
    "value",
    "low",
    "high",
    "n",
    "target",
    "benchmark",
    "maturity",
    "change",
    "target_gap",
    "gap",
    "contribution",
    "weight",
    "score",
    "rank",
    "count",
]


@dataclass(frozen=True)
class Cell:
    """The id of one row of `kpi_values`."""

    kpi_id: str
    part: Part
    start: date
    grain: str
    member: str

    def __str__(self) -> str:
        return f"{self.kpi_id}/{self.part}/{self.start}/{self.grain}={self.member}"


@dataclass(frozen=True)
class Row:
    """The id of one row of another published table, by its key."""

    table: str
    key: str

    def __str__(self) -> str:
        return f"{self.table}/{self.key}"


@dataclass(frozen=True)
class Figure:
    """A number with its sources.

    `change` is the value of `cells` less that of `against`; `target_gap` the value less the target.
    `contribution` is a member's part in a change: `cells` are the member and its whole now,
    `against` both before. `count` is how many of `cells` are in the state `status`. Two cells of
    one KPI in a row, the quarters of a half-year, stand for their sum, or for the quotient of their
    sums. A `gap` is published as such, in the unit of another KPI.
    """

    aspect: Aspect
    cells: tuple[Cell | Row, ...]
    value: float | None
    unit: str
    against: tuple[Cell | Row, ...] = ()
    status: str = ""

    @property
    def id(self) -> str:
        """Stable text that names the aspect and every cell."""
        own = "+".join(str(cell) for cell in self.cells)
        other = "; " + "+".join(str(cell) for cell in self.against) if self.against else ""
        state = f":{self.status}" if self.status else ""
        return f"{self.aspect}{state}({own}{other})"


@dataclass(frozen=True)
class Values:
    """What one cell holds, or two quarters together."""

    value: float | None
    numerator: float | None
    denominator: float | None
    n: int
    low: float | None
    high: float | None
    target: float | None
    benchmark: float | None
    maturity: float | None
    is_partial: bool


def pooled(values: Sequence[Values], unit: str) -> Values:
    """Quarters of a half-year as one: sums, or for a quotient the quotient of the sums.

    Only for KPIs whose parts add up; the target is that of the last quarter. The interval of a
    share is Wilson's again; other quotients lose theirs, since sums of squares are not published.
    """
    last = values[-1]
    n = sum(each.n for each in values)
    partial = any(each.is_partial for each in values)
    if last.denominator is None:
        total = sum(each.value or 0.0 for each in values)
        known = any(each.value is not None for each in values)
        return Values(
            total if known else None, None, None, n, None, None,
            None, None, None, partial,
        )  # fmt: skip
    numerator = sum(each.numerator or 0.0 for each in values)
    denominator = sum(each.denominator or 0.0 for each in values)
    low, high = (
        wilson_interval(numerator, denominator) if unit == "rate" and denominator else (None, None)
    )
    # A cohort's maturity is the smaller of the two: the younger quarter decides.
    ages = [each.maturity for each in values if each.maturity is not None]
    return Values(
        numerator / denominator if denominator else None,
        numerator,
        denominator,
        n,
        low,
        high,
        last.target,
        last.benchmark,
        min(ages, default=None),
        partial,
    )


def contribution(
    now: Values | None, whole_now: Values, before: Values | None, whole_before: Values
) -> float | None:
    """A member's part in the change of the whole; over all members the parts add up to it.

    Of a quotient it is (n1 / D1 - n0 / D0) less the change of its share of the base, priced at the
    mean of both values of the whole, as in docs/changes.md.
    """
    if whole_now.denominator is None or whole_before.denominator is None:
        return _value(now) - _value(before)
    if not whole_now.denominator or not whole_before.denominator:
        return None
    middle = (_value(whole_now) + _value(whole_before)) / 2

    def pull(member: Values | None, whole: float) -> float:
        if member is None:
            return 0.0
        return ((member.numerator or 0.0) - middle * (member.denominator or 0.0)) / whole

    return pull(now, whole_now.denominator) - pull(before, whole_before.denominator)


def _value(values: Values | None) -> float:
    return (values.value or 0.0) if values else 0.0
