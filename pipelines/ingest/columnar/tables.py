"""Reads blocks of rows of a text table: plain rows at once, every other one is left as cells.

Grain: one `RowReader` reads the rows below one header. What it leaves, and why, the parser of the
table decides; of what it takes, rows and hashes are those that `RowBuilder` would have built.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.ingest.arrays import bools, is_null, mask, numbers, texts, whole_numbers
from pipelines.ingest.columnar import queries
from pipelines.ingest.columnar.blocks import Mask, Places
from pipelines.ingest.columnar.cells import CellReader, any_text, equal_to, plain_cells
from pipelines.ingest.columnar.database import NATIVE_ERRORS, Database, Databases, note_fallback
from pipelines.ingest.columnar.plans import VERSION_TYPES
from pipelines.ingest.columnar.quoting import Cells, TextBlock
from pipelines.ingest.parsing.cells import meaning
from pipelines.ingest.parsing.rejections import RecordRejectedError
from pipelines.ingest.parsing.rows import ESCAPE, SEPARATOR, RowBuilder
from pipelines.ingest.tables.binding import Binding
from pipelines.ingest.tables.rows import RowBatch
from pipelines.ingest.tables.skipping import Skipper, SkipTest

RowsSink = Callable[[str, Any], None]


@dataclass(frozen=True)
class ReadBlock:
    """A block that is read.

    Attributes:
        count: how many rows it has.
        table: the plain rows as they land, but for their record numbers.
        places: where in the block they are, from 0.
        left: place, line and cells of every other row.
    """

    count: int
    table: Any
    places: Places
    left: list[tuple[int, int, list[str]]]


class ColumnarRows:
    """A reader of text tables for one file; rows go to the sink with their record numbers."""

    def __init__(self, rows: RowsSink, threads: int = 1) -> None:
        self._rows = rows
        self._threads = threads

    def read(
        self,
        batches: Iterator[RowBatch | TextBlock],
        binding: Binding,
        builder: RowBuilder,
        skipper: Skipper,
    ) -> Iterator[RowBatch | ReadBlock]:
        """The batches as they are and the blocks read, in their order, a few of them at a time."""
        reader = RowReader(binding, builder, skipper)
        with Databases(self._threads) as databases, ThreadPoolExecutor(self._threads) as pool:
            waiting: deque[RowBatch | Future[ReadBlock]] = deque()
            for item in batches:
                if isinstance(item, TextBlock):
                    waiting.append(pool.submit(reader.read, item, databases))
                else:
                    waiting.append(item)
                while len(waiting) > self._threads:
                    yield _finished(waiting.popleft())
            while waiting:
                yield _finished(waiting.popleft())

    def hand_on(self, entity: str, block: ReadBlock, seen: int) -> None:
        """Hand on the plain rows of a block that came after so many rows."""
        if len(block.places):
            record_no = whole_numbers(block.places + (seen + 1))
            self._rows(entity, block.table.append_column("_record_no", record_no))


def _finished(item: RowBatch | Future[ReadBlock]) -> RowBatch | ReadBlock:
    return item.result() if isinstance(item, Future) else item


class RowReader:
    """Reads the plain rows of blocks; used by several threads, so that nothing in it changes."""

    def __init__(self, binding: Binding, builder: RowBuilder, skipper: Skipper) -> None:
        self._binding = binding
        self._builder = builder
        self._skipper = skipper
        self._spec = builder.spec
        self._columns = {
            name: CellReader(builder.reader(name)[str], builder.nulls(name), plain_cells(column))
            for name, column in self._spec.columns.items()
        }
        self._extra = CellReader(lambda text: meaning(text, binding.nulls), binding.nulls, any_text)
        self._constants = self._read_constants()
        self.is_usable = self._constants is not None and self._has_plain_contract()

    def _has_plain_contract(self) -> bool:
        spec, binding = self._spec, self._binding
        extras = [name for name, _ in binding.extras]
        return (
            not any(column.parts for column in spec.columns.values())
            and spec.personal is None
            and all(spec.columns[name].type in VERSION_TYPES for name in spec.version)
            # Then a blank row lacks something, and is left.
            and any(name in binding.places for name in spec.required)
            and len(set(extras)) == len(extras)
        )

    def _read_constants(self) -> dict[str, str | None] | None:
        """What the surroundings of the table give to each row; None if that cannot be used."""
        found = {}
        for name, text in self._binding.constants.items():
            try:
                value = self._builder.reader(name)[str](text)
            except RecordRejectedError:
                return None
            if value and (SEPARATOR in value or ESCAPE in value):
                return None
            found[name] = value
        return found

    def read(self, block: TextBlock, databases: Databases) -> ReadBlock:
        """A block as far as it is plain; all of its rows are left if native code fails."""
        try:
            with databases.one() as database:
                table, taken = self._plain_rows(block, database)
        except NATIVE_ERRORS as error:
            note_fallback(block.first_line, error)
            table, taken = None, np.zeros(len(block), dtype=np.bool_)
        left = np.flatnonzero(~taken)
        lines = block.line_numbers(left)
        return ReadBlock(
            count=len(block),
            table=table,
            places=np.flatnonzero(taken),
            left=list(zip(left.tolist(), lines, _cells_of(block, left), strict=True)),
        )

    def _plain_rows(self, block: TextBlock, database: Database) -> tuple[Any, Mask]:
        """The plain rows as they land, and which they are."""
        taken = np.zeros(len(block), dtype=np.bool_)
        if not self.is_usable:
            return None, taken
        cells = Cells(block, self._binding.widths[1])
        good = ~block.rows_with(ord(SEPARATOR), ord(ESCAPE))[cells.fitting]
        good &= ~self._skipped(cells)
        good &= ~self._repeats_header(cells)
        values = [self._values(name, cells, good) for name in self._spec.columns]
        for name, column in zip(self._spec.columns, values, strict=True):
            if name in self._spec.required:
                good &= ~is_null(column) & ~equal_to(column, "")
        extra = self._extras(cells, good)
        received = self._builder.received
        completed = database.completed(self._spec, received, values, extra)
        good &= mask(completed[queries.PLAIN])
        rows = pa.table(
            [*values, extra, completed["version_at"], completed["row_hash"]],
            names=[*self._spec.columns, "_extra", "_version_at", "_row_hash"],
        )
        taken[np.flatnonzero(cells.fitting)[good]] = True
        return (rows if good.all() else rows.filter(bools(good))), taken

    def _values(self, name: str, cells: Cells, good: Mask) -> Any:
        place = self._binding.places.get(name)
        if place is not None:
            return self._columns[name].landed(cells.column(place), good)
        constant = (self._constants or {}).get(name)
        return _repeated(constant, len(cells))

    def _extras(self, cells: Cells, good: Mask) -> Any:
        """What lands of undeclared columns, as JSON; nothing where none has a value."""
        places = dict(self._binding.extras)
        names = self._builder.undeclared(places)
        if not names:
            return pa.nulls(len(cells), pa.string())
        columns = [self._extra.landed(cells.column(places[name]), good) for name in names]
        if all(column.null_count == len(column) for column in columns):
            return pa.nulls(len(cells), pa.string())
        write = self._builder.write_extra
        rows = zip(*(column.to_pylist() for column in columns), strict=True)
        kept = ({n: v for n, v in zip(names, row, strict=True) if v is not None} for row in rows)
        return texts([write(record) if record else None for record in kept])

    def _repeats_header(self, cells: Cells) -> Mask:
        """The rows that may be the header once more."""
        binding = self._binding
        if not binding.header:
            return np.zeros(len(cells), dtype=np.bool_)
        return equal_to(cells.column(binding.first_named), binding.header[binding.first_named])

    def _skipped(self, cells: Cells) -> Mask:
        """The rows that a rule of the contract skips."""
        found = np.zeros(len(cells), dtype=np.bool_)
        for test in self._skipper.tests:
            found |= _in_first_cell(test, cells) if test.place is None else _in_cell(test, cells)
        return found


def _in_cell(test: SkipTest, cells: Cells) -> Mask:
    if test.place is None or test.place >= cells.width:
        return np.zeros(len(cells), dtype=np.bool_)
    return _matching(cells.column(test.place), test.matches)


def _in_first_cell(test: SkipTest, cells: Cells) -> Mask:
    """Rows in whose first cell with a text the text matches."""
    found = np.zeros(len(cells), dtype=np.bool_)
    waiting = ~found
    for place in range(cells.width):
        if not waiting.any():
            break
        column = cells.column(place)
        found |= waiting & _matching(column, lambda text: bool(text) and test.matches(text))
        waiting &= is_null(column) | _matching(column, lambda text: not text)
    return found


def _matching(column: Any, matches: Callable[[str], bool]) -> Mask:
    """The cells whose text matches, guards and blanks around it apart; empty ones count as ''."""
    encoded = column.dictionary_encode()
    told = [matches(SkipTest.text(text)) for text in encoded.dictionary.to_pylist()]
    nulls = is_null(column)
    codes = np.where(nulls, len(told), numbers(encoded.indices))
    found: Mask = np.array([*told, matches("")], dtype=np.bool_)[codes]
    return found


def _repeated(text: str | None, count: int) -> Any:
    return texts([text]).take(whole_numbers(np.zeros(count)))


def _cells_of(block: TextBlock, rows: Places) -> list[list[str]]:
    """The cells of some rows, as the reader by rows has them."""
    delimiter, quote = chr(block.dialect.delimiter), block.dialect.quote
    return list(
        csv.reader(
            block.texts(rows),
            delimiter=delimiter,
            quotechar=None if quote is None else chr(quote),
            quoting=csv.QUOTE_NONE if quote is None else csv.QUOTE_MINIMAL,
            strict=True,
        )
    )
