"""The datasets behind the dashboards: columns from dbt, metrics from the semantic layer, labels.

What belongs here: putting the three together. What does not: Superset's file format, which is
`bundle`, and formulas of KPIs, which live in dbt's semantic YAML alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from pipelines.dashboards.aggregates import aggregate_sql
from pipelines.dashboards.dataset_specs import (
    OF_KPI,
    Calculated,
    DatasetSpec,
    MeasureSpec,
    load_dataset_specs,
    load_labels,
)
from pipelines.dashboards.made_columns import made_columns
from pipelines.dashboards.words import LANGUAGES, Language, Text
from pipelines.settings import Settings

PUBLISHED_SCHEMA, HEALTH_SCHEMA = "published", "main"
HOUR, MINUTE = 3600, 60
HOURS_SUFFIX, MINUTES_SUFFIX, WORDS_SUFFIX = "_hours", "_minutes", "_words"
KPI_COLUMN, PARTIAL = "kpi_id", "is_partial"
# Superset draws a metric with these suffixes as the interval of the metric without them.
LOW_SUFFIX, HIGH_SUFFIX, LINE_SUFFIX = "__yhat_lower", "__yhat_upper", "__yhat"
END_MARKS = {
    LOW_SUFFIX: {"en": ", lower bound", "zh": "下限"},
    HIGH_SUFFIX: {"en": ", upper bound", "zh": "上限"},
    LINE_SUFFIX: {"en": ", line", "zh": "曲线"},
}
# The line that a pareto chart is read by.
VITAL_FEW, VITAL_FEW_SUFFIX = 0.8, "__vital_few"
HOURS_MARK = {"en": " (h)", "zh": "（小时）"}
MINUTES_MARK = {"en": " (min)", "zh": "（分钟）"}


@dataclass(frozen=True)
class Column:
    """A column as published."""

    name: str
    type: str
    description: str = ""

    @property
    def is_time(self) -> bool:
        return self.type.upper().startswith(("DATE", "TIMESTAMP"))


@dataclass(frozen=True)
class Metric:
    """A metric of a dataset in one language, as Superset shows it."""

    name: str
    label: str
    expression: str
    description: str
    d3format: str
    direction: str
    unit: str
    time: str | None


@dataclass(frozen=True)
class KpiWords:
    """What a page says about a KPI, in one language."""

    label: str
    description: str
    unit: str
    direction: str


class Filtered(Protocol):
    """A chart, as far as the choice of a metric's form needs it."""

    def wanted(self, column: str, language: Language) -> list[Any]: ...


@dataclass(frozen=True)
class Dataset:
    """One dataset in one language."""

    name: str
    table: str
    language: Language
    spec: DatasetSpec
    columns: Mapping[str, Column]
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    description: str = ""
    labels: Mapping[str, Text] = field(default_factory=dict)
    calculated: Mapping[str, Calculated] = field(default_factory=dict)
    kpis: Mapping[str, KpiWords] = field(default_factory=dict)

    @property
    def schema(self) -> str:
        return PUBLISHED_SCHEMA if self.spec.database == "published" else HEALTH_SCHEMA

    def label(self, column: str) -> str:
        if column in self.calculated:
            return self.calculated[column].label.of(self.language)
        known = self.known_label(column)
        return known.of(self.language) if known else column.replace("_", " ").capitalize()

    def type_of(self, column: str) -> str:
        """The type of a published or calculated column; empty for one that is neither."""
        if column in self.calculated:
            return self.calculated[column].type
        return self.columns[column].type.upper() if column in self.columns else ""

    def figure(self, chart: Filtered, name: str) -> Metric:
        """A metric in the form that a figure or a cell shows: durations in words."""
        return self._form(chart, name, WORDS_SUFFIX)

    def on_axis(self, chart: Filtered, name: str, *, in_minutes: bool = False) -> Metric:
        """A metric in the form that an axis can show: durations in hours, or in minutes."""
        return self._form(chart, name, MINUTES_SUFFIX if in_minutes else HOURS_SUFFIX)

    def _form(self, chart: Filtered, name: str, suffix: str) -> Metric:
        plain = self.metrics[name]
        special = self.metrics.get(f"{name}{suffix}")
        if plain.unit != OF_KPI:
            return special or plain
        kpi = self.kpi_of(chart)
        if kpi is None:
            return plain
        if kpi.unit == "seconds" and special is not None:
            return replace(special, direction=kpi.direction)
        d3format = _formats().get(kpi.unit, plain.d3format)
        return replace(plain, unit=kpi.unit, direction=kpi.direction, d3format=d3format)

    def kpi_of(self, chart: Filtered) -> KpiWords | None:
        """The KPI that a chart's `where` names first; check sees that the others are alike."""
        named = chart.wanted(KPI_COLUMN, self.language)
        return self.kpis.get(str(named[0])) if named else None

    def known_label(self, column: str) -> Text | None:
        """The words for a published column, of this dataset or of all."""
        return self.spec.labels.get(column) or self.labels.get(column)


