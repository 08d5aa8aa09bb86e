"""Loads the inbox: every complete file into archive, raw layer and ledger, exactly once in effect.

The caller holds the run lock. A load that was killed anywhere is completed by the next one.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pipelines.errors import HelpmartError
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
    has_done_marker,
    is_hidden,
    is_readable_name,
    printable,
    ready_files,
)
from pipelines.ingest.intake import Intake, Reading
from pipelines.ingest.ledger import FileRow, Ledger
from pipelines.ingest.parsing.records import WHOLE_FILE
from pipelines.ingest.parsing.rejections import FileRejectedError
from pipelines.ingest.parsing.streams import Limits, Member, zip_members
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
    contracts: Mapping[str, SourceContract] | None = None,
) -> LoadReport:
    """Take every complete file of the inbox.

    Args:
        settings: the installation.
        run_id: what the ledger calls this run.
        clock: the time; decides which files are complete and which stamps are in the future.
        progress: told one line for each file.
        limits: how far archives may unfold.
        contracts: the contracts to read by (default: those of the project).
    """
    begun = time.monotonic()
    known = contracts or load_contracts()
    ensure_schema_files(settings, known)
    inbox = ready_files(settings, clock(), known)
    with Ledger(settings.paths.ledger) as ledger:
        loader = _Loader(settings, known, ledger, run_id, clock, limits or Limits())
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
        """Archive one file of the inbox, read all its parts, then let the inbox go of it.

        Raises:
            HelpmartError: the disk or the ledger failed; the file is still in the inbox.
        """
        try:
            self._take(file)
        except FileChangedError:
            self.changed.append(file.name)
        except (OSError, sqlite3.OperationalError) as error:
            raise HelpmartError(
                "A file of the inbox could not be loaded",
                where=str(file.path),
                why=str(error),
                remedy="make room or mend the disk, then load again; nothing was lost",
            ) from error

    def _take(self, file: InboxFile) -> None:
        archived = self._archive.store(file.path)
        fault("archived")
        whole = self._reading(_whole(file, archived), file)
        if not file.name.lower().endswith(".zip"):
            self._read(whole)
        elif not self._take_members(whole, file):
            return
        if is_same_file(file.path, archived):
            file.path.unlink()
            if has_done_marker(file.path):
                done_marker(file.path).unlink()

    def _take_members(self, archive: Reading, file: InboxFile) -> bool:
        """Read the members of a zip archive; False if it holds nothing that the source reads."""
        try:
            members = zip_members(archive.part.path, self.limits)
        except FileRejectedError as error:
            self._refuse(archive, error)
            return True
        visible = [member for member in members if not _is_hidden_path(member.name)]
        if not any(is_readable_name(member.name, archive.contract) for member in visible):
            why = f"no entry of it is a file that source {file.source} reads"
            self._note(_unclaimed(archive, why))
            return False
        for member in visible:
            self._take_member(archive, file, member)
        return True

    def _take_member(self, archive: Reading, file: InboxFile, member: Member) -> None:
        part = replace(
            archive.part,
            name=f"{file.name}!{printable(member.name)}",
            member=member.name,
            content_sha256=f"{archive.part.archive_sha256}!{member.name}",
            size=member.size,
            modified_at=min(member.modified_at, archive.part.modified_at),
        )
        if not is_readable_name(member.name, archive.contract):
            why = f"source {file.source} does not read such files"
            self._note(_unclaimed(self._reading(part, file), why))
            return
        try:
            with part.open(self.limits) as stream:
                content = sha256_of(stream)
        except FileRejectedError as error:
            self._refuse(self._reading(part, file), error)
            return
        self._read(self._reading(replace(part, content_sha256=content), file))

    def close(self) -> None:
        self._layer.close()

    def _read(self, reading: Reading) -> None:
        if not self._is_repeat(reading):
            self.rows += self._intake.read(reading)

    def _refuse(self, reading: Reading, error: FileRejectedError) -> None:
        if not self._is_repeat(reading):
            self.rows += self._intake.refuse(reading, error)

    def _is_repeat(self, reading: Reading) -> bool:
        """True if these bytes came before for this account; then only that is noted."""
        known = self.ledger.file(reading.file_id)
        if known:
            names = ", ".join(sorted({row.name for row in known}))
            why = f"the same bytes came as {names}"
            self._note(replace(reading.row(WHOLE_FILE), status="already_loaded", detail=why))
        return bool(known)

    def _note(self, row: FileRow) -> None:
        """Put down a file of which nothing is read."""
        self.ledger.note(row)
        self.rows.append(row)

    def _reading(self, part: Part, file: InboxFile) -> Reading:
        contract = self.contracts[file.source]
        named = contract.values_in_name(part.name)
        return Reading(
            part=part,
            file_id=file_id_of(file.source, file.account_id, part.content_sha256, *named),
            account_id=file.account_id,
            contract=contract,
            received_at=self.clock(),
            run_id=self.run_id,
        )

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


def _unclaimed(reading: Reading, why: str) -> FileRow:
    reasons = {"no_entity": 1}
    return replace(reading.row(""), status="unrecognised", reasons=reasons, detail=why)


def _is_hidden_path(name: str) -> bool:
    return any(is_hidden(piece) for piece in PurePosixPath(name).parts)


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
