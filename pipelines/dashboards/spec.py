"""The compact YAML in which a dashboard is written, in both languages at once.

A chart names a dataset, metrics of the semantic layer and columns of the published table; it
cannot carry an expression of its own. `bundle` turns this into what Superset imports.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.dashboards.environment import SUPERSET_FOLDER
from pipelines.errors import ExitCode, HelpmartError

ASSETS_FOLDER = SUPERSET_FOLDER / "assets"
Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
Grain = Literal["day", "week", "month"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Strict):
    """The same words in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)

    def of(self, language: Language) -> str:
        return self.en if language == "en" else self.zh


class _Chart(_Strict):
    id: str = Field(pattern=r"^[a-z0-9_]+$")
    dataset: str
    width: int = Field(ge=2, le=12)
    title: Text | None = None
    note: Text | None = None

    @property
    def metric_names(self) -> tuple[str, ...]:
        return ()

    @property
    def column_names(self) -> tuple[str, ...]:
        return ()


class Number(_Chart):
    """One figure for the chosen period, with its change against the period before."""

    kind: Literal["number"]
    metric: str
    time: str

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (self.metric,)

    @property
    def column_names(self) -> tuple[str, ...]:
        return (self.time,)


class Series(_Chart):
    """Metrics over time, optionally split by one column."""

    kind: Literal["series"]
    metrics: tuple[str, ...] = Field(min_length=1)
    time: str
    grain: Grain
    mark: Literal["line", "bar", "area"] = "line"
    by: str | None = None
    members: tuple[Text, ...] = Field(
        default=(), description="the members of `by` from first to last, coloured in that order"
    )
    stacked: bool = False

    @property
    def metric_names(self) -> tuple[str, ...]:
        return self.metrics

    @property
    def column_names(self) -> tuple[str, ...]:
        return (self.time, *([self.by] if self.by else []))


class Ranking(_Chart):
    """Horizontal bars, one a member of `by`."""

    kind: Literal["ranking"]
    metrics: tuple[str, ...] = Field(min_length=1)
    by: str
    time: str
    split: str | None = None

    @property
    def metric_names(self) -> tuple[str, ...]:
        return self.metrics

    @property
    def column_names(self) -> tuple[str, ...]:
        return (self.by, self.time, *([self.split] if self.split else []))


class Heatmap(_Chart):
    """One metric over two columns; darker is more."""

    kind: Literal["heatmap"]
    metric: str
    x: str
    y: str
    time: str

    @property
    def metric_names(self) -> tuple[str, ...]:
        return (self.metric,)

    @property
    def column_names(self) -> tuple[str, ...]:
        return (self.x, self.y, self.time)


class Summary(_Chart):
    """A table with a row for each member of `by` and a column for each metric."""

    kind: Literal["summary"]
    by: tuple[str, ...] = Field(min_length=1)
    metrics: tuple[str, ...] = Field(min_length=1)
    time: str

    @property
    def metric_names(self) -> tuple[str, ...]:
        return self.metrics

    @property
    def column_names(self) -> tuple[str, ...]:
        return (*self.by, self.time)


class Records(_Chart):
    """Rows as they are, in an order, with no aggregation."""

    kind: Literal["records"]
    columns: tuple[str, ...] = Field(min_length=1)
    order_by: str | None = None
    descending: bool = True
    rows: int = Field(default=50, ge=1, le=1000)

    @property
    def column_names(self) -> tuple[str, ...]:
        return (*self.columns, *([self.order_by] if self.order_by else []))


class Banner(_Chart):
    """One sentence from a one-row table, which keeps a column for each language."""

    kind: Literal["banner"]
    column: Text

    @property
    def column_names(self) -> tuple[str, ...]:
        return (self.column.en, self.column.zh)


Chart = Number | Series | Ranking | Heatmap | Summary | Records | Banner


class Note(_Strict):
    """A piece of Markdown between the charts."""

    kind: Literal["note"]
    width: int = Field(ge=1, le=12)
    text: Text


Cell = Annotated[
    Number | Series | Ranking | Heatmap | Summary | Records | Banner | Note,
    Field(discriminator="kind"),
]


class Row(_Strict):
    """Charts side by side; twelve columns make the full width."""

    height: int = Field(ge=4, le=100, description="in units of 8 pixels")
    cells: tuple[Cell, ...] = Field(min_length=1)


class Tab(_Strict):
    """One page of a dashboard."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: Text
    rows: tuple[Row, ...] = Field(min_length=1)


class PeriodFilter(_Strict):
    """The period of all charts; opens on the last full weeks of the data."""

    kind: Literal["period"]
    title: Text


class MemberFilter(_Strict):
    """A choice among the members of a column."""

    kind: Literal["members"]
    title: Text
    dataset: str
    column: str


Filter = Annotated[PeriodFilter | MemberFilter, Field(discriminator="kind")]


class Dashboard(_Strict):
    """One dashboard, published as two: one in each language."""

    slug: str = Field(pattern=r"^[a-z0-9-]+$")
    title: Text
    description: Text
    owner: str
    filters: tuple[Filter, ...]
    header: tuple[Row, ...] = ()
    tabs: tuple[Tab, ...] = Field(min_length=1)

    def slug_of(self, language: Language) -> str:
        return self.slug if language == "en" else f"{self.slug}-{language}"

    def rows(self) -> Iterator[Row]:
        yield from self.header
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
            remedy="correct the file; pipelines/dashboards/spec.py lists what a chart may say",
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
