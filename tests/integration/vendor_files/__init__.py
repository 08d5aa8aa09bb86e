"""Small files as vendors write them, by hand: layout, encoding and defects, a module a subject.

What belongs here: the files. What the canonical rows must be is said by the tests.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]


def write_text(path: Path, text: str, encoding: str = "utf-8", at: str = "2026-06-01") -> None:
    """A text file that was exported on a day."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    _made_at(path, at)


def write_rows(path: Path, rows: Rows) -> None:
    """A text file without a header, every cell in quotes."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    write_text(path, text.getvalue())


def write_workbook(path: Path, sheets: Mapping[str, Rows], at: str = "2026-06-01") -> None:
    """A workbook that was exported on a day; dates, times and stamps become typed cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        formats = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            time: book.add_format({"num_format": "hh:mm:ss"}),
        }
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row_no, row in enumerate(rows):
                for column_no, cell in enumerate(row):
                    if type(cell) in formats:
                        sheet.write_datetime(row_no, column_no, cell, formats[type(cell)])
                    else:
                        sheet.write(row_no, column_no, cell)
    _made_at(path, at)


def _made_at(path: Path, day: str) -> None:
    instant = datetime.fromisoformat(day).replace(hour=4, tzinfo=UTC).timestamp()
    os.utime(path, (instant, instant))
