"""The KPIs as expressions over the published tables that charts stand on.

What belongs here: which measures a table carries, and the metrics that follow from it. What does
not: any formula of a KPI, which is read from its definition (`semantic`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipelines.errors import ExitCode, HelpmartError
from pipelines.transform.formulas import Measure, Ratio, interval_sql, value_sql
from pipelines.transform.semantic import FORMATS, Kpi

# At any grain the last day of the group is taken; in DuckDB that needs the rows in hand.
CLOSING = "list_sum([r.n for r in list({{'d': local_date, 'n': {name}}}) if r.d = max(local_date)])"


@dataclass(frozen=True)
class DatasetMetric:
    """A KPI as an expression over the columns of one published table, ready for a chart.

    `time_column` is the only column by which the metric may be put on a time axis.
    """

    name: str
    label_en: str
    label_zh: str
    expression: str
    description_en: str
    description_zh: str
    d3format: str
    direction: str
    unit: str
    catalogue: str
    time_column: str


@dataclass(frozen=True)
class _Shape:
    """How one published table carries measures: by name (sums) or by expression (columns).

    `intervals`: charts on it compare members, so that rates come with the ends of their interval.
    """

    semantic_models: frozenset[str]
    snapshots: bool = False
    columns: Mapping[str, str] | None = None
    time: str | None = "local_date"
    intervals: bool = False


_DESK = frozenset({"tickets", "turns", "contacts", "sla_targets", "surveys"})
_SHAPES: dict[str, _Shape] = {
    "kpi_overview_daily": _Shape(_DESK),
    "kpi_ticket_durations": _Shape(frozenset({"tickets"}), columns={}, time=None),
    "kpi_first_response_clocks": _Shape(
        frozenset({"tickets"}),
        columns={
            "case when in_p6 then first_response_calendar_seconds end": "first_response_seconds"
        },
        time=None,
    ),
    "kpi_answer_clocks": _Shape(
        frozenset({"turns"}),
        columns={"case when in_p2 and is_answered then wait_calendar_seconds end": "wait_seconds"},
        time=None,
    ),
    "kpi_contacts_hourly": _Shape(frozenset({"contacts", "contact_answers"})),
    "kpi_qa_agents_daily": _Shape(frozenset({"qa_items"})),
    "kpi_agent_response_days": _Shape(frozenset({"turns"})),
    "kpi_sla_daily": _Shape(frozenset({"sla_targets"})),
    "kpi_backlog_daily": _Shape(frozenset({"backlog"}), snapshots=True),
    "kpi_open_tickets": _Shape(
        frozenset({"backlog", "backlog_tickets"}),
        snapshots=True,
        columns={
            "open_tickets": "1",
            "open_age_seconds_sum": "age_seconds",
            "age_seconds": "age_seconds",
        },
        time="created_date",
    ),
    "kpi_demand_daily": _Shape(
        frozenset(
            {"contact_answers", "messages", "opened_turns", "ticket_agents", "ticket_responses"}
        )
    ),
    "kpi_staffing_half_hourly": _Shape(frozenset({"staffing_half_hours"})),
    "kpi_commerce_daily": _Shape(
        frozenset(
            {"orders", "inquiries", "customer_months", "customer_cohorts", "customer_quarters"}
        )
    ),
    "kpi_resolution_daily": _Shape(frozenset({"episodes", "ticket_outcomes"}), intervals=True),
    "kpi_bot_daily": _Shape(frozenset({"bot_sessions"})),
    "kpi_complaints_daily": _Shape(frozenset({"complaints"})),
    "kpi_voice_daily": _Shape(
        frozenset(
            {
                "answers",
                "customer_voice_months",
                "issues",
                "mentions",
                "review_days",
                "survey_offers",
            }
        )
    ),
    "kpi_text_daily": _Shape(frozenset({"message_sentiments", "ticket_sentiments"})),
}
DATASETS = tuple(_SHAPES)


def dataset_metrics(dataset: str, kpis: Iterable[Kpi]) -> list[DatasetMetric]:
    """What a chart on `dataset` may show: each KPI that the table can answer, by name.

    A rate comes with its base, `<id>_n`, a cohort rate with its maturity, `<id>_maturity`: a share
    means little to whoever can't see of how many, and how far it is settled. Where members are
    compared it also comes with its interval, `<id>_low` and `<id>_high`.
    """
    if dataset not in _SHAPES:
        raise HelpmartError(
            what=f"{dataset} is no dataset with KPIs",
            why=f"known are {', '.join(DATASETS)}",
            remedy="choose one of these, or describe the table's shape in dataset_metrics.py",
            exit_code=ExitCode.USAGE,
        )
    shape, kpis = _SHAPES[dataset], list(kpis)
    columns = shape.columns
    if columns is not None and not columns:
        columns = {m.expr: m.column for kpi in kpis for m in kpi.measures if m.column is not None}
    found = []
    for kpi in kpis:
        sqls = {measure: _measure_sql(measure, shape, columns) for measure in kpi.measures}
        if all(sqls.values()):
            found += _metrics(kpi, {key: sql or "" for key, sql in sqls.items()}, shape)
    return found


def _measure_sql(measure: Measure, shape: _Shape, columns: Mapping[str, str] | None) -> str | None:
    """The measure over the table's columns, or None where the table does not hold it."""
    if (
        measure.semantic_model not in shape.semantic_models
        or measure.is_snapshot != shape.snapshots
    ):
        return None
    if columns is not None:
        column = columns.get(measure.expr)
        return measure.over(column) if column else None
    if measure.agg not in {"sum", "count"}:
        return None
    return CLOSING.format(name=measure.name) if measure.is_snapshot else f"sum({measure.name})"


