"""The built warehouse of the hand-written exports, and ways to write and to look at them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import duckdb

from pipelines.ingest.load import LoadReport
from pipelines.settings import Settings

OUTCOMES = ("seen", "loaded", "quarantined", "duplicate", "skipped")


@dataclass(frozen=True)
class HelpdeskWorld:
    """What was loaded, and what came of it."""

    settings: Settings
    report: LoadReport
    connection: duckdb.DuckDBPyConnection

    @classmethod
    def open(cls, settings: Settings, report: LoadReport) -> Self:
        connection = duckdb.connect()
        for name, file in (
            ("helpmart", settings.paths.serving_file),
            ("warehouse", settings.paths.warehouse_file),
        ):
            connection.execute(f"attach '{file}' as {name} (read_only)")
        connection.execute("use helpmart.published")
        return cls(settings, report, connection)

    def fact(self, source: str, account: str, ticket: str, *columns: str) -> tuple[Any, ...]:
        """Columns of one row of fct_tickets."""
        rows = self.rows(
            f"select {', '.join(columns)} from fct_tickets"
            " where source_system = $1 and account_id = $2 and ticket_id = $3",
            source,
            account,
            ticket,
        )
        assert len(rows) == 1, (source, account, ticket, rows)
        return rows[0]

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, list(parameters)).fetchall()

    def counts(self, source: str, folder: str) -> dict[str, dict[str, int]]:
        """What became of the records of each entity of a source below a folder of the inbox."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(OUTCOMES, 0))
        for file in self.report.files:
            if file.source == source and file.name.startswith(f"{folder}/"):
                for outcome in OUTCOMES:
                    found[file.entity][outcome] += getattr(file, outcome)
        return dict(found)


def write_json(folder: Path, name: str, content: Any) -> None:
    """One answer of an API as a file, complete and ready to load."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def epoch(text: str) -> int:
    """Unix seconds of '2026-03-02 09:00', UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
