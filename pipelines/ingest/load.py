"""Loads the inbox: every complete file into archive, raw layer and ledger, exactly once in effect.

The caller holds the run lock. A load that was killed anywhere is completed by the next one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pipelines.faults import fault
from pipelines.ingest.archive import (
    Archive,
    Archived,
    FileChangedError,
    Part,
    file_id_of,
    is_same_file,
    sha256_of,
)
from pipelines.ingest.contracts import SourceContract, load_contracts
from pipelines.ingest.inbox import (
    InboxFile,
    Unrecognised,
    done_marker,
    is_hidden,
    is_readable_name,
    printable,
    ready_files,
)
from pipelines.ingest.intake import Intake, Reading
from pipelines.ingest.ledger import FileRow, Ledger
from pipelines.ingest.parsing.records import WHOLE_FILE
from pipelines.ingest.parsing.rejections import FileRejectedError
from pipelines.ingest.parsing.streams import Limits, open_member, zip_members
from pipelines.ingest.raw import RawLayer
from pipelines.ingest.replay import finish_replays
from pipelines.ingest.schema_files import ensure_schema_files

if TYPE_CHECKING:
    from pipelines.settings import Settings

Clock = Callable[[], datetime]
Progress = Callable[[str], None]
COUNTS = ("seen", "loaded", "quarantined", "duplicate", "skipped")


@dataclass(frozen=True)
class LoadReport:
    """What one load did: the ledger rows it wrote, and what it left in the inbox."""

    run_id: str
    files: list[FileRow]
    settling: list[str]
    unrecognised: list[FileRow]
    seconds: float

    @property
    def changed(self) -> bool:
        """True if the raw layer has rows that it did not have before."""
        return any(row.loaded for row in self.files)

    def totals_by_entity(self) -> dict[str, dict[str, int]]:
        """The counts of this load, summed over files."""
        totals: dict[str, Counter[str]] = {}
        for row in self.files:
            counts = totals.setdefault(row.entity, Counter(dict.fromkeys(COUNTS, 0)))
            counts.update({name: getattr(row, name) for name in COUNTS})
        return {entity: dict(counts) for entity, counts in sorted(totals.items())}


def utc_now() -> datetime:
    return datetime.now(UTC)


def load_inbox(
    settings: Settings,
    *,
    run_id: str,
    clock: Clock = utc_now,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> LoadReport:
    """Take every complete file of the inbox.

    Args:
        settings: the installation.
        run_id: what the ledger calls this run.
        clock: the time; decides which files are complete and which stamps are in the future.
        progress: told one line for each file.
        limits: how far archives may unfold.
    """
    begun = time.monotonic()
    contracts = load_contracts()
    ensure_schema_files(settings, contracts)
    inbox = ready_files(settings, clock(), contracts)
    with Ledger(settings.paths.ledger) as ledger:
        loader = _Loader(settings, contracts, ledger, run_id, clock, limits or Limits())
        try:
            loader.recover()
            unrecognised = loader.note_unrecognised(inbox.unrecognised)
            for number, file in enumerate(inbox.ready, start=1):
                if progress:
                    progress(f"{file.name} ({number} of {len(inbox.ready)})")
                loader.take(file)
        finally:
            loader.close()
    return LoadReport(
        run_id=run_id,
        files=loader.rows,
        settling=[file.name for file in inbox.settling] + loader.changed,
        unrecognised=unrecognised,
        seconds=time.monotonic() - begun,
    )


@dataclass
class _Loader:
    """The state of one load."""

    settings: Settings
    contracts: Mapping[str, SourceContract]
    ledger: Ledger
    run_id: str
    clock: Clock
    limits: Limits
    rows: list[FileRow] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._archive = Archive(self.settings)
        self._layer = RawLayer(self.settings)
        self._intake = Intake(self.settings, self.ledger, self._layer, self.limits)

    def recover(self) -> None:
        """Bring what a killed load left back to what the ledger says."""
        self._archive.sweep()
        self._layer.sweep(self.ledger.known_files(), self.contracts.values())
        finish_replays(self.settings, self.ledger, self._intake, self.contracts)

    def note_unrecognised(self, found: list[Unrecognised]) -> list[FileRow]:
        rows = [self._unrecognised_row(item) for item in found]
        self.ledger.set_unrecognised(rows)
        return rows

    def take(self, file: InboxFile) -> None:
        """Archive one file of the inbox, read all its parts, then let the inbox go of it."""
        try:
            archived = self._archive.store(file.path)
        except FileChangedError:
            self.changed.append(file.name)
            return
        fault("archived")
        contract = self.contracts[file.source]
        try:
            for part in self._parts(file, archived, contract):
                self._read(part, file, contract)
        except FileRejectedError as error:
            self._refuse_archive(file, archived, contract, error)
        if is_same_file(file.path, archived):
            file.path.unlink()
            done_marker(file.path).unlink(missing_ok=True)

    def close(self) -> None:
        self._layer.close()

    def _parts(
        self, file: InboxFile, archived: Archived, contract: SourceContract
    ) -> Iterator[Part]:
        """The file itself, or the members of a zip archive that the contract reads."""
        if not file.name.lower().endswith(".zip"):
            yield _whole(file, archived)
            return
        for member in zip_members(archived.path, self.limits):
            pieces = PurePosixPath(member.name).parts
            if any(is_hidden(piece) for piece in pieces):
                continue
            part = Part(
                path=archived.path,
                name=f"{file.name}!{printable(member.name)}",
                member=member.name,
                content_sha256="",
                archive_sha256=archived.sha256,
                size=member.size,
                modified_at=min(member.modified_at, archived.modified_at),
            )
            if is_readable_name(member.name, contract):
                with open_member(archived.path, member.name, self.limits) as stream:
                    yield replace(part, content_sha256=sha256_of(stream))
            else:
                self._note_unread_member(part, file)

    def _read(self, part: Part, file: InboxFile, contract: SourceContract) -> None:
        reading = self._reading(part, file, contract)
        known = self.ledger.file(reading.file_id)
        if known:
            names = ", ".join(sorted({row.name for row in known}))
            row = replace(
                reading.row(WHOLE_FILE),
                status="already_loaded",
                detail=f"the same bytes came as {names}",
            )
            self.ledger.note_repeat(row)
            self.rows.append(row)
        else:
            self.rows += self._intake.read(reading)

    def _refuse_archive(
        self,
        file: InboxFile,
        archived: Archived,
        contract: SourceContract,
        error: FileRejectedError,
    ) -> None:
        reading = self._reading(_whole(file, archived), file, contract)
        if self.ledger.file(reading.file_id):
            return
        self.rows += self._intake.refuse(reading, error)

    def _reading(self, part: Part, file: InboxFile, contract: SourceContract) -> Reading:
        file_id = file_id_of(file.source, file.account_id, part.content_sha256)
        return Reading(part, file_id, file.account_id, contract, self.clock(), self.run_id)

    def _note_unread_member(self, part: Part, file: InboxFile) -> None:
        contract = self.contracts[file.source]
        content = f"{part.archive_sha256}!{part.member}"
        reading = Reading(
            part=part,
            file_id=file_id_of(file.source, file.account_id, content),
            account_id=file.account_id,
            contract=contract,
            received_at=self.clock(),
            run_id=self.run_id,
        )
        row = replace(
            reading.row(""),
            status="unrecognised",
            reasons={"no_entity": 1},
            detail=f"source {file.source} does not read such files",
        )
        self.ledger.note_repeat(row)
        self.rows.append(row)

    def _unrecognised_row(self, item: Unrecognised) -> FileRow:
        return FileRow(
            file_id=file_id_of(item.source, item.account_id, item.name),
            name=item.name,
            source=item.source,
            account_id=item.account_id,
            entity="",
            status="unrecognised",
            reasons={item.reason: 1},
            detail=item.why,
            run_id=self.run_id,
            received_at=self.clock(),
            size=item.size,
        )


def _whole(file: InboxFile, archived: Archived) -> Part:
    return Part(
        path=archived.path,
        name=file.name,
        member="",
        content_sha256=archived.sha256,
        archive_sha256=archived.sha256,
        size=archived.size,
        modified_at=archived.modified_at,
    )
