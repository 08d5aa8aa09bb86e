"""What all charts share: a dataset, a place, fixed filters, and the query that Superset stores.

A chart names metrics and columns; it cannot carry an expression of its own. The names of controls
are Superset 6.1's. No kind knows what a metric means: format, direction and unit come with it.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from pydantic import Field

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.words import Language, Strict, Text

COLOURS, TINTS = "helpmart", "helpmart_tints"
ROW_LIMIT = 10_000

Params = dict[str, Any]
Query = dict[str, Any]
Member = str | int | bool | Text


class Chart(Strict):
    """One chart.

    Attributes:
        title: else the name of its first metric.
        note: stands before the definitions in the chart's description.
        empty: why there may be nothing to show, if the general sentence says too little.
        where: column to member or members; equality and membership only.
        time: the column that the dashboard's period narrows down.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    dataset: str
    width: int = Field(ge=2, le=12)
    title: Text | None = None
    note: Text | None = None
    empty: Text | None = None
    where: dict[str, Member | tuple[Member, ...]] = Field(default_factory=dict)
    time: str | None = None

    @property
    def metric_names(self) -> tuple[str, ...]:
        return ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The columns by which the chart tells rows apart."""
        return ()

    @property
    def column_names(self) -> tuple[str, ...]:
        """Every published or calculated column that the chart reads."""
        named = [*self.dimensions, *([self.time] if self.time else []), *self.where]
        return tuple(dict.fromkeys(named))

    @property
    def shown_columns(self) -> tuple[str, ...]:
        """The columns whose names stand on the page."""
        return self.dimensions

    @abstractmethod
    def params(self, dataset: Dataset) -> Params:
        """What Superset stores about how the chart looks and what it asks for."""

    def queries(self, params: Params, dataset: Dataset) -> list[Query]:
        """What the chart asks for, as Superset's Explore page would have stored it."""
        metrics = params.get("metrics") or ([params["metric"]] if "metric" in params else None)
        return [self.query(params, dataset, list(self.dimensions), metrics)]

    def query(
        self,
        params: Params,
        dataset: Dataset,
        columns: list[Any],
        metrics: list[str] | None,
        orderby: list[list[Any]] | None = None,
    ) -> Query:
        """One query with the chart's filters."""
        extras = {"having": "", "where": ""}
        if "time_grain_sqla" in params:
            extras["time_grain_sqla"] = params["time_grain_sqla"]
        return {
            "filters": self._asked(dataset.language),
            "extras": extras,
            "columns": columns,
            "metrics": metrics,
            "orderby": orderby or [],
            "row_limit": params.get("row_limit", ROW_LIMIT),
            "annotation_layers": [],
            "series_limit": 0,
            "order_desc": True,
            "url_params": {},
            "custom_params": {},
            "custom_form_data": {},
            "post_processing": [],
            "applied_time_extras": {},
        }

    def settled(self) -> set[str]:
        """The columns of which each figure of the chart has exactly one member."""
        fixed = {name for name, member in self.where.items() if not isinstance(member, tuple)}
        return fixed | set(self.dimensions)

    def wanted(self, column: str, language: Language) -> list[Any]:
        """The members that `where` keeps of a column."""
        stated = self.where.get(column, ())
        many = stated if isinstance(stated, tuple) else (stated,)
        return [each.of(language) if isinstance(each, Text) else each for each in many]

    def filters(self, dataset: Dataset) -> list[dict[str, Any]]:
        """The fixed filters, and the one that the dashboard's period fills in."""
        return [
            {
                "clause": "WHERE",
                "expressionType": "SIMPLE",
                "subject": asked["col"],
                "operator": asked["op"],
                "comparator": asked["val"],
            }
            for asked in self._asked(dataset.language)
        ]

    def _asked(self, language: Language) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = []
        for column, stated in self.where.items():
            members = self.wanted(column, language)
            if isinstance(stated, tuple):
                asked.append({"col": column, "op": "IN", "val": members})
            else:
                asked.append({"col": column, "op": "==", "val": members[0]})
        if self.time is not None:
            asked.append({"col": self.time, "op": "TEMPORAL_RANGE", "val": "No filter"})
        return asked


class OneMetric(Chart):
    """A chart of a single metric."""

    metric: str

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (self.metric,)


def params_of(chart: Chart, dataset: Dataset) -> Params:
    """The chart's controls, with what every chart needs."""
    return {"datasource": "1__table", **chart.params(dataset), "extra_form_data": {}}


def query_context_of(chart: Chart, params: Params, dataset: Dataset) -> dict[str, Any]:
    """The query that Superset's Explore page would have stored beside the controls.

    Dashboards work without it; reports, CSV and XLSX by REST do not.
    """
    shell = {"force": False, "result_format": "json", "result_type": "full"}
    return {
        "datasource": {"id": 1, "type": "table"},
        "queries": chart.queries(params, dataset),
        "form_data": {**params, **shell},
        **shell,
    }


def is_named(column: str) -> Params:
    """A control that keeps the rows in which a column says something."""
    return {
        "clause": "WHERE",
        "expressionType": "SIMPLE",
        "subject": column,
        "operator": "IS NOT NULL",
        "comparator": None,
    }


def named_only(query: Query, column: str) -> Query:
    """The query over the rows that `is_named` keeps."""
    return query | {"filters": [*query["filters"], {"col": column, "op": "IS NOT NULL"}]}
