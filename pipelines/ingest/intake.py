"""Reads one archived file into the raw layer, the quarantine and the ledger, as one step.

Order: parse in full, stage Parquet, rename into the layer, write the quarantine, commit the ledger.
Each step can be repeated; until the last one the file counts as never read.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.faults import fault
from pipelines.ingest.archive import Part
from pipelines.ingest.columnar.lines import ColumnarLines
from pipelines.ingest.columnar.tables import ColumnarRows
from pipelines.ingest.contracts import SourceContract
from pipelines.ingest.ledger import FileRow, FileStatus, Ledger
from pipelines.ingest.parsing.columns import sortable_stamp
from pipelines.ingest.parsing.records import (
    WHOLE_FILE,
    FileParser,
    Parsed,
    Sinks,
    Tally,
    claimed_entity,
)
from pipelines.ingest.parsing.rejections import FileRejectedError, QuarantinedRecord, remedy_for
from pipelines.ingest.parsing.rows import ReceivedFile
from pipelines.ingest.parsing.streams import Limits
from pipelines.ingest.parsing.values.moments import stamp_text
from pipelines.ingest.parsing.values.pseudonyms import installation_key
from pipelines.ingest.quarantine import QuarantineFile
from pipelines.ingest.raw import FileStage, FileStamp, Landed, RawLayer
from pipelines.ingest.tables.files import TableBytes, parse_table
from pipelines.ingest.tables.parser import TableFile
from pipelines.ingest.tables.rows import TableKind, table_kind

if TYPE_CHECKING:
    from pipelines.settings import Settings

FUTURE_TOLERANCE = timedelta(days=1)
ALLOCATIONS_BETWEEN_COLLECTIONS = 1_000_000


@dataclass(frozen=True)
class Reading:
    """One file to be read: whose it is, when it came, and in which run."""

    part: Part
    file_id: str
    account_id: str
    contract: SourceContract
    received_at: datetime
    run_id: str

    @property
    def table_kind(self) -> TableKind | None:
        """The kind of table that it is; None if it is read as JSON."""
        return table_kind(self.part.name) if self.contract.tables else None

    @property
    def claimed_entity(self) -> str | None:
        """The entity that its name claims."""
        entities = self.contract.tables if self.table_kind else self.contract.documents
        return claimed_entity(entities, self.part.name)

    def row(self, entity: str) -> FileRow:
        """A ledger row of this file with no counts yet."""
        return FileRow(
            file_id=self.file_id,
            name=self.part.name,
            source=self.contract.source,
            account_id=self.account_id,
            entity=entity,
            status="loaded",
            run_id=self.run_id,
            received_at=self.received_at,
            modified_at=self.part.modified_at,
            size=self.part.size,
            content_sha256=self.part.content_sha256,
            archive_sha256=self.part.archive_sha256,
            member=self.part.member,
        )


class Intake:
    """Reads files into one installation."""

    def __init__(self, settings: Settings, ledger: Ledger, layer: RawLayer, limits: Limits) -> None:
        self._settings = settings
        self._ledger = ledger
        self._layer = layer
        self._limits = limits

    def read(
        self, reading: Reading, before_landing: Callable[[str], None] | None = None
    ) -> list[FileRow]:
        """Read one file from first byte to ledger; its rows in the ledger.

        Args:
            reading: the file.
            before_landing: called with the file id before the raw layer is touched.
        """
        try:
            with self._staged(reading) as (stage, quarantine):
                parsed = self._parse(reading, stage, quarantine)
                landed = stage.settle()
                fault("raw_written")
                rows = _ledger_rows(reading, parsed, landed)
                if before_landing:
                    before_landing(reading.file_id)
                stage.land(landed)
                fault("raw_renamed")
                quarantine.settle(parsed.main_entity)
                self._ledger.commit_file(rows, quarantine.records())
        except FileRejectedError as error:
            return self.refuse(reading, error, before_landing)
        fault("ledger_committed")
        return rows

    def refuse(
        self,
        reading: Reading,
        error: FileRejectedError,
        before_landing: Callable[[str], None] | None = None,
    ) -> list[FileRow]:
        """Put a file that cannot be used into quarantine as a whole; it counts as one record."""
        entity = error.entity or reading.claimed_entity or WHOLE_FILE
        record = QuarantinedRecord(
            file_id=reading.file_id,
            entity=entity,
            record_no=0,
            location="the whole file",
            reason=error.reason,
            field="",
            why=error.why,
            remedy=remedy_for(error.reason),
            sample="",
        )
        row = replace(
            reading.row(entity),
            status="quarantined",
            seen=1,
            quarantined=1,
            reasons={error.reason: 1},
            detail=error.why,
            drift=error.drift,
        )
        with self._staged(reading) as (stage, quarantine):
            quarantine.append(record)
            if before_landing:
                before_landing(reading.file_id)
            stage.land({})
            quarantine.settle(entity)
            self._ledger.commit_file([row], quarantine.records())
        fault("ledger_committed")
        return [row]

    @contextmanager
    def _staged(self, reading: Reading) -> Iterator[tuple[FileStage, QuarantineFile]]:
        """A place for the rows and refusals of one file, gone when the block ends."""
        stamp = FileStamp(reading.file_id, reading.account_id, reading.part.modified_at)
        stage = self._layer.stage(reading.contract, stamp)
        quarantine = QuarantineFile(
            stage.folder / "quarantine.ndjson",
            self._settings.paths.quarantine / f"{reading.file_id}.ndjson",
        )
        try:
            yield stage, quarantine
        finally:
            quarantine.close()
            stage.discard()

    def _parse(self, reading: Reading, stage: FileStage, quarantine: QuarantineFile) -> Parsed:
        sinks = Sinks(row=stage.append, quarantined=quarantine.append)
        received = self._received(reading)
        kind = reading.table_kind
        with _rare_collection():
            if kind:
                return self._parse_table(reading, kind, received, sinks, stage)
            parser = FileParser(
                reading.contract,
                file_id=reading.file_id,
                name=reading.part.name,
                received=received,
                sinks=sinks,
                max_record=self._limits.max_record,
                lines=ColumnarLines(stage.append_table, self._settings.threads),
            )
            with reading.part.open(self._limits) as stream:
                tallies = parser.read(stream)
        return Parsed(parser.main_entity, tallies)

    def _parse_table(
        self,
        reading: Reading,
        kind: TableKind,
        received: ReceivedFile,
        sinks: Sinks,
        stage: FileStage,
    ) -> Parsed:
        part = reading.part
        source = TableBytes(
            open_stream=lambda: part.open(self._limits),
            plain=None if part.is_packed else part.path,
            scratch=stage.folder,
        )
        file = TableFile(reading.file_id, part.name, received)
        columnar = ColumnarRows(stage.append_table, self._settings.threads)
        return parse_table(reading.contract, file, kind, source, sinks, self._limits, columnar)

    def _received(self, reading: Reading) -> ReceivedFile:
        latest = max(reading.received_at, reading.part.modified_at) + FUTURE_TOLERANCE
        account = f"{reading.contract.source}/{reading.account_id}"
        columns = (c for e in reading.contract.entities.values() for c in e.columns.values())
        needs_key = any(column.pseudonym for column in columns)
        return ReceivedFile(
            extracted_at=sortable_stamp(stamp_text(reading.part.modified_at)),
            latest_plausible=sortable_stamp(stamp_text(latest)),
            account_zone=self._settings.account_zones.get(account, ""),
            pseudonym_key=installation_key(self._settings.paths.secrets) if needs_key else b"",
        )


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Let Python look for reference cycles seldom: records have none, and waiting rows are many.

    Looking took 30 % of the time of a file of 200,000 comments (2026-11).
    """
    before = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _ledger_rows(reading: Reading, parsed: Parsed, landed: Mapping[str, Landed]) -> list[FileRow]:
    """The ledger rows of a file: counts of the parser beside counts of the Parquet files."""
    if not parsed.tallies:
        return [replace(reading.row(parsed.main_entity), status="empty")]
    return [
        replace(
            _ledger_row(reading, entity, tally, landed.get(entity, Landed(0, 0))),
            encoding=parsed.encoding,
            drift=tuple(parsed.drift.get(entity, ())),
        )
        for entity, tally in sorted(parsed.tallies.items())
    ]


def _status(tally: Tally) -> FileStatus:
    """`loaded` as soon as one record was good, be it a duplicate."""
    if tally.valid:
        return "loaded"
    return "quarantined" if tally.quarantined else "empty"


def _ledger_row(reading: Reading, entity: str, tally: Tally, landed: Landed) -> FileRow:
    if landed.loaded + landed.duplicate != tally.valid:
        raise RuntimeError(
            f"{reading.part.name}: {tally.valid} {entity} were valid, "
            f"{landed.loaded + landed.duplicate} were staged"
        )
    reasons = dict(sorted(tally.reasons.items()))
    return replace(
        reading.row(entity),
        status=_status(tally),
        seen=tally.seen,
        loaded=landed.loaded,
        quarantined=tally.quarantined,
        duplicate=landed.duplicate,
        skipped=tally.skipped,
        reasons=reasons,
    )