def _metrics(kpi: Kpi, sqls: Mapping[Measure, str], shape: _Shape) -> list[DatasetMetric]:
    def sql_of(measure: Measure) -> str:
        return sqls[measure]

    time = shape.time or kpi.measures[0].time
    formula = kpi.formula
    metrics = [_metric(kpi, value_sql(formula, sql_of), time)]
    if kpi.unit == "rate" and isinstance(formula, Ratio):
        metrics.append(_base(kpi, value_sql(formula.denominator, sql_of), time))
        if formula.maturity is not None:
            metrics.append(_maturity(kpi, value_sql(formula.maturity, sql_of), time))
        if shape.intervals:
            metrics += _ends(kpi, interval_sql(formula, sql_of), time)
    return metrics


def _base(kpi: Kpi, expression: str, time: str) -> DatasetMetric:
    return replace(
        _metric(kpi, expression, time),
        name=f"{kpi.id}_n",
        label_en=f"{kpi.name_en}, base (n)",
        label_zh=f"{kpi.name_zh}，样本量",
        d3format=FORMATS["count"],
        direction="neutral",
        unit="count",
    )


def _ends(kpi: Kpi, expressions: tuple[str, str], time: str) -> list[DatasetMetric]:
    """The ends of a rate's 95 % interval."""
    words = (("low", "lower bound", "下限"), ("high", "upper bound", "上限"))
    return [
        replace(
            _metric(kpi, expression, time),
            name=f"{kpi.id}_{end}",
            label_en=f"{kpi.name_en}, {en}",
            label_zh=f"{kpi.name_zh}，{zh}",
            direction="neutral",
        )
        for expression, (end, en, zh) in zip(expressions, words, strict=True)
    ]


def _maturity(kpi: Kpi, expression: str, time: str) -> DatasetMetric:
    return replace(
        _metric(kpi, expression, time),
        name=f"{kpi.id}_maturity",
        label_en=f"{kpi.name_en}, maturity",
        label_zh=f"{kpi.name_zh}，成熟度",
        direction="neutral",
    )


def _metric(kpi: Kpi, expression: str, time: str) -> DatasetMetric:
    return DatasetMetric(
        name=kpi.id,
        label_en=kpi.name_en,
        label_zh=kpi.name_zh,
        expression=expression,
        description_en=f"{kpi.description} Formula: {kpi.formula_en}. {kpi.null_rule}",
        description_zh=f"{kpi.name_zh}：{kpi.formula_zh}。",
        d3format=FORMATS[kpi.unit],
        direction=kpi.direction,
        unit=kpi.unit,
        catalogue=kpi.catalogue,
        time_column=time,
    )
