"""What a report says, before any language or layout: chapters of blocks, blocks of typed inlines.

A number can enter a report only as a `Figure`, a date, or a period; words come from `texts.yml`,
which holds no digit, and names from the data. That is what makes every number traceable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from pipelines.reports.figures import Figure, Status, Turn
from pipelines.reports.periods import Period, Span
from pipelines.reports.scope import Scope


@dataclass(frozen=True)
class Name:
    """A word of the data: a KPI, a member, an owner, in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class Words:
    """A fixed wording, by its key in `texts.yml`."""

    key: str


@dataclass(frozen=True)
class Listing:
    """Several inlines one after another, joined as the language joins them."""

    items: tuple[Inline, ...]


@dataclass(frozen=True)
class Sentence:
    """A wording with slots; each slot holds a name, a figure, a date or a period."""

    key: str
    slots: Mapping[str, Inline] = field(default_factory=dict)


Inline: TypeAlias = Name | Words | Figure | date | datetime | Period | Span | Listing | Sentence


@dataclass(frozen=True)
class Paragraph:
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Bullets:
    items: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Tile:
    """A big number with its name, target and change."""

    name: Name
    value: Figure
    change: Figure | None
    target: Figure | None
    status: Status
    turn: Turn | None


@dataclass(frozen=True)
class Tiles:
    items: tuple[Tile, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading's key, and whether it holds numbers."""

    key: str
    is_number: bool = False
    width: float = 1.0


@dataclass(frozen=True)
class TableCell:
    """What stands in a cell, one after another; `status` colours it."""

    parts: tuple[Inline, ...]
    status: Status | None = None


@dataclass(frozen=True)
class Table:
    title: Sentence
    columns: tuple[Column, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    note: Sentence | None = None


@dataclass(frozen=True)
class Point:
    """One period of a line."""

    span: Span
    value: Figure | None
    low: Figure | None = None
    high: Figure | None = None
    is_partial: bool = False


@dataclass(frozen=True)
class TrendChart:
    """A KPI over time with its interval and target."""

    title: Sentence
    points: tuple[Point, ...]
    target: Figure | None


@dataclass(frozen=True)
class Bar:
    name: Name
    value: Figure
    n: Figure | None
    status: Status
    is_firm: bool


@dataclass(frozen=True)
class BarChart:
    """A KPI by member, with the target of the whole."""

    title: Sentence
    bars: tuple[Bar, ...]
    target: Figure | None


@dataclass(frozen=True)
class Step:
    name: Name | Words
    part: Figure


@dataclass(frozen=True)
class BridgeChart:
    """From the value before to the value now, by the members that moved it."""

    title: Sentence
    before: Figure
    steps: tuple[Step, ...]
    after: Figure
    direction: str


Chart = TrendChart | BarChart | BridgeChart
Block = Paragraph | Bullets | Tiles | Table | TrendChart | BarChart | BridgeChart


@dataclass(frozen=True)
class Section:
    """Blocks under a heading; a chapter's own blocks come before its sections."""

    title: Sentence
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Chapter:
    title: Sentence
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Report:
    """One report, in no language yet."""

    period: Period
    scope: Scope
    scope_name: Name
    build_id: str
    data_as_of: datetime | None
    glance: tuple[Paragraph, ...]
    tiles: Tiles
    chapters: tuple[Chapter, ...]
