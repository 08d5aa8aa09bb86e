"""What a chart is called, and whether its place is wide enough for that."""

from __future__ import annotations

import unicodedata

from pipelines.dashboards.datasets import Dataset
from pipelines.dashboards.kinds.base import Chart
from pipelines.dashboards.kinds.tables import Banner

# At 1280 pixels a column is 102 wide; margins and the menu take 70 of a chart's width. Superset
# writes titles in 16 pixels: a letter takes some 8.3 of them on average, a Chinese one all.
COLUMN_PIXELS, TAKEN_PIXELS = 102, 70
LETTER_PIXELS, WIDE_PIXELS = 8.3, 16.0


def chart_title(chart: Chart, dataset: Dataset) -> str:
    """A chart's own title, else the name of its KPI or of its first metric."""
    if chart.title is not None:
        return chart.title.of(dataset.language)
    kpi = dataset.kpi_of(chart)
    return kpi.label if kpi else dataset.metrics[chart.metric_names[0]].label


def is_cut(chart: Chart, title: str) -> bool:
    """Whether a page of 1280 pixels would end the title with dots."""
    if isinstance(chart, Banner):
        return False
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in title)
    pixels = wide * WIDE_PIXELS + (len(title) - wide) * LETTER_PIXELS
    return pixels > chart.width * COLUMN_PIXELS - TAKEN_PIXELS
