"""Blocks of whole lines of a stream, and which of the lines can be read at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

BLOCK_SIZE = 16 << 20
CHUNK_SIZE = 1 << 20
PIECE_SIZE = 1 << 20
DEEPEST_COUNTED = 2000
MANY_BRACKETS = 500

Places = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

_NEWLINE, _COMMA, _BACKSLASH = 0x0A, 0x2C, 0x5C
_CLOSING, _BRACKET_BIT = 0x7D, 0x20  # of an object; that of a list lacks the bit


@dataclass(frozen=True)
class Block:
    """Lines of a file, each with its end."""

    data: bytes
    first_line: int
    offset: int
    whole: bool

    @cached_property
    def codes(self) -> Codes:
        return np.frombuffer(self.data, np.uint8)

    @cached_property
    def borders(self) -> Places:
        """Where each line begins, and where the last one ends."""
        found = [
            np.flatnonzero(piece[:PIECE_SIZE] == _NEWLINE) + begin
            for begin, piece in pieces(self.codes)
        ]
        ends = np.concatenate(found) + 1
        if not len(ends) or ends[-1] != len(self.data):
            ends = np.append(ends, len(self.data))
        return np.concatenate(([0], ends)).astype(np.int64)

    def __len__(self) -> int:
        return len(self.borders) - 1

    def line(self, index: int) -> bytes:
        return self.data[self.borders[index] : self.borders[index + 1]]

    def lines_at(self, places: Places) -> Places:
        """The lines in which the given bytes lie."""
        lines: Places = np.searchsorted(self.borders, places, side="right") - 1
        return lines


def read_blocks(stream: BinaryIO, max_record: int) -> Iterator[Block]:
    """The lines of a stream in blocks; only the last line of a block may be cut, being too long."""
    number, offset = 1, 0
    while data := stream.read(BLOCK_SIZE):
        skipped = 0
        if not data.endswith(b"\n"):
            begun = len(data) - data.rfind(b"\n") - 1
            data += stream.readline(max(max_record + 1 - begun, 0))
            if not data.endswith(b"\n"):
                skipped = _skip_line(stream)
        block = Block(data, number, offset, whole=not skipped)
        yield block
        number += len(block)
        offset += len(data) + skipped


def _skip_line(stream: BinaryIO) -> int:
    """Read to the end of a line and forget it; how many bytes that were."""
    skipped = 0
    while rest := stream.readline(CHUNK_SIZE):
        skipped += len(rest)
        if rest.endswith(b"\n"):
            break
    return skipped


def plain_lines(block: Block, max_record: int) -> Mask:
    """The lines without anything that the native reader would read otherwise than `parsing`.

    Left out are: lines too long, control characters written as escapes, commas before a closing
    bracket (which DuckDB forgives), deep nesting, and everything where a byte is no UTF-8.
    """
    plain = np.ones(len(block), dtype=np.bool_)
    if not is_utf8(block.data):
        return np.zeros(len(block), dtype=np.bool_)
    lengths = np.diff(block.borders)
    plain[lengths > max_record] = False
    plain[-1] &= block.whole
    if b"\\" in block.data and b"\\u00" in block.data:
        plain[block.lines_at(_control_escapes(block))] = False
    plain[block.lines_at(_forgiven_commas(block))] = False
    for index in np.flatnonzero(lengths > DEEPEST_COUNTED):
        line = block.line(index)
        if line.count(b"{") + line.count(b"[") > MANY_BRACKETS:
            plain[index] = False
    return plain


def is_utf8(data: bytes) -> bool:
    """Whether bytes are a text in UTF-8."""
    import pyarrow as pa

    text = pa.LargeStringArray.from_buffers(
        1, pa.py_buffer(np.array([0, len(data)], np.int64)), pa.py_buffer(data)
    )
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def pieces(codes: Codes) -> Iterator[tuple[int, Codes]]:
    """The bytes in pieces that overlap by one, with where each begins.

    What is computed of a piece stays in the cache, which took a tenth of the time (2026-11).
    """
    for begin in range(0, len(codes), PIECE_SIZE):
        yield begin, codes[begin : begin + PIECE_SIZE + 1]


def _control_escapes(block: Block) -> Places:
    at = np.flatnonzero(block.codes[:-4] == _BACKSLASH)
    escapes: Places = at[
        (block.codes[at + 1] == ord("u"))
        & (block.codes[at + 2] == ord("0"))
        & (block.codes[at + 3] == ord("0"))
        & (block.codes[at + 4] <= ord("1"))
    ]
    return escapes


def _forgiven_commas(block: Block) -> Places:
    """Commas behind which, but for blanks, an object or a list ends."""
    text = block.codes
    found = []
    for begin, piece in pieces(text):
        ends = (piece[1:] | _BRACKET_BIT) == _CLOSING
        ends &= (piece[:-1] <= ord(" ")) | (piece[:-1] == _COMMA)
        found.append(np.flatnonzero(ends) + begin)
    before = np.concatenate(found)
    moving = np.arange(len(before))
    while len(moving):
        moving = moving[text[before[moving]] <= ord(" ")]
        before[moving] -= 1
        moving = moving[before[moving] >= 0]
    commas: Places = before[(before >= 0) & (text[before] == _COMMA)]
    return commas
