"""From a chart of ours to Superset's chart type, its controls and its stored query.

The names of the controls are Superset 6.1's. Nothing here knows what a metric means: formats,
directions and units come with the metric.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pipelines.dashboards.datasets import Dataset, Metric
from pipelines.dashboards.spec import (
    Banner,
    Chart,
    Heatmap,
    Number,
    Ranking,
    Records,
    Series,
    Summary,
)

COLOURS = "helpmart"
HEAT_COLOURS = "helpmart_heat"
# As in superset/helpmart_superset/branding.py; a test keeps the two in step.
PALETTE = ("#1f5eff", "#f28c28", "#12a594", "#d6336c", "#7c5cff")
# From first to last: one hue darkens, then warms.
ORDERED_PALETTE = ("#d6e4ff", "#a3c1ff", "#5c8fff", "#f7c948", "#f28c28", "#d92d44")
# Superset sorts series by name, and more leading spaces sort earlier; these can't be seen.
ORDER_SPACE = "\u200a"
GRAINS = {"day": "P1D", "week": "P1W", "month": "P1M"}
DATE_FORMATS = {
    "en": {"day": "%-d %b", "week": "%-d %b", "month": "%b %Y"},
    "zh": {"day": "%-m/%-d", "week": "%-m/%-d", "month": "%Y/%-m"},
}
# An axis leaves out labels that would overlap, but lets them touch: so each has spaces around it,
# and beyond them something that is no space, since Superset trims formats.
BEFORE_LABEL, AFTER_LABEL = "\u200b\u00a0", "\u00a0\u200b"
ROW_LIMIT = 10_000

Params = dict[str, Any]
C = TypeVar("C", bound=Chart)


def params_of(chart: Chart, dataset: Dataset) -> Params:
    """Everything Superset stores about how a chart looks and what it asks for."""
    build: Callable[[Any, Dataset], Params] = BUILDERS[type(chart)]
    return {"datasource": "1__table", **build(chart, dataset), "extra_form_data": {}}


def _period(time: str | None) -> list[dict[str, Any]]:
    """The filter that the dashboard's period fills in."""
    if time is None:
        return []
    return [
        {
            "clause": "WHERE",
            "comparator": "No filter",
            "expressionType": "SIMPLE",
            "operator": "TEMPORAL_RANGE",
            "subject": time,
        }
    ]


def _number(chart: Number, dataset: Dataset) -> Params:
    metric = dataset.metrics[chart.metric]
    return {
        "viz_type": "pop_kpi",
        "metric": chart.metric,
        "adhoc_filters": _period(chart.time),
        "time_compare": ["inherit"],
        "y_axis_format": metric.d3format,
        "percentDifferenceFormat": "+,.1%",
        "header_font_size": 0.4,
        "subheader_font_size": 0.125,
        "show_metric_name": False,
        "comparison_color_enabled": metric.direction in ("up", "down"),
        "comparison_color_scheme": "Red" if metric.direction == "down" else "Green",
        "column_config": {
            "Previous value": {
                "visible": True,
                "displayTypeIcon": False,
                "customColumnName": "before" if dataset.language == "en" else "上期",
            },
            "Delta": {"visible": False},
            "Percent change": {"visible": True, "displayTypeIcon": False},
        },
        "row_limit": ROW_LIMIT,
    }


SERIES_TYPES = {
    "line": "echarts_timeseries_line",
    "bar": "echarts_timeseries_bar",
    "area": "echarts_area",
}


