"""What a file becomes, read by the parser alone or with the quick way in front of it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from pipelines.ingest.columnar.lines import ColumnarLines
from pipelines.ingest.columnar.tables import ColumnarRows
from pipelines.ingest.contracts import SourceContract
from pipelines.ingest.parsing.records import FileParser, Sinks
from pipelines.ingest.parsing.rejections import FileRejectedError
from pipelines.ingest.parsing.rows import ReceivedFile, Row
from pipelines.ingest.tables.encodings import decided_encoding
from pipelines.ingest.tables.parser import TableFile, TableParser

RECEIVED = ReceivedFile(
    "2026-03-01T00:00:00.000000Z", "2026-03-02T00:00:00.000000Z", pseudonym_key=b"key"
)


@dataclass
class Outcome:
    """Everything that may be seen of a file once it is read."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    quarantined: list[Any] = field(default_factory=list)
    tallies: dict[str, Any] = field(default_factory=dict)
    main_entity: str = ""
    drift: dict[str, Any] = field(default_factory=dict)
    refusal: tuple[str, str] | None = None
    at_once: int = field(default=0, compare=False)

    def take_row(self, entity: str, row: Row) -> None:
        self.rows.append(
            (entity, row.record_no, *row.values, row.extra, row.version_at, row.row_hash)
        )

    def take_table(self, entity: str, table: Any) -> None:
        self.at_once += table.num_rows
        *values, numbers = (column.to_pylist() for column in table.columns)
        self.rows += [(entity, number, *row) for number, *row in zip(numbers, *values, strict=True)]


def outcome(
    contract: SourceContract,
    name: str,
    content: bytes,
    *,
    at_once: bool,
    max_record: int = 1 << 20,
) -> Outcome:
    """What becomes of a file; plain records are read at once if that is wanted."""
    found = Outcome()
    parser = FileParser(
        contract,
        file_id="file",
        name=name,
        received=RECEIVED,
        sinks=Sinks(row=found.take_row, quarantined=found.quarantined.append),
        max_record=max_record,
        lines=ColumnarLines(found.take_table, threads=2) if at_once else None,
    )
    try:
        found.tallies = parser.read(io.BufferedReader(io.BytesIO(content)))
    except FileRejectedError as error:
        return Outcome(refusal=(error.reason, error.why))
    found.main_entity = parser.main_entity
    found.rows.sort(key=lambda row: row[:2])
    return found


def table_outcome(contract: SourceContract, name: str, content: bytes, *, at_once: bool) -> Outcome:
    """What becomes of a text table; plain rows are read at once if that is wanted."""
    found = Outcome()

    def opened() -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(content))

    parser = TableParser(
        contract,
        TableFile("file", name, RECEIVED),
        Sinks(row=found.take_row, quarantined=found.quarantined.append),
        ColumnarRows(found.take_table, threads=2) if at_once else None,
    )
    try:
        encoding = decided_encoding(opened, contract.encodings)
        found.tallies = parser.read_text(opened, encoding)
    except FileRejectedError as error:
        return Outcome(refusal=(error.reason, error.why))
    found.main_entity = parser.main_entity
    found.drift = parser.drift
    found.rows.sort(key=lambda row: row[:2])
    return found
