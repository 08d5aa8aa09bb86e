"""Answers questions about KPIs from the published file, over any dimension and period.

What belongs here: the SQL around a definition. What does not: definitions, which the published
file carries in `kpi_dictionary`, so that an answer always fits the numbers beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import sqrt
from typing import TYPE_CHECKING, Any

from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings
from pipelines.transform.dataset_metrics import DATASETS, dataset_metrics
from pipelines.transform.formulas import Z_95, Measure, Ratio, Simple, value_sql
from pipelines.transform.published_file import (
    SCHEMA,
    did_you_mean,
    find_kpi,
    open_published,
    read_dictionary,
)
from pipelines.transform.semantic import Kpi

if TYPE_CHECKING:
    import duckdb

PERIODS = ("total", "day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class KpiSummary:
    """One line of the list of KPIs."""

    id: str
    name_en: str
    name_zh: str
    group: str
    unit: str
    direction: str
    catalogue: str


@dataclass(frozen=True)
class _Question:
    by: tuple[str, ...]
    period: str
    first: date | None
    last: date | None
    where: tuple[tuple[str, str], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell the rows of the answer apart."""
        return self.by if self.period == "total" else ("period_start", *self.by)


def list_kpis(settings: Settings) -> list[KpiSummary]:
    """Every KPI and variant of the published build, by id."""
    with open_published(settings) as connection:
        return [
            KpiSummary(
                kpi.id, kpi.name_en, kpi.name_zh, kpi.group, kpi.unit, kpi.direction, kpi.catalogue
            )
            for kpi in read_dictionary(connection).values()
        ]


def show_kpi(settings: Settings, kpi_id: str) -> dict[str, str]:
    """What a KPI means, in the words of its definition, and which datasets a chart finds it in."""
    with open_published(settings) as connection:
        kpi = find_kpi(read_dictionary(connection), kpi_id)
    shown = {key: text for key, text in vars(kpi).items() if isinstance(text, str)}
    return shown | {
        "measures": "; ".join(_in_words(measure) for measure in kpi.measures),
        "datasets": "; ".join(_charted(kpi)),
    }


def _charted(kpi: Kpi) -> Iterator[str]:
    """Datasets with the KPI as a metric and the column of its days; all values are worked out."""
    for dataset in DATASETS:
        for metric in dataset_metrics(dataset, [kpi]):
            if metric.name == kpi.id:
                yield f"{dataset} by {metric.time_column}"
    yield f"kpi_values by period_start, where kpi_id is {kpi.id}"


