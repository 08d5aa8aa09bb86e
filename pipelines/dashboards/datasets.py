"""The datasets behind the dashboards: columns from dbt, metrics from the semantic layer, labels.

What belongs here: putting the three together. What does not: Superset's file format, which is
`bundle`, and formulas of KPIs, which live in dbt's semantic YAML alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.dashboards.spec import ASSETS_FOLDER, LANGUAGES, Language, Text
from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings

DatabaseKey = Literal["published", "health"]
PUBLISHED_SCHEMA, HEALTH_SCHEMA = "published", "main"
HOUR = 3600
HOURS_SUFFIX = "_hours"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Calculated(_Strict):
    """A column that Superset works out from published ones."""

    type: str
    expression: str
    label: Text


class DatasetSpec(_Strict):
    """One entry of `superset/assets/datasets.yml`."""

    database: DatabaseKey
    twin: bool
    time: str | None = None
    labels: dict[str, Text]
    calculated: dict[str, Calculated] = {}


class _File(_Strict):
    datasets: dict[str, DatasetSpec]


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
    time: str


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

    @property
    def schema(self) -> str:
        return PUBLISHED_SCHEMA if self.spec.database == "published" else HEALTH_SCHEMA

    def on_axis(self, metric: str) -> str:
        """The form of a metric that an axis can show."""
        hours = f"{metric}{HOURS_SUFFIX}"
        return hours if hours in self.metrics else metric

    def label(self, column: str) -> str:
        if column in self.spec.calculated:
            return self.spec.calculated[column].label.of(self.language)
        known = self.spec.labels.get(column)
        return known.of(self.language) if known else column.replace("_", " ").capitalize()


def forms_of(metric: Any, language: Language) -> Iterator[Metric]:
    """A metric as pages show it. Durations come twice: as words for a figure, in hours for axes.

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
    value = metric.expression
    words = (
        f"case when ({value}) < {HOUR} then round({value}) * 1000 "
        f"else round(({value}) / 60.0) * 60000 end"
    )
    yield replace(base, expression=words, d3format="DURATION")
    yield replace(
        base,
        name=f"{metric.name}{HOURS_SUFFIX}",
        label=f"{label}（小时）" if chinese else f"{label} (h)",
        expression=f"({value}) / {HOUR}.0",
        d3format=",.1f",
        unit="hours",
    )


def load_dataset_specs(folder: Path = ASSETS_FOLDER) -> dict[str, DatasetSpec]:
    """The datasets file, or an error that names the key."""
    path = folder / "datasets.yml"
    try:
        return _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).datasets
    except (ValidationError, yaml.YAMLError) as error:
        raise HelpmartError(
            what="the list of datasets cannot be read",
            where=str(path),
            why=str(error),
            remedy="correct the file; every dataset needs database, twin and labels",
            exit_code=ExitCode.USAGE,
        ) from error


def load_datasets(settings: Settings) -> dict[tuple[str, Language], Dataset]:
    """Every dataset in both languages; a table that dbt does not publish has no columns."""
    from pipelines.transform.dbt_runner import load_manifest
    from pipelines.transform.semantic import kpis_from_manifest

    manifest = load_manifest(settings)
    published, kpis = published_tables(manifest), kpis_from_manifest(manifest)
    datasets: dict[tuple[str, Language], Dataset] = {}
    for name, spec in load_dataset_specs().items():
        for language in LANGUAGES:
            table = table_of(name, spec, language)
            description, columns = published.get(table, ("", {}))
            datasets[name, language] = Dataset(
                name=name,
                table=table,
                language=language,
                spec=spec,
                columns=health_columns() if spec.database == "health" else columns,
                metrics=_metrics(name, kpis, language),
                description=description,
            )
    return datasets


def table_of(name: str, spec: DatasetSpec, language: Language) -> str:
    """The table or view that a dataset reads in one language."""
    return f"{name}_{language}" if spec.twin else name


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


def health_columns() -> dict[str, Column]:
    """The columns of the health file's one-row table."""
    from pipelines.publish.health import STATUS_COLUMNS

    pairs = [line.split() for line in STATUS_COLUMNS.split(",")]
    return {name: Column(name, kind.upper()) for name, kind in pairs}


def _metrics(name: str, kpis: Sequence[Any], language: Language) -> dict[str, Metric]:
    from pipelines.transform import semantic

    if name not in semantic.DATASETS:
        return {}
    forms = (
        form
        for metric in semantic.dataset_metrics(name, kpis)
        for form in forms_of(metric, language)
    )
    return {form.name: form for form in forms}
