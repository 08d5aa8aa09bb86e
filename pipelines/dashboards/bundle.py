"""Generates Superset's import tree from our YAML, the semantic layer and dbt's manifest.

Identifiers are derived from names, so that the same dashboard is the same object in every
installation and every import. The tree is written out in a fixed order: equal input, equal bytes.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

import yaml

from pipelines.dashboards.colours import label_colours
from pipelines.dashboards.dataset_specs import DatabaseKey
from pipelines.dashboards.datasets import KPI_COLUMN, Column, Dataset
from pipelines.dashboards.kinds.axes import axis_format
from pipelines.dashboards.kinds.base import Chart, params_of, query_context_of
from pipelines.dashboards.layout import cross_filters_of, filters_of, position_of
from pipelines.dashboards.spec import Dashboard
from pipelines.dashboards.style import style_of
from pipelines.dashboards.titles import chart_title
from pipelines.dashboards.words import LANGUAGES, Language
from pipelines.settings import Settings

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://helpmart.invalid/superset")
DATABASES: dict[DatabaseKey, str] = {"published": "helpmart", "health": "helpmart health"}
VERSION = "1.0.0"
# libyaml's: a thousand charts are seconds of Python's own.
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Tree = dict[str, str]
Document = dict[str, Any]
Datasets = dict[tuple[str, Language], Dataset]


def identify(kind: str, name: str) -> str:
    """The lasting identifier of one object."""
    return str(uuid.uuid5(NAMESPACE, f"{kind}/{name}"))


def generate(settings: Settings, dashboards: Iterable[Dashboard], datasets: Datasets) -> Tree:
    """The import tree: path to YAML text. The dashboards must have passed `check`."""
    documents: dict[str, Document] = {"metadata.yaml": {"version": VERSION, "type": "assets"}}
    for key, name in DATABASES.items():
        documents[f"databases/{key}.yaml"] = _database(settings, key, name)
    for dataset in reversed(datasets.values()):  # a table without twin is named in English
        documents[f"datasets/{dataset.spec.database}/{dataset.table}.yaml"] = _dataset(dataset)
    for dashboard in dashboards:
        for language in LANGUAGES:
            documents |= _dashboard_with_charts(dashboard, language, datasets)
    return {path: _yaml(document) for path, document in sorted(documents.items())}


def _yaml(document: Document) -> str:
    text: str = yaml.dump(document, Dumper=DUMPER, allow_unicode=True, sort_keys=False, width=1000)
    return text


def _database(settings: Settings, key: DatabaseKey, name: str) -> Document:
    files = {"published": settings.paths.published_file, "health": settings.paths.health_file}
    return {
        "database_name": name,
        "uuid": identify("database", key),
        "version": VERSION,
        "sqlalchemy_uri": f"duckdb:///{files[key]}",
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "impersonate_user": False,
        "is_managed_externally": True,
        "extra": {
            "allows_virtual_table_explore": True,
            "cost_estimate_enabled": False,
            "schemas_allowed_for_csv_upload": [],
            "metadata_params": {},
            "engine_params": {},
        },
    }


def _dataset(dataset: Dataset) -> Document:
    return {
        "table_name": dataset.table,
        "schema": dataset.schema,
        "catalog": None,
        "uuid": identify("dataset", dataset.table),
        "database_uuid": identify("database", dataset.spec.database),
        "version": VERSION,
        "main_dttm_col": dataset.spec.time,
        "description": dataset.description,
        "default_endpoint": None,
        "offset": 0,
        "cache_timeout": None,
        "sql": None,
        "params": None,
        "template_params": None,
        "filter_select_enabled": True,
        "fetch_values_predicate": None,
        "normalize_columns": False,
        "always_filter_main_dttm": False,
        "is_managed_externally": True,
        "extra": None,
        "metrics": [
            {
                "metric_name": metric.name,
                "verbose_name": metric.label,
                "metric_type": None,
                "expression": metric.expression,
                "description": metric.description,
                "d3format": axis_format(metric.d3format) or None,
                "extra": {"warning_markdown": ""},
                "warning_text": None,
            }
            for metric in dataset.metrics.values()
        ],
        "columns": [*_columns(dataset)],
    }


def _columns(dataset: Dataset) -> Iterable[Document]:
    for column in dataset.columns.values():
        yield _column(dataset, column, None)
    for name, calculated in dataset.calculated.items():
        # Superset writes `= true` right behind it.
        expression = f"({calculated.sql(dataset.language)})"
        yield _column(dataset, Column(name, calculated.type), expression)


def _column(dataset: Dataset, column: Column, expression: str | None) -> Document:
    return {
        "column_name": column.name,
        "verbose_name": dataset.label(column.name),
        "is_dttm": column.is_time,
        "is_active": True,
        "type": column.type.upper(),
        "groupby": True,
        "filterable": True,
        "expression": expression,
        "description": column.description,
        "python_date_format": None,
        "extra": {},
    }


def _chart_description(chart: Chart, dataset: Dataset) -> str:
    lines = [chart.note.of(dataset.language)] if chart.note else []
    named = chart.wanted(KPI_COLUMN, dataset.language)
    kpis = [dataset.kpis[kpi] for kpi in named if kpi in dataset.kpis]
    defined = [(kpi.label, kpi.description) for kpi in kpis]
    metrics = [dataset.metrics[name] for name in chart.metric_names]
    defined += [(metric.label, metric.description) for metric in metrics]
    colon = ": " if dataset.language == "en" else "："
    lines += [f"{label}{colon}{description}" for label, description in defined if description]
    return "\n".join(lines)


def _chart(dashboard: Dashboard, chart: Chart, dataset: Dataset) -> Document:
    params = params_of(chart, dataset)
    return {
        "version": VERSION,
        "slice_name": chart_title(chart, dataset),
        "description": _chart_description(chart, dataset),
        "certified_by": None,
        "certification_details": None,
        "viz_type": params["viz_type"],
        "params": params,
        "query_context": json.dumps(query_context_of(chart, params, dataset), ensure_ascii=False),
        "cache_timeout": None,
        "uuid": _chart_uuid(dashboard, chart, dataset.language),
        "dataset_uuid": identify("dataset", dataset.table),
        "is_managed_externally": True,
    }


def _chart_uuid(dashboard: Dashboard, chart: Chart, language: Language) -> str:
    return identify("chart", f"{dashboard.slug_of(language)}/{chart.id}")


def _dashboard_with_charts(
    dashboard: Dashboard, language: Language, datasets: Datasets
) -> dict[str, Document]:
    slug = dashboard.slug_of(language)
    charts = list(dashboard.charts())
    documents = {
        f"charts/{slug}/{chart.id}.yaml": _chart(
            dashboard, chart, datasets[chart.dataset, language]
        )
        for chart in charts
    }
    documents[f"dashboards/{slug}.yaml"] = _dashboard(dashboard, language, datasets)
    return documents


def _dashboard(dashboard: Dashboard, language: Language, datasets: Datasets) -> Document:
    uuids = {chart.id: _chart_uuid(dashboard, chart, language) for chart in dashboard.charts()}
    spoken = {name: dataset for (name, known), dataset in datasets.items() if known == language}
    tables = {name: identify("dataset", dataset.table) for name, dataset in spoken.items()}
    return {
        "dashboard_title": dashboard.title.of(language),
        "description": dashboard.description.of(language),
        "css": style_of(dashboard, language, spoken),
        "slug": dashboard.slug_of(language),
        "certified_by": None,
        "certification_details": None,
        "published": True,
        "uuid": identify("dashboard", dashboard.slug_of(language)),
        "is_managed_externally": True,
        "position": position_of(dashboard, language, uuids),
        "metadata": {
            # Empty, since it would replace the schemes of gauges and funnels.
            "color_scheme": "",
            "cross_filters_enabled": True,
            "filter_bar_orientation": "HORIZONTAL",
            "refresh_frequency": 0,
            "timed_refresh_immune_slices": [],
            "expanded_slices": {},
            "default_filters": "{}",
            "label_colors": label_colours(dashboard, spoken),
            "shared_label_colors": [],
            "chart_configuration": cross_filters_of(dashboard, spoken),
            "global_chart_configuration": {},
            "native_filter_configuration": filters_of(dashboard, spoken, tables),
        },
        "version": VERSION,
    }
