"""The landed files of one system, laid out again for a reference that reads exports."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from pipelines.settings import Settings

SUFFIXES = {b"\x1f\x8b": ".gz", b"PK": ".zip"}


def unpack_landed(settings: Settings, source: str, folder: Path) -> Path:
    """Copies of the archived files of a system, named so that their kind can be seen."""
    folder.mkdir()
    with sqlite3.connect(settings.home / "ledger.sqlite") as ledger:
        found = ledger.execute(
            "select distinct archive_sha256 from files where source = ?", (source,)
        ).fetchall()
    for (digest,) in found:
        archived = settings.paths.archive / digest[:2] / digest
        if archived.exists():
            suffix = SUFFIXES.get(archived.read_bytes()[:2], ".json")
            shutil.copyfile(archived, folder / f"{digest[:12]}{suffix}")
    return folder
