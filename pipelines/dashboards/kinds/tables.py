"""Tables, and sentences that come from one."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.base import ROW_LIMIT, Chart, Params, Query
from pipelines.dashboards.kinds.levels import Colours, rules_of
from pipelines.dashboards.words import Text

PAGE = 20


class Summary(Chart):
    """A table with a row for each member of `by` and a column for each metric."""

    kind: Literal["summary"]
    by: tuple[str, ...] = Field(min_length=1)
    metrics: tuple[str, ...] = Field(min_length=1)
    colours: dict[str, Colours] = Field(default_factory=dict)
    bars: bool = False

    @property
    def metric_names(self) -> tuple[str, ...]:
        return self.metrics

    @property
    def dimensions(self) -> tuple[str, ...]:
        return self.by

    def params(self, dataset: Dataset) -> Params:
        metrics = [dataset.figure(self, name) for name in self.metrics]
        names = dict(zip(self.metrics, (metric.name for metric in metrics), strict=True))
        coloured = {names.get(name, name): colours for name, colours in self.colours.items()}
        return {
            "viz_type": "table",
            "query_mode": "aggregate",
            "groupby": list(self.by),
            "metrics": [metric.name for metric in metrics],
            "adhoc_filters": self.filters(dataset),
            "timeseries_limit_metric": metrics[0].name,
            "order_desc": True,
            "show_cell_bars": self.bars,
            "show_totals": False,
            "include_search": False,
            "allow_render_html": True,
            "table_timestamp_format": "%Y-%m-%d",
            "conditional_formatting": rules_of(coloured, dataset.language),
            "row_limit": ROW_LIMIT,
            "page_length": 0,
            "column_config": {
                metric.name: {"d3NumberFormat": metric.d3format} for metric in metrics
            },
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        order = [[params["metrics"][0], False]]
        return [self.query(params, dataset, list(self.by), params["metrics"], order)]


class Records(Chart):
    """Rows as they are, in an order, with no aggregation.

    Attributes:
        search: a box that keeps the rows with a text.
        units: column to a unit of the semantic layer, for its format.
        colours: column to what is good, near and bad in it.
    """

    kind: Literal["records"]
    columns: tuple[str, ...] = Field(min_length=1)
    order_by: str | None = None
    descending: bool = True
    rows: int = Field(default=50, ge=1, le=1000)
    search: bool = False
    units: dict[str, str] = Field(default_factory=dict)
    colours: dict[str, Colours] = Field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (*self.columns, *([self.order_by] if self.order_by else []))

    @property
    def shown_columns(self) -> tuple[str, ...]:
        return self.columns

    def params(self, dataset: Dataset) -> Params:
        order = f'["{self.order_by}", {str(not self.descending).lower()}]'
        return {
            **raw_table(),
            "all_columns": list(self.columns),
            "adhoc_filters": self.filters(dataset),
            "order_by_cols": [order] if self.order_by else [],
            "row_limit": self.rows,
            "include_search": self.search,
            "page_length": PAGE if self.search else 0,
            "conditional_formatting": rules_of(self.colours, dataset.language),
            "column_config": {
                name: {"d3NumberFormat": written}
                for name in self.columns
                if (written := self._format(name, dataset))
            }
            | {
                name: {"d3TimeFormat": "%Y-%m-%d"}
                for name in self.columns
                if dataset.type_of(name) == "DATE"
            },
        }

    def _format(self, column: str, dataset: Dataset) -> str:
        from pipelines.transform.semantic import FORMATS

        if column in self.units:
            return FORMATS[self.units[column]]
        calculated = dataset.calculated.get(column)
        return ",.1f" if calculated and calculated.type == "DOUBLE" else ""

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        order = [[self.order_by, not self.descending]] if self.order_by else []
        return [self.query(params, dataset, params["all_columns"], None, order)]


class Banner(Chart):
    """One sentence from a one-row table, which keeps a column for each language."""

    kind: Literal["banner"]
    column: Text

    @property
    def column_names(self) -> tuple[str, ...]:
        return (self.column.en, self.column.zh)

    def params(self, dataset: Dataset) -> Params:
        return {
            **raw_table(),
            "all_columns": [self.column.of(dataset.language)],
            "adhoc_filters": self.filters(dataset),
            "row_limit": 10,
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        return [self.query(params, dataset, params["all_columns"], None)]


class Sentences(Chart):
    """Sentences from a table, one a row, as running text under the title."""

    kind: Literal["sentences"]
    column: str
    order_by: str
    rows: int = Field(default=5, ge=1, le=20)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.column, self.order_by)

    @property
    def shown_columns(self) -> tuple[str, ...]:
        return ()

    def params(self, dataset: Dataset) -> Params:
        return {
            **raw_table(),
            "all_columns": [self.column],
            "adhoc_filters": self.filters(dataset),
            "order_by_cols": [f'["{self.order_by}", true]'],
            "row_limit": self.rows,
        }

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        order: list[list[Any]] = [[self.order_by, True]]
        return [self.query(params, dataset, params["all_columns"], None, order)]


def raw_table() -> Params:
    """A table of rows as they are."""
    return {
        "viz_type": "table",
        "query_mode": "raw",
        "order_by_cols": [],
        "include_search": False,
        "show_cell_bars": False,
        "allow_render_html": True,
        "table_timestamp_format": "%Y-%m-%d %H:%M",
        "conditional_formatting": [],
        "column_config": {},
        "page_length": 0,
    }
