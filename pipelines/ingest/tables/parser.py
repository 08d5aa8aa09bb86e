"""Finds the records of a table, and counts every row.

Grain: one `TableParser` reads one file once. Every row ends in exactly one of three ways: handed to
the sink, quarantined, or skipped with a reason; a header and what stands above it are rows too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import cast

from pipelines.ingest.columnar.tables import ColumnarRows, ReadBlock
from pipelines.ingest.contracts import SourceContract, TableLayout
from pipelines.ingest.parsing.cells import shown
from pipelines.ingest.parsing.records import WHOLE_FILE, Sinks, Tally
from pipelines.ingest.parsing.rejections import (
    Drift,
    FileRejectedError,
    QuarantinedRecord,
    RecordRejectedError,
    masked,
    remedy_for,
)
from pipelines.ingest.parsing.rows import ReceivedFile, RowBuilder
from pipelines.ingest.tables.binding import Binding
from pipelines.ingest.tables.drift import RETYPED
from pipelines.ingest.tables.encodings import OpenStream
from pipelines.ingest.tables.locating import Located, Locator, Unneeded
from pipelines.ingest.tables.rows import Cells, RowBatch, RowFault, Sheet, is_blank
from pipelines.ingest.tables.skipping import Skipper
from pipelines.ingest.tables.text_rows import TextRows

SAMPLED_CELLS = 40


@dataclass(frozen=True)
class TableFile:
    """What a file is called, under which id, and what it lends to its rows."""

    file_id: str
    name: str
    received: ReceivedFile


class TableParser:
    """Reads the sheets of one file: rows in, records and refusals out, everything counted."""

    def __init__(
        self,
        contract: SourceContract,
        file: TableFile,
        sinks: Sinks,
        columnar: ColumnarRows | None = None,
    ) -> None:
        self._contract = contract
        self._columnar = columnar
        self._file = file
        self._sinks = sinks
        self._builders = {
            name: RowBuilder(contract, name, file.received) for name in contract.tables
        }
        places = {name: builder.place for name, builder in self._builders.items()}
        self._locator = Locator(contract.tables, places, file.name)
        self._tallies: dict[str, Tally] = {}
        self._unattributed = Tally()
        self._bad_types: dict[str, Counter[str]] = {}
        self._drift: dict[str, dict[Drift, None]] = {}
        self._sheet = Sheet("", iter(()))

    @property
    def main_entity(self) -> str:
        """The entity under which rows without one are counted."""
        return next(iter(self._tallies), None) or self._locator.claimed or WHOLE_FILE

    @property
    def drift(self) -> dict[str, tuple[Drift, ...]]:
        """How each entity of the file differs from its contract."""
        retyped = {
            entity: [
                Drift(name, "retyped", RETYPED)
                for name, count in fields.items()
                if count > self._tallies[entity].valid
            ]
            for entity, fields in self._bad_types.items()
        }
        return {entity: (*found, *retyped.get(entity, [])) for entity, found in self._drift.items()}

    def read_text(self, open_stream: OpenStream, encoding: str) -> dict[str, Tally]:
        """Read a text file, in the dialect of the entity whose header it has.

        Raises:
            FileRejectedError: the file as a whole cannot be used.
        """
        problem: FileRejectedError | None = None
        for layout, entities in self._dialects():
            text = TextRows(encoding, layout)
            with open_stream() as stream, closing(text.batches(stream)) as batches:
                # Blocks come only after the header is found.
                self._sheet = Sheet("", cast("Iterator[RowBatch]", batches))
                outcome = self._locator.locate(self._sheet, entities)
                if isinstance(outcome, Located):
                    text.in_blocks = self._columnar is not None
                    self._take_table(outcome)
                    return self._settled()
                if outcome.problem is None:
                    self._skip_sheet(outcome)
                    return self._settled()
                problem = problem or outcome.problem
        raise problem or FileRejectedError("header_not_found", "no entity has such files")

    def read_sheets(self, sheets: Iterable[Sheet]) -> dict[str, Tally]:
        """Read all sheets of a file; those that are no table of the contract are skipped.

        Raises:
            FileRejectedError: the file as a whole cannot be used.
        """
        problem: FileRejectedError | None = None
        for sheet in sheets:
            self._sheet = sheet
            outcome = self._locator.locate(sheet)
            if isinstance(outcome, Located):
                self._take_table(outcome)
                continue
            if outcome.problem and outcome.problem.reason == "missing_column":
                raise outcome.problem
            problem = problem or outcome.problem
            self._skip_sheet(outcome)
        if problem and not self._tallies:
            raise problem
        return self._settled()

    def _settled(self) -> dict[str, Tally]:
        if self._unattributed.seen:
            self._tally(self.main_entity).add(self._unattributed)
        return self._tallies

    def _dialects(self) -> list[tuple[TableLayout, list[str]]]:
        """The ways of delimiting text that the competing entities have, each with its entities."""
        dialects: dict[tuple[str, str], tuple[TableLayout, list[str]]] = {}
        for name, entity in self._locator.candidates.items():
            if entity.table:
                key = (entity.table.delimiter, entity.table.quote)
                dialects.setdefault(key, (entity.table, []))[1].append(name)
        return list(dialects.values())

    def _take_table(self, located: Located) -> None:
        entity = located.binding.entity
        tally = self._tally(entity)
        self._drift.setdefault(entity, {}).update(dict.fromkeys(located.binding.drift))
        for batch in located.above:
            for cells in batch.rows:
                _skip(tally, "blank_line" if is_blank(cells) else "title_row")
            self._take_fault(entity, tally, batch.fault)
        if located.header_number is not None:
            _skip(tally, "header")
        layout = self._contract.entities[entity].table
        skipper = Skipper(layout.skip if layout else (), located.binding)
        if self._columnar is None:
            for batch in located.below:
                self._take_batch(located.binding, skipper, tally, batch)
            return
        builder = self._builders[entity]
        for item in self._columnar.read(located.below, located.binding, builder, skipper):
            if isinstance(item, RowBatch):
                self._take_batch(located.binding, skipper, tally, item)
            else:
                self._take_block(located.binding, skipper, tally, item)

    def _take_batch(
        self, binding: Binding, skipper: Skipper, tally: Tally, batch: RowBatch
    ) -> None:
        for number, cells in zip(batch.numbers, batch.rows, strict=True):
            self._take_row(binding, skipper, tally, number, cells)
        self._take_fault(binding.entity, tally, batch.fault)

    def _take_block(
        self, binding: Binding, skipper: Skipper, tally: Tally, block: ReadBlock
    ) -> None:
        """Count the rows of a block that are read, and take those that were left, each in turn."""
        before = tally.seen
        for place, number, cells in block.left:
            tally.seen = before + place
            self._take_row(binding, skipper, tally, number, cells)
        tally.seen = before + block.count
        tally.valid += len(block.places)
        if self._columnar:
            self._columnar.hand_on(binding.entity, block, before)

    def _take_row(
        self, binding: Binding, skipper: Skipper, tally: Tally, number: int, cells: Cells
    ) -> None:
        """Take one row, which adds one to what was seen."""
        if is_blank(cells):
            _skip(tally, "blank_line")
            return
        reason = skipper.reason(cells)
        if reason:
            _skip(tally, reason)
            return
        entity = binding.entity
        fitting = binding.fitting(cells)
        if fitting is None:
            self._reject(entity, tally, number, cells, _ragged(cells, binding.widths))
            return
        if binding.is_header(fitting):
            _skip(tally, "repeated_header")
            return
        try:
            row = self._builders[entity].build(binding.record(fitting), tally.seen + 1)
        except RecordRejectedError as refusal:
            self._reject(entity, tally, number, cells, refusal)
            return
        tally.seen += 1
        tally.valid += 1
        self._sinks.row(entity, row)

    def _take_fault(self, entity: str, tally: Tally, fault: RowFault | None) -> None:
        if fault:
            refusal = RecordRejectedError(fault.reason, why=fault.why)
            self._reject(entity, tally, fault.number, [fault.sample], refusal)

    def _skip_sheet(self, unneeded: Unneeded) -> None:
        for batch in unneeded.rows:
            for cells in batch.rows:
                blank = is_blank(cells)
                _skip(self._unattributed, "blank_line" if blank else "unneeded_sheet")
            if batch.fault:
                _skip(self._unattributed, "unneeded_sheet")

    def _tally(self, entity: str) -> Tally:
        return self._tallies.setdefault(entity, Tally())

    def _reject(
        self, entity: str, tally: Tally, number: int, cells: Cells, error: RecordRejectedError
    ) -> None:
        tally.seen += 1
        tally.quarantined += 1
        tally.reasons[error.reason] += 1
        if error.reason == "bad_type":
            self._bad_types.setdefault(entity, Counter())[error.field] += 1
        self._sinks.quarantined(
            QuarantinedRecord(
                file_id=self._file.file_id,
                entity=entity,
                record_no=tally.seen,
                location=self._sheet.place(number),
                reason=error.reason,
                field=error.field,
                why=error.why,
                remedy=remedy_for(error.reason),
                sample=masked(",".join(shown(cell) for cell in cells[:SAMPLED_CELLS])),
            )
        )


def _skip(tally: Tally, reason: str) -> None:
    tally.seen += 1
    tally.skipped += 1
    tally.reasons[reason] += 1


def _ragged(cells: Cells, widths: tuple[int, int]) -> RecordRejectedError:
    fewest, most = widths
    wanted = str(most) if fewest == most else f"{fewest} to {most}"
    return RecordRejectedError("ragged_row", why=f"it has {len(cells)} cells, wanted are {wanted}")
