"""Reads one table file of any kind through a `TableParser`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.ingest.columnar.tables import ColumnarRows
from pipelines.ingest.contracts import SourceContract
from pipelines.ingest.parsing.records import Parsed, Sinks
from pipelines.ingest.parsing.streams import Limits
from pipelines.ingest.tables.encodings import OpenStream, decided_encoding
from pipelines.ingest.tables.guarded import guarded_sheets
from pipelines.ingest.tables.parser import TableFile, TableParser
from pipelines.ingest.tables.rows import TableKind


@dataclass(frozen=True)
class TableBytes:
    """Where the bytes of a file are: a stream that can be opened again, or a file as it is."""

    open_stream: OpenStream
    plain: Path | None
    scratch: Path


def parse_table(
    contract: SourceContract,
    file: TableFile,
    kind: TableKind,
    source: TableBytes,
    sinks: Sinks,
    limits: Limits,
    columnar: ColumnarRows | None = None,
) -> Parsed:
    """Read a table file to its end.

    Args:
        contract: of its source.
        file: what it is called.
        kind: as its name says.
        source: where its bytes are.
        sinks: where rows and refusals go.
        limits: what reading it may take.
        columnar: reads the plain rows of text at once.

    Raises:
        FileRejectedError: the file as a whole cannot be used.
    """
    parser = TableParser(contract, file, sinks, columnar)
    encoding = ""
    if kind == "text":
        encoding = decided_encoding(source.open_stream, contract.encodings)
        tallies = parser.read_text(source.open_stream, encoding)
    else:
        with _on_disk(source) as path, guarded_sheets(kind, path, limits) as sheets:
            tallies = parser.read_sheets(sheets)
    return Parsed(parser.main_entity, tallies, encoding, parser.drift)


@contextmanager
def _on_disk(source: TableBytes) -> Iterator[Path]:
    """The unpacked bytes as a file; workbooks and Parquet files are read from their ends."""
    if source.plain is not None:
        yield source.plain
        return
    unpacked = source.scratch / "unpacked"
    try:
        with source.open_stream() as stream, unpacked.open("wb") as writing:
            shutil.copyfileobj(stream, writing)
        yield unpacked
    finally:
        unpacked.unlink(missing_ok=True)
