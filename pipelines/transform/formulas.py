"""Formulas of KPIs as trees of measures, and their spelling as SQL.

What belongs here: the shapes that a definition can take, read from dbt's manifest or from the
dictionary of a published file. What does not: any formula of a KPI, which stands in
`dbt_project/models/metrics` and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.errors import ExitCode, HelpmartError

METRICS_FOLDER = "dbt_project/models/metrics"
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Measure:
    """A quantity of one fact, summed, counted or ranked over a group of its rows.

    `time` is the column of the anchor, `event` its name. A snapshot must not be added up over days:
    the last day of a period stands for it, account by account.
    """

    name: str
    fact: str
    agg: str
    expr: str
    time: str
    event: str
    percentile: float | None = None
    is_snapshot: bool = False
    column: str | None = None
    is_component: bool = False
    semantic_model: str = ""

    def over(self, expression: str) -> str:
        """The aggregate of `expression`, in DuckDB's words."""
        if self.agg == "percentile":
            return f"quantile_cont({expression}, {self.percentile})"
        if self.agg in {"sum", "count", "max"}:
            return f"{self.agg}({expression})"
        if self.agg == "count_distinct":
            return f"count(distinct {expression})"
        raise broken(self.name, f"aggregation {self.agg!r} has no SQL here yet")


@dataclass(frozen=True)
class Simple:
    measure: Measure
    fill_nulls_with: int | None = None


@dataclass(frozen=True)
class Ratio:
    """`cohort` counts all who will be judged one day; the denominator those who can be by now."""

    numerator: Formula
    denominator: Formula
    cohort: Formula | None = None

    @property
    def maturity(self) -> Ratio | None:
        """The share of the cohort whose observation window has closed."""
        return Ratio(self.denominator, self.cohort) if self.cohort else None


@dataclass(frozen=True)
class Derived:
    expr: str
    inputs: tuple[tuple[str, Formula], ...]


Formula = Simple | Ratio | Derived
MeasureSql = Callable[[Measure], str]


def value_sql(formula: Formula, measure_sql: MeasureSql) -> str:
    """The formula's value; a ratio without a base is NULL, never 0."""
    if isinstance(formula, Simple):
        sql = measure_sql(formula.measure)
        fill = formula.fill_nulls_with
        return sql if fill is None else f"coalesce({sql}, {fill})"
    if isinstance(formula, Ratio):
        numerator = value_sql(formula.numerator, measure_sql)
        denominator = value_sql(formula.denominator, measure_sql)
        return f"{numerator} / nullif(cast({denominator} as double), 0)"
    text = formula.expr
    for name, part in formula.inputs:
        sql = value_sql(part, measure_sql)
        text = re.sub(rf"\b{re.escape(name)}\b", lambda _, sql=sql: f"({sql})", text)  # type: ignore[misc]
    return text


def interval_sql(formula: Ratio, measure_sql: MeasureSql) -> tuple[str, str]:
    """Both ends of the 95 % Wilson interval of a share; NULL without a base."""
    hits = value_sql(formula.numerator, measure_sql)
    base = f"nullif(cast({value_sql(formula.denominator, measure_sql)} as double), 0)"
    square = Z_95**2
    centre = f"({hits}) + {square / 2}"
    spread = f"{Z_95} * sqrt(greatest(({hits}) * (1 - ({hits}) / {base}), 0) + {square / 4})"
    whole = f"({base} + {square})"
    return f"({centre} - {spread}) / {whole}", f"({centre} + {spread}) / {whole}"


def measures_of(formula: Formula) -> Iterator[Measure]:
    if isinstance(formula, Simple):
        yield formula.measure
    elif isinstance(formula, Ratio):
        yield from measures_of(formula.numerator)
        yield from measures_of(formula.denominator)
        if formula.cohort is not None:
            yield from measures_of(formula.cohort)
    else:
        for _, part in formula.inputs:
            yield from measures_of(part)


def manifest_measures(manifest: Mapping[str, Any]) -> Iterator[Measure]:
    for model in manifest["semantic_models"].values():
        times = {each["name"]: each for each in model["dimensions"] if each["type"] == "time"}
        for measure in model["measures"]:
            default = (model["defaults"] or {}).get("agg_time_dimension")
            time = times[measure["agg_time_dimension"] or default]
            yield Measure(
                name=measure["name"],
                fact=manifest["nodes"][model["depends_on"]["nodes"][0]]["name"],
                agg=measure["agg"],
                expr=measure["expr"] or measure["name"],
                time=time["expr"] or time["name"],
                event=time["config"]["meta"]["event"],
                percentile=(measure["agg_params"] or {}).get("percentile"),
                is_snapshot=measure["non_additive_dimension"] is not None,
                column=measure["config"]["meta"].get("column"),
                is_component=bool(measure["config"]["meta"].get("component")),
                semantic_model=model["name"],
            )


def manifest_formula(
    metric: Mapping[str, Any],
    metrics: Mapping[str, Mapping[str, Any]],
    measures: Mapping[str, Measure],
) -> Formula:
    params, kind = metric["type_params"], metric["type"]
    if metric.get("filter"):
        raise broken(metric["name"], "filters are not supported: state the condition in a measure")
    if kind == "simple":
        given = params["measure"]
        return Simple(measures[given["name"]], given.get("fill_nulls_with"))
    if kind == "ratio":
        cohort = metric["config"]["meta"].get("cohort")
        return Ratio(
            manifest_formula(metrics[params["numerator"]["name"]], metrics, measures),
            manifest_formula(metrics[params["denominator"]["name"]], metrics, measures),
            manifest_formula(metrics[cohort], metrics, measures) if cohort else None,
        )
    if kind == "derived":
        inputs = (
            (
                part.get("alias") or part["name"],
                manifest_formula(metrics[part["name"]], metrics, measures),
            )
            for part in params["metrics"]
        )
        return Derived(params["expr"], tuple(inputs))
    raise broken(metric["name"], f"metrics of type {kind!r} are not supported")


def dictionary_formula(node: Mapping[str, Any]) -> Formula:
    if node["type"] == "simple":
        known = {key: node["measure"][key] for key in _MEASURE_KEYS}
        meta = node["measure"]["meta"]
        measure = Measure(
            **known,
            column=meta.get("column"),
            is_component=bool(meta.get("component")),
            semantic_model=node["measure"].get("semantic_model", ""),
        )
        return Simple(measure, node["fill_nulls_with"])
    if node["type"] == "ratio":
        return Ratio(
            dictionary_formula(node["numerator"]),
            dictionary_formula(node["denominator"]),
            dictionary_formula(node["cohort"]) if node.get("cohort") else None,
        )
    return Derived(
        node["expr"], tuple((key, dictionary_formula(part)) for key, part in node["inputs"].items())
    )


_MEASURE_KEYS = ("name", "fact", "agg", "expr", "time", "event", "percentile", "is_snapshot")


def broken(name: str, why: str) -> HelpmartError:
    return HelpmartError(
        what=f"the definition of {name} cannot be used",
        where=METRICS_FOLDER,
        why=why,
        remedy="complete the entry; its neighbours show what every part looks like",
        exit_code=ExitCode.USAGE,
    )
