"""Charts of parts, stages and spreads."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.axes import axis_format, axis_title, common_axes, value_axis
from pipelines.dashboards.kinds.base import COLOURS, ROW_LIMIT, TINTS, Chart, Params, Query
from pipelines.dashboards.words import Text

GOOD_RGB = {"r": 18, "g": 165, "b": 148, "a": 1}
BAD_RGB = {"r": 217, "g": 45, "b": 68, "a": 1}
PLAIN_RGB = {"r": 31, "g": 94, "b": 255, "a": 1}
GREY_RGB = {"r": 138, "g": 148, "b": 166, "a": 1}
UP, DOWN = Text(en="Increase", zh="增加"), Text(en="Decrease", zh="减少")


class _OneMetric(Chart):
    metric: str

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (self.metric,)


class Funnel(_OneMetric):
    """Stages from the widest to the narrowest, each with its share of the first."""

    kind: Literal["funnel"]
    by: str

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.by,)

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.on_axis(self, self.metric)
        return {
            "viz_type": "funnel",
            "metric": metric.name,
            "groupby": [self.by],
            "adhoc_filters": self.filters(dataset),
            "color_scheme": TINTS,
            "number_format": metric.d3format,
            "percent_calculation_type": "first_step",
            "label_type": 5,
            "tooltip_label_type": 5,
            "show_labels": True,
            "show_tooltip_labels": True,
            "show_legend": False,
            "legendOrientation": "top",
            "sort_by_metric": True,
            "row_limit": 20,
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        order = [[params["metric"], False]]
        return [self.query(params, dataset, [self.by], [params["metric"]], order)]


class Sankey(_OneMetric):
    """Flows from the members of one column to those of another."""

    kind: Literal["sankey"]
    source: str
    target: str

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.source, self.target)

    def params(self, dataset: Dataset) -> Params:
        return {
            "viz_type": "sankey_v2",
            "source": self.source,
            "target": self.target,
            "metric": dataset.on_axis(self, self.metric).name,
            "adhoc_filters": self.filters(dataset),
            "color_scheme": COLOURS,
            "sort_by_metric": True,
            "row_limit": 200,
        }


class Treemap(_OneMetric):
    """Areas by member, one level inside the other; a colour for each member of the first level.

    Attributes:
        worst_to_best: three members of the first level that are bad, fair and good.
    """

    kind: Literal["treemap"]
    by: tuple[str, ...] = Field(min_length=1, max_length=3)
    worst_to_best: tuple[Text, Text, Text] | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        return self.by

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.on_axis(self, self.metric)
        return {
            "viz_type": "treemap_v2",
            "groupby": list(self.by),
            "metric": metric.name,
            "adhoc_filters": self.filters(dataset),
            "color_scheme": TINTS,
            "label_type": "key_value",
            "show_labels": True,
            "show_upper_labels": True,
            "number_format": metric.d3format,
            "date_format": "smart_date",
            "row_limit": 200,
        }


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


class Box(_OneMetric):
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


class Histogram(_OneMetric):
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
    """One dot a member of `by`: `x` against `y`, larger for more of `size`."""

    kind: Literal["scatter"]
    by: str
    x: str
    y: str
    size: str
    colour: str | None = None

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


class Waterfall(_OneMetric):
    """Steps that add up, coloured by whether more of the metric is good.

    `by` is a column in order (`<column>_in_order`); the sum of all steps stands last.
    """

    kind: Literal["waterfall"]
    by: str
    sum_label: Text = Text(en="Total", zh="合计")

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.by,)

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.on_axis(self, self.metric)
        kpi = dataset.kpi_of(self)
        direction = metric.direction
        if direction == "neutral" and kpi is not None:
            direction = kpi.direction
        rise, fall = {
            "up": (GOOD_RGB, BAD_RGB),
            "down": (BAD_RGB, GOOD_RGB),
        }.get(direction, (PLAIN_RGB, GREY_RGB))
        return {
            "viz_type": "waterfall",
            "x_axis": self.by,
            "groupby": [],
            "metric": metric.name,
            "adhoc_filters": self.filters(dataset),
            "increase_color": rise,
            "decrease_color": fall,
            "total_color": GREY_RGB,
            "increase_label": UP.of(dataset.language),
            "decrease_label": DOWN.of(dataset.language),
            "total_label": self.sum_label.of(dataset.language),
            "show_total": True,
            "show_legend": False,
            "show_value": True,
            "x_ticks_layout": "flat",
            "x_axis_time_format": "smart_date",
            "y_axis_format": axis_format(metric.d3format),
            "row_limit": 100,
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        order: list[list[Any]] = [[self.by, True]]
        return [self.query(params, dataset, [self.by], [params["metric"]], order)]
