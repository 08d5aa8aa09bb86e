"""Proves dashboard -> chart -> dataset -> published column -> semantic metric, without a server.

Every rule reports all its findings, and each finding says where it is and what is known there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.dashboards.access.policies import load_policies
from pipelines.dashboards.access.rows import access_problems
from pipelines.dashboards.aggregates import GRAIN, SINGLE, UNIT_KEYS, UNITS
from pipelines.dashboards.bundle import Datasets
from pipelines.dashboards.check_datasets import dataset_problems, time_problems
from pipelines.dashboards.dataset_specs import OF_KPI
from pipelines.dashboards.datasets import KPI_COLUMN, Dataset, load_datasets
from pipelines.dashboards.findings import Problem, unknown
from pipelines.dashboards.kinds.axes import Series
from pipelines.dashboards.kinds.base import Chart
from pipelines.dashboards.kinds.tables import Banner
from pipelines.dashboards.made_columns import IN_ORDER
from pipelines.dashboards.spec import Dashboard, MemberFilter, load_dashboards
from pipelines.dashboards.titles import chart_title, is_cut
from pipelines.dashboards.words import LANGUAGES
from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings

FULL_WIDTH = 12


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
    """All findings about the dashboards of the project and about who sees them."""
    dashboards, datasets = load_dashboards(), load_datasets(settings)
    report = check_all(dashboards, datasets)
    leaks = access_problems(dashboards, datasets, load_policies(), settings.wall_screen)
    found = [Problem("superset/policies and settings", leak) for leak in leaks]
    return replace(report, problems=[*report.problems, *found])


def check_all(dashboards: Sequence[Dashboard], datasets: Datasets) -> Report:
    """All findings about these dashboards."""
    problems = [
        *dataset_problems(datasets),
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
    chosen = frozenset(
        item.column for item in board.filters if isinstance(item, MemberFilter) and item.one
    )
    for chart in board.charts():
        yield from _chart_problems(f"{where}, chart {chart.id}", chart, datasets, chosen)
    for item in board.filters:
        if isinstance(item, MemberFilter):
            yield from _filter_problems(f"{where}, filter {item.title.en}", item, datasets)


def _filter_problems(where: str, item: MemberFilter, datasets: Datasets) -> Iterator[Problem]:
    for language in LANGUAGES:
        dataset = datasets.get((item.dataset, language))
        if dataset is None:
            yield from unknown(where, "dataset", item.dataset, {name for name, _ in datasets})
            return
        yield from unknown(where, "column", item.column, dataset.columns)


def _chart_problems(
    where: str, chart: Chart, datasets: Datasets, chosen: frozenset[str]
) -> Iterator[Problem]:
    """Findings about a chart; of the columns in `chosen` a filter always keeps one member."""
    for language in LANGUAGES:
        dataset = datasets.get((chart.dataset, language))
        if dataset is None:
            yield from unknown(where, "dataset", chart.dataset, {name for name, _ in datasets})
            return
        yield from _columns_and_metrics(f"{where} ({language})", chart, dataset, chosen)
        yield from _title_problems(f"{where} ({language})", chart, dataset)


def _title_problems(where: str, chart: Chart, dataset: Dataset) -> Iterator[Problem]:
    if chart.title is None and (
        not chart.metric_names or chart.metric_names[0] not in dataset.metrics
    ):
        yield Problem(where, "a chart without a metric needs a title")
        return
    title = chart_title(chart, dataset)
    if is_cut(chart, title):
        yield Problem(where, f"the title {title!r} would be cut; shorten it or widen the chart")


def _columns_and_metrics(
    where: str, chart: Chart, dataset: Dataset, chosen: frozenset[str]
) -> Iterator[Problem]:
    known = {*dataset.columns, *dataset.calculated}
    wanted = (
        (chart.column.of(dataset.language),) if isinstance(chart, Banner) else chart.column_names
    )
    for name in wanted:
        yield from unknown(where, "column", name, known)
    for name in chart.shown_columns:
        if name in dataset.columns and dataset.known_label(name) is None:
            yield Problem(where, f"{name} has no words in labels.yml, nor in its dataset")
    if chart.time is not None and chart.time in dataset.columns:
        yield from time_problems(where, chart.time, dataset)
    for name in chart.metric_names:
        yield from unknown(where, "metric", name, dataset.metrics)
        anchor = dataset.metrics[name].time if name in dataset.metrics else None
        if anchor not in (None, chart.time):
            yield Problem(where, f"{name} is counted by {anchor}, not by {chart.time}")
    if all(name in dataset.metrics for name in chart.metric_names):
        yield from _value_problems(where, chart, dataset, chosen)


def _value_problems(
    where: str, chart: Chart, dataset: Dataset, chosen: frozenset[str]
) -> Iterator[Problem]:
    """Finished values are shown one by one, and under the unit that is theirs."""
    measures = [name for name in chart.metric_names if name in dataset.spec.measures]
    kpis = [str(name) for name in chart.wanted(KPI_COLUMN, dataset.language)]
    if any(dataset.spec.measures[name].unit == OF_KPI for name in measures):
        for kpi in kpis:
            yield from unknown(where, "KPI", kpi, dataset.kpis)
        units = {dataset.kpis[kpi].unit for kpi in kpis if kpi in dataset.kpis}
        if len(units) > 1:
            yield Problem(where, f"{', '.join(kpis)} have different units and need charts apart")
        if not kpis:
            yield Problem(where, f"`where` has to name the {KPI_COLUMN}, which gives the unit")
    for column in dataset.spec.one_of:
        if column not in chart.settled() | chosen:
            yield Problem(where, f"shows several {column} at once; settle it with `where`")
    open_keys = _open_keys(chart, dataset, chosen)
    for name in measures:
        yield from _mixtures(where, name, chart, dataset, open_keys)
    shown = {dataset.on_axis(chart, name).unit for name in chart.metric_names}
    if isinstance(chart, Series) and len(shown) > 1:
        yield Problem(where, f"one axis cannot show {', '.join(chart.metrics)}: units differ")


def _mixtures(
    where: str, name: str, chart: Chart, dataset: Dataset, open_keys: list[str]
) -> Iterator[Problem]:
    """A measure that would show a value of several rows as if it were one."""
    measure = dataset.spec.measures[name]
    mixed = open_keys if measure.aggregate in SINGLE else []
    if measure.aggregate == "sole":
        mixed = [key for key in mixed if key != measure.of]
    if measure.aggregate == "widest":
        mixed = [key for key in mixed if key not in UNIT_KEYS]
        grains = set(chart.wanted(GRAIN, dataset.language))
        if not grains or not grains <= set(UNITS):
            yield Problem(where, f"{name} needs a `where` with grains of {', '.join(UNITS)}")
    if mixed:
        yield Problem(
            where,
            f"{name} would mix values of several {', '.join(mixed)}; settle them with `where` or"
            " show them",
        )
    orders = {f"{column}{IN_ORDER}": order.by for column, order in dataset.spec.ordered.items()}
    followed = [orders.get(column) for column in chart.dimensions]
    if measure.aggregate == "running_share" and followed != [measure.order_by]:
        yield Problem(where, f"{name} is shown by nothing but the column whose order it follows")


def _open_keys(chart: Chart, dataset: Dataset, chosen: frozenset[str]) -> list[str]:
    settled = chart.settled() | (chosen & dataset.columns.keys())
    for mark, keys in dataset.spec.settles.items():
        if chart.where.get(mark) is True:
            settled |= set(keys)
    settled |= {key for name, key in dataset.spec.stands_for.items() if name in settled}
    settled |= {name.removesuffix(IN_ORDER) for name in settled}
    return [key for key in dataset.spec.keys if key not in settled]
