"""Which cell of a row is which column of the contract, and how the file differs from it.

A `Binding` is made once for a header and then turns each row into a record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from pipelines.ingest.contracts import Column, Entity
from pipelines.ingest.parsing.cells import cell_reader, meaning, shown
from pipelines.ingest.parsing.columns import Place
from pipelines.ingest.parsing.rejections import Drift, RecordRejectedError
from pipelines.ingest.tables.drift import (
    DROPPED,
    KEPT,
    column_drift,
    order_drift,
    refuse_missing,
)
from pipelines.ingest.tables.headers import Label, Names, labels_of
from pipelines.ingest.tables.rows import Cells, is_blank


@dataclass(frozen=True)
class Surroundings:
    """What stands around a table: the file's name, the sheet's, the rows above the header."""

    file: str
    sheet: str = ""
    titles: tuple[str, ...] = ()

    def value_for(self, column: Column) -> str | None:
        """The value of a column that the table lacks, if the contract says where else it stands."""
        if column.from_sheet:
            return self.sheet or None
        pattern = column.from_name or column.from_title
        if not pattern:
            return None
        texts = (self.file,) if column.from_name else self.titles
        found = (re.search(pattern, text) for text in texts)
        return next((match["value"] for match in found if match), None)


@dataclass
class Binding:
    """A header, understood."""

    entity: str
    names: tuple[str, ...]
    places: dict[str, int]
    cells_of: Callable[[Cells], tuple[Any, ...]]
    extras: tuple[tuple[str, int], ...]
    constants: dict[str, str]
    widths: tuple[int, int]
    header: Cells
    nulls: frozenset[str]
    first_named: int = 0
    drift: list[Drift] = field(default_factory=list)

    def fitting(self, cells: Cells) -> Cells | None:
        """The cells of a row, as many as the header's; None if the row does not fit it."""
        fewest, most = self.widths
        count = len(cells)
        if count > most:
            return cells[:most] if is_blank(cells[most:]) else None
        if count < fewest:
            return None
        return cells if count == most or not self.header else [*cells, *[None] * (most - count)]

    def is_header(self, cells: Cells) -> bool:
        """True if a row is the header once more."""
        if not self.header or cells[self.first_named] != self.header[self.first_named]:
            return False
        return self.cells_of(cells) == self.cells_of(self.header)

    def record(self, cells: Cells) -> dict[str, Any]:
        """A row as a record for `RowBuilder`: declared columns, then what is kept in `_extra`."""
        record = dict(zip(self.names, self.cells_of(cells), strict=False))
        if self.constants:
            record.update(self.constants)
        for name, place in self.extras:
            cell = meaning(cells[place], self.nulls)
            if cell is not None:
                record[name] = shown(cell)
        return record


def bound(
    entity: str,
    names: Names,
    header: Cells,
    surroundings: Surroundings,
    place: Place,
    day: date | None,
) -> Binding:
    """The binding of a header that was found.

    Args:
        entity: whose header it is.
        names: the names of its columns.
        header: the cells of the row.
        surroundings: what stands around the table.
        place: how values are read.
        day: the report's date, if known; decides about dated aliases.

    Raises:
        FileRejectedError: a required column is missing.
    """
    spec = names.entity
    labels = labels_of(header)
    places = names.places(labels, day)
    parts = names.part_places(labels)
    constants = _constants(spec, places, surroundings)
    refuse_missing(entity, spec, _missing(spec, places, parts, constants))
    taken = [(name, at) for name, (at, _) in places.items()] + list(parts.items())
    extras = _extras(spec, names, header, labels, {at for _, at in taken})
    indexes = [at for _, at in taken]
    return Binding(
        entity=entity,
        names=tuple(name for name, _ in taken),
        places=dict(taken),
        cells_of=_picker(indexes),
        extras=tuple((name, at) for name, at, lands in extras if lands),
        constants=constants,
        widths=(_width(header), len(header)),
        header=header,
        nulls=place.nulls | {""},
        first_named=min(indexes),
        drift=[
            *column_drift(spec, places, constants, parts),
            *(Drift(name, "added", KEPT if lands else DROPPED) for name, _, lands in extras),
            *order_drift(spec, places),
        ],
    )


def bound_by_position(
    entity: str, spec: Entity, surroundings: Surroundings, place: Place
) -> Binding:
    """The binding of a table without a header: columns come in their declared order."""
    own = [name for name, column in spec.columns.items() if not column.is_given_elsewhere]
    needed = [index for index, name in enumerate(own, start=1) if name in spec.required]
    constants = _constants(spec, {}, surroundings)
    missing = [name for name in spec.required if name not in own and name not in constants]
    refuse_missing(entity, spec, sorted(missing))
    return Binding(
        entity=entity,
        names=tuple(own),
        places={name: at for at, name in enumerate(own)},
        cells_of=tuple,
        extras=(),
        constants=constants,
        widths=(max(needed, default=1), len(own)),
        header=[],
        nulls=place.nulls | {""},
    )


def report_date(
    spec: Entity, place: Place, value_of: Callable[[str], Iterable[Any]]
) -> date | None:
    """The date that a report is of: the first date in a column of dates.

    Args:
        spec: the entity.
        place: how values are read.
        value_of: the values that the file has for a column, whether in its name or in rows.
    """
    for name, column in spec.columns.items():
        if column.type != "date":
            continue
        reader = cell_reader(column, place)
        for value in value_of(name):
            try:
                text = reader[type(value)](value)
            except RecordRejectedError:
                continue
            if text:
                return date.fromisoformat(text)
    return None


def _width(header: Cells) -> int:
    """The columns of a table without empty ones at its right."""
    named = [at for at, cell in enumerate(header, start=1) if shown(cell).strip()]
    return max(named, default=0)


def _picker(places: list[int]) -> Callable[[Cells], tuple[Any, ...]]:
    if len(places) == 1:
        only = places[0]
        return lambda cells: (cells[only],)
    return itemgetter(*places)


def _constants(
    spec: Entity, places: Mapping[str, Any], surroundings: Surroundings
) -> dict[str, str]:
    absent = {name: column for name, column in spec.columns.items() if name not in places}
    values = {name: surroundings.value_for(column) for name, column in absent.items()}
    return {name: value for name, value in values.items() if value is not None}


def _missing(
    spec: Entity, places: Mapping[str, Any], parts: Mapping[str, int], constants: Mapping[str, str]
) -> list[str]:
    return [
        name
        for name, column in spec.columns.items()
        if name in spec.required
        and name not in places
        and name not in constants
        and not (column.parts and all(part in parts for part in column.parts))
    ]


def _extras(
    spec: Entity, names: Names, header: Cells, labels: Mapping[Label, int], taken: set[int]
) -> list[tuple[str, int, bool]]:
    """Columns that nobody declared: name, place, and whether they land."""
    used = set(spec.columns)
    found = []
    for (name, _), at in sorted(labels.items(), key=lambda item: item[1]):
        if at in taken:
            continue
        title = shown(header[at]).strip()
        unique, number = title, 1
        while unique in used:
            number += 1
            unique = f"{title} ({number})"
        used.add(unique)
        found.append((unique, at, name not in names.unwanted))
    for at in range(len(header)):
        if not shown(header[at]).strip():
            found.append((f"column {at + 1}", at, True))
    return found
