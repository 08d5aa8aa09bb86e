"""A line inside its interval."""

from __future__ import annotations

from typing import Literal

from pipelines.dashboards.datasets import END_MARKS, Dataset, Metric
from pipelines.dashboards.kinds.axes import (
    Grain,
    axis_format,
    axis_title,
    common_axes,
    time_axis,
    value_axis,
)
from pipelines.dashboards.kinds.base import OneMetric, Params, Query, is_named, named_only
from pipelines.dashboards.kinds.pairs import MARK_COLOURS, over_time, second_query


class Band(OneMetric):
    """A measure over time inside its interval; the measure declares `low` and `high`.

    Attributes:
        events: a column that names what a period is remembered for; such periods have a dot.
    """

    kind: Literal["band"]
    time: str
    grain: Grain
    events: str | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.time,)

    @property
    def column_names(self) -> tuple[str, ...]:
        return (*super().column_names, *([self.events] if self.events else []))

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.on_axis(self, self.metric)
        drawn = [metric.name, *(f"{metric.name}{suffix}" for suffix in END_MARKS)]
        return {
            "viz_type": "echarts_timeseries_line",
            **over_time(dataset, self.time, self.grain),
            "metrics": drawn,
            "groupby": [],
            "adhoc_filters": self.filters(dataset),
            "y_axis_format": axis_format(metric.d3format),
            "markerEnabled": True,
            "markerSize": 5,
            "opacity": 0.2,
            "seriesType": "line",
            "show_legend": False,
            **value_axis(metric),
            "y_axis_title": axis_title(metric, dataset.language),
            "y_axis_title_position": "Left",
            "y_axis_title_margin": 40 if axis_title(metric, dataset.language) else 0,
            **common_axes(),
            **(self._dots(metric, dataset) if self.events else {}),
        }

    def _dots(self, metric: Metric, dataset: Dataset) -> Params:
        return {
            "viz_type": "mixed_timeseries",
            "yAxisIndex": 0,
            **second_query([metric], "scatter"),
            "groupby_b": [self.events],
            "adhoc_filters_b": [*self.filters(dataset), is_named(str(self.events))],
            "yAxisIndexB": 0,
            "color_scheme": MARK_COLOURS,
            "show_legend": True,
            "echart_options": "",
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        time = time_axis(self.time, params["time_grain_sqla"])
        line = self.query(params, dataset, [time], params["metrics"])
        if self.events is None:
            return [line]
        dots = self.query(params, dataset, [time, self.events], params["metrics_b"])
        return [line, named_only(dots, self.events)]
