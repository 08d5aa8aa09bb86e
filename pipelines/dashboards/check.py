"""Proves dashboard -> chart -> dataset -> published column -> semantic metric, without a server.

Every rule reports all its findings, and each finding says where it is and what is known there.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.dashboards.bundle import Datasets
from pipelines.dashboards.datasets import Dataset, load_datasets
from pipelines.dashboards.spec import (
    LANGUAGES,
    Banner,
    Chart,
    Dashboard,
    MemberFilter,
    Series,
    load_dashboards,
)
from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings

FULL_WIDTH = 12


@dataclass(frozen=True)
class Problem:
    """One thing that would break a dashboard."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Report:
    """What was looked at and what was wrong."""

    dashboards: int
    charts: int
    datasets: int
    metrics: int
    problems: Sequence[Problem] = ()

    def summary(self) -> str:
        looked_at = (
            f"{self.dashboards} dashboards, {self.charts} charts, {self.datasets} datasets, "
            f"{self.metrics} metrics"
        )
        if not self.problems:
            return f"{looked_at}: every chart leads to a published column and a defined metric."
        return "\n".join([f"{looked_at}, {len(self.problems)} problems:", *map(str, self.problems)])

    def raise_on_problems(self) -> None:
        if self.problems:
            raise HelpmartError(
                what="the dashboards do not fit the published data",
                where="superset/assets",
                why="; ".join(map(str, self.problems[:5])),
                remedy="`helpmart dashboards check` lists everything that has to be put right",
                exit_code=ExitCode.USAGE,
            )


def check(settings: Settings) -> Report:
    """Check the dashboards of the project.

    Raises:
        HelpmartError: something is wrong; the error names the first findings.
    """
    report = check_all(load_dashboards(), load_datasets(settings))
    report.raise_on_problems()
    return report


def check_all(dashboards: Sequence[Dashboard], datasets: Datasets) -> Report:
    """All findings about these dashboards."""
    problems = [
        *_dataset_problems(datasets),
        *_slug_problems(dashboards),
        *(problem for board in dashboards for problem in _dashboard_problems(board, datasets)),
    ]
    return Report(
        dashboards=len(dashboards) * len(LANGUAGES),
        charts=sum(len(list(board.charts())) for board in dashboards) * len(LANGUAGES),
        datasets=len(datasets),
        metrics=sum(len(dataset.metrics) for dataset in datasets.values()),
        problems=problems,
    )


def _dataset_problems(datasets: Datasets) -> Iterator[Problem]:
    for dataset in datasets.values():
        where = f"dataset {dataset.table}"
        if not dataset.columns:
            yield Problem(where, "dbt publishes no such table")
            continue
        for name in dataset.spec.labels:
            yield from _unknown(where, "labelled column", name, dataset.columns)
        if dataset.spec.time is not None:
            yield from _time_problems(where, dataset.spec.time, dataset)


def _time_problems(where: str, name: str, dataset: Dataset) -> Iterator[Problem]:
    if name not in dataset.columns:
        yield from _unknown(where, "time column", name, dataset.columns)
    elif not dataset.columns[name].is_time:
        yield Problem(where, f"{name} is {dataset.columns[name].type}, not a date or a timestamp")


def _slug_problems(dashboards: Sequence[Dashboard]) -> Iterator[Problem]:
    slugs = Counter(board.slug_of(language) for board in dashboards for language in LANGUAGES)
    for slug, count in slugs.items():
        if count > 1:
            yield Problem(f"dashboard {slug}", f"the slug is used {count} times")


def _dashboard_problems(board: Dashboard, datasets: Datasets) -> Iterator[Problem]:
    where = f"dashboard {board.slug}"
    for chart_id, count in Counter(chart.id for chart in board.charts()).items():
        if count > 1:
            yield Problem(where, f"chart {chart_id} stands there {count} times")
    for row in board.rows():
        width = sum(cell.width for cell in row.cells)
        if width > FULL_WIDTH:
            yield Problem(where, f"a row is {width} columns wide, {FULL_WIDTH} fit")
    for chart in board.charts():
        yield from _chart_problems(f"{where}, chart {chart.id}", chart, datasets)
    for item in board.filters:
        if isinstance(item, MemberFilter):
            yield from _filter_problems(f"{where}, filter {item.title.en}", item, datasets)


def _filter_problems(where: str, item: MemberFilter, datasets: Datasets) -> Iterator[Problem]:
    for language in LANGUAGES:
        dataset = datasets.get((item.dataset, language))
        if dataset is None:
            yield from _unknown(where, "dataset", item.dataset, {name for name, _ in datasets})
            return
        yield from _unknown(where, "column", item.column, dataset.columns)


def _chart_problems(where: str, chart: Chart, datasets: Datasets) -> Iterator[Problem]:
    for language in LANGUAGES:
        dataset = datasets.get((chart.dataset, language))
        if dataset is None:
            yield from _unknown(where, "dataset", chart.dataset, {name for name, _ in datasets})
            return
        yield from _columns_and_metrics(f"{where} ({language})", chart, dataset)
    if not chart.metric_names and chart.title is None:
        yield Problem(where, "a chart without a metric needs a title")


def _columns_and_metrics(where: str, chart: Chart, dataset: Dataset) -> Iterator[Problem]:
    known = {*dataset.columns, *dataset.spec.calculated}
    wanted = (
        (chart.column.of(dataset.language),) if isinstance(chart, Banner) else chart.column_names
    )
    for name in wanted:
        yield from _unknown(where, "column", name, known)
    time = getattr(chart, "time", None)
    if time is not None and time in dataset.columns:
        yield from _time_problems(where, time, dataset)
    for name in chart.metric_names:
        yield from _unknown(where, "metric", name, dataset.metrics)
        anchor = dataset.metrics[name].time if name in dataset.metrics else time
        if anchor != time:
            yield Problem(where, f"{name} is counted by {anchor}, not by {time}")
    if isinstance(chart, Series) and len({_unit(dataset, name) for name in chart.metrics}) > 1:
        yield Problem(where, f"one axis cannot show {', '.join(chart.metrics)}: units differ")


def _unit(dataset: Dataset, name: str) -> str:
    return dataset.metrics[name].unit if name in dataset.metrics else ""


def _unknown(
    where: str, kind: str, name: str, known: Mapping[str, Any] | Collection[str]
) -> Iterator[Problem]:
    if name in known:
        return
    close = difflib.get_close_matches(name, list(known), n=1)
    hint = (
        f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known)) or 'none'}"
    )
    yield Problem(where, f"there is no {kind} {name}; {hint}")
