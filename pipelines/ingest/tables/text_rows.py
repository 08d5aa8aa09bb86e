"""Rows of delimited text in batches, and in blocks of bytes where its quoting is plain.

Blocks are for whoever reads cells at once. Where one cannot be made (a broken quote, a NUL, line
ends of another kind, a few rows at the end), the reader by rows takes over for some rows and gives
back the bytes that it did not use.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Generator
from itertools import islice
from typing import BinaryIO

from pipelines.ingest.columnar.quoting import Dialect, TextBlock
from pipelines.ingest.contracts import TableLayout
from pipelines.ingest.parsing.rejections import FileRejectedError
from pipelines.ingest.tables.delimited import MAX_FIELD, MAX_LINE, Lines, field_limit, row_batches
from pipelines.ingest.tables.rows import BATCH_ROWS, RowBatch

BLOCK_SIZE = 16 << 20
# In a shorter block rows are read one by one as quickly.
FEW_ROWS = 200
# After a shorter block the reader by rows goes on longer the next time.
MANY_ROWS = 5000
FIRST_ROWS, MOST_ROWS = 50, 1 << 16
MOST_REMEMBERED = 64 << 20
_LINE_END = re.compile(rb"\r\n?|\n")


class TextRows:
    """The rows of one text file; of blocks only once `in_blocks` is set."""

    def __init__(
        self,
        encoding: str,
        layout: TableLayout,
        max_field: int = MAX_FIELD,
        max_line: int = MAX_LINE,
    ) -> None:
        self.in_blocks = False
        self._encoding = encoding
        self._layout = layout
        self._dialect = Dialect.of(layout)
        self._max_field = max_field
        self._max_line = max_line
        self._batch_rows = BATCH_ROWS

    def batches(self, stream: BinaryIO) -> Generator[RowBatch | TextBlock, None, None]:
        """The rows of a stream, each once; to be closed before another file is begun.

        Raises:
            FileRejectedError: a byte does not fit the encoding.
        """
        source = _Source(stream, self._encoding)
        try:
            with field_limit(self._max_field):
                line = 1
                while line:
                    block = self._block(source, line)
                    if block is None:
                        line = yield from self._by_rows(source, line)
                    else:
                        yield block
                        line += block.lines
        except UnicodeDecodeError as error:
            why = f"it is not {self._encoding}: {error.reason}"
            raise FileRejectedError("undecodable", why) from error

    def _block(self, source: _Source, line: int) -> TextBlock | None:
        """The next rows as a block, taken from the source; None if there is none to speak of."""
        if not self.in_blocks or self._dialect is None:
            return None
        block = TextBlock.begun(source.peek(BLOCK_SIZE), line, self._dialect, self._max_field)
        if len(block) >= MANY_ROWS:
            self._batch_rows = FIRST_ROWS
        else:
            self._batch_rows = min(self._batch_rows * 2, MOST_ROWS)
        if len(block) < FEW_ROWS:
            return None
        source.skip(len(block.data))
        return block

    def _by_rows(self, source: _Source, line: int) -> Generator[RowBatch, None, int]:
        """Some rows from a line on; the line after them, or 0 at the end of the file."""
        source.begin()
        buffer = io.BufferedReader(source)
        text = io.TextIOWrapper(buffer, encoding="utf-8", errors="strict", newline="")
        lines = Lines(text, self._max_line, before=line - 1)
        try:
            for batch in row_batches(lines, self._layout, self._batch_rows):
                yield batch
                if self.in_blocks and self._dialect and source.give_back(lines.taken - line + 1):
                    return lines.taken + 1 if source.peek(1) else 0
        finally:
            text.detach()
            buffer.detach()
        return 0


class _Source(io.RawIOBase):
    """The bytes of a text as UTF-8, of which lines can be taken back."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._is_utf8 = codecs.lookup(encoding).name == "utf-8"
        self._waiting = b""
        self._at = 0
        self._given: list[bytes] = []
        self._given_size = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def peek(self, size: int) -> bytes:
        """The bytes that come next, so many unless the text ends before."""
        pieces = [self._waiting[self._at :]]
        missing = size - len(pieces[0])
        while missing > 0 and (piece := self._next(missing)):
            pieces.append(piece)
            missing -= len(piece)
        self._waiting, self._at = b"".join(pieces), 0
        return self._waiting

    def skip(self, size: int) -> None:
        """Take bytes that were looked at."""
        self._at += size

    def begin(self) -> None:
        """Forget what was given out; from here on lines can be given back."""
        self._given, self._given_size = [], 0

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._at >= len(self._waiting):
            self._waiting, self._at = self._next(BLOCK_SIZE), 0
        data = self._waiting[self._at : self._at + len(buffer)]
        self._at += len(data)
        self._given_size += len(data)
        if self._given_size <= MOST_REMEMBERED:
            self._given.append(data)
        buffer[: len(data)] = data
        return len(data)

    def give_back(self, lines: int) -> bool:
        """Take so many lines of what was given out as read, and the rest back if it is known."""
        if self._given_size > MOST_REMEMBERED:
            self._given = []
            return False
        given = b"".join(self._given)
        ends = islice(_LINE_END.finditer(given), lines - 1, None) if lines else iter(())
        last = next(ends, None)
        used = last.end() if last else (len(given) if lines else 0)
        self._waiting, self._at = given[used:] + self._waiting[self._at :], 0
        return True

    def _next(self, size: int) -> bytes:
        if self._is_utf8:
            return self._stream.read(size)
        while not self._ended:
            data = self._stream.read(size)
            self._ended = not data
            if text := self._decoder.decode(data, final=not data):
                return text.encode()
        return b""
