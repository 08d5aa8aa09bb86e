"""Charts of parts of a whole, stages, flows and steps."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.axes import axis_format
from pipelines.dashboards.kinds.base import COLOURS, TINTS, OneMetric, Params, Query
from pipelines.dashboards.words import Text

GOOD_RGB = {"r": 18, "g": 165, "b": 148, "a": 1}
BAD_RGB = {"r": 217, "g": 45, "b": 68, "a": 1}
PLAIN_RGB = {"r": 31, "g": 94, "b": 255, "a": 1}
GREY_RGB = {"r": 138, "g": 148, "b": 166, "a": 1}
UP, DOWN = Text(en="Increase", zh="增加"), Text(en="Decrease", zh="减少")


class Funnel(OneMetric):
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


class Sankey(OneMetric):
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


class Treemap(OneMetric):
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


class Waterfall(OneMetric):
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
