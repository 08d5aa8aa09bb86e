"""The style sheet of one dashboard: `dashboards.css`, and what depends on its charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.base import Chart
from pipelines.dashboards.kinds.figures import Trend
from pipelines.dashboards.kinds.grids import Pivot
from pipelines.dashboards.kinds.tables import Banner, Sentences
from pipelines.dashboards.spec import Dashboard
from pipelines.dashboards.titles import chart_title
from pipelines.dashboards.words import ASSETS_FOLDER, Language, Text

CSS_FILE = ASSETS_FOLDER / "dashboards.css"
NOTHING = Text(
    en="Nothing was counted for the chosen period and filters.",
    zh="所选时间范围与筛选条件下没有记录。",
)


def style_of(dashboard: Dashboard, language: Language, datasets: Mapping[str, Dataset]) -> str:
    """The style sheet, with the charts it speaks of in place of its `$` words."""
    charts = list(dashboard.charts())
    titles = {chart.id: chart_title(chart, datasets[chart.dataset]) for chart in charts}
    css = CSS_FILE.read_text(encoding="utf-8")
    for word, chosen in _spoken_of(charts, datasets).items():
        css = css.replace(word, _any_of(titles[chart.id] for chart in chosen))
    css = css.replace("$NOTHING", _quoted(NOTHING.of(language)))
    return css + "".join(_reason(chart, titles[chart.id], language) for chart in charts)


def _spoken_of(charts: list[Chart], datasets: Mapping[str, Dataset]) -> dict[str, list[Chart]]:
    """The charts that each `$` word of the style sheet stands for."""
    trends = [chart for chart in charts if isinstance(chart, Trend)]
    good = {
        chart.id: datasets[chart.dataset].figure(chart, chart.metric).direction for chart in trends
    }
    return {
        "$BANNER": [chart for chart in charts if isinstance(chart, Banner)],
        "$SENTENCES": [chart for chart in charts if isinstance(chart, Sentences)],
        "$UP_IS_GOOD": [chart for chart in trends if good[chart.id] == "up"],
        "$DOWN_IS_GOOD": [chart for chart in trends if good[chart.id] == "down"],
        "$ONE_MEASURE": [
            chart
            for chart in charts
            if isinstance(chart, Pivot) and chart.columns and len(chart.metrics) == 1
        ],
    }


def _reason(chart: Chart, title: str, language: Language) -> str:
    """Why this chart may be empty, where it has a reason of its own."""
    if chart.empty is None:
        return ""
    text = _quoted(chart.empty.of(language))
    return f"\n{_any_of([title])} .ant-empty-description::after {{\n  content: {text};\n}}\n"


def _any_of(titles: Iterable[str]) -> str:
    named = [f"[data-test-chart-name={_quoted(title)}]" for title in titles]
    return f":is({', '.join(named)})" if named else ".no-such-chart"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
