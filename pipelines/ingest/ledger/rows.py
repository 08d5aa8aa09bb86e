"""The ledger's rows as dataclasses, and as SQLite keeps them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from pipelines.ingest.parsing.rejections import Drift

FileStatus = Literal["loaded", "empty", "quarantined", "already_loaded", "unrecognised"]


@dataclass(frozen=True)
class FileRow:
    """What became of the records of one entity in one file.

    `entity` is `*` for a file that could not be read at all; it counts as one quarantined record.
    `dismissed` is why an operator does without its quarantined records; empty: nobody does.
    """

    file_id: str
    name: str
    source: str
    account_id: str
    entity: str
    status: FileStatus
    seen: int = 0
    loaded: int = 0
    quarantined: int = 0
    duplicate: int = 0
    skipped: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    detail: str = ""
    run_id: str = ""
    received_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    modified_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    size: int = 0
    content_sha256: str = ""
    archive_sha256: str = ""
    member: str = ""
    encoding: str = ""
    drift: tuple[Drift, ...] = ()
    dismissed: str = ""


@dataclass(frozen=True)
class RunRow:
    """One run, as it ended."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    state: str
    build_id: str
    error: str


class CheckLike(Protocol):
    """What a check must tell to be recorded."""

    @property
    def border(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def expectation(self) -> str: ...
    @property
    def column(self) -> str | None: ...
    @property
    def severity(self) -> str: ...
    @property
    def success(self) -> bool: ...
    @property
    def observed(self) -> str: ...
    @property
    def unexpected_count(self) -> int: ...
    @property
    def why(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def sample_keys(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class CheckRow:
    """One check of one run."""

    run_id: str
    border: str
    table: str
    name: str
    expectation: str
    column: str | None
    severity: str
    success: bool
    observed: str
    unexpected_count: int
    why: str
    owner: str
    sample_keys: tuple[str, ...]
    checked_at: datetime

    @property
    def blocks(self) -> bool:
        """True if it kept the run from publishing."""
        return not self.success and self.severity == "critical"

    @property
    def title(self) -> str:
        """The check's name with its table."""
        return f"{self.table}: {self.name}"


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Values as SQLite keeps them: instants as ISO text, mappings as JSON."""
    return {key: _plain_value(value) for key, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict | tuple):
        return json.dumps(value)
    return value


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def file_row(row: dict[str, Any]) -> FileRow:
    row["reasons"] = json.loads(row["reasons"])
    row["drift"] = tuple(Drift(**found) for found in json.loads(row["drift"]))
    row["received_at"] = _instant(row["received_at"])
    row["modified_at"] = _instant(row["modified_at"])
    return FileRow(**row)


def run_row(row: dict[str, Any]) -> RunRow:
    finished = row["finished_at"]
    row["started_at"] = _instant(row["started_at"])
    row["finished_at"] = _instant(finished) if finished else None
    return RunRow(**row)


def check_values(run_id: str, check: CheckLike, checked_at: datetime) -> dict[str, Any]:
    values = {item.name: getattr(check, item.name) for item in fields(CheckRow)[1:-1]}
    values["table_name"] = values.pop("table")
    values["column_name"] = values.pop("column")
    values["success"] = int(values["success"])
    return plain({"run_id": run_id, **values, "checked_at": checked_at})


def check_row(row: dict[str, Any]) -> CheckRow:
    row["table"] = row.pop("table_name")
    row["column"] = row.pop("column_name")
    row["success"] = bool(row["success"])
    row["sample_keys"] = tuple(json.loads(row["sample_keys"]))
    row["checked_at"] = _instant(row["checked_at"])
    return CheckRow(**row)
