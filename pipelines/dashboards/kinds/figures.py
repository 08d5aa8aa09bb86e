"""Single figures: for a period, with the way there, and on a scale."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.axes import DATE_FORMATS, GRAINS, Grain, time_axis
from pipelines.dashboards.kinds.base import ROW_LIMIT, OneMetric, Params, Query
from pipelines.dashboards.kinds.levels import LEVEL_COLOURS, Levels
from pipelines.dashboards.words import Text

BEFORE = {"en": "before", "zh": "上期"}
AGAINST: dict[Grain, Text] = {
    "day": Text(en="against the day before", zh="较前一日"),
    "week": Text(en="against the week before", zh="较上周"),
    "month": Text(en="against the month before", zh="较上月"),
    "quarter": Text(en="against the quarter before", zh="较上季度"),
}


class Number(OneMetric):
    """One figure for the chosen period, with its change against the period before."""

    kind: Literal["number"]
    time: str

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
                    "customColumnName": BEFORE[dataset.language],
                },
                "Delta": {"visible": False},
                "Percent change": {"visible": True, "displayTypeIcon": False},
            },
            "row_limit": ROW_LIMIT,
        }


class Latest(OneMetric):
    """One finished value without a comparison; `where` settles which."""

    kind: Literal["latest"]
    words: Text | None = Field(default=None, description="what stands below the figure")

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.figure(self, self.metric)
        return {
            "viz_type": "big_number_total",
            "metric": metric.name,
            "adhoc_filters": self.filters(dataset),
            "subtitle": self.words.of(dataset.language) if self.words else "",
            "header_font_size": 0.4,
            "subtitle_font_size": 0.125,
            "y_axis_format": metric.d3format,
            "conditional_formatting": [],
        }


class Trend(OneMetric):
    """The newest value of a series, its change, and the line that leads there.

    Attributes:
        against: what the change is measured against, if not the period before.
        line: whether the way is drawn; two points have none.
    """

    kind: Literal["trend"]
    time: str
    grain: Grain
    against: Text | None = None
    line: bool = True

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.time,)

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.figure(self, self.metric)
        return {
            "viz_type": "big_number",
            "x_axis": self.time,
            "time_grain_sqla": GRAINS[self.grain],
            "metric": metric.name,
            "adhoc_filters": self.filters(dataset),
            "compare_lag": 1,
            "compare_suffix": (self.against or AGAINST[self.grain]).of(dataset.language),
            "show_timestamp": True,
            "show_trend_line": self.line,
            "start_y_axis_at_zero": False,
            "color_picker": {"r": 31, "g": 94, "b": 255, "a": 1},
            "header_font_size": 0.4,
            "subheader_font_size": 0.15,
            "y_axis_format": metric.d3format,
            "time_format": DATE_FORMATS[dataset.language][self.grain],
            "rolling_type": "None",
            "row_limit": ROW_LIMIT,
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        columns: list[Any] = [time_axis(self.time, params["time_grain_sqla"])]
        return [self.query(params, dataset, columns, [params["metric"]])]


class Gauge(OneMetric):
    """One value, or one a member of `by`, on a scale with its missed, near and met parts."""

    kind: Literal["gauge"]
    by: str | None = None
    low: float = 0
    high: float
    levels: Levels

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.by,) if self.by else ()

    def params(self, dataset: Dataset) -> Params:
        metric = dataset.on_axis(self, self.metric)
        rising = self.levels.direction == "up"
        bounds = sorted((self.levels.good, self.levels.fair))
        return {
            "viz_type": "gauge_chart",
            "metric": metric.name,
            "groupby": list(self.dimensions),
            "adhoc_filters": self.filters(dataset),
            "min_val": self.low,
            "max_val": self.high,
            "intervals": ",".join(f"{bound:g}" for bound in (*bounds, self.high)),
            "interval_color_indices": "1,2,3" if rising else "3,2,1",
            "color_scheme": LEVEL_COLOURS,
            "number_format": metric.d3format,
            "value_formatter": "{value}",
            "start_angle": 225,
            "end_angle": -45,
            "font_size": 11,
            "split_number": 3,
            "show_pointer": True,
            "show_progress": False,
            "show_axis_tick": False,
            "show_split_line": False,
            "overlap": True,
            "round_cap": False,
            "animation": False,
            "sort_by_metric": True,
            "row_limit": 10,
        }
