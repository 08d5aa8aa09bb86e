"""Single figures."""

from __future__ import annotations

from typing import Literal

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.base import ROW_LIMIT, Chart, Params


class Number(Chart):
    """One figure for the chosen period, with its change against the period before."""

    kind: Literal["number"]
    metric: str
    time: str

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (self.metric,)

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.figure(self, self.metric)
        return {
            "viz_type": "pop_kpi",
            "metric": metric.name,
            "adhoc_filters": self.filters(dataset),
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
