"""The published cells that one report may use, read once; those of others are never loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pipelines.reports.figures import Aspect, Cell, Figure, Values, pooled
from pipelines.reports.periods import Period, Span
from pipelines.reports.scope import Scope
from pipelines.transform.formulas import Formula, Ratio, Simple
from pipelines.transform.published_file import read_dictionary
from pipelines.transform.semantic import Kpi, Language

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LABEL_KINDS = {"cause": "complaint_cause", "category": "qa_category"}
COLUMNS = (
    "value, numerator, denominator, n, value_low, value_high, target_value, benchmark_value,"
    " maturity, is_partial"
)


@dataclass(frozen=True)
class Reading:
    """One KPI of one member over the period: its values, and the cells that they come from.

    `is_last_part` tells that of a half-year only the last quarter is given, because the KPI's parts
    do not add up.
    """

    kpi: Kpi
    cells: tuple[Cell, ...]
    values: Values
    is_last_part: bool = False

    @property
    def value(self) -> float | None:
        return self.values.value

    def figure(self, aspect: Aspect) -> Figure:
        """One of its own numbers, with their source."""
        found = getattr(self.values, aspect)
        unit = "count" if aspect == "n" else "rate" if aspect == "maturity" else self.kpi.unit
        return Figure(aspect, self.cells, None if found is None else float(found), unit)

    def change_from(self, before: Reading | None) -> Figure | None:
        """The difference to an earlier reading, where both have a value."""
        if before is None or self.value is None or before.value is None:
            return None
        difference = self.value - before.value
        return Figure("change", self.cells, difference, self.kpi.unit, before.cells)

    def target_gap(self) -> Figure | None:
        """The value less its target."""
        if self.value is None or self.values.target is None:
            return None
        gap = self.value - self.values.target
        return Figure("target_gap", self.cells, gap, self.kpi.unit)


@dataclass(frozen=True)
class Build:
    """What the published file says of itself."""

    build_id: str
    data_as_of: datetime | None
    checks_passed: int
    checks_total: int


@dataclass(frozen=True)
class CellStore:
    """The cells of one scope around one period, definitions and names.

    A report on a shop, team or person holds the cells of that member and no others.
    """

    period: Period
    scope: Scope
    kpis: Mapping[str, Kpi]
    build: Build
    cells: Mapping[Cell, Values]
    labels: Mapping[tuple[str, str], tuple[str, str]]
    people: Mapping[str, str]
    _members: dict[tuple[str, str], list[str]] = field(default_factory=dict, repr=False)

    def reading(
        self,
        kpi_id: str,
        period: Period | None = None,
        grain: str | None = None,
        member: str | None = None,
    ) -> Reading | None:
        """The KPI over `period` for a member; None where the build has no such cell.

        Args:
            kpi_id: An id of the dictionary; None is given for one that the build does not define.
            period: The report's own where not given.
            grain: The scope's where not given, as `member`.
            member: As published.
        """
        kpi = self.kpis.get(kpi_id)
        if kpi is None:
            return None
        spans = (period or self.period).spans
        where = (grain or self.scope.grain, member or self.scope.member)
        ids = tuple(Cell(kpi_id, span.part, span.start, *where) for span in spans)
        found = [(cell, self.cells[cell]) for cell in ids if cell in self.cells]
        if not found:
            return None
        # A quarter without a cell had no record, and adds nothing.
        if len(spans) == 1 or adds_up(kpi.formula):
            values = [each for _, each in found]
            joined = values[0] if len(values) == 1 else pooled(values, kpi.unit)
            return Reading(kpi, tuple(cell for cell, _ in found), joined)
        last = ids[-1]
        if last not in self.cells:
            return None
        return Reading(kpi, (last,), self.cells[last], is_last_part=True)

    def at(self, kpi_id: str, span: Span) -> Reading | None:
        """The scope's KPI in one published period, for a chart over time."""
        cell = Cell(kpi_id, span.part, span.start, self.scope.grain, self.scope.member)
        values = self.cells.get(cell)
        return None if values is None else Reading(self.kpis[kpi_id], (cell,), values)

    def members(self, kpi_id: str, grain: str) -> Sequence[str]:
        """Who has cells of the KPI at a grain, now or in the period before."""
        if not self._members:
            for cell in self.cells:
                known = self._members.setdefault((cell.kpi_id, cell.grain), [])
                if cell.member not in known:
                    known.append(cell.member)
        return sorted(self._members.get((kpi_id, grain), []))

    def member_name(self, grain: str, member: str, language: Language) -> str:
        """A member as a reader knows it."""
        if grain == "agent":
            return self.people.get(member, member)
        kind = LABEL_KINDS.get(grain, grain)
        names = self.labels.get((kind, member)) or self.labels.get(("team", member))
        return names[0 if language == "en" else 1] if names else member


