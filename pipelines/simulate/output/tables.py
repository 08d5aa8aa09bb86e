"""CSV files and workbooks of fixed bytes, as desks and vendors export them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

# A workbook would otherwise tell when it was written.
WRITTEN_AT = datetime(2026, 11, 1, 9, 0)  # noqa: DTZ001 - a workbook knows no zones
FORMATS = {
    "date": "yyyy-mm-dd",
    "stamp": "yyyy-mm-dd hh:mm:ss",
    "clock": "hh:mm",
    "percent": "0.00%",
}


class Percent(NamedTuple):
    """A share of one in a cell that shows per cent."""

    share: float


class CsvFile:
    """Rows as text; every line ends as Windows ends it.

    Args:
        folder: where to.
        name: of the file.
        header: the first row.
        encoding: utf-8-sig writes a byte order mark.
    """

    def __init__(
        self, folder: Path, name: str, header: Sequence[str], encoding: str = "utf-8"
    ) -> None:
        self.name = name
        self._stream = (folder / name).open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(header)

    def write(self, row: Sequence[Any]) -> None:
        self._writer.writerow(["" if cell is None else cell for cell in row])

    def close(self) -> None:
        self._stream.close()


class Book:
    """A workbook; rows go to the end of a sheet and are not kept in memory."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._book = xlsxwriter.Workbook(str(folder / name), {"constant_memory": True})
        self._book.set_properties({"created": WRITTEN_AT})
        self._formats = {
            kind: self._book.add_format({"num_format": text}) for kind, text in FORMATS.items()
        }

    def sheet(self, name: str) -> Sheet:
        return Sheet(self._book.add_worksheet(name), self._formats)

    def close(self) -> None:
        self._book.close()


class Sheet:
    """One sheet of a workbook, written from the top."""

    def __init__(self, sheet: Any, formats: dict[str, Any]) -> None:
        self._sheet = sheet
        self._formats = formats
        self._rows = 0

    def write(self, row: Sequence[Any]) -> None:
        """Cells by their types: dates, times, shares and numbers as such, the rest as text."""
        for column, cell in enumerate(row):
            self._write_cell(column, cell)
        self._rows += 1

    def _write_cell(self, column: int, cell: Any) -> None:
        place = self._rows, column
        if cell is None:
            return
        if isinstance(cell, Percent):
            self._sheet.write_number(*place, cell.share, self._formats["percent"])
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(*place, cell, self._formats["stamp"])
        elif isinstance(cell, date):
            self._sheet.write_datetime(*place, cell, self._formats["date"])
        elif isinstance(cell, time):
            self._sheet.write_datetime(*place, cell, self._formats["clock"])
        elif isinstance(cell, timedelta):
            self._sheet.write_number(*place, cell / timedelta(days=1), self._formats["clock"])
        elif isinstance(cell, int | float):
            self._sheet.write_number(*place, cell)
        else:
            self._sheet.write_string(*place, str(cell))
