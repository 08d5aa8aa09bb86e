"""What the tests of ingest share: small records, drops into an inbox, and what then lies in raw."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.ingest.ledger import FileRow, Ledger
from pipelines.ingest.load import LoadReport, load_inbox
from pipelines.settings import Settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CREATED = "2026-01-05T08:00:00Z"


def ticket(ticket_id: object = 1, **changes: object) -> dict[str, Any]:
    record = {"id": ticket_id, "created_at": CREATED, "updated_at": CREATED, "status": "open"}
    return {**record, **changes}


def comment(comment_id: object = 10, **changes: object) -> dict[str, Any]:
    return {"id": comment_id, "created_at": CREATED, "author_id": 7, "public": True, **changes}


def wrapped(kind: str, *records: object) -> bytes:
    """NDJSON with one record a line under its wrapper."""
    return b"".join(json.dumps({kind: record}).encode() + b"\n" for record in records)


def page(**lists: object) -> bytes:
    """One page of the API."""
    return json.dumps({**lists, "next_page": None, "count": 1}).encode()


def drop(settings: Settings, name: str, content: bytes, folder: str = "zendesk") -> Path:
    """Put a file into the inbox."""
    path = settings.paths.inbox / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return path


def load(settings: Settings, run_id: str = "run", **options: Any) -> LoadReport:
    return load_inbox(settings, run_id=run_id, clock=lambda: NOW, **options)


def files(settings: Settings) -> list[FileRow]:
    with Ledger(settings.paths.ledger) as ledger:
        return ledger.files()


def file_row(settings: Settings, entity: str = "tickets") -> FileRow:
    """The one ledger row of an entity."""
    [row] = [row for row in files(settings) if row.entity == entity]
    return row


def raw_rows(settings: Settings, entity: str, source: str = "zendesk") -> list[dict[str, Any]]:
    folder = settings.paths.raw / source / entity
    tables = [pq.read_table(path) for path in sorted(folder.glob("*.parquet"))]
    return pa.concat_tables(tables).to_pylist() if tables else []


def raw_content(settings: Settings, entity: str) -> Counter[str]:
    """The rows of an entity without what tells from which file they came."""
    origin = {"_file_id", "_record_no", "_extracted_at"}
    kept = (
        {key: value for key, value in row.items() if key not in origin}
        for row in raw_rows(settings, entity)
    )
    return Counter(json.dumps(row, sort_keys=True) for row in kept)


def balances(row: FileRow) -> bool:
    return row.seen == row.loaded + row.quarantined + row.duplicate + row.skipped


def assert_accounts_hold(settings: Settings) -> None:
    """Every ledger row adds up, and what it calls loaded lies in raw."""
    for row in files(settings):
        assert balances(row), row
        if row.entity in ("", "*"):
            continue
        path = settings.paths.raw / row.source / row.entity / f"{row.file_id}.parquet"
        landed = pq.read_metadata(path).num_rows if path.exists() else 0
        assert landed == row.loaded, row
