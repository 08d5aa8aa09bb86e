"""Fixed colours of the series that share a chart.

Left to itself, Superset colours by size: the colours then change places between languages and
between one load and the next, and two series of one chart may get the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pipelines.dashboards.datasets import (
    END_MARKS,
    KPI_COLUMN,
    VITAL_FEW_SUFFIX,
    Dataset,
)
from pipelines.dashboards.kinds.axes import Ranking, Series
from pipelines.dashboards.kinds.bands import Band
from pipelines.dashboards.kinds.base import Chart
from pipelines.dashboards.kinds.levels import BAD_TINT, FAIR_TINT, GOOD_TINT
from pipelines.dashboards.kinds.pairs import Marked, Mixed, Pareto
from pipelines.dashboards.kinds.parts import Treemap
from pipelines.dashboards.kinds.spreads import Histogram, Scatter
from pipelines.dashboards.made_columns import COMPLETE, IN_PROGRESS
from pipelines.dashboards.spec import Dashboard
from pipelines.dashboards.words import Text

# As in superset/helpmart_superset/branding.py; a test keeps the two in step.
PALETTE = ("#1f5eff", "#f28c28", "#12a594", "#d6336c", "#7c5cff")
GREY = "#8a94a6"
MORE = ("#2b8a3e", "#b08900")
# From first to last: one hue darkens, then warms.
ORDERED_PALETTE = ("#d6e4ff", "#a3c1ff", "#5c8fff", "#f7c948", "#f28c28", "#d92d44")
LIGHT_AND_FULL = (ORDERED_PALETTE[1], PALETTE[0])
# Behind lines.
SHADES = ("#fde8c8", "#e6e0fb")
# Good in both, in one, in the other, in neither; and what divides them.
SIDES = ("#12a594", "#1f5eff", "#f28c28", "#d92d44", GREY)
# From the worst to the best, without a middle.
OPINIONS = ("#d92d44", "#f0a0a8", "#8ed6cd", "#12a594")
KPI_NAME = "kpi_name"
SHARING = Series | Ranking | Mixed | Pareto

Colours = dict[str, str]


def label_colours(dashboard: Dashboard, datasets: Mapping[str, Dataset]) -> Colours:
    """The colour of each label: metrics as the page names them, and members in an order.

    Args:
        dashboard: whose charts.
        datasets: by name, in the language of the page.
    """
    colours = {COMPLETE.en: PALETTE[0], COMPLETE.zh: PALETTE[0]}
    colours |= {IN_PROGRESS.en: GREY, IN_PROGRESS.zh: GREY}
    charts = [(chart, datasets[chart.dataset]) for chart in dashboard.charts()]
    for chart, dataset in charts:
        colours |= _own(chart, dataset)
    return colours | _told_apart(charts, colours)


def _own(chart: Chart, dataset: Dataset) -> Colours:
    """What a chart colours by its meaning."""
    labels: list[str] = []
    hues: tuple[str, ...] = ()
    match chart:
        case Series(members=members) if members:
            labels, hues = chart.ordered_labels(dataset.language), ORDERED_PALETTE
        case Mixed(members=members):
            labels, hues = _named(members, dataset), LIGHT_AND_FULL
        case Marked(members=members):
            labels, hues = _named(members, dataset), SHADES
        case Scatter(members=members):
            labels, hues = _named(members, dataset), SIDES
        case Histogram(worst_to_best=members):
            labels, hues = list(members), OPINIONS
        case Treemap(worst_to_best=members) if members:
            labels, hues = _named(members, dataset), (BAD_TINT, FAIR_TINT, GOOD_TINT)
        case Pareto(share=share) if limit := dataset.metrics.get(f"{share}{VITAL_FEW_SUFFIX}"):
            return dict.fromkeys((limit.label, limit.name), GREY)
        case Band():
            keys = _keys(chart, chart.metric, dataset)
            labels = [f"{key}{end}" for key in keys for end in ("", *END_MARKS)]
            hues = (PALETTE[0],) * len(labels)
    return dict(zip(labels, hues, strict=False))


def _named(members: Iterable[Text], dataset: Dataset) -> list[str]:
    return [member.of(dataset.language) for member in members]


def _told_apart(charts: list[tuple[Chart, Dataset]], known: Colours) -> Colours:
    """For each series the first colour that none of those beside it in any chart has."""
    groups = [group for chart, dataset in charts if len(group := _series(chart, dataset)) > 1]
    beside: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for keys in group:
            beside[keys[0]] |= {other[0] for other in group}
    colours: Colours = {}
    for keys in _once(groups):
        taken = {(known | colours).get(other) for other in beside[keys[0]] - {keys[0]}}
        free = (hue for hue in (*PALETTE, *MORE) if hue not in taken)
        hue = known.get(keys[0]) or next(free, PALETTE[0])
        colours |= dict.fromkeys(keys, hue)
    return colours


def _series(chart: Chart, dataset: Dataset) -> list[tuple[str, str]]:
    """The series of a chart that are known beforehand: its metrics, or the KPIs that it names."""
    if isinstance(chart, Series) and chart.by == KPI_NAME:
        named = [str(kpi) for kpi in chart.wanted(KPI_COLUMN, dataset.language)]
        return [(dataset.kpis[kpi].label, kpi) for kpi in named if kpi in dataset.kpis]
    if isinstance(chart, Marked):
        return [_keys(chart, name, dataset) for name in chart.metrics]
    if isinstance(chart, SHARING):
        return [_keys(chart, name, dataset) for name in chart.metric_names]
    return []


def _once(groups: list[list[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    yield from dict.fromkeys(keys for group in groups for keys in group)


def _keys(chart: Chart, metric: str, dataset: Dataset) -> tuple[str, str]:
    """Charts look up a metric by its label or by its name."""
    shown = dataset.on_axis(chart, metric)
    return shown.label, shown.name
