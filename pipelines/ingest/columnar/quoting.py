"""Where rows and cells of delimited text are, told by its bytes as far as its quoting is plain.

Quoting is plain where each quote opens a cell, closes one, or is one of two inside: there, quotes
before a place tell by their number whether it is inside of a cell, and all readers agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ingest.arrays import bools
from pipelines.ingest.columnar.blocks import PIECE_SIZE, Codes, Mask, Places, is_utf8, pieces
from pipelines.ingest.contracts import TableLayout

_NEWLINE, _RETURN = 0x0A, 0x0D
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_SINGLE_BYTE = 0x80
_NUL = b"\0"


@dataclass(frozen=True)
class Dialect:
    """The bytes that delimit and quote."""

    delimiter: int
    quote: int | None

    @classmethod
    def of(cls, layout: TableLayout) -> Self | None:
        """The dialect of a layout; None if a character of it has several bytes in UTF-8."""
        codes = [ord(char) for char in (layout.delimiter, layout.quote) if char]
        if any(code >= _SINGLE_BYTE or code in (_NEWLINE, _RETURN) for code in codes):
            return None
        return cls(codes[0], codes[1] if layout.quote else None)


@dataclass(frozen=True)
class TextBlock:
    """Whole rows of a text in UTF-8, all of plain quoting.

    Attributes:
        data: their bytes.
        first_line: the number of the first line in the file.
        marks: where the delimiters and the ends of rows are, in order.
        ends: which of the marks are ends of rows.
    """

    data: bytes
    first_line: int
    dialect: Dialect
    marks: Places
    ends: Places

    @classmethod
    def begun(cls, data: bytes, first_line: int, dialect: Dialect, max_row: int) -> Self:
        """The rows from the beginning of a text to the first that is not whole and plain."""
        whole = data[: data.rfind(b"\n") + 1]
        codes = np.frombuffer(whole, np.uint8)
        limit = _first_oddity(whole)
        marks, oddity = _marks(codes, dialect)
        limit = min(limit, oddity)
        marks = marks[: np.searchsorted(marks, limit)]
        ends = np.flatnonzero(codes[marks] == _NEWLINE)
        lengths = np.diff(marks[ends], prepend=-1)
        long = np.flatnonzero(lengths > max_row)
        ends = ends[: long[0]] if len(long) else ends
        size = int(marks[ends[-1]]) + 1 if len(ends) else 0
        if not is_utf8(whole[:size]):
            size, ends = 0, ends[:0]
        kept = marks[: ends[-1] + 1] if len(ends) else marks[:0]
        return cls(whole[:size], first_line, dialect, kept, ends)

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def codes(self) -> Codes:
        return np.frombuffer(self.data, np.uint8)

    @property
    def lines(self) -> int:
        """How many lines the rows have; more than rows where a cell holds line ends."""
        return self.data.count(b"\n")

    @property
    def row_ends(self) -> Places:
        return self.marks[self.ends]

    @property
    def row_starts(self) -> Places:
        return np.concatenate(([0], self.row_ends[:-1] + 1)).astype(np.int64)

    def texts(self, rows: Places) -> list[str]:
        """The texts of some rows, each with its end."""
        starts, ends = self.row_starts[rows], self.row_ends[rows] + 1
        return [self.data[a:b].decode() for a, b in zip(starts, ends, strict=True)]

    def line_numbers(self, rows: Places) -> list[int]:
        """The number of the first line of each of some rows."""
        if not len(rows):
            return []
        newlines = np.flatnonzero(self.codes == _NEWLINE)
        before = np.searchsorted(newlines, self.row_starts[rows])
        return [self.first_line + int(count) for count in before]

    def rows_with(self, *codes: int) -> Mask:
        """The rows in which one of some bytes is."""
        found = np.zeros(len(self), dtype=np.bool_)
        for code in codes:
            if bytes([code]) in self.data:
                places = np.flatnonzero(self.codes == code)
                found[np.searchsorted(self.row_ends, places)] = True
        return found


class Cells:
    """The cells of those rows of a block that have so many of them."""

    def __init__(self, block: TextBlock, width: int) -> None:
        self._block = block
        ends = block.ends
        counts = np.diff(ends, prepend=-1)
        self.fitting: Mask = counts == width
        first_marks = ends - (counts - 1)
        if self.fitting.all():
            borders = block.marks.reshape(-1, width)
        else:
            places = np.add.outer(first_marks[self.fitting], np.arange(width))
            borders = block.marks[places]
        self._borders = np.ascontiguousarray(borders.T)
        self._starts = block.row_starts[self.fitting]
        self._every_second = bools(np.arange(max(2 * len(self._starts) - 1, 0)) % 2 == 0)

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def width(self) -> int:
        """How many cells each row has."""
        return len(self._borders)

    def column(self, place: int) -> Any:
        """The texts of the cells at a place, without their quotes; empty ones are null."""
        codes, quote = self._block.codes, self._block.dialect.quote
        starts = self._borders[place - 1] + 1 if place else self._starts
        ends = self._borders[place]
        if place == self.width - 1:
            ends = ends - (codes[ends - 1] == _RETURN)
        quoted = None
        if quote is not None:
            quoted = codes[starts] == quote
            if quoted.any():
                starts, ends = starts + quoted, ends - quoted
            else:
                quoted = None
        texts = self._texts(starts, ends)
        if quoted is not None and quote is not None:
            texts = pc.replace_substring(texts, chr(quote) * 2, chr(quote))
        return with_empty_as_null(texts)

    def _texts(self, starts: Places, ends: Places) -> Any:
        # Each piece of text between two cells is a value of its own, and left out again.
        offsets = np.column_stack((starts, ends)).astype(np.int32).ravel()
        if not len(offsets):
            return pa.nulls(0, pa.string())
        pieces_of_text = pa.StringArray.from_buffers(
            len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(self._block.data)
        )
        return pieces_of_text.filter(self._every_second)


def with_empty_as_null(texts: Any) -> Any:
    """A column of texts without nulls, in which empty ones become null."""
    if not len(texts):
        return texts
    _, offsets, data = texts.buffers()
    lengths = np.diff(np.frombuffer(offsets, np.int32)[texts.offset :][: len(texts) + 1])
    if lengths.all():
        return texts
    if texts.offset:
        return pc.if_else(bools(lengths > 0), texts, pa.nulls(len(texts), pa.string()))
    bits = np.packbits(lengths > 0, bitorder="little")
    return pa.StringArray.from_buffers(len(texts), offsets, data, pa.py_buffer(bits))


def _first_oddity(data: bytes) -> int:
    """The first byte that ends a line of its own kind, or that no text has."""
    found = data.find(_NUL)
    limit = len(data) if found < 0 else found
    if data.count(b"\r") != data.count(b"\r\n"):
        lone = _LONE_RETURN.search(data)
        limit = min(limit, lone.start() if lone else limit)
    return limit


def _marks(codes: Codes, dialect: Dialect) -> tuple[Places, int]:
    """Delimiters and line ends outside of quotes, and the first quote that is not plain."""
    found = []
    for begin, overlapping in pieces(codes):
        piece = overlapping[:PIECE_SIZE]
        wanted = (piece == dialect.delimiter) | (piece == _NEWLINE)
        if dialect.quote is not None:
            wanted |= piece == dialect.quote
        found.append(np.flatnonzero(wanted) + begin)
    marks = np.concatenate(found) if found else np.zeros(0, np.int64)
    kinds = codes[marks]
    is_quote = kinds == dialect.quote if dialect.quote is not None else np.zeros(len(kinds), bool)
    if not is_quote.any():
        return marks, len(codes)
    inside = np.bitwise_xor.accumulate(is_quote.view(np.uint8)).view(np.bool_)
    oddity = _first_odd_quote(codes, marks[is_quote & inside], marks[is_quote & ~inside], dialect)
    return marks[~is_quote & ~inside], oddity


def _first_odd_quote(codes: Codes, opening: Places, closing: Places, dialect: Dialect) -> int:
    beside = np.zeros(256, dtype=np.bool_)
    beside[[dialect.delimiter, dialect.quote or 0, _NEWLINE]] = True
    before = beside[codes[np.maximum(opening - 1, 0)]] | (opening == 0)
    beside[_RETURN] = True
    after = beside[codes[np.minimum(closing + 1, len(codes) - 1)]]
    odd = [places[:1] for places in (opening[~before], closing[~after])]
    return int(min((place[0] for place in odd if len(place)), default=len(codes)))
