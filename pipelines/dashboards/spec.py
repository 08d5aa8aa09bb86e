"""The compact YAML in which a dashboard is written, in both languages at once.

`kinds` has the charts, `bundle` turns all of it into what Superset imports. The state of the data
and the link to the other language stand on every dashboard without being written.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError

from pipelines.dashboards.kinds.axes import Ranking, Series
from pipelines.dashboards.kinds.bands import Band
from pipelines.dashboards.kinds.base import Chart
from pipelines.dashboards.kinds.figures import Gauge, Latest, Number, Trend
from pipelines.dashboards.kinds.grids import Calendar, Heatmap, Pivot, Timeline, Tree
from pipelines.dashboards.kinds.pairs import Bullet, Marked, Mixed, Pareto
from pipelines.dashboards.kinds.parts import Funnel, Sankey, Treemap, Waterfall
from pipelines.dashboards.kinds.spreads import Box, Histogram, Radar, Scatter
from pipelines.dashboards.kinds.tables import Banner, Records, Sentences, Summary
from pipelines.dashboards.words import ASSETS_FOLDER, Language, Strict, Text
from pipelines.errors import ExitCode, HelpmartError


class Note(Strict):
    """A piece of Markdown between the charts."""

    kind: Literal["note"]
    width: int = Field(ge=1, le=12)
    text: Text


Cell = Annotated[
    Band
    | Banner
    | Box
    | Bullet
    | Calendar
    | Funnel
    | Gauge
    | Heatmap
    | Histogram
    | Latest
    | Marked
    | Mixed
    | Note
    | Number
    | Pareto
    | Pivot
    | Radar
    | Ranking
    | Records
    | Sankey
    | Scatter
    | Sentences
    | Series
    | Summary
    | Timeline
    | Tree
    | Treemap
    | Trend
    | Waterfall,
    Field(discriminator="kind"),
]


class Row(Strict):
    """Charts side by side; twelve columns make the full width."""

    height: int = Field(ge=4, le=100, description="in units of 8 pixels")
    cells: tuple[Cell, ...] = Field(min_length=1)


class Tab(Strict):
    """One page of a dashboard."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: Text
    rows: tuple[Row, ...] = Field(min_length=1)


class PeriodFilter(Strict):
    """The period of all charts; opens on the last full weeks of the data."""

    kind: Literal["period"]
    title: Text


class MemberFilter(Strict):
    """A choice among the members of a column.

    Attributes:
        one: exactly one member is chosen, at first this one; else as many as one likes, or none.
    """

    kind: Literal["members"]
    title: Text
    dataset: str
    column: str
    one: Text | None = None


Filter = Annotated[PeriodFilter | MemberFilter, Field(discriminator="kind")]


class Dashboard(Strict):
    """One dashboard, published as two: one in each language."""

    slug: str = Field(pattern=r"^[a-z0-9-]+$")
    title: Text
    description: Text
    owner: str
    filters: tuple[Filter, ...]
    tabs: tuple[Tab, ...] = Field(min_length=1)

    def slug_of(self, language: Language) -> str:
        return self.slug if language == "en" else f"{self.slug}-{language}"

    @property
    def header(self) -> Row:
        """The first row of every dashboard: the state of the data, and the other language."""
        state = Banner(
            kind="banner",
            id="data_status",
            dataset="load_status",
            column=Text(en="status_en", zh="status_zh"),
            width=10,
            title=Text(en="State of the data", zh="数据状态"),
        )
        links = Text(
            en=f"[中文版](/superset/dashboard/{self.slug_of('zh')}/)",
            zh=f"[English](/superset/dashboard/{self.slug_of('en')}/)",
        )
        return Row(height=7, cells=(state, Note(kind="note", width=2, text=links)))

    def rows(self) -> Iterator[Row]:
        yield self.header
        for tab in self.tabs:
            yield from tab.rows

    def charts(self) -> Iterator[Chart]:
        for row in self.rows():
            yield from (cell for cell in row.cells if not isinstance(cell, Note))


def load_dashboards(folder: Path = ASSETS_FOLDER) -> list[Dashboard]:
    """All dashboards of the project, by file name."""
    return [_load(path) for path in sorted((folder / "dashboards").glob("*.yml"))]


def _load(path: Path) -> Dashboard:
    try:
        return Dashboard.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise HelpmartError(
            what="a dashboard cannot be read",
            where=str(path),
            why=_first_problems(error),
            remedy="correct the file; docs/add-a-dashboard.md lists what a chart may say",
            exit_code=ExitCode.USAGE,
        ) from error


def _first_problems(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    lines = [
        f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
        for problem in error.errors()
    ]
    return "; ".join(lines[:5])
