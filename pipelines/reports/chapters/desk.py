"""What every chapter works with: cells, judgement, and small builders of blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pipelines.reports.content import (
    Column,
    Inline,
    Listing,
    Name,
    Paragraph,
    Sentence,
    Table,
    TableCell,
    Words,
)
from pipelines.reports.drivers import Drivers, pooled_drivers
from pipelines.reports.figures import Figure, Status, Turn
from pipelines.reports.judge import Judge, direction_of
from pipelines.reports.outline import Outline
from pipelines.reports.store import CellStore, Reading
from pipelines.reports.texts import wording

BRIDGE_ROWS = frozenset({"other_members", "unallocated"})


@dataclass(frozen=True)
class Action:
    """One line of the action log."""

    action_id: str
    kpi_id: str
    owner: str
    team: str
    words: str
    opened: date
    due: date
    closed: date | None
    is_closed: bool


@dataclass(frozen=True)
class Ranked:
    """One team in the scorecard, now and before."""

    team: str
    score: Figure
    rank: Figure
    rank_before: Figure | None


@dataclass(frozen=True)
class Weight:
    """One KPI's weight, before and now."""

    kpi_id: str
    before: Figure | None
    after: Figure | None


@dataclass(frozen=True)
class Desk:
    """All that the chapters read."""

    store: CellStore
    outline: Outline
    actions: Sequence[Action]
    ranks: Sequence[Ranked]
    weights: Sequence[Weight]
    bridges: Mapping[str, Drivers]

    @cached_property
    def judge(self) -> Judge:
        return Judge(self.outline.rules)

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """Every KPI of the outline that has a value, by id, in the outline's order."""
        outline = self.outline
        names = [*outline.headline, *outline.volumes]
        for part in outline.analysis:
            names += part.table
        found = ((name, self.store.reading(name)) for name in dict.fromkeys(names))
        return {name: each for name, each in found if each is not None and each.value is not None}

    def before(self, kpi_id: str) -> Reading | None:
        """The same KPI in the period before."""
        return self.store.reading(kpi_id, self.store.period.previous)

    def move(self, reading: Reading) -> Move | None:
        """Its change against the period before, where there is one."""
        before = self.before(reading.kpi.id)
        change = reading.change_from(before)
        if before is None or change is None or not change.value:
            return None
        clear = self.judge.is_clear(reading, before)
        return Move(reading, before, change, direction_of(reading, before), clear)

    @cached_property
    def moves(self) -> list[Move]:
        """Every KPI of the outline that moved beyond chance, the largest relative move first."""
        found = [move for each in self.readings.values() if (move := self.move(each))]
        return sorted((each for each in found if each.is_clear), key=lambda each: -each.relative)

    def drivers(self, kpi_id: str) -> Drivers | None:
        """The members behind a change; only a report on the whole desk holds members."""
        if not self.store.scope.is_whole:
            return None
        if self.store.period.kind == "half-year":
            return pooled_drivers(self.store, kpi_id, self.outline.driver_grains)
        return self.bridges.get(kpi_id)

    def member(self, grain: str, member: str) -> Name:
        """A member's name; what a bridge adds to the members is named in our own words."""
        if member in BRIDGE_ROWS:
            return Name(wording(member, "en"), wording(member, "zh"))
        return Name(
            self.store.member_name(grain, member, "en"), self.store.member_name(grain, member, "zh")
        )

    def kpi(self, kpi_id: str) -> Name:
        """A KPI's names; its id where the build no longer defines it."""
        kpi = self.store.kpis.get(kpi_id)
        return Name(kpi.name_en, kpi.name_zh) if kpi else Name(kpi_id, kpi_id)


def kpi_name(reading: Reading) -> Name:
    return Name(reading.kpi.name_en, reading.kpi.name_zh)


def say(key: str, **slots: Inline) -> Sentence:
    """A sentence of `texts.yml` with its slots filled."""
    return Sentence(key, slots)


def paragraph(*sentences: Sentence) -> Paragraph:
    return Paragraph(sentences)


def cell(*content: Inline | None) -> TableCell:
    """A table cell; without content it shows that there is nothing."""
    parts = tuple(each for each in content if each is not None)
    return TableCell(parts or (Words("nothing"),))