def _series(chart: Series, dataset: Dataset) -> Params:
    metrics = [dataset.on_axis(name) for name in chart.metrics]
    first = dataset.metrics[metrics[0]]
    dates = DATE_FORMATS[dataset.language][chart.grain]
    return {
        "viz_type": SERIES_TYPES[chart.mark],
        "x_axis": chart.time,
        "time_grain_sqla": GRAINS[chart.grain],
        "metrics": metrics,
        "groupby": [chart.by] if chart.by else [],
        "adhoc_filters": _period(chart.time),
        "x_axis_time_format": f"{BEFORE_LABEL}{dates}{AFTER_LABEL}",
        "tooltipTimeFormat": dates,
        "y_axis_format": first.d3format,
        "stack": "Stack" if chart.stacked else None,
        "area": chart.mark == "area",
        "opacity": 0.75 if chart.mark == "area" else 0.2,
        "markerEnabled": chart.mark == "line" and chart.grain != "day",
        "markerSize": 5,
        "show_legend": len(chart.metrics) > 1 or chart.by is not None,
        "seriesType": "line",
        **_value_axis(first),
        "y_axis_title": _axis_title(first, dataset),
        "y_axis_title_position": "Left",
        "y_axis_title_margin": 40 if _axis_title(first, dataset) else 0,
        **_common_axes(),
        **({"sort_series_type": "name", "sort_series_ascending": True} if chart.by else {}),
    }


def ordered_labels(chart: Series, dataset: Dataset) -> list[str]:
    """The members of a series as its column writes them, with the spaces that keep their order."""
    last = len(chart.members)
    return [
        ORDER_SPACE * (last - number) + member.of(dataset.language)
        for number, member in enumerate(chart.members, start=1)
    ]


def _value_axis(metric: Metric) -> Params:
    whole = metric.unit == "rate"
    return {"truncateYAxis": whole, "y_axis_bounds": [0, 1] if whole else [None, None]}


def _axis_title(metric: Metric, dataset: Dataset) -> str:
    if metric.unit != "hours":
        return ""
    return "hours" if dataset.language == "en" else "小时"


def _common_axes() -> Params:
    return {
        "color_scheme": COLOURS,
        "legendType": "scroll",
        "legendOrientation": "top",
        "rich_tooltip": True,
        "showTooltipTotal": False,
        "showTooltipPercentage": False,
        "order_desc": False,
        "truncate_metric": True,
        "truncateXAxis": True,
        "show_empty_columns": True,
        "only_total": True,
        "minorSplitLine": False,
        "x_axis_title_margin": 15,
        "row_limit": ROW_LIMIT,
        "annotation_layers": [],
        "comparison_type": "values",
    }


def _ranking(chart: Ranking, dataset: Dataset) -> Params:
    metrics = [dataset.on_axis(name) for name in chart.metrics]
    metric = dataset.metrics[metrics[0]]
    return {
        "viz_type": "echarts_timeseries_bar",
        "orientation": "horizontal",
        "x_axis": chart.by,
        "xAxisForceCategorical": True,
        "metrics": metrics,
        "groupby": [chart.split] if chart.split else [],
        "adhoc_filters": _period(chart.time),
        "y_axis_format": metric.d3format,
        "x_axis_sort": metrics[0],
        "x_axis_sort_asc": True,
        "show_value": True,
        "show_legend": len(chart.metrics) > 1 or chart.split is not None,
        **_value_axis(metric),
        **_common_axes(),
    }


def _heatmap(chart: Heatmap, dataset: Dataset) -> Params:
    return {
        "viz_type": "heatmap_v2",
        "x_axis": chart.x,
        "groupby": chart.y,
        "metric": chart.metric,
        "adhoc_filters": _period(chart.time),
        "sort_x_axis": "alpha_asc",
        "sort_y_axis": "alpha_desc",
        "normalize_across": "heatmap",
        "linear_color_scheme": HEAT_COLOURS,
        "x_axis_time_format": "%a",
        "xscale_interval": 1,
        "yscale_interval": 1,
        "left_margin": "auto",
        "bottom_margin": "auto",
        "legend_type": "continuous",
        "show_legend": True,
        "show_values": True,
        "show_percentage": False,
        "y_axis_format": dataset.metrics[chart.metric].d3format,
        "value_bounds": [None, None],
        "border_color": {"r": 255, "g": 255, "b": 255, "a": 1},
        "border_width": 1,
        "row_limit": ROW_LIMIT,
    }


