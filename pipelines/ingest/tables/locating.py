"""Whose table a sheet is, and where in it the header stands.

The entities that compete are those whose patterns the names of file and sheet match; where there
are such, those without patterns do not compete. Of them the header decides: in the first row that
names all required columns of one, the entity most of whose columns are named wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any

from pipelines.ingest.contracts import Entity
from pipelines.ingest.parsing.cells import shown
from pipelines.ingest.parsing.columns import Place
from pipelines.ingest.parsing.rejections import FileRejectedError
from pipelines.ingest.tables.binding import (
    Binding,
    Surroundings,
    bound,
    bound_by_position,
    report_date,
)
from pipelines.ingest.tables.drift import refuse_missing
from pipelines.ingest.tables.headers import Names, labels_of
from pipelines.ingest.tables.rows import MAX_COLUMNS, Cells, RowBatch, Sheet, is_blank

# A row that names fewer columns of an entity is no header of it that lacks something.
LIKE_A_HEADER = 2


@dataclass(frozen=True)
class Located:
    """A sheet whose header was found: the rows above it, and the batches of rows below."""

    binding: Binding
    above: list[RowBatch]
    header_number: int | None
    below: Iterator[RowBatch]


@dataclass(frozen=True)
class Unneeded:
    """A sheet that is no table of the contract, with all of its rows."""

    problem: FileRejectedError | None
    rows: Iterator[RowBatch]


@dataclass(frozen=True)
class _Candidate:
    entity: str
    names: Names
    score: int
    row: int


class Locator:
    """Finds the headers of one file's sheets."""

    def __init__(
        self, entities: Mapping[str, Entity], places: Mapping[str, Place], file: str
    ) -> None:
        self._places = places
        self._file = file
        self.candidates = _matching(entities, lambda entity: entity.files, _stem(file))
        self._names = {name: Names.of(entity) for name, entity in self.candidates.items()}

    @property
    def claimed(self) -> str | None:
        """The one entity that the file's name leaves."""
        return next(iter(self.candidates)) if len(self.candidates) == 1 else None

    def locate(self, sheet: Sheet, among: Iterable[str] | None = None) -> Located | Unneeded:
        """Find the header of a sheet, among the given entities or all that compete.

        Raises:
            FileRejectedError: the table is one of the contract and lacks required columns.
        """
        competing = {name: self.candidates[name] for name in among or self.candidates}
        competing = _matching(competing, _sheets, sheet.name) if sheet.name else competing
        search = max(
            (entity.table.search_rows for entity in competing.values() if entity.table), default=1
        )
        first = _peeked(sheet.batches, search)
        rows = [cells for batch in first for cells in batch.rows]
        if any(len(cells) > MAX_COLUMNS for cells in rows):
            raise FileRejectedError("too_many_columns", f"a row has over {MAX_COLUMNS} cells")
        every = chain(first, sheet.batches)
        if all(is_blank(cells) for cells in rows):
            return Unneeded(None, every)
        if not competing:
            why = f"no entity of the contract has a sheet {sheet.name!r}"
            return Unneeded(FileRejectedError("header_not_found", why), every)
        best = self._best(competing, rows)
        if best:
            return self._bound(best, sheet, first)
        positional = [name for name, entity in competing.items() if _has_no_header(entity)]
        if positional:
            return self._bound_by_position(positional[0], sheet, first)
        return Unneeded(self._problem(competing, rows), every)

    def _best(self, competing: Mapping[str, Entity], rows: list[Cells]) -> _Candidate | None:
        for at, cells in enumerate(rows):
            labels = labels_of(cells)
            found = [
                _Candidate(name, names, names.score(labels), at)
                for name in competing
                if self._may_stand(competing[name], at)
                and not (names := self._names[name]).missing(labels)
            ]
            named = [candidate for candidate in found if candidate.score]
            if named:
                return max(named, key=lambda candidate: candidate.score)
        return None

    def _may_stand(self, entity: Entity, row: int) -> bool:
        table = entity.table
        return table is not None and table.header == "names" and row < table.search_rows

    def _problem(self, competing: Mapping[str, Entity], rows: list[Cells]) -> FileRejectedError:
        """What to tell of a sheet without a header: which columns the likeliest row lacks."""
        likeliest = max(
            (
                _Candidate(name, self._names[name], self._names[name].score(labels_of(cells)), at)
                for at, cells in enumerate(rows)
                for name, entity in competing.items()
                if self._may_stand(entity, at)
            ),
            key=lambda candidate: candidate.score,
        )
        if likeliest.score >= LIKE_A_HEADER:
            missing = likeliest.names.missing(labels_of(rows[likeliest.row]))
            try:
                refuse_missing(likeliest.entity, likeliest.names.entity, missing)
            except FileRejectedError as error:
                return error
        names = ", ".join(competing)
        return FileRejectedError(
            "header_not_found", f"none of its first rows has the columns of {names}"
        )

    def _bound(self, best: _Candidate, sheet: Sheet, first: list[RowBatch]) -> Located:
        above, below = _split(first, best.row)
        header_number, header = below[0].numbers.pop(0), below[0].rows.pop(0)
        titles = [" ".join(_texts(cells)) for batch in above for cells in batch.rows]
        surroundings = Surroundings(self._file, sheet.name, tuple(titles))
        place, entity = self._places[best.entity], best.names.entity
        labels = labels_of(header)

        def values_of(column: str) -> Iterable[Any]:
            given = surroundings.value_for(entity.columns[column])
            at = best.names.places(labels, None).get(column)
            inside = [
                cells[at[0]]
                for batch in below
                for cells in batch.rows
                if at is not None and at[0] < len(cells)
            ]
            return inside if at is not None else [given]

        dated = any(a.is_dated for c in entity.columns.values() for a in c.aliases)
        day = report_date(entity, place, values_of) if dated else None
        binding = bound(best.entity, best.names, header, surroundings, place, day)
        return Located(binding, above, header_number, chain(below, sheet.batches))

    def _bound_by_position(self, name: str, sheet: Sheet, first: list[RowBatch]) -> Located:
        surroundings = Surroundings(self._file, sheet.name)
        binding = bound_by_position(name, self.candidates[name], surroundings, self._places[name])
        # The names of a Parquet file are row 0: they are there whatever the contract says.
        named = first[0].numbers[:1] == [0]
        if named:
            del first[0].numbers[0], first[0].rows[0]
        return Located(binding, [], 0 if named else None, chain(first, sheet.batches))


