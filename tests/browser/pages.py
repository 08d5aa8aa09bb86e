"""One look at a dashboard in one language: what is wrong with it, and what its charts got."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.dashboards.bundle import Datasets
from pipelines.dashboards.kinds.base import Chart, params_of
from pipelines.dashboards.kinds.tables import Banner
from pipelines.dashboards.spec import Dashboard
from pipelines.dashboards.titles import chart_title
from pipelines.dashboards.words import Language
from tests.browser.reading import Reader

OK = 200
Rows = list[dict[str, Any]]


@dataclass
class Look:
    """What a reader met on a dashboard.

    Attributes:
        troubles: errors, charts that are not there and titles that do not fit.
        empty: ids of charts that have nothing to show.
        rows: what each chart got, by its id; of several queries those of the first.
    """

    troubles: list[str] = field(default_factory=list)
    empty: set[str] = field(default_factory=set)
    rows: dict[str, Rows] = field(default_factory=dict)


def look_at(reader: Reader, board: Dashboard, language: Language, datasets: Datasets) -> Look:
    """Open a dashboard, all its tabs, down to their ends."""
    look = Look()
    titles = {
        chart.id: chart_title(chart, datasets[chart.dataset, language]) for chart in board.charts()
    }
    reader.open(board.slug_of(language))
    numbers = _numbers(reader, board.slug_of(language))
    for tab in board.tabs:
        reader.choose(tab.title.of(language))
        look.troubles += reader.troubles()
        here = [cell for row in tab.rows for cell in row.cells if isinstance(cell, Chart)]
        look.troubles += [
            f"{chart.id} is not on the page"
            for chart in here
            if reader.tile(titles[chart.id]).count() == 0
        ]
    builds = set()
    for chart in board.charts():
        kind = params_of(chart, datasets[chart.dataset, language])["viz_type"]
        got = reader.answers.get(numbers.get((titles[chart.id], kind), 0), [])
        if not got:
            look.troubles.append(f"{chart.id} asked for nothing")
            continue
        answer = got[-1]["response"]
        if answer.status != OK:
            look.troubles.append(f"{chart.id}: {answer.status} {answer.text()[:200]}")
            continue
        builds.add(answer.headers["helpmart-build"])
        results = answer.json()["result"]
        look.rows[chart.id] = results[0]["data"]
        if not isinstance(chart, Banner) and not all(_shows(got[-1]["asked"], results)):
            look.empty.add(chart.id)
    if len(builds) > 1:
        look.troubles.append(f"of several builds: {', '.join(sorted(builds))}")
    return look


def _numbers(reader: Reader, slug: str) -> Mapping[tuple[str, str], int]:
    """Superset's numbers of the charts, by title and kind: a figure and its line may share one."""
    answer = reader.page.request.get(f"{reader.address}api/v1/dashboard/{slug}/charts")
    rows = answer.json()["result"]
    return {(row["slice_name"], row["form_data"]["viz_type"]): row["id"] for row in rows}


def _shows(asked: Mapping[str, Any], results: list[dict[str, Any]]) -> Iterator[bool]:
    """For each query whether it has a row, and of its columns that are no dimensions a value."""
    for query, result in zip(asked["queries"], results, strict=False):
        known = {_name(column) for column in query.get("columns") or []}
        rows = result["data"]
        if not query.get("metrics"):
            yield bool(rows)
        else:
            yield any(
                value is not None
                for row in rows
                for column, value in row.items()
                if column not in known
            )


def _name(column: Any) -> str:
    return str(column if isinstance(column, str) else column.get("label"))
