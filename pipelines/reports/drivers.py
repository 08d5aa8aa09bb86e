"""Which members moved a KPI between two periods: parts that add up to the change.

Months and quarters have their exact bridge published, with its main effect and paradoxes. A
half-year has none; its members' parts are made here from their pooled cells by the same formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.reports.figures import Cell, Figure, Row, Values, contribution
from pipelines.reports.periods import Period, Span
from pipelines.reports.store import CellStore, Reading

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RESIDUAL = 1e-9
NOBODY = frozenset({"unknown", "none", "withheld"})
ENTERED, LEFT, STAYED = "entered", "left", "stayed"


@dataclass(frozen=True)
class Driver:
    """One member's part in the change, and whether it is new or gone."""

    member: str
    part: Figure
    presence: str


@dataclass(frozen=True)
class Drivers:
    """The members of the dimension that explains a change best, largest part first.

    `effect` is what most of the change comes from: mix, rate, entry, exit or volume, and
    `effect_member` who has most of it; both are empty where no bridge is published.
    """

    grain: str
    members: tuple[Driver, ...]
    effect: str = ""
    effect_member: str = ""
    is_paradox: bool = False

    @property
    def largest(self) -> float:
        """The size of the largest part."""
        return max(abs(each.part.value or 0.0) for each in self.members)


def read_drivers(
    connection: DuckDBPyConnection, period: Period, units: Mapping[str, str]
) -> dict[str, Drivers]:
    """The published bridges of a month or quarter against the one before, by KPI.

    People are left out: one person's part is in no report on the whole desk.

    Args:
        connection: To the published file.
        period: A half-year has no bridge.
        units: By KPI.
    """
    if period.kind == "half-year":
        return {}
    span, before = period.spans[0], period.previous.spans[0]
    rows = connection.execute(
        "with best as ("
        " select kpi_id, grain, main_effect, main_member, changes.is_paradox"
        " from published.kpi_changes as changes"
        " inner join published.kpi_change_drivers as largest"
        " using (kpi_id, grain, comparison, period_type, period_start)"
        " where comparison = 'previous' and period_type = ? and period_start = ?"
        " and grain not in ('total', 'agent')"
        # What no member accounts for explains nothing.
        " and largest.driver_rank = 1 and largest.member_kind = 'member'"
        " qualify row_number() over (partition by kpi_id order by grain_rank, grain) = 1)"
        " select best.*, drivers.unit_value, drivers.member_kind, drivers.presence,"
        " drivers.total_effect from best"
        " inner join published.kpi_change_drivers as drivers"
        " on drivers.kpi_id = best.kpi_id and drivers.grain = best.grain"
        " and drivers.comparison = 'previous' and drivers.period_type = ?"
        " and drivers.period_start = ?"
        " order by best.kpi_id, drivers.driver_rank",
        [span.part, span.start, span.part, span.start],
    ).fetchall()
    found: dict[str, list[Any]] = {}
    for row in rows:
        if row[0] in units:
            found.setdefault(row[0], []).append(row)
    return {kpi_id: _published(own, span, before, units[kpi_id]) for kpi_id, own in found.items()}


def _published(rows: list[Any], span: Span, before: Span, unit: str) -> Drivers:
    kpi_id, grain, effect, effect_member, is_paradox = rows[0][:5]
    members = []
    for *_, member, kind, presence, part in rows:
        now: tuple[Cell | Row, ...]
        if kind == "member":
            now = _pair(kpi_id, span, grain, member, is_there=presence != LEFT)
            old = _pair(kpi_id, before, grain, member, is_there=presence != ENTERED)
            figure = Figure("contribution", now, part, unit, old)
        else:
            key = f"{kpi_id}/{span.part}/{span.start}/{grain}={member}"
            rest = Row("kpi_change_drivers", key)
            now = (rest, *_pair(kpi_id, span, grain, member, is_there=False))
            old = _pair(kpi_id, before, grain, member, is_there=False)
            figure = Figure("contribution", now, part, unit, old)
        members.append(Driver(member, figure, presence))
    return Drivers(grain, tuple(members), effect or "", effect_member or "", bool(is_paradox))


def _pair(kpi_id: str, span: Span, grain: str, member: str, *, is_there: bool) -> tuple[Cell, ...]:
    """The member's cell, where it has one, and that of the whole."""
    whole = Cell(kpi_id, span.part, span.start, "total", "total")
    return (Cell(kpi_id, span.part, span.start, grain, member), whole) if is_there else (whole,)


def pooled_drivers(store: CellStore, kpi_id: str, grains: Iterable[str]) -> Drivers | None:
    """The dimension whose largest member stands out most; None where none adds up.

    Args:
        store: Of a report on the whole desk over a half-year.
        kpi_id: Which KPI changed.
        grains: Dimensions to try.
    """
    found = [drivers for grain in grains if (drivers := _by(store, kpi_id, grain)) is not None]
    best = max(found, key=_concentration, default=None)
    return best if best is not None and _concentration(best) > 0 else None


def _by(store: CellStore, kpi_id: str, grain: str) -> Drivers | None:
    now, before = store.reading(kpi_id), store.reading(kpi_id, store.period.previous)
    if now is None or before is None or now.value is None or before.value is None:
        return None
    change = now.value - before.value
    members = [_driver(store, now, before, grain, each) for each in store.members(kpi_id, grain)]
    known = [each for each in members if each is not None]
    total = sum(each.part.value or 0.0 for each in known)
    scale = max(1.0, abs(now.value), abs(before.value))
    if not known or abs(total - change) > RESIDUAL * scale:
        return None
    ranked = sorted(known, key=lambda each: (-abs(each.part.value or 0.0), each.member))
    return Drivers(grain, tuple(ranked))


def _driver(
    store: CellStore, now: Reading, before: Reading, grain: str, member: str
) -> Driver | None:
    own = store.reading(now.kpi.id, store.period, grain, member)
    old = store.reading(now.kpi.id, store.period.previous, grain, member)
    part = contribution(_values(own), now.values, _values(old), before.values)
    if part is None or (own is None and old is None):
        return None
    figure = Figure(
        "contribution",
        (*(own.cells if own else ()), *now.cells),
        part,
        now.kpi.unit,
        (*(old.cells if old else ()), *before.cells),
    )
    presence = ENTERED if old is None else LEFT if own is None else STAYED
    return Driver(member, figure, presence)


def _values(reading: Reading | None) -> Values | None:
    return reading.values if reading else None


def _concentration(drivers: Drivers) -> float:
    """How much of all movement the largest member makes; one alone, or nobody, explains nothing."""
    parts = [abs(each.part.value or 0.0) for each in drivers.members]
    if drivers.members[0].member in NOBODY:
        return 0.0
    moved = sum(parts)
    return max(parts) / moved if moved and len(parts) > 1 else 0.0
