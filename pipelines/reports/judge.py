"""What a number allows to be said: met, missed, or too uncertain; changed for sure, or not."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt

from pipelines.reports.figures import Status, Turn
from pipelines.reports.outline import Rules
from pipelines.reports.store import Reading
from pipelines.transform.formulas import Z_95, Ratio, measures_of


@dataclass(frozen=True)
class Judge:
    """The rules of `outline.yml` applied to readings."""

    rules: Rules

    def is_firm(self, reading: Reading) -> bool:
        """Enough cases, and a cohort old enough, to say anything of it."""
        values = reading.values
        # A count is its own number of cases, and a composite's cases are other KPIs.
        counts_cases = reading.kpi.unit != "count" and reading.kpi.group != "composite"
        few = counts_cases and values.n < self.rules.least_cases
        young = values.maturity is not None and values.maturity < self.rules.least_maturity
        return reading.value is not None and not few and not young

    def status(self, reading: Reading) -> Status:
        """Against the target; `unclear` where the interval holds the target."""
        value, target = reading.value, reading.values.target
        if value is None or target is None or not self.is_firm(reading):
            return "unjudged"
        if reading.kpi.direction not in {"up", "down"}:
            return "unjudged"
        low, high = reading.values.low, reading.values.high
        is_good = value >= target if reading.kpi.direction == "up" else value <= target
        if is_good:
            return "met"
        if low is not None and high is not None and low <= target <= high:
            return "unclear"
        return "missed"

    def turn(self, now: Reading, before: Reading | None) -> Turn | None:
        """How it moved, or None where chance explains it or nothing can be compared."""
        if before is None or not self.is_clear(now, before):
            return None
        return direction_of(now, before)

    def is_clear(self, now: Reading, before: Reading) -> bool:
        """Whether the 95 % interval of the difference leaves zero out.

        It is put together from the two intervals (Newcombe's way), for counts and quotients of
        counts without an interval from the counts themselves. A KPI that has neither, such as a
        median or money, is never called changed.
        """
        if not (self.is_firm(now) and self.is_firm(before)):
            return False
        value, old = now.value, before.value
        if value is None or old is None:
            return False
        room = _room(now, before)
        return room is not None and abs(value - old) > room


def direction_of(now: Reading, before: Reading) -> Turn:
    """Better or worse by the KPI's own direction."""
    if now.kpi.direction == "neutral":
        return "moved"
    rose = (now.value or 0.0) > (before.value or 0.0)
    return "better" if rose == (now.kpi.direction == "up") else "worse"


def _room(now: Reading, before: Reading) -> float | None:
    """How far two readings may lie apart by chance."""
    rose = (now.value or 0.0) > (before.value or 0.0)
    upper, lower = (now, before) if rose else (before, now)
    low, high = upper.values.low, lower.values.high
    if low is not None and high is not None:
        return hypot((upper.value or 0.0) - low, high - (lower.value or 0.0))
    if now.kpi.unit == "count":
        return Z_95 * sqrt(now.values.n + before.values.n)
    errors = [_counting_error(now), _counting_error(before)]
    known = [each for each in errors if each is not None]
    return Z_95 * hypot(*known) if len(known) == len(errors) else None


def _counting_error(reading: Reading) -> float | None:
    """Of a quotient whose numerator is a count, such as complaints for each contact."""
    numerator, denominator = reading.values.numerator, reading.values.denominator
    if numerator is None or not denominator or not isinstance(reading.kpi.formula, Ratio):
        return None
    if reading.kpi.unit not in {"rate", "share", "ratio"}:
        return None
    # A sum of seconds is whole as well, but no more of them than cases makes a count.
    counted = {measure.agg for measure in measures_of(reading.kpi.formula.numerator)}
    is_count = float(numerator).is_integer() and numerator <= reading.values.n
    if counted - {"count", "count_distinct"} and not is_count:
        return None
    # No event at all still leaves room for one.
    return sqrt(max(numerator, 1.0)) / denominator
