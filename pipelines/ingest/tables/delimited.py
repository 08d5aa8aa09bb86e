"""Rows of delimited text, read by Python's csv module under the dialect of the contract.

A row is a record: quotes may hold newlines, and the row's number is that of its first line. A row
whose quoting is broken is set aside alone: reading goes on in the line after its first one, so that
an unclosed quote does not swallow the rows behind it. Lines may end in CR, LF or both, mixed.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from pipelines.ingest.contracts import TableLayout
from pipelines.ingest.parsing.rejections import SAMPLE_LENGTH, FileRejectedError
from pipelines.ingest.tables.rows import BATCH_ROWS, Cells, RowBatch, RowFault

MAX_FIELD = 4 << 20
MAX_LINE = 16 << 20
NUL = "\0"


class _LineTooLongError(Exception):
    """A line has more characters than a row may have."""


class Lines:
    """The lines of a text, which remember those of the row being read and can take them back."""

    def __init__(self, text: io.TextIOWrapper, max_line: int, before: int = 0) -> None:
        self._read = text.readline
        self._max_line = max_line
        self._returned: deque[str] = deque()
        self.held: list[str] = []
        self.taken = before
        self.has_nul = False

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._read(self._max_line + 1)
        if not line:
            raise StopIteration
        self.taken += 1
        self.held.append(line)
        if NUL in line:
            self.has_nul = True
        if len(line) > self._max_line:
            self._drain(line)
        return line

    def release(self) -> None:
        """The row is complete; the next line begins another."""
        self.held.clear()
        self.has_nul = False

    def take_back(self) -> None:
        """Keep the first line of the row as read, and give the others out again."""
        self._returned.extendleft(reversed(self.held[1:]))
        self.taken -= len(self.held) - 1
        self.release()

    def _drain(self, line: str) -> None:
        while line and line[-1] not in "\r\n":
            line = self._read(self._max_line + 1)
        raise _LineTooLongError


def text_batches(
    stream: BinaryIO,
    encoding: str,
    layout: TableLayout,
    max_field: int = MAX_FIELD,
    max_line: int = MAX_LINE,
) -> Generator[RowBatch, None, None]:
    """The rows of a text file in batches; to be closed before another file is begun.

    Args:
        stream: its bytes.
        encoding: as decided before; the whole file fits it.
        layout: delimiter and quote.
        max_field: the most characters that a field may have.
        max_line: the most that a line may have; what is longer is not held in memory.
    """
    text = io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="")
    try:
        with field_limit(max_field):
            yield from row_batches(Lines(text, max_line), layout)
    except UnicodeDecodeError as error:
        raise FileRejectedError("undecodable", f"it is not {encoding}: {error.reason}") from error
    finally:
        text.detach()


def row_batches(lines: Lines, layout: TableLayout, size: int = BATCH_ROWS) -> Iterator[RowBatch]:
    """The rows of lines, so many in a batch; after each of them the next line begins a row."""
    reader = csv.reader(
        lines,
        delimiter=layout.delimiter,
        quotechar=layout.quote or None,
        quoting=csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE,
        strict=True,
    )
    batch = RowBatch()
    while True:
        begun = lines.taken + 1
        try:
            cells: Cells = next(reader)
        except StopIteration:
            break
        except (csv.Error, _LineTooLongError) as error:
            batch.fault = _fault(error, begun, lines)
        else:
            if lines.has_nul:
                why = "a NUL is in the row"
                batch.fault = RowFault(begun, "nul_character", why, _sample(lines))
            else:
                batch.numbers.append(begun)
                batch.rows.append(cells)
            lines.release()
        if batch.fault or len(batch.rows) >= size:
            yield batch
            batch = RowBatch()
    yield batch


def _fault(error: Exception, begun: int, lines: Lines) -> RowFault:
    sample = _sample(lines)
    one_line = len(lines.held) == 1
    if isinstance(error, _LineTooLongError) or (one_line and "field limit" in str(error)):
        lines.release()
        return RowFault(begun, "record_too_large", "a field or line is too long", sample)
    lines.take_back()
    if one_line and "end of data" not in str(error):
        return RowFault(begun, "bad_quoting", "text follows a closed quote", sample)
    return RowFault(begun, "bad_quoting", "a quote that opens in this line is not closed", sample)


def _sample(lines: Lines) -> str:
    return lines.held[0][: SAMPLE_LENGTH + 1].rstrip("\r\n")


@contextmanager
def field_limit(limit: int) -> Iterator[None]:
    """Let fields be so long meanwhile; the csv module has one limit for the whole process."""
    before = csv.field_size_limit(limit)
    try:
        yield
    finally:
        csv.field_size_limit(before)
