"""Two kinds of marks in one picture: bars with lines, with markers, with a running share."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field, model_validator

from pipelines.dashboards.datasets import VITAL_FEW_SUFFIX, Dataset, Metric
from pipelines.dashboards.kinds.axes import (
    AFTER_LABEL,
    BEFORE_LABEL,
    DATE_FORMATS,
    GRAINS,
    Grain,
    axis_format,
    axis_title,
    common_axes,
    time_axis,
)
from pipelines.dashboards.kinds.base import (
    COLOURS,
    Chart,
    Params,
    Query,
    is_named,
    named_only,
)
from pipelines.dashboards.words import Text

CATEGORIES: Params = {"xAxisForceCategorical": True}
WHOLE = [0, 1]
MARK_COLOURS, SHADES = "helpmart_marks", "helpmart_shades"
# An axis that is not drawn: what stands on it reaches from the bottom to the top.
SHADED: Params = {"type": "value", "show": False, "min": 0, "max": 1}


def second_query(metrics: list[Metric], mark: str) -> Params:
    """What the second query of a chart shows, and as which mark."""
    return {
        "metrics_b": [metric.name for metric in metrics],
        "seriesTypeB": mark,
        "markerEnabledB": True,
        "markerSizeB": 14 if mark == "scatter" else 6,
        "order_desc_b": False,
        "row_limit_b": common_axes()["row_limit"],
        "truncate_metric_b": True,
        "comparison_type_b": "values",
    }


class _Pair(Chart):
    """What the charts of two queries share: `first` as bars, `second` as another mark."""

    def _params(
        self, dataset: Dataset, first: list[Metric], second: list[Metric], mark: str
    ) -> Params:
        apart = first[0].unit != second[0].unit
        return {
            "viz_type": "mixed_timeseries",
            "metrics": [metric.name for metric in first],
            "groupby": [],
            "adhoc_filters": self.filters(dataset),
            "seriesType": "bar",
            "yAxisIndex": 0,
            "y_axis_format": axis_format(first[0].d3format),
            "y_axis_title": axis_title(first[0], dataset.language),
            **second_query(second, mark),
            "groupby_b": [],
            "adhoc_filters_b": self.filters(dataset),
            "yAxisIndexB": 1 if apart else 0,
            "y_axis_format_secondary": axis_format(second[0].d3format),
            "opacityB": 0.2,
            **common_axes(),
            "y_axis_bounds": [None, None],
            "y_axis_bounds_secondary": [None, None],
            "show_legend": True,
            "y_axis_title_position": "Left",
            "y_axis_title_margin": 40 if axis_title(first[0], dataset.language) else 0,
        }

    def _queries(
        self, params: Params, dataset: Dataset, columns: list[Any], others: list[Any] | None = None
    ) -> list[Query]:
        """Both queries; `others` are the columns of the second where it has not the same."""
        return [
            self.query(params, dataset, columns, params["metrics"]),
            self.query(params, dataset, others or columns, params["metrics_b"]),
        ]


def over_time(dataset: Dataset, time: str, grain: Grain) -> Params:
    dates = DATE_FORMATS[dataset.language][grain]
    return {
        "x_axis": time,
        "time_grain_sqla": GRAINS[grain],
        "x_axis_time_format": f"{BEFORE_LABEL}{dates}{AFTER_LABEL}",
        "tooltipTimeFormat": dates,
    }


class Mixed(_Pair):
    """Bars and lines over time, or over `by`; lines of another unit get an axis of their own."""

    kind: Literal["mixed"]
    bars: tuple[str, ...] = Field(min_length=1)
    lines: tuple[str, ...] = Field(min_length=1)
    time: str
    grain: Grain | None = None
    by: str | None = Field(default=None, description="numbers or a column in order; no grain then")
    split: str | None = Field(default=None, description="parts of one bar, such as peak hours")
    members: tuple[Text, ...] = Field(
        default=(), max_length=2, description="of `split`, light first"
    )

    @model_validator(mode="after")
    def _has_one_axis(self) -> Mixed:
        if (self.grain is None) == (self.by is None):
            raise ValueError("a mixed chart has a grain or `by`, one of the two")
        return self

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (*self.bars, *self.lines)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.by or self.time, *([self.split] if self.split else []))

    def params(self, dataset: Dataset) -> Params:
        bars = [dataset.on_axis(self, name) for name in self.bars]
        lines = [dataset.on_axis(self, name) for name in self.lines]
        pair = self._params(dataset, bars, lines, "line")
        if self.split is not None:
            pair |= {"groupby": [self.split], "stack": "Stack"}
        if self.grain is None:
            return pair | CATEGORIES | {"x_axis": self.by}
        return pair | over_time(dataset, self.time, self.grain)

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        axis = self.by or time_axis(self.time, params["time_grain_sqla"])
        parts = [self.split] if self.split is not None else []
        return self._queries(params, dataset, [axis, *parts], [axis])


class Marked(_Pair):
    """Counts over time as lines, and behind them the days to remember, shaded and named.

    Attributes:
        mark: a measure that is 1 on such days and null on others.
        names: the column that says what a day is.
        by: a line for each member of this column, coloured as elsewhere; `members` are then all
            that `names` may say.
    """

    kind: Literal["marked"]
    metrics: tuple[str, ...] = Field(min_length=1)
    mark: str
    names: str
    members: tuple[Text, ...] = ()
    by: str | None = None
    time: str
    grain: Grain

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (*self.metrics, self.mark)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.time, *self._lines)

    @property
    def _lines(self) -> list[str]:
        return [self.by] if self.by else []

    @property
    def column_names(self) -> tuple[str, ...]:
        return (*super().column_names, self.names)

    def params(self, dataset: Dataset) -> Params:
        *lines, mark = (dataset.on_axis(self, name) for name in self.metric_names)
        pair = self._params(dataset, [mark], lines, "line")
        return {
            **pair,
            **over_time(dataset, self.time, self.grain),
            "groupby": [self.names],
            "groupby_b": self._lines,
            "adhoc_filters": [*self.filters(dataset), is_named(self.names)],
            "stack": "Stack",
            "yAxisIndex": 1,
            "yAxisIndexB": 0,
            "color_scheme": COLOURS if self.by else SHADES,
            "markerEnabledB": False,
            "echart_options": json.dumps({"yAxis": [{"type": "value"}, SHADED]}),
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        time = time_axis(self.time, params["time_grain_sqla"])
        days, lines = self._queries(params, dataset, [time, self.names], [time, *self._lines])
        return [named_only(days, self.names), lines]


class Pareto(_Pair):
    """Bars from the largest on, their running share as a line, and where it reaches 80 %.

    `by` is a column in order (`<column>_in_order`), since the line must follow the bars.
    """

    kind: Literal["pareto"]
    metric: str
    share: str
    by: str = Field(pattern=r"_in_order$")

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (self.metric, self.share)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.by,)

    def params(self, dataset: Dataset) -> Params:
        bar, line = (dataset.on_axis(self, name) for name in self.metric_names)
        limit = dataset.metrics.get(f"{self.share}{VITAL_FEW_SUFFIX}")
        pair = self._params(dataset, [bar], [line, *([limit] if limit else [])], "line")
        own = {"x_axis": self.by, "y_axis_bounds_secondary": WHOLE}
        return pair | CATEGORIES | own

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        return self._queries(params, dataset, [self.by])


class Bullet(_Pair):
    """A bar a member with the marks that it should reach, such as target and baseline."""

    kind: Literal["bullet"]
    metric: str
    marks: tuple[str, ...] = Field(min_length=1, max_length=3)
    by: str

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (self.metric, *self.marks)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.by,)

    def params(self, dataset: Dataset) -> Params:
        bar, *marks = (dataset.on_axis(self, name) for name in self.metric_names)
        own = {"x_axis": self.by, "color_scheme": MARK_COLOURS}
        return self._params(dataset, [bar], marks, "scatter") | CATEGORIES | own

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        return self._queries(params, dataset, [self.by])
