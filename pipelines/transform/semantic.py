"""The KPIs as dbt's semantic YAML defines them, for everything outside dbt that needs a formula.

What belongs here: reading definitions, from dbt's manifest or from the dictionary of a published
file, and spelling them as SQL over columns that somebody else provides. What does not: any formula
of a KPI, which stands in `dbt_project/models/metrics` and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pipelines.errors import ExitCode, HelpmartError
from pipelines.transform.formulas import (
    Formula,
    Measure,
    Ratio,
    broken,
    dictionary_formula,
    interval_sql,
    manifest_formula,
    manifest_measures,
    measures_of,
    value_sql,
)

Language = Literal["en", "zh"]
REQUIRED_META = (
    "catalogue",
    "group",
    "name_zh",
    "formula",
    "unit",
    "direction",
    "anchor",
    "clock",
    "population",
    "attribution",
    "null_rule",
    "owner",
)
FORMATS = {
    "count": ",d",
    "rate": ".1%",
    "share": ".1%",
    "ratio": ",.2f",
    "seconds": ",d",
    "days": ",.1f",
    "hours": ",.1f",
    "currency": ",.2f",
    "currency_per_hour": ",.2f",
    "per_hour": ",.2f",
    "score": ",.1f",
    "points": "+,.1f",
    "percent_points": "+,.1f",
}
UNITS = frozenset(FORMATS)
DIRECTIONS = frozenset({"up", "down", "neutral"})


# At any grain the last day of the group is taken; in DuckDB that needs the rows in hand.
CLOSING = "list_sum([r.n for r in list({{'d': local_date, 'n': {name}}}) if r.d = max(local_date)])"


@dataclass(frozen=True)
class Kpi:
    """One entry of the KPI dictionary; `catalogue` is the id that variants share."""

    id: str
    name_en: str
    name_zh: str
    description: str
    formula_en: str
    formula_zh: str
    group: str
    unit: str
    direction: str
    anchor: str
    clock: str
    population: str
    attribution: str
    null_rule: str
    owner: str
    catalogue: str
    formula: Formula

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure once, in the order of the formula."""
        return tuple(dict.fromkeys(measures_of(self.formula)))


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


def kpis_from_manifest(manifest: Mapping[str, Any]) -> list[Kpi]:
    """The KPIs of a parsed dbt project, by id; one that lacks a part of its definition is refused.

    Args:
        manifest: dbt's `manifest.json`.
    """
    measures = {measure.name: measure for measure in manifest_measures(manifest)}
    metrics = {metric["name"]: metric for metric in manifest["metrics"].values()}
    kpis = [
        _kpi(metric, manifest_formula(metric, metrics, measures))
        for metric in metrics.values()
        if not _is_component(metric, measures)
    ]
    return sorted(kpis, key=lambda kpi: kpi.id)


def kpi_from_dictionary(row: Mapping[str, Any]) -> Kpi:
    """One row of the published `kpi_dictionary`."""
    texts = {name: str(row[name]) for name in _DICTIONARY_COLUMNS}
    return Kpi(
        id=str(row["kpi_id"]),
        group=str(row["kpi_group"]),
        formula=dictionary_formula(json.loads(row["definition"])),
        **texts,
    )


_DICTIONARY_COLUMNS = (
    "name_en",
    "name_zh",
    "description",
    "formula_en",
    "formula_zh",
    "unit",
    "direction",
    "anchor",
    "clock",
    "population",
    "attribution",
    "null_rule",
    "owner",
    "catalogue",
)


def _kpi(metric: Mapping[str, Any], formula: Formula) -> Kpi:
    meta = metric["config"]["meta"]
    _require_complete(metric)
    return Kpi(
        id=metric["name"],
        name_en=metric["label"],
        name_zh=meta["name_zh"],
        description=metric["description"],
        formula_en=meta["formula"]["en"],
        formula_zh=meta["formula"]["zh"],
        group=meta["group"],
        unit=meta["unit"],
        direction=meta["direction"],
        anchor=meta["anchor"],
        clock=meta["clock"],
        population=meta["population"],
        attribution=meta["attribution"],
        null_rule=meta["null_rule"],
        owner=meta["owner"],
        catalogue=meta["catalogue"],
        formula=formula,
    )