def _summary(chart: Summary, dataset: Dataset) -> Params:
    return {
        "viz_type": "table",
        "query_mode": "aggregate",
        "groupby": list(chart.by),
        "metrics": list(chart.metrics),
        "adhoc_filters": _period(chart.time),
        "timeseries_limit_metric": chart.metrics[0],
        "order_desc": True,
        "show_cell_bars": False,
        "show_totals": False,
        "include_search": False,
        "table_timestamp_format": "smart_date",
        "row_limit": ROW_LIMIT,
        "page_length": 0,
        "column_config": {
            name: {"d3NumberFormat": dataset.metrics[name].d3format} for name in chart.metrics
        },
    }


def _records(chart: Records, dataset: Dataset) -> Params:
    order = f'["{chart.order_by}", {str(not chart.descending).lower()}]'
    formats = {
        name: {"d3NumberFormat": ",.1f"}
        for name in chart.columns
        if name in dataset.spec.calculated and dataset.spec.calculated[name].type == "DOUBLE"
    }
    return {
        "all_columns": list(chart.columns),
        "order_by_cols": [order] if chart.order_by else [],
        "row_limit": chart.rows,
        "page_length": 0,
        **_raw_table(),
        "column_config": formats,
    }


def _banner(chart: Banner, dataset: Dataset) -> Params:
    return {
        "all_columns": [chart.column.of(dataset.language)],
        "order_by_cols": [],
        "row_limit": 10,
        "page_length": 0,
        **_raw_table(),
    }


def _raw_table() -> Params:
    return {
        "viz_type": "table",
        "query_mode": "raw",
        "adhoc_filters": [],
        "include_search": False,
        "show_cell_bars": False,
        "allow_render_html": True,
        "table_timestamp_format": "%Y-%m-%d %H:%M",
        "conditional_formatting": [],
        "column_config": {},
    }


BUILDERS: dict[type, Callable[[Any, Dataset], Params]] = {
    Number: _number,
    Series: _series,
    Ranking: _ranking,
    Heatmap: _heatmap,
    Summary: _summary,
    Records: _records,
    Banner: _banner,
}


def query_context_of(chart: Chart, params: Params) -> dict[str, Any]:
    """The query that Superset's Explore page would have stored beside the controls.

    Dashboards work without it; reports, CSV and XLSX by REST do not.
    """
    query: dict[str, Any] = {
        "filters": [
            {"col": item["subject"], "op": "TEMPORAL_RANGE", "val": item["comparator"]}
            for item in params["adhoc_filters"]
        ],
        "extras": {"having": "", "where": ""},
        "columns": _query_columns(chart, params),
        "metrics": params.get("metrics") or ([params["metric"]] if "metric" in params else None),
        "orderby": _query_order(chart, params),
        "row_limit": params["row_limit"],
        "annotation_layers": [],
        "series_limit": 0,
        "order_desc": True,
        "url_params": {},
        "custom_params": {},
        "custom_form_data": {},
        "post_processing": [],
        "applied_time_extras": {},
    }
    if "time_grain_sqla" in params:
        query["extras"]["time_grain_sqla"] = params["time_grain_sqla"]
    shell = {"force": False, "result_format": "json", "result_type": "full"}
    return {
        "datasource": {"id": 1, "type": "table"},
        "queries": [query],
        "form_data": {**params, **shell},
        **shell,
    }


def _query_columns(chart: Chart, params: Params) -> list[Any]:
    match chart:
        case Series():
            axis = {
                "columnType": "BASE_AXIS",
                "sqlExpression": chart.time,
                "label": chart.time,
                "expressionType": "SQL",
                "timeGrain": params["time_grain_sqla"],
            }
            return [axis, *params["groupby"]]
        case Ranking():
            return [chart.by, *params["groupby"]]
        case Heatmap():
            return [chart.x, chart.y]
        case Summary():
            return list(chart.by)
        case Records() | Banner():
            return list(params["all_columns"])
    return []


def _query_order(chart: Chart, params: Params) -> list[list[Any]]:
    match chart:
        case Records(order_by=str(column)):
            return [[column, not chart.descending]]
        case Ranking() | Summary():
            return [[params["metrics"][0], False]]
    return []
