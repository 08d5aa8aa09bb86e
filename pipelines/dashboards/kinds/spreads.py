"""Charts of how values spread: ranges, boxes, dots and outlines."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.axes import axis_format, axis_title, common_axes, value_axis
from pipelines.dashboards.kinds.base import COLOURS, ROW_LIMIT, Chart, OneMetric, Params, Query
from pipelines.dashboards.words import Text


class Radar(Chart):
    """One axis a metric and one outline a member of `by`; all metrics on one scale from 0.

    Narrower, the legend would lie over the names of the axes.
    """

    kind: Literal["radar"]
    width: int = Field(ge=6, le=12)
    metrics: tuple[str, ...] = Field(min_length=3)
    by: str | None = None
    most: float = Field(description="the value at the rim")

    @property
    def metric_names(self) -> tuple[str, ...]:
        return self.metrics

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.by,) if self.by else ()

    def params(self, dataset: Dataset) -> Params:
        metrics = [dataset.on_axis(self, name) for name in self.metrics]
        rim = {"radarMetricMaxValue": self.most, "radarMetricMinValue": 0}
        return {
            "viz_type": "radar",
            "metrics": [metric.name for metric in metrics],
            "groupby": list(self.dimensions),
            "adhoc_filters": self.filters(dataset),
            "column_config": {metric.name: rim for metric in metrics},
            "color_scheme": COLOURS,
            "number_format": metrics[0].d3format,
            "date_format": "smart_date",
            "label_type": "value",
            "label_position": "top",
            "show_labels": self.by is None,
            "show_legend": self.by is not None,
            "legendType": "plain",
            "legendOrientation": "left",
            "is_circle": False,
            "row_limit": 10,
        }


class Box(OneMetric):
    """How the values of a metric by day spread, one box a member of `by`."""

    kind: Literal["box"]
    by: str
    time: str

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.by, self.time)

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.on_axis(self, self.metric)
        return {
            "viz_type": "box_plot",
            "columns": [self.time],
            "groupby": [self.by],
            "metrics": [metric.name],
            "temporal_columns_lookup": {self.time: True},
            "time_grain_sqla": "P1D",
            "adhoc_filters": self.filters(dataset),
            "whiskerOptions": "Tukey",
            "x_ticks_layout": "auto",
            "color_scheme": COLOURS,
            "number_format": axis_format(metric.d3format),
            "date_format": "smart_date",
            "y_axis_title": axis_title(metric, dataset.language),
            "y_axis_title_margin": 40,
            "row_limit": ROW_LIMIT,
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        spread = {"whisker_type": "tukey", "groupby": [self.by], "metrics": params["metrics"]}
        (query,) = [self.query(params, dataset, [self.time, self.by], params["metrics"])]
        return [query | {"post_processing": [{"operation": "boxplot", "options": spread}]}]


class Histogram(OneMetric):
    """Bars over published ranges, which are in order (`<column>_in_order`) or numbers.

    Attributes:
        worst_to_best: four members of `split`, coloured from bad to good.
    """

    kind: Literal["histogram"]
    bins: str
    split: str | None = None
    worst_to_best: tuple[str, ...] = Field(default=(), max_length=4)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.bins, *([self.split] if self.split else []))

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.on_axis(self, self.metric)
        return {
            "viz_type": "echarts_timeseries_bar",
            "x_axis": self.bins,
            "xAxisForceCategorical": True,
            "x_axis_sort": self.bins,
            "x_axis_sort_asc": True,
            "metrics": [metric.name],
            "groupby": [self.split] if self.split else [],
            "stack": "Stack" if self.split else None,
            "adhoc_filters": self.filters(dataset),
            "y_axis_format": axis_format(metric.d3format),
            "show_value": self.split is None,
            "show_legend": self.split is not None,
            **value_axis(metric),
            **common_axes(),
        }


class Scatter(Chart):
    """One dot a member of `by`: `x` against `y`, larger for more of `size`.

    Attributes:
        members: up to five members of `colour`, coloured from good to bad and then grey.
    """

    kind: Literal["scatter"]
    by: str
    x: str
    y: str
    size: str
    colour: str | None = None
    members: tuple[Text, ...] = Field(default=(), max_length=5)

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (self.x, self.y, self.size)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.by, *([self.colour] if self.colour else []))

    def params(self, dataset: Dataset) -> Params:
        x, y, size = (dataset.on_axis(self, name) for name in self.metric_names)
        return {
            "viz_type": "bubble_v2",
            "entity": self.by,
            "series": self.colour,
            "x": x.name,
            "y": y.name,
            "size": size.name,
            "adhoc_filters": self.filters(dataset),
            "color_scheme": COLOURS,
            "max_bubble_size": "12",
            "opacity": 0.6,
            "show_legend": self.colour is not None,
            "legendType": "scroll",
            "legendOrientation": "top",
            "xAxisFormat": axis_format(x.d3format),
            "x_axis_label": x.label,
            "x_axis_title_margin": 30,
            "y_axis_format": axis_format(y.d3format),
            "y_axis_label": y.label,
            "y_axis_title_margin": 60,
            "y_axis_bounds": [None, None],
            "truncateXAxis": True,
            "truncateYAxis": True,
            "tooltipSizeFormat": size.d3format,
            "order_desc": True,
            "row_limit": 1000,
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        metrics = [params["x"], params["y"], params["size"]]
        return [self.query(params, dataset, list(self.dimensions), metrics)]