def _stem(file: str) -> str:
    """The last part of a file's name, without `.gz`, in small letters."""
    name = file.replace("\\", "/").rsplit("/", 1)[-1].rsplit("!", 1)[-1]
    return name.lower().removesuffix(".gz")


def _sheets(entity: Entity) -> tuple[str, ...]:
    return entity.table.sheets if entity.table else ()


def _has_no_header(entity: Entity) -> bool:
    return entity.table is not None and entity.table.header == "none"


def _matching(
    entities: Mapping[str, Entity], patterns: Callable[[Entity], tuple[str, ...]], name: str
) -> dict[str, Entity]:
    """The entities one of whose patterns a name matches; if there is none, those without any."""
    small = name.lower()
    matching = {
        entity: spec
        for entity, spec in entities.items()
        if any(fnmatchcase(small, pattern.lower()) for pattern in patterns(spec))
    }
    return matching or {entity: spec for entity, spec in entities.items() if not patterns(spec)}


def _texts(cells: Cells) -> list[str]:
    return [text for cell in cells if (text := shown(cell).strip())]


def _peeked(batches: Iterator[RowBatch], count: int) -> list[RowBatch]:
    """The first batches, until they have so many rows."""
    taken: list[RowBatch] = []
    while sum(len(batch.rows) for batch in taken) < count:
        batch = next(batches, None)
        if batch is None:
            break
        taken.append(batch)
    return taken


def _split(batches: list[RowBatch], row: int) -> tuple[list[RowBatch], list[RowBatch]]:
    """Batches before a row, counted over all of them from 0, and those from it on."""
    above, left = [], row
    for at, batch in enumerate(batches):
        if left < len(batch.rows):
            above.append(RowBatch(batch.numbers[:left], batch.rows[:left]))
            rest = RowBatch(batch.numbers[left:], batch.rows[left:], batch.fault)
            return above, [rest, *batches[at + 1 :]]
        above.append(batch)
        left -= len(batch.rows)
    raise IndexError(row)
