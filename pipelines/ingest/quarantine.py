"""What was set aside, for people: one NDJSON file for each file with unusable records.

The ledger has the same records; these files can be read, searched and sent without helpmart.
Samples are masked: they show the shape of a record and none of its content.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.ledger import Ledger
from pipelines.ingest.parsing.records import WHOLE_FILE
from pipelines.ingest.parsing.rejections import QuarantinedRecord
from pipelines.ingest.raw import sync

if TYPE_CHECKING:
    from pipelines.settings import Settings


class QuarantineFile:
    """Collects the refused records of one file on disk, so that many cost no memory."""

    def __init__(self, staged: Path, final: Path) -> None:
        self._staged = staged
        self._final = final
        self._writing = staged.open("w", encoding="utf-8")
        self.count = 0

    def append(self, record: QuarantinedRecord) -> None:
        self._writing.write(json.dumps(vars(record), ensure_ascii=False) + "\n")
        self.count += 1

    def settle(self, main_entity: str) -> None:
        """Replace the final file; records of an unknown entity go to the file's main one."""
        self._writing.close()
        if not self.count:
            self._final.unlink(missing_ok=True)
            return
        self._final.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._final.with_suffix(".unfinished")
        with unfinished.open("w", encoding="utf-8") as writing:
            for record in _read(self._staged):
                known = main_entity if record.entity == WHOLE_FILE else record.entity
                line = json.dumps({**vars(record), "entity": known}, ensure_ascii=False)
                writing.write(line + "\n")
        sync(unfinished)
        unfinished.replace(self._final)

    def records(self) -> Iterator[QuarantinedRecord]:
        """The settled records, one by one."""
        return _read(self._final) if self.count else iter(())

    def close(self) -> None:
        self._writing.close()


def quarantined_records(settings: Settings, file_id: str) -> list[QuarantinedRecord]:
    """The records of a file that are in quarantine, in the order of the file.

    Args:
        settings: the installation.
        file_id: the id of the file or the beginning of it.
    """
    with Ledger(settings.paths.ledger) as ledger:
        return list(ledger.quarantined(resolve_file_id(ledger, file_id)))


def dismiss_file(settings: Settings, file_id: str, reason: str) -> int:
    """Do without the quarantined records of a file: they stay in the accounts, but no longer keep
    the gate from publishing. The caller holds the run lock.

    Args:
        settings: the installation.
        file_id: the id of the file or the beginning of it.
        reason: why, for whoever reads the ledger; empty takes the dismissal back.

    Returns:
        How many records that concerns.

    Raises:
        HelpmartError: no single file has such an id, or nothing of it is in quarantine.
    """
    with Ledger(settings.paths.ledger) as ledger:
        known = resolve_file_id(ledger, file_id)
        count = sum(row.quarantined for row in ledger.file(known))
        if not count:
            raise HelpmartError(
                "Nothing of this file is in quarantine",
                where=known,
                why="all of its records were loaded, duplicates or skipped",
                remedy="`helpmart quarantine list` shows the files with records in quarantine",
                exit_code=ExitCode.NOT_FOUND,
            )
        ledger.dismiss(known, reason)
    return count


def resolve_file_id(ledger: Ledger, beginning: str) -> str:
    """The one file id that begins like this.

    Raises:
        HelpmartError: no file or several files do (exit code NOT_FOUND).
    """
    matches = sorted(known for known in ledger.known_files() if known.startswith(beginning))
    if len(matches) == 1 and beginning:
        return matches[0]
    raise HelpmartError(
        f"No single file has an id that begins with {beginning!r}",
        where="the ledger",
        why=f"{len(matches)} files do",
        remedy="`helpmart files --json` lists the ids",
        exit_code=ExitCode.NOT_FOUND,
    )


def _read(path: Path) -> Iterator[QuarantinedRecord]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield QuarantinedRecord(**json.loads(line))