def _is_component(metric: Mapping[str, Any], measures: Mapping[str, Measure]) -> bool:
    """True for a part of other metrics; dbt does not hand a measure's mark to its metric."""
    measure = measures.get(metric["name"])
    return bool(metric["config"]["meta"].get("component") or (measure and measure.is_component))


def _require_complete(metric: Mapping[str, Any]) -> None:
    meta = metric["config"]["meta"]
    missing = [key for key in REQUIRED_META if not meta.get(key)]
    missing += [f"formula.{each}" for each in ("en", "zh") if not _formula_text(meta, each)]
    if missing:
        raise broken(metric["name"], f"its meta lacks {', '.join(missing)}")
    if meta["unit"] not in UNITS:
        raise broken(metric["name"], f"unit {meta['unit']!r} is none of {sorted(UNITS)}")
    if meta["direction"] not in DIRECTIONS:
        raise broken(metric["name"], f"direction is none of {sorted(DIRECTIONS)}")


def _formula_text(meta: Mapping[str, Any], language: str) -> Any:
    formula = meta.get("formula")
    return formula.get(language) if isinstance(formula, Mapping) else None


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
            remedy="choose one of these, or describe the table's shape in transform/semantic.py",
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


def dictionary_markdown(kpis: Iterable[Kpi], language: Language = "en") -> str:
    """The KPI dictionary as one Markdown page, grouped as in the catalogue."""
    words = _WORDS[language]
    lines = [f"# {words['title']}", "", words["intro"], ""]
    by_group: dict[str, list[Kpi]] = {}
    for kpi in sorted(kpis, key=lambda each: (each.catalogue, each.id)):
        by_group.setdefault(kpi.group, []).append(kpi)
    for group, name in _GROUPS.items():
        if group not in by_group:
            continue
        lines += [f"## {name[language]}", "", _row(words["columns"]), _row(["---"] * 7)]
        lines += [_row(_cells(kpi, language)) for kpi in by_group[group]]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _cells(kpi: Kpi, language: Language) -> list[str]:
    name, formula = kpi.name_en, kpi.formula_en
    if language == "zh":
        name, formula = kpi.name_zh, kpi.formula_zh
    unit = f"{kpi.unit} {_ARROWS[kpi.direction]}"
    return [f"`{kpi.id}`", name, formula, unit, kpi.population, kpi.anchor, kpi.null_rule]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


_ARROWS = {"up": "↑", "down": "↓", "neutral": "○"}
_GROUPS: dict[str, dict[Language, str]] = {
    "demand": {"en": "Demand", "zh": "需求"},
    "responsiveness": {"en": "Responsiveness", "zh": "响应"},
    "resolution": {"en": "Resolution", "zh": "解决"},
    "backlog": {"en": "Backlog", "zh": "积压"},
    "service_levels": {"en": "Service levels", "zh": "服务水平"},
    "satisfaction": {"en": "Satisfaction", "zh": "满意度"},
    "complaints": {"en": "Complaints", "zh": "投诉"},
    "quality": {"en": "Quality", "zh": "质量"},
    "efficiency": {"en": "Efficiency", "zh": "效率"},
    "phone": {"en": "Telephone and queue", "zh": "电话与排队"},
    "bot": {"en": "Bot and self-service", "zh": "机器人与自助"},
    "commerce": {"en": "Commerce and customers", "zh": "交易与客户"},
    "people": {"en": "People and training", "zh": "人员与培训"},
    "cost": {"en": "Cost", "zh": "成本"},
    "composite": {"en": "Targets and scores", "zh": "目标与评分"},
    "trust": {"en": "Trust in the numbers", "zh": "数据可信度"},
}
_WORDS: dict[Language, dict[str, Any]] = {
    "en": {
        "title": "KPI dictionary",
        "intro": "Generated from `dbt_project/models/metrics`; not edited by hand.",
        "columns": ["Id", "Name", "Formula", "Unit", "Population", "Anchor", "Null rule"],
    },
    "zh": {
        "title": "指标字典",
        "intro": "由 `dbt_project/models/metrics` 生成，请勿手工修改。",
        "columns": ["编号", "名称", "公式", "单位", "总体", "日期口径", "空值规则"],
    },
}
