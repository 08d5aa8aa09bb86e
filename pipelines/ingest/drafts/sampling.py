"""What a sample file looks like: its format, encoding, delimiter, header, and some rows."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.contracts import TableLayout
from pipelines.ingest.parsing.cells import shown
from pipelines.ingest.parsing.rejections import FileRejectedError, remedy_for
from pipelines.ingest.parsing.streams import Limits, open_plain
from pipelines.ingest.tables.delimited import text_batches
from pipelines.ingest.tables.encodings import decided_encoding
from pipelines.ingest.tables.guarded import guarded_sheets
from pipelines.ingest.tables.rows import Cells, Sheet, TableKind, is_blank, table_kind

SAMPLED_ROWS = 500
SEARCHED_ROWS = 10
DELIMITERS = (",", ";", "\t", "|")
# In the order in which a file that fits several is likelier to be in one. Anything fits the last.
ENCODINGS = ("utf-8", "gb18030", "big5", "cp1252", "latin-1")


@dataclass(frozen=True)
class Sample:
    """The beginning of one table."""

    name: str
    kind: TableKind
    encodings: tuple[str, ...]
    delimiter: str
    sheet: str
    header_row: int
    header: list[str]
    rows: list[Cells]


def sample_of(path: Path) -> Sample:
    """Look at the beginning of a table.

    Raises:
        HelpmartError: it is no table, or cannot be read.
    """
    kind = table_kind(path.name)
    if kind is None or not path.is_file():
        raise HelpmartError(
            "No draft can be made of this file",
            where=str(path),
            why="it is no text table, workbook or Parquet file",
            remedy="give a .csv, .tsv, .txt, .xlsx, .xls or .parquet file; describe JSON by hand",
            exit_code=ExitCode.USAGE,
        )
    try:
        return _text_sample(path) if kind == "text" else _other_sample(path, kind)
    except FileRejectedError as error:
        raise HelpmartError(
            "The sample cannot be read",
            where=str(path),
            why=error.why,
            remedy=remedy_for(error.reason),
        ) from error


def _text_sample(path: Path) -> Sample:
    encodings = _fitting_encodings(path)
    delimiter = _delimiter(path, encodings[0])
    with _opened(path) as stream:
        batches = text_batches(stream, encodings[0], TableLayout(delimiter=delimiter))
        sheet = Sheet("", batches)
        rows = _first_rows(sheet)
    return _sample(path, "text", rows, encodings=encodings, delimiter=delimiter)


def _other_sample(path: Path, kind: TableKind) -> Sample:
    if path.suffix.lower() == ".gz":
        raise FileRejectedError("unreadable_table", "a packed workbook; unpack it first")
    with guarded_sheets(kind, path, Limits()) as sheets:
        for sheet in sheets:
            rows = _first_rows(sheet)
            if len(rows) > 1:
                return _sample(path, kind, rows, sheet=sheet.name)
    raise FileRejectedError("header_not_found", "no sheet has two rows")


def _sample(
    path: Path,
    kind: TableKind,
    rows: list[Cells],
    *,
    encodings: tuple[str, ...] = (),
    delimiter: str = ",",
    sheet: str = "",
) -> Sample:
    at = _header_row(rows)
    header = [shown(cell).strip() for cell in rows[at]]
    below = [row for row in rows[at + 1 :] if len(row) >= len(header)]
    return Sample(path.name, kind, encodings, delimiter, sheet, at, header, below)


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    return open_plain(path, path.name, Limits())


def _fitting_encodings(path: Path) -> tuple[str, ...]:
    """The encodings that the whole file fits; one with a byte order mark has only that."""
    fitting = []
    for encoding in ENCODINGS:
        try:
            decided = decided_encoding(lambda: _opened(path), [encoding])
        except FileRejectedError:
            continue
        if decided != encoding:
            return (decided,)
        fitting.append(encoding)
    return tuple(fitting)


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter that cuts most rows into the same number of cells, of which there are many."""

    def score(delimiter: str) -> int:
        with _opened(path) as stream:
            sheet = Sheet("", text_batches(stream, encoding, TableLayout(delimiter=delimiter)))
            widths = Counter(len(row) for row in _first_rows(sheet))
        [(width, count)] = widths.most_common(1) or [(1, 0)]
        return count * (width - 1)

    return max(DELIMITERS, key=score)


def _first_rows(sheet: Sheet) -> list[Cells]:
    rows = (cells for batch in sheet.batches for cells in batch.rows if not is_blank(cells))
    return list(islice(rows, SAMPLED_ROWS))


def _header_row(rows: list[Cells]) -> int:
    """The row among the first that has most different texts and no number."""

    def named(cells: Cells) -> int:
        texts = {shown(cell).strip() for cell in cells} - {""}
        numbers = sum(text.replace(".", "", 1).isdecimal() for text in texts)
        return len(texts) - 2 * numbers

    if not rows:
        raise FileRejectedError("header_not_found", "it has no row")
    return max(range(min(SEARCHED_ROWS, len(rows))), key=lambda at: (named(rows[at]), -at))
