"""Charts that lay out two columns against each other, and trees and timelines."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.axes import DATE_FORMATS
from pipelines.dashboards.kinds.base import COLOURS, ROW_LIMIT, Chart, OneMetric, Params, Query
from pipelines.dashboards.kinds.levels import Levels
from pipelines.dashboards.made_columns import WEEK, WEEKDAY

HEAT_COLOURS = "helpmart_heat"


class _Heat(OneMetric):
    def _params(self, dataset: Dataset, x: str, y: str) -> Params:
        metric = dataset.on_axis(self, self.metric)
        return {
            "viz_type": "heatmap_v2",
            "x_axis": x,
            "groupby": y,
            "metric": metric.name,
            "adhoc_filters": self.filters(dataset),
            "sort_x_axis": "alpha_asc",
            "sort_y_axis": "alpha_desc",
            "normalize_across": "heatmap",
            "linear_color_scheme": HEAT_COLOURS,
            "xscale_interval": 1,
            "yscale_interval": 1,
            "left_margin": "auto",
            "bottom_margin": "auto",
            "legend_type": "continuous",
            "show_legend": True,
            "show_values": True,
            "show_percentage": False,
            "y_axis_format": metric.d3format,
            "value_bounds": [None, None],
            "border_color": {"r": 255, "g": 255, "b": 255, "a": 1},
            "border_width": 1,
            "row_limit": ROW_LIMIT,
        }


class Heatmap(_Heat):
    """One metric over two columns; darker is more."""

    kind: Literal["heatmap"]
    x: str
    y: str

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.x, self.y)

    def params(self, dataset: Dataset) -> Params:
        return {**self._params(dataset, self.x, self.y), "x_axis_time_format": "%a"}


class Calendar(_Heat):
    """One metric by day: a column a week and a row a weekday; darker is more."""

    kind: Literal["calendar"]
    time: str

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (WEEK, WEEKDAY)

    def settled(self) -> set[str]:
        return super().settled() | {self.time}

    def params(self, dataset: Dataset) -> Params:
        dates = DATE_FORMATS[dataset.language]["day"]
        own: Params = {"x_axis_time_format": dates, "show_values": False, "xscale_interval": -1}
        own["bottom_margin"] = 40
        return self._params(dataset, WEEK, WEEKDAY) | own


class Pivot(Chart):
    """A table of metrics by rows and columns, with colours by the direction of good."""

    kind: Literal["pivot"]
    rows: tuple[str, ...] = Field(min_length=1)
    columns: tuple[str, ...] = ()
    metrics: tuple[str, ...] = Field(min_length=1)
    colours: dict[str, Levels] = Field(default_factory=dict)

    @property
    def metric_names(self) -> tuple[str, ...]:
        return self.metrics

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (*self.rows, *self.columns)

    def params(self, dataset: Dataset) -> Params:
        metrics = [dataset.on_axis(self, name) for name in self.metrics]
        names = dict(zip(self.metrics, (metric.name for metric in metrics), strict=True))
        formats = {metric.d3format for metric in metrics}
        return {
            "viz_type": "pivot_table_v2",
            "groupbyRows": list(self.rows),
            "groupbyColumns": list(self.columns),
            "metrics": list(names.values()),
            "metricsLayout": "COLUMNS",
            "adhoc_filters": self.filters(dataset),
            "aggregateFunction": "Sum",
            # A sum of rates means nothing, so there are no totals.
            "rowTotals": False,
            "rowSubTotals": False,
            "colTotals": False,
            "colSubTotals": False,
            "transposePivot": False,
            "combineMetric": False,
            "valueFormat": formats.pop() if len(formats) == 1 else "SMART_NUMBER",
            "date_format": DATE_FORMATS[dataset.language]["month"],
            "rowOrder": "key_a_to_z",
            "colOrder": "key_a_to_z",
            "conditional_formatting": [
                rule for name, levels in self.colours.items() for rule in levels.rules(names[name])
            ],
            "allow_render_html": True,
            "row_limit": ROW_LIMIT,
        }


class Timeline(Chart):
    """Bars from a start to an end, a row each `lane`; also known as a Gantt chart."""

    kind: Literal["timeline"]
    start: str
    end: str
    lane: str
    colour: str | None = None
    details: tuple[str, ...] = ()
    rows: int = Field(default=200, ge=1, le=1000)

    @property
    def dimensions(self) -> tuple[str, ...]:
        named = (self.lane, self.start, self.end, self.colour, *self.details)
        return tuple(dict.fromkeys(name for name in named if name))

    def params(self, dataset: Dataset) -> Params:
        return {
            "viz_type": "gantt_chart",
            "start_time": self.start,
            "end_time": self.end,
            "y_axis": self.lane,
            "series": self.colour,
            "subcategories": False,
            "tooltip_columns": list(self.details),
            "tooltip_metrics": [],
            "order_by_cols": [f'["{self.start}", true]'],
            "adhoc_filters": self.filters(dataset),
            "color_scheme": COLOURS,
            "show_legend": self.colour is not None,
            "legendType": "scroll",
            "legendOrientation": "top",
            "x_axis_time_format": "smart_date",
            "tooltipTimeFormat": "%Y-%m-%d %H:%M",
            "tooltipValuesFormat": "SMART_NUMBER",
            "x_axis_title_margin": 15,
            "y_axis_title_margin": 50,
            "zoomable": False,
            "row_limit": self.rows,
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        order: list[list[Any]] = [[self.start, True]]
        return [self.query(params, dataset, list(self.dimensions), None, order)]


class Tree(Chart):
    """Nodes below their parents, from left to right; narrower, the last names would be cut."""

    kind: Literal["tree"]
    width: int = Field(ge=9, le=12)
    node: str
    parent: str
    name: str
    root: str = Field(description="the node at the left, as `node` names it")

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.node, self.parent, self.name)

    @property
    def shown_columns(self) -> tuple[str, ...]:
        return ()

    def params(self, dataset: Dataset) -> Params:
        return {
            "viz_type": "tree_chart",
            "id": self.node,
            "parent": self.parent,
            "name": self.name,
            "root_node_id": self.root,
            "adhoc_filters": self.filters(dataset),
            "layout": "orthogonal",
            "orient": "LR",
            "node_label_position": "top",
            "child_label_position": "right",
            "emphasis": "descendant",
            "symbol": "circle",
            "symbolSize": 7,
            "roam": False,
            "row_limit": 1000,
        }