def query(
    settings: Settings,
    kpi_id: str,
    *,
    by: Sequence[str] = (),
    period: str = "total",
    date_from: str | None = None,
    date_to: str | None = None,
    where: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """The KPI's values with numerator, denominator and n, straight from the published facts.

    Args:
        settings: Which installation.
        kpi_id: An id of the dictionary.
        by: Columns of the facts, such as channel or team_name.
        period: One of `PERIODS`; weeks begin on Monday.
        date_from: First business date, ISO.
        date_to: Last business date, ISO, inclusive.
        where: Conditions `column=value`; two on one column mean either.
    """
    question = _Question(
        by=tuple(dict.fromkeys(by)),
        period=_period(period),
        first=_day("--from", date_from),
        last=_day("--to", date_to),
        where=tuple(_condition(text) for text in where),
    )
    with open_published(settings) as connection:
        kpi = find_kpi(read_dictionary(connection), kpi_id)
        _require_columns(connection, kpi, question)
        sql, parameters = _statement(kpi, question)
        found = connection.execute(sql, parameters)
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [_with_interval(row) for row in rows] if kpi.unit == "rate" else rows


def wilson_interval(hits: float, cases: float) -> tuple[float, float]:
    """The 95 % Wilson interval of a share; `cases` is positive."""
    share, square = hits / cases, Z_95**2
    centre = share + square / (2 * cases)
    spread = Z_95 * sqrt((share * (1 - share) + square / (4 * cases)) / cases)
    scale = 1 + square / cases
    return (centre - spread) / scale, (centre + spread) / scale


def _in_words(measure: Measure) -> str:
    return f"{measure.name} = {measure.over(measure.expr)} on {measure.fact} by {measure.time}"


def _period(period: str) -> str:
    if period in PERIODS:
        return period
    raise _usage(f"{period!r} is no period", f"known are {', '.join(PERIODS)}")


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _usage(f"{option} {text!r} is no date", "write it as 2026-01-31") from error


def _condition(text: str) -> tuple[str, str]:
    column, equals, value = text.partition("=")
    if not equals or not column:
        raise _usage(f"{text!r} is no condition", "write it as channel=web")
    return column.strip(), value.strip()


def _require_columns(connection: duckdb.DuckDBPyConnection, kpi: Kpi, question: _Question) -> None:
    """Refuse a dimension that one of the KPI's facts lacks; only known names reach the SQL."""
    known: set[str] | None = None
    for fact in sorted({measure.fact for measure in kpi.measures}):
        columns = connection.execute(
            "select column_name from information_schema.columns"
            " where table_schema = ? and table_name = ?",
            [SCHEMA, fact],
        ).fetchall()
        names = {name for (name,) in columns}
        known = names if known is None else known & names
    for column in (*question.by, *(name for name, _ in question.where)):
        if column not in (known or set()):
            raise _usage(
                f"{kpi.id} cannot be broken down by {column!r}",
                did_you_mean(column, known or set()),
            )


def _statement(kpi: Kpi, question: _Question) -> tuple[str, list[Any]]:
    parts: list[str] = []
    parameters: list[Any] = []
    ordered = sorted(kpi.measures, key=lambda each: (each.fact, each.time))
    for (fact, time), measures in groupby(ordered, key=lambda each: (each.fact, each.time)):
        sql, given = _branch(fact, time, list(measures), question)
        parts.append(sql)
        parameters += given
    keys = "".join(f"{key}, " for key in question.keys)
    merged = ", ".join(f"max({name}) as {name}" for name in _columns(kpi))
    ending = f" group by {keys[:-2]} order by {keys[:-2]}" if keys else ""
    # Only names of the dictionary and of known columns are written in; values are parameters.
    sql = (
        f"with parts as ({' union all by name '.join(parts)}),"  # noqa: S608
        f" cells as (select {keys}{merged} from parts{ending})"
        f" select {keys}{_results(kpi)} from cells"
    )
    return sql, parameters


def _branch(
    fact: str, time: str, measures: list[Measure], question: _Question
) -> tuple[str, list[Any]]:
    """One fact's measures by one anchor, grouped as asked."""
    dated, days = _in_period(time, question)
    members, values = _of_members(question)
    columns = list(question.by)
    bucket = f"cast(date_trunc('{question.period}', {time}) as date)"
    if question.period != "total":
        columns.insert(0, f"{bucket} as period_start")
    columns += [f"{measure.over(measure.expr)} as {measure.name}" for measure in measures]
    columns += [
        f"count({measure.expr}) as {measure.name}_n"
        for measure in measures
        if measure.agg == "percentile"
    ]
    rows = f"select * from {SCHEMA}.{fact} where {dated}"  # noqa: S608
    if measures[0].is_snapshot:
        rows += _last_snapshot(time, bucket if question.period != "total" else "0")
    # The last snapshot is that of the account, whether or not the chosen members have a part in it.
    group = f" group by {', '.join(question.keys)}" if question.keys else ""
    sql = f"select {', '.join(columns)} from ({rows}) where {members}{group}"  # noqa: S608
    return sql, [*days, *values]


def _in_period(time: str, question: _Question) -> tuple[str, list[Any]]:
    bounds = [(">=", question.first), ("<=", question.last)]
    given = [(sign, day) for sign, day in bounds if day is not None]
    conditions = [f"{time} is not null", *(f"{time} {sign} ?" for sign, _ in given)]
    return " and ".join(conditions), [day for _, day in given]


def _of_members(question: _Question) -> tuple[str, list[Any]]:
    conditions, values = ["true"], []
    for column in dict.fromkeys(name for name, _ in question.where):
        wanted = [value for name, value in question.where if name == column]
        conditions.append(f"cast({column} as varchar) in ({', '.join('?' * len(wanted))})")
        values += wanted
    return " and ".join(conditions), values


def _last_snapshot(time: str, bucket: str) -> str:
    return f" qualify {time} = max({time}) over (partition by {bucket}, source_system, account_id)"


def _columns(kpi: Kpi) -> Iterator[str]:
    for measure in kpi.measures:
        yield measure.name
        if measure.agg == "percentile":
            yield f"{measure.name}_n"


def _results(kpi: Kpi) -> str:
    formula = kpi.formula
    value = f"cast({value_sql(formula, _by_name)} as double) as value"
    if isinstance(formula, Ratio):
        numerator = value_sql(formula.numerator, _by_name)
        denominator = value_sql(formula.denominator, _by_name)
        sides = f"cast({numerator} as bigint) as numerator"
        sides += f", cast({denominator} as bigint) as denominator"
        if formula.maturity is not None:
            sides += f", {value_sql(formula.maturity, _by_name)} as maturity"
        return f"{value}, {sides}"
    if isinstance(formula, Simple) and formula.measure.agg == "percentile":
        return f"{value}, {formula.measure.name}_n as n"
    return value


def _by_name(measure: Measure) -> str:
    return measure.name


def _with_interval(row: dict[str, Any]) -> dict[str, Any]:
    cases = row["denominator"]
    low, high = wilson_interval(row["numerator"], cases) if cases else (None, None)
    return row | {"value_low": low, "value_high": high}


def _usage(what: str, why: str) -> HelpmartError:
    return HelpmartError(
        what=what,
        why=why,
        remedy="`helpmart kpi query --help` shows what may be asked",
        exit_code=ExitCode.USAGE,
    )
