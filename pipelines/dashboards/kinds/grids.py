"""Charts that lay out two columns against each other."""

from __future__ import annotations

from typing import Literal

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.base import ROW_LIMIT, Chart, Params

HEAT_COLOURS = "helpmart_heat"


class Heatmap(Chart):
    """One metric over two columns; darker is more."""

    kind: Literal["heatmap"]
    metric: str
    x: str
    y: str

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (self.metric,)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.x, self.y)

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.on_axis(self, self.metric)
        return {
            "viz_type": "heatmap_v2",
            "x_axis": self.x,
            "groupby": self.y,
            "metric": metric.name,
            "adhoc_filters": self.filters(dataset),
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
            "y_axis_format": metric.d3format,
            "value_bounds": [None, None],
            "border_color": {"r": 255, "g": 255, "b": 255, "a": 1},
            "border_width": 1,
            "row_limit": ROW_LIMIT,
        }
