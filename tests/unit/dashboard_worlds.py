"""Small datasets and dashboards for the tests of the bundle: only the fields that matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.dashboards.bundle import Datasets
from pipelines.dashboards.dataset_specs import DatasetSpec
from pipelines.dashboards.datasets import (
    Column,
    Dataset,
    KpiWords,
    Metric,
    forms_of,
    health_columns,
    measure_forms,
    table_of,
)
from pipelines.dashboards.made_columns import made_columns
from pipelines.dashboards.spec import Dashboard
from pipelines.dashboards.words import LANGUAGES, Language, Text
from pipelines.transform.dataset_metrics import DatasetMetric

TEXT = {"en": "Something", "zh": "某物"}
COLUMNS = {"local_date": "DATE", "solved_date": "DATE", "channel": "VARCHAR"}


def metric(name: str, *, unit: str = "count", direction: str = "up", time: str = "local_date"):
    return DatasetMetric(
        name=name,
        label_en=name.replace("_", " "),
        label_zh=f"{name}指标",
        expression=f"sum({name})",
        description_en="What it counts.",
        description_zh="它的含义。",
        d3format=",d",
        direction=direction,
        unit=unit,
        catalogue=name,
        time_column=time,
    )


KPIS = {
    "csat_score": KpiWords("Satisfaction", "Share of good ratings.", "rate", "up"),
    "first_response_time_p50": KpiWords("First response", "Its median.", "seconds", "down"),
}
METRICS = (
    metric("tickets_created"),
    metric("reopen_rate", unit="rate", direction="down"),
    metric("resolution_time", unit="seconds", direction="down", time="solved_date"),
)


def dataset(
    name: str = "daily",
    language: Language = "en",
    *,
    columns: dict[str, str] | None = None,
    metrics: tuple[DatasetMetric, ...] = METRICS,
    **spec: Any,
) -> Dataset:
    known = COLUMNS if columns is None else columns
    described = DatasetSpec.model_validate({"twin": True, "time": "local_date"} | spec)
    return Dataset(
        name=name,
        table=table_of(name, described, language),
        language=language,
        spec=described,
        columns={column: Column(column, kind) for column, kind in known.items()},
        metrics={form.name: form for form in _forms(metrics, described, language)},
        calculated=made_columns(described, {}, "is_partial" in known),
        labels={column: Text.model_validate(TEXT) for column in COLUMNS},
        kpis=KPIS,
    )


def _forms(
    metrics: tuple[DatasetMetric, ...], spec: DatasetSpec, language: Language
) -> Iterator[Metric]:
    for name, measure in spec.measures.items():
        yield from measure_forms(name, measure, language)
    for each in metrics:
        yield from forms_of(each, language)


def load_status(language: Language) -> Dataset:
    text = {"type": "VARCHAR", "expression": "message_en", "label": TEXT}
    spec = {
        "database": "health",
        "twin": False,
        "calculated": {"status_en": text, "status_zh": text},
    }
    return Dataset(
        name="load_status",
        table="load_status",
        language=language,
        spec=DatasetSpec.model_validate(spec),
        columns=health_columns("load_status"),
        calculated=made_columns(DatasetSpec.model_validate(spec), {}, has_partial=False),
    )


def datasets(**choices: Any) -> Datasets:
    known = {("daily", language): dataset(language=language, **choices) for language in LANGUAGES}
    return known | {("load_status", language): load_status(language) for language in LANGUAGES}


def number(**choices: Any) -> dict[str, Any]:
    return {
        "kind": "number",
        "id": "created",
        "dataset": "daily",
        "metric": "tickets_created",
        "time": "local_date",
        "width": 3,
    } | choices


def series(**choices: Any) -> dict[str, Any]:
    return {
        "kind": "series",
        "id": "over_time",
        "dataset": "daily",
        "metrics": ["tickets_created"],
        "time": "local_date",
        "grain": "week",
        "width": 6,
    } | choices


def records(**choices: Any) -> dict[str, Any]:
    return {
        "kind": "records",
        "id": "rows",
        "dataset": "daily",
        "columns": ["channel"],
        "width": 6,
        "title": TEXT,
    } | choices


def dashboard(*charts: dict[str, Any], **choices: Any) -> Dashboard:
    tab = {"id": "main", "title": TEXT, "rows": [{"height": 20, "cells": list(charts)}]}
    return Dashboard.model_validate(
        {
            "slug": "board",
            "title": TEXT,
            "description": TEXT,
            "owner": "somebody",
            "filters": [],
            "tabs": [tab],
        }
        | choices
    )


PERIOD = {"kind": "period", "title": TEXT}
CHANNEL = {"kind": "members", "title": TEXT, "dataset": "daily", "column": "channel"}