def forms_of(metric: Any, language: Language) -> Iterator[Metric]:
    """A metric as pages show it. Durations come thrice: as words for a figure, in hours and minutes
    for axes.

    Superset's duration format takes milliseconds; whole minutes keep it short from an hour on.
    """
    chinese = language == "zh"
    label = metric.label_zh if chinese else metric.label_en
    description = metric.description_zh if chinese else metric.description_en
    base = Metric(
        name=metric.name,
        label=label,
        expression=metric.expression,
        description=description,
        d3format=metric.d3format,
        direction=metric.direction,
        unit=metric.unit,
        time=metric.time_column,
    )
    if metric.unit != "seconds":
        yield base
        return
    yield from _durations(base, language)


def _durations(base: Metric, language: Language) -> Iterator[Metric]:
    """Seconds, in the forms in which a page shows them; the first keeps the name."""
    value = base.expression
    words = (
        f"case when ({value}) < {HOUR} then round({value}) * 1000 "
        f"else round(({value}) / 60.0) * 60000 end"
    )
    yield replace(base, expression=words, d3format="DURATION")
    for suffix, mark, seconds, unit in (
        (HOURS_SUFFIX, HOURS_MARK, HOUR, "hours"),
        (MINUTES_SUFFIX, MINUTES_MARK, MINUTE, "minutes"),
    ):
        yield replace(
            base,
            name=f"{base.name}{suffix}",
            label=f"{base.label}{mark[language]}",
            expression=f"({value}) / {seconds}.0",
            d3format=",.1f",
            unit=unit,
        )


def load_datasets(settings: Settings) -> dict[tuple[str, Language], Dataset]:
    """Every dataset in both languages; a table that dbt does not publish has no columns."""
    from pipelines.transform.dbt_runner import load_manifest
    from pipelines.transform.semantic import kpis_from_manifest

    manifest = load_manifest(settings)
    published, kpis = published_tables(manifest), kpis_from_manifest(manifest)
    labels, words = load_labels(), {language: _kpi_words(kpis, language) for language in LANGUAGES}
    datasets: dict[tuple[str, Language], Dataset] = {}
    for name, spec in load_dataset_specs().items():
        for language in LANGUAGES:
            table = table_of(name, spec, language)
            description, columns = published.get(table, ("", {}))
            known = health_columns(table) if spec.database == "health" else columns
            datasets[name, language] = Dataset(
                name=name,
                table=table,
                language=language,
                spec=spec,
                columns=known,
                metrics=_metrics(name, spec, kpis, language),
                description=description,
                labels=labels,
                calculated=made_columns(spec, labels, PARTIAL in known),
                kpis=words[language],
            )
    return datasets


def table_of(name: str, spec: DatasetSpec, language: Language) -> str:
    """The table or view that a dataset reads in one language."""
    if spec.twin is True or (spec.twin == "headings" and language == "zh"):
        return f"{name}_{language}"
    return name