KPI_COLUMNS = (
    Column("column_kpi", width=3.2),
    Column("column_value", is_number=True, width=1.3),
    Column("column_interval", is_number=True, width=2.1),
    Column("column_cases", is_number=True, width=1.0),
    Column("column_target", is_number=True, width=1.3),
    Column("column_before", is_number=True, width=1.3),
    Column("column_change", is_number=True, width=1.6),
)
EMPTY = TableCell((Words("nothing"),))


def kpi_table(desk: Desk, title: Sentence, kpi_ids: Iterable[str]) -> Table | None:
    """KPIs with interval, cases, target and the period before; None where none has a value.

    A column in which nothing stands is left out.
    """
    readings = [
        reading
        for kpi_id in kpi_ids
        if (reading := desk.store.reading(kpi_id)) is not None and reading.value is not None
    ]
    if not readings:
        return None
    rows = [_kpi_row(desk, each) for each in readings]
    kept = [n for n in range(len(KPI_COLUMNS)) if any(row[n] != EMPTY for row in rows)]
    partial = any(each.is_last_part for each in readings)
    return Table(
        title,
        tuple(KPI_COLUMNS[n] for n in kept),
        tuple(tuple(row[n] for n in kept) for row in rows),
        say("note_last_part", span=desk.store.period.spans[-1]) if partial else None,
    )


def _kpi_row(desk: Desk, reading: Reading) -> tuple[TableCell, ...]:
    before = desk.before(reading.kpi.id)
    values = reading.values
    change = reading.change_from(before)
    mark = (Words("mark_last_part"),) if reading.is_last_part else ()
    bounded = values.low is not None and values.high is not None
    return (
        TableCell((kpi_name(reading), *mark)),
        TableCell((reading.figure("value"),), desk.judge.status(reading)),
        cell(say("range", low=reading.figure("low"), high=reading.figure("high")))
        if bounded
        else EMPTY,
        # A count is its own number of cases.
        cell(reading.figure("n")) if reading.kpi.unit != "count" else EMPTY,
        cell(reading.figure("target")) if values.target is not None else EMPTY,
        cell(before.figure("value")) if before and before.value is not None else EMPTY,
        TableCell((say("signed", change=change),), turn_status(desk, reading, before))
        if change
        else EMPTY,
    )


def turn_status(desk: Desk, now: Reading, before: Reading | None) -> Status | None:
    """Colours a change only where it is one."""
    turn = desk.judge.turn(now, before)
    colours: dict[str, Status] = {"better": "met", "worse": "missed"}
    return colours.get(turn or "")


@dataclass(frozen=True)
class Move:
    """A KPI's change against the period before; `is_clear` tells it from chance."""

    now: Reading
    before: Reading
    change: Figure
    turn: Turn
    is_clear: bool

    @property
    def way(self) -> str:
        return "rose" if (self.change.value or 0.0) > 0 else "fell"

    @property
    def relative(self) -> float:
        """Its size as a share of the larger of both values."""
        scale = max(abs(self.now.value or 0.0), abs(self.before.value or 0.0))
        return abs(self.change.value or 0.0) / scale if scale else 0.0

    def brief(self) -> Sentence:
        """Its name and size."""
        return say("short_change", kpi=kpi_name(self.now), change=self.change)

    def told(self) -> Sentence:
        """In words; one that may be chance is not called good or bad."""
        return say(
            f"{self.way}_{self.turn if self.is_clear else 'moved'}",
            kpi=kpi_name(self.now),
            value=self.now.figure("value"),
            before=self.before.figure("value"),
            change=self.change,
        )


def turns(moves: Iterable[Move], key: str, most: int | None = None) -> list[Sentence]:
    """What got better, what got worse, and what moved without being good or bad, in a line each.

    Args:
        moves: What moved beyond chance.
        key: The wordings' name without the turn.
        most: At most so many are named of each.
    """
    by_turn: dict[str, list[Sentence]] = {"better": [], "worse": [], "moved": []}
    for move in moves:
        by_turn[move.turn or "moved"].append(move.brief())
    return [
        say(f"{key}_{turn}", kpis=Listing(tuple(named[:most])))
        for turn, named in by_turn.items()
        if named
    ]


def is_overdue(desk: Desk, action: Action) -> bool:
    """Due by the end of the period and still open then."""
    closed = action.closed is not None and action.closed < desk.store.period.end
    return action.due < desk.store.period.end and not closed


def plain(text: str) -> Name:
    """A word that the data have in one language."""
    return Name(text, text)