def adds_up(formula: Formula) -> bool:
    """Whether quarters join to a half-year by adding: plain sums and counts, and their quotients.

    Distinct counts, percentiles, snapshots and derived KPIs do not.
    """
    if isinstance(formula, Simple):
        return formula.measure.agg in {"sum", "count"} and not formula.measure.is_snapshot
    if isinstance(formula, Ratio):
        return adds_up(formula.numerator) and adds_up(formula.denominator)
    return False


def load_cells(connection: DuckDBPyConnection, period: Period, scope: Scope) -> CellStore:
    """Read what a report on `scope` over `period` may use."""
    kpis = read_dictionary(connection)
    trend = [span.start for span in period.trend]
    own = [span.start for each in (period, period.previous) for span in each.spans]
    conditions, given = _rows_of(scope)
    rows = connection.execute(
        "select kpi_id, period_type, period_start, grain, unit_value,"  # noqa: S608  constants
        f" {COLUMNS} from published.kpi_values where period_type = ?"
        f" and ((period_start in (select unnest(?::date[])) and {conditions})"
        " or (period_start in (select unnest(?::date[])) and grain = ? and unit_value = ?))"
        " and not coalesce(no_base, false)",
        [period.part, own, *given, trend, scope.grain, scope.member],
    ).fetchall()
    return CellStore(
        period=period,
        scope=scope,
        kpis=kpis,
        build=_build(connection),
        cells={Cell(*row[:5]): Values(*row[5:]) for row in rows},
        labels={
            (kind, member): (en, zh)
            for kind, member, en, zh in connection.execute(
                "select kind, member, name_en, name_zh from published.dim_labels"
            ).fetchall()
        },
        people=_people(connection, scope),
    )


def _rows_of(scope: Scope) -> tuple[str, list[Any]]:
    # People are named one by one in nobody's report but their own.
    if scope.is_whole:
        return "grain <> 'agent'", []
    return "grain = ? and unit_value = ?", [scope.grain, scope.member]


def _people(connection: DuckDBPyConnection, scope: Scope) -> dict[str, str]:
    if scope.grain != "agent":
        return {}
    rows: Iterable[tuple[str, str]] = connection.execute(
        "select person_key, person_name from published.dim_people where person_key = ?",
        [scope.member],
    ).fetchall()
    return dict(rows)


def _build(connection: DuckDBPyConnection) -> Build:
    row = connection.execute(
        "select build_id, data_as_of, checks_passed, checks_passed + checks_failed + checks_warned"
        " from published.build_info"
    ).fetchone()
    if row is None:
        raise ValueError("published.build_info is empty")
    return Build(*row)


def newest_day(connection: DuckDBPyConnection, zone: str) -> date:
    """The last business date that the build has data of, in the reporting zone."""
    row = connection.execute(
        "select cast(timezone(?, timezone('UTC', data_as_of)) as date) from published.build_info",
        [zone],
    ).fetchone()
    if row is None or row[0] is None:
        raise ValueError("published.build_info names no instant of its data")
    found: date = row[0]
    return found