def published_tables(manifest: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Column]]]:
    """Description and columns of every published table, by its name."""
    models = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["schema"] == PUBLISHED_SCHEMA:
            columns = {
                name: Column(name, column.get("data_type") or "VARCHAR", column["description"])
                for name, column in node["columns"].items()
            }
            models[node["alias"]] = (node["description"], columns)
    return models


def health_columns(table: str) -> dict[str, Column]:
    """The columns of a table of the health file; none for a table that it lacks."""
    from pipelines.publish.health import columns_of

    pairs = [line.split() for line in columns_of(table).split(",") if line.strip()]
    return {name: Column(name, kind.upper()) for name, kind in pairs}


def measure_forms(name: str, spec: MeasureSpec, language: Language) -> Iterator[Metric]:
    """A measure as pages show it; one of any KPI comes in every form that a KPI may need."""
    if spec.low is not None and spec.high is not None:
        ends = {LOW_SUFFIX: spec.low, HIGH_SUFFIX: spec.high, LINE_SUFFIX: spec.line or spec.column}
        for suffix, column in ends.items():
            yield from _forms_of_column(name, spec, column, suffix, language)
    yield from _forms_of_column(name, spec, spec.column, "", language)
    if spec.aggregate == "running_share":
        yield _vital_few(name)


def _vital_few(name: str) -> Metric:
    """The height at which a running share has reached the few that make up most of the whole."""
    return Metric(
        name=f"{name}{VITAL_FEW_SUFFIX}",
        label=f"{VITAL_FEW:.0%}",
        expression=f"max({VITAL_FEW})",
        description="",
        d3format=".0%",
        direction="neutral",
        unit="rate",
        time=None,
    )


def _forms_of_column(
    name: str, spec: MeasureSpec, column: str, suffix: str, language: Language
) -> Iterator[Metric]:
    for form in _forms_of_value(name, spec, column, language):
        label = f"{form.label}{END_MARKS[suffix][language]}" if suffix else form.label
        yield replace(form, name=f"{form.name}{suffix}", label=label)


def _forms_of_value(
    name: str, spec: MeasureSpec, column: str, language: Language
) -> Iterator[Metric]:
    base = Metric(
        name=name,
        label=spec.label.of(language),
        expression=aggregate_sql(spec.aggregate, column, spec.order_by or spec.of),
        description=spec.note.of(language) if spec.note else "",
        # Superset would prefer a format of the metric to that of the chart, which knows the KPI.
        d3format=_formats().get(spec.unit, ""),
        direction=spec.direction,
        unit=spec.unit,
        time=None,
    )
    if spec.unit == "seconds":
        yield from _durations(base, language)
        return
    yield base
    if spec.unit == OF_KPI:
        words, *on_axes = _durations(base, language)
        yield replace(words, name=f"{name}{WORDS_SUFFIX}", unit="seconds")
        yield from on_axes


def _formats() -> Mapping[str, str]:
    from pipelines.transform.semantic import FORMATS

    return FORMATS


def _kpi_words(kpis: Sequence[Any], language: Language) -> dict[str, KpiWords]:
    chinese = language == "zh"
    return {
        kpi.id: KpiWords(
            label=kpi.name_zh if chinese else kpi.name_en,
            description=f"{kpi.name_zh}：{kpi.formula_zh}。"
            if chinese
            else f"{kpi.description} Formula: {kpi.formula_en}. {kpi.null_rule}",
            unit=kpi.unit,
            direction=kpi.direction,
        )
        for kpi in kpis
    }


def _metrics(
    name: str, spec: DatasetSpec, kpis: Sequence[Any], language: Language
) -> dict[str, Metric]:
    from pipelines.transform.dataset_metrics import DATASETS, dataset_metrics

    known = dataset_metrics(name, kpis) if name in DATASETS else []
    forms = [
        form
        for measure, described in spec.measures.items()
        for form in measure_forms(measure, described, language)
    ]
    forms += [form for metric in known for form in forms_of(metric, language)]
    return {form.name: form for form in forms}
