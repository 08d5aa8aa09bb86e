"""Rows of a table as lists of cells, in batches, whatever file they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Literal

BATCH_ROWS = 2_000
MAX_COLUMNS = 16_384
SHOWN_NAME = 60

TableKind = Literal["text", "workbook", "parquet"]
_KINDS: dict[str, TableKind] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), "text"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "workbook"),
    ".parquet": "parquet",
}

Cells = list[Any]


@dataclass(frozen=True)
class RowFault:
    """A place of a file where a row should be and none can be read."""

    number: int
    reason: str
    why: str
    sample: str


@dataclass
class RowBatch:
    """Rows one after another, each with its number in the file; then perhaps a fault.

    A cell is a text, or what a workbook or Parquet file types: int, float, bool, datetime, date,
    time, timedelta. An empty cell of those is None. Numbers count lines of a text and rows of a
    sheet, from 1.
    """

    numbers: list[int] = field(default_factory=list)
    rows: list[Cells] = field(default_factory=list)
    fault: RowFault | None = None


@dataclass(frozen=True)
class Sheet:
    """One table of a file. Its batches can be taken once, before the next sheet is asked for."""

    name: str
    batches: Iterator[RowBatch]

    def place(self, number: int) -> str:
        """Where a row is, as an operator finds it."""
        if not self.name:
            return f"line {number}"
        shown = "".join(c if c.isprintable() else "?" for c in self.name[:SHOWN_NAME])
        return f"sheet {shown}, row {number}"


def table_kind(name: str) -> TableKind | None:
    """The kind of table that a file's name promises; None for JSON."""
    plain = name.lower().removesuffix(".gz")
    return _KINDS.get(PurePosixPath(plain).suffix)


def is_blank(cells: Cells) -> bool:
    """True if no cell of a row holds anything but blanks."""
    for cell in cells:
        if cell is not None and (not isinstance(cell, str) or cell.strip()):
            return False
    return True
