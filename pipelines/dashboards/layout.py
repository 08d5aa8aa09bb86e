"""Where things stand on a dashboard, and its filters, in Superset's terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.base import Chart
from pipelines.dashboards.kinds.grids import Tree
from pipelines.dashboards.spec import (
    Dashboard,
    Filter,
    MemberFilter,
    Note,
    PeriodFilter,
    Row,
)
from pipelines.dashboards.words import Language

# `superset/helpmart_superset/default_period.py` puts the range in its place when it is read.
AUTO_PERIOD = "helpmart: last full weeks"

Node = dict[str, Any]
Uuids = dict[str, str]


class _Tree:
    """Superset keeps a layout as a flat dictionary of nodes that know parents and children."""

    def __init__(self, dashboard: Dashboard, language: Language, uuids: Uuids) -> None:
        self.dashboard, self.language, self.uuids = dashboard, language, uuids
        self.nodes: dict[str, Any] = {"DASHBOARD_VERSION_KEY": "v2"}

    def add(self, kind: str, name: str, parents: list[str], meta: Node | None = None) -> list[str]:
        """Add a node below the last of `parents`; gives back the path to it."""
        key = f"{kind}-{name}" if name else f"{kind}_ID"
        node: Node = {"id": key, "type": kind, "children": [], "parents": parents}
        if meta is not None:
            node["meta"] = meta
        self.nodes[key] = node
        if parents:
            self.nodes[parents[-1]]["children"].append(key)
        return [*parents, key]

    def add_rows(self, rows: Iterable[Row], prefix: str, parents: list[str]) -> None:
        for number, row in enumerate(rows, start=1):
            meta = {"background": "BACKGROUND_TRANSPARENT"}
            path = self.add("ROW", f"{prefix}-{number}", parents, meta)
            for position, cell in enumerate(row.cells, start=1):
                size = {"width": cell.width, "height": row.height}
                if isinstance(cell, Note):
                    text = {"code": cell.text.of(self.language)}
                    self.add("MARKDOWN", f"{prefix}-{number}-{position}", path, size | text)
                else:
                    self.add("CHART", cell.id, path, size | self._chart(cell.id))

    def _chart(self, chart_id: str) -> Node:
        ids = list(self.uuids)
        return {"chartId": ids.index(chart_id) + 1, "uuid": self.uuids[chart_id]}


def position_of(dashboard: Dashboard, language: Language, uuids: Uuids) -> Node:
    """The layout; `uuids` maps our chart ids to Superset's."""
    tree = _Tree(dashboard, language, uuids)
    root = tree.add("ROOT", "", [])
    title = {"text": dashboard.title.of(language)}
    tree.nodes["HEADER_ID"] = {"id": "HEADER_ID", "type": "HEADER", "meta": title}
    grid = tree.add("GRID", "", root)
    tree.add_rows([dashboard.header], "head", grid)
    tabs = tree.add("TABS", "main", grid, {})
    for tab in dashboard.tabs:
        text = tab.title.of(language)
        path = tree.add("TAB", tab.id, tabs, {"text": text, "defaultText": text})
        tree.add_rows(tab.rows, tab.id, path)
    return tree.nodes


def filters_of(dashboard: Dashboard, datasets: Mapping[str, Dataset], uuids: Uuids) -> list[Node]:
    """The native filters, in their order on the page.

    Args:
        dashboard: whose filters and charts.
        datasets: by name, in the language of the page.
        uuids: Superset's identifiers of these datasets, by name.
    """
    charts = list(enumerate(dashboard.charts(), start=1))
    nodes = []
    for item in dashboard.filters:
        reached = {
            number for number, chart in charts if _reaches(item, chart, datasets[chart.dataset])
        }
        language = datasets[charts[0][1].dataset].language
        node: Node = {
            "type": "NATIVE_FILTER",
            "name": item.title.of(language),
            "description": "",
            "cascadeParentIds": [],
            # A chart outside the scope shows no warning that a filter could not be applied.
            "scope": {
                "rootPath": ["ROOT_ID"],
                "excluded": [number for number, _ in charts if number not in reached],
            },
        }
        match item:
            case PeriodFilter():
                nodes.append(node | _period_filter())
            case MemberFilter():
                nodes.append(node | _member_filter(item, uuids[item.dataset], language))
    return nodes


def cross_filters_of(dashboard: Dashboard, datasets: Mapping[str, Dataset]) -> dict[str, Node]:
    """Which charts a click on a member narrows down: those whose dataset has all its columns."""
    charts = list(enumerate(dashboard.charts(), start=1))
    configuration = {}
    for number, chart in charts:
        published = set(chart.dimensions) & datasets[chart.dataset].columns.keys()
        reached = [
            other
            for other, each in charts
            if other != number
            and published
            and published <= datasets[each.dataset].columns.keys()
            and datasets[each.dataset].spec.database == datasets[chart.dataset].spec.database
        ]
        excluded = [other for other, _ in charts if other not in reached]
        configuration[str(number)] = {
            "id": number,
            "crossFilters": {
                "scope": {"rootPath": ["ROOT_ID"], "excluded": excluded},
                "chartsInScope": [],  # worked out by the page
            },
        }
    return configuration


def _reaches(item: Filter, chart: Chart, dataset: Dataset) -> bool:
    if isinstance(item, PeriodFilter):
        return chart.time is not None and not dataset.spec.newest
    # A tree that is cut has no root.
    return item.column in dataset.columns and not isinstance(chart, Tree)


def _period_filter() -> Node:
    return {
        "id": "NATIVE_FILTER-period",
        "filterType": "filter_time",
        "targets": [{}],
        # A comparison with the period before needs a period, so it can't be cleared.
        "controlValues": {"enableEmptyFilter": True},
        "defaultDataMask": {
            "extraFormData": {"time_range": AUTO_PERIOD},
            "filterState": {"value": AUTO_PERIOD},
            "ownState": {},
        },
    }


def _member_filter(item: MemberFilter, dataset_uuid: str, language: Language) -> Node:
    first = [item.one.of(language)] if item.one else []
    asked = {"filters": [{"col": item.column, "op": "IN", "val": first}]} if first else {}
    state = {"value": first, "label": first[0]} if first else {}
    return {
        "id": f"NATIVE_FILTER-{item.column}",
        "filterType": "filter_select",
        "targets": [{"column": {"name": item.column}, "datasetUuid": dataset_uuid}],
        "controlValues": {
            "enableEmptyFilter": item.one is not None,
            "defaultToFirstItem": False,
            "multiSelect": item.one is None,
            "searchAllOptions": False,
            "inverseSelection": False,
            "sortAscending": True,
        },
        "defaultDataMask": {"extraFormData": asked, "filterState": state, "ownState": {}},
    }
