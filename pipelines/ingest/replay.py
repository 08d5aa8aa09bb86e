"""Reads archived files again under the present contract, for what is valid now.

A replay reads the whole file anew and puts its rows and counts in place of the old ones, so that
the accounts hold by construction. A replay that was cut off is begun again by the next load.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ingest.archive import Archive, Part
from pipelines.ingest.contracts import SourceContract, load_contracts
from pipelines.ingest.intake import Intake, Reading
from pipelines.ingest.ledger import FileRow, Ledger
from pipelines.ingest.parsing.streams import Limits
from pipelines.ingest.quarantine import resolve_file_id
from pipelines.ingest.raw import RawLayer
from pipelines.ingest.schema_files import ensure_schema_files

if TYPE_CHECKING:
    from pipelines.settings import Settings


def replay(
    settings: Settings,
    file_id: str | None = None,
    *,
    run_id: str,
    contracts: Mapping[str, SourceContract] | None = None,
    limits: Limits | None = None,
) -> list[FileRow]:
    """Read files with quarantined records again; their new rows in the ledger.

    The caller holds the run lock. A file keeps the time at which it first came.

    Args:
        settings: the installation.
        file_id: only this file, by its id or the beginning of it.
        run_id: what the ledger calls this run.
        contracts: the contracts to read by (default: those of the project).
        limits: how far archives may unfold.
    """
    known = contracts or load_contracts()
    ensure_schema_files(settings, known)
    layer = RawLayer(settings)
    with Ledger(settings.paths.ledger) as ledger:
        intake = Intake(settings, ledger, layer, limits or Limits())
        try:
            return [
                row
                for one in _wanted(ledger, file_id)
                for row in _replay_one(settings, ledger, intake, known, one, run_id)
            ]
        finally:
            layer.close()


def finish_replays(
    settings: Settings, ledger: Ledger, intake: Intake, contracts: Mapping[str, SourceContract]
) -> None:
    """Repeat the replays that were cut off after the raw layer was touched."""
    for file_id in ledger.unfinished_replays():
        run_id = ledger.file(file_id)[0].run_id
        _replay_one(settings, ledger, intake, contracts, file_id, run_id)


def _wanted(ledger: Ledger, file_id: str | None) -> list[str]:
    if file_id is not None:
        return [resolve_file_id(ledger, file_id)]
    received = {row.file_id: row.received_at for row in ledger.files() if row.quarantined}
    return sorted(received, key=lambda known: (received[known], known))


def _replay_one(
    settings: Settings,
    ledger: Ledger,
    intake: Intake,
    contracts: Mapping[str, SourceContract],
    file_id: str,
    run_id: str,
) -> list[FileRow]:
    first = ledger.file(file_id)[0]
    reading = Reading(
        part=_archived_part(Archive(settings).path(first.archive_sha256), first),
        file_id=file_id,
        account_id=first.account_id,
        contract=contracts[first.source],
        received_at=first.received_at,
        run_id=run_id,
    )
    return intake.read(reading, before_landing=ledger.begin_replay)


def _archived_part(path: Path, row: FileRow) -> Part:
    return Part(
        path=path,
        name=row.name,
        member=row.member,
        content_sha256=row.content_sha256,
        archive_sha256=row.archive_sha256,
        size=row.size,
        modified_at=row.modified_at,
    )
