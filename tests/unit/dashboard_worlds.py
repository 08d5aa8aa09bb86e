"""Small datasets and dashboards for the tests of the bundle: only the fields that matter."""

from __future__ import annotations

from typing import Any

from pipelines.dashboards.bundle import Datasets
from pipelines.dashboards.datasets import Column, Dataset, DatasetSpec, forms_of, table_of
from pipelines.dashboards.spec import LANGUAGES, Dashboard, Language
from pipelines.transform.semantic import DatasetMetric

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
    described = DatasetSpec.model_validate(
        {"database": "published", "twin": True, "time": "local_date", "labels": {}} | spec
    )
    return Dataset(
        name=name,
        table=table_of(name, described, language),
        language=language,
        spec=described,
        columns={column: Column(column, kind) for column, kind in known.items()},
        metrics={form.name: form for each in metrics for form in forms_of(each, language)},
    )


def datasets(**choices: Any) -> Datasets:
    return {("daily", language): dataset(language=language, **choices) for language in LANGUAGES}


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
