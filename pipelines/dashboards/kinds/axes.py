"""Charts with a value axis: over time, and by member."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from pydantic import Field

from pipelines.dashboards.datasets import Dataset, Metric
from pipelines.dashboards.kinds.base import COLOURS, ROW_LIMIT, Chart, Params, Query
from pipelines.dashboards.made_columns import PROGRESS, in_order
from pipelines.dashboards.words import Language, Text

Grain = Literal["half_hour", "day", "week", "month", "quarter"]
# Superset has no half hours on DuckDB; columns that begin with one stay as they are by the minute.
GRAINS: dict[Grain, str] = {
    "half_hour": "PT1M",
    "day": "P1D",
    "week": "P1W",
    "month": "P1M",
    "quarter": "P3M",
}
DATE_FORMATS: dict[Language, dict[Grain, str]] = {
    "en": {
        "half_hour": "%H:%M",
        "day": "%-d %b",
        "week": "%-d %b",
        "month": "%b %Y",
        "quarter": "%b %Y",
    },
    "zh": {
        "half_hour": "%H:%M",
        "day": "%-m/%-d",
        "week": "%-m/%-d",
        "month": "%Y/%-m",
        "quarter": "%Y/%-m",
    },
}
AXIS_UNITS = {"hours": Text(en="hours", zh="小时"), "minutes": Text(en="minutes", zh="分钟")}
# An axis leaves out labels that would overlap, but lets them touch: so each has spaces around it,
# and beyond them something that is no space, since Superset trims formats.
BEFORE_LABEL, AFTER_LABEL = "\u200b\u00a0", "\u00a0\u200b"
# With fewer, Superset would choose steps of 30.
STEPS = 5
SERIES_TYPES = {
    "line": "echarts_timeseries_line",
    "bar": "echarts_timeseries_bar",
    "area": "echarts_area",
}


class Series(Chart):
    """Metrics over time, optionally split by one column.

    Attributes:
        members: the members of `by` from first to last, coloured in that order.
        marks_progress: a period that is not over stands apart, grey, as "in progress".
        in_minutes: the axis of durations counts minutes, for waits that are fractions of an hour.
    """

    kind: Literal["series"]
    metrics: tuple[str, ...] = Field(min_length=1)
    time: str
    grain: Grain
    mark: Literal["line", "bar", "area"] = "line"
    by: str | None = None
    members: tuple[Text, ...] = ()
    stacked: bool = False
    marks_progress: bool = False
    in_minutes: bool = False

    @property
    def metric_names(self) -> tuple[str, ...]:
        return self.metrics

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.time, *self._splits)

    @property
    def _splits(self) -> list[str]:
        return [*([self.by] if self.by else []), *([PROGRESS] if self.marks_progress else [])]

    def params(self, dataset: Dataset) -> Params:
        metrics = [dataset.on_axis(self, name, in_minutes=self.in_minutes) for name in self.metrics]
        first = metrics[0]
        dates = DATE_FORMATS[dataset.language][self.grain]
        return {
            "viz_type": SERIES_TYPES[self.mark],
            "x_axis": self.time,
            "time_grain_sqla": GRAINS[self.grain],
            "metrics": [metric.name for metric in metrics],
            "groupby": self._splits,
            "adhoc_filters": self.filters(dataset),
            "x_axis_time_format": f"{BEFORE_LABEL}{dates}{AFTER_LABEL}",
            "tooltipTimeFormat": dates,
            "y_axis_format": axis_format(first.d3format),
            "stack": "Stack" if self.stacked else None,
            "area": self.mark == "area",
            "opacity": 0.75 if self.mark == "area" else 0.2,
            "markerEnabled": self.mark == "line" and self.grain not in {"half_hour", "day"},
            "markerSize": 5,
            "show_legend": len(self.metrics) > 1 or bool(self._splits),
            "seriesType": "line",
            **value_axis(first),
            "y_axis_title": axis_title(first, dataset.language),
            "y_axis_title_position": "Left",
            "y_axis_title_margin": 40 if axis_title(first, dataset.language) else 0,
            **common_axes(),
            **({"sort_series_type": "name", "sort_series_ascending": True} if self.by else {}),
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        columns = [time_axis(self.time, params["time_grain_sqla"]), *params["groupby"]]
        return [self.query(params, dataset, columns, params["metrics"])]

    def ordered_labels(self, language: Language) -> list[str]:
        """The members of a series as its column writes them, with the spaces that order them."""
        return in_order([member.of(language) for member in self.members])


class Ranking(Chart):
    """Horizontal bars, one a member of `by`; counts that are split stand in one bar."""

    kind: Literal["ranking"]
    metrics: tuple[str, ...] = Field(min_length=1)
    by: str
    split: str | None = None

    @property
    def metric_names(self) -> tuple[str, ...]:
        return self.metrics

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.by, *([self.split] if self.split else []))

    def params(self, dataset: Dataset) -> Params:
        metrics = [dataset.on_axis(self, name) for name in self.metrics]
        parts = self.split is not None and metrics[0].unit == "count"
        return {
            "viz_type": "echarts_timeseries_bar",
            "orientation": "horizontal",
            "x_axis": self.by,
            "xAxisForceCategorical": True,
            "metrics": [metric.name for metric in metrics],
            "groupby": [self.split] if self.split else [],
            "adhoc_filters": self.filters(dataset),
            "y_axis_format": axis_format(metrics[0].d3format),
            "x_axis_sort": metrics[0].name,
            "x_axis_sort_asc": True,
            "stack": "Stack" if parts else None,
            # Numbers beside bars of several series would lie over one another.
            "show_value": parts or (len(self.metrics) == 1 and self.split is None),
            "show_legend": len(self.metrics) > 1 or self.split is not None,
            **value_axis(metrics[0], "xAxis"),
            **common_axes(),
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        order = [[params["metrics"][0], False]]
        return [self.query(params, dataset, list(self.dimensions), params["metrics"], order)]


def time_axis(column: str, grain: str) -> dict[str, Any]:
    """A time column as the base axis of a query."""
    return {
        "columnType": "BASE_AXIS",
        "sqlExpression": column,
        "label": column,
        "expressionType": "SQL",
        "timeGrain": grain,
    }


def value_axis(metric: Metric, axis: Literal["xAxis", "yAxis"] = "yAxis") -> Params:
    """From zero as far as the values go, in round steps that the format can tell apart."""
    steps: dict[str, Any] = {"splitNumber": STEPS}
    if smallest := _smallest_step(metric.d3format):
        steps["minInterval"] = smallest
    return {
        "truncateYAxis": False,
        "y_axis_bounds": [None, None],
        "echart_options": json.dumps({axis: steps}),
    }


def _smallest_step(d3format: str) -> float | None:
    """Below it two lines of an axis would be named alike."""
    places = re.search(r"(d)$|\.(\d+)([%f])$", d3format)
    if places is None:
        return None
    digits = 0 if places[1] else int(places[2]) + (2 if places[3] == "%" else 0)
    return float(f"1e-{digits}")


def axis_format(d3format: str) -> str:
    """A format without zeros at the end: 20 % beside 12.5 %."""
    return re.sub(r"(\.\d+)(?=[%f]$)", r"\1~", d3format)


def axis_title(metric: Metric, language: Language) -> str:
    """The unit of an axis that would not be understood without it."""
    return AXIS_UNITS[metric.unit].of(language) if metric.unit in AXIS_UNITS else ""


def common_axes() -> Params:
    """What all charts with axes have in common."""
    return {
        "color_scheme": COLOURS,
        "legendType": "plain",
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
