"""Reads a file of lines in blocks: plain records at once, every other line by the parser.

Counts and record numbers come out as if the parser had read every line in turn.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from pipelines.ingest.arrays import bools, whole_numbers
from pipelines.ingest.columnar.batches import LINE_SHIFT, BatchReader, Records, Rows
from pipelines.ingest.columnar.blocks import Block, Mask, plain_lines, read_blocks
from pipelines.ingest.columnar.database import NATIVE_ERRORS, Databases, note_fallback
from pipelines.ingest.columnar.plans import Planner
from pipelines.ingest.parsing.documents import read_line
from pipelines.ingest.parsing.records import FileParser

RowsSink = Callable[[str, Any], None]

MOST_LAYOUTS = 8
# Fewer lines are read one by one in the time that a database takes to start.
FEW_LINES = 200
_OPENING = re.compile(rb'\{[ \t]*"([^"\\]+)"[ \t]*:[ \t]*(?=\{)')
_CLOSING = re.compile(rb"\}([ \t]*\}[ \t\r\n]*)\Z")


class ColumnarLines:
    """A reader of lines for one file; rows go to the sink with their record numbers."""

    def __init__(self, rows: RowsSink, threads: int = 1) -> None:
        self._rows = rows
        self._threads = threads

    def read(self, parser: FileParser, stream: BinaryIO) -> None:
        """Read the stream to its end: some blocks at once, each finished in its turn."""
        with (
            Databases(self._threads) as databases,
            ThreadPoolExecutor(self._threads) as pool,
        ):
            reader = BlockReader(parser, databases)
            waiting: deque[Future[_Begun]] = deque()
            for block in read_blocks(stream, parser.max_record):
                done = _lines_before_main(parser, block)
                waiting.append(pool.submit(reader.begin, block, done))
                if len(waiting) > self._threads:
                    self._finish(parser, waiting.popleft().result())
            while waiting:
                self._finish(parser, waiting.popleft().result())

    def _finish(self, parser: FileParser, begun: _Begun) -> None:
        """Read what was left of a block, and hand on its rows with their numbers."""
        block = begun.block
        numbering = _Numbering(parser, begun.found)
        for line in begun.left:
            numbering.count_until(line)
            _take_line(parser, block, line)
        numbering.count_until(len(block))
        for rows, numbers in numbering.numbered():
            if len(numbers):
                table = rows.table.append_column("_record_no", whole_numbers(numbers))
                self._rows(rows.entity, table)


@dataclass(frozen=True)
class _Begun:
    """A block of which the plain records are read, and the lines that the parser must read."""

    block: Block
    left: list[int]
    found: list[Rows]


class BlockReader:
    """Reads the plain records of blocks; the parser is only asked for what does not change."""

    def __init__(self, parser: FileParser, databases: Databases) -> None:
        self._parser = parser
        self._databases = databases
        self._planners = {entity: Planner(parser.contract, entity) for entity in parser.builders}

    def begin(self, block: Block, done: int) -> _Begun:
        """A block as far as it is plain; all of its lines are left if native code fails."""
        if len(block) - done >= FEW_LINES:
            try:
                return self._begun(block, done)
            except NATIVE_ERRORS as error:
                note_fallback(block.first_line + done, error)
        return _Begun(block, list(range(done, len(block))), [])

    def _begun(self, block: Block, done: int) -> _Begun:
        parser = self._parser
        left = ~plain_lines(block, parser.max_record)
        left[:done] = True
        found: list[Rows] = []
        with self._databases.one() as database:
            reader = BatchReader(parser.contract, parser.builders, self._planners, database)
            for records in _layouts(parser, block, left):
                found += reader.read(records, left)
        lines = (np.flatnonzero(left[done:]) + done).tolist()
        return _Begun(block, lines, [rows.without(left) for rows in found])


def _lines_before_main(parser: FileParser, block: Block) -> int:
    """Have the parser read lines until the main entity is known; the number of lines read.

    The first line is among them, since it may begin with a byte order mark.
    """
    line = 0
    while line < len(block) and (parser.main_entity == "*" or block.first_line + line == 1):
        _take_line(parser, block, line)
        line += 1
    return line


def _take_line(parser: FileParser, block: Block, index: int) -> None:
    text = block.line(index)[: parser.max_record + 1]
    offset = block.offset + int(block.borders[index])
    found = read_line(text, offset, parser.max_record)
    if found is not None:
        parser.take_line(block.first_line + index, found)


def _layouts(parser: FileParser, block: Block, left: Mask) -> Iterator[Records]:
    """The records of lines that are wrapped in the same way; other lines are marked as left."""
    waiting = ~left
    for _ in range(MOST_LAYOUTS):
        lines = np.flatnonzero(waiting)
        if not len(lines):
            return
        first = block.line(int(lines[0]))
        opening, closing = _OPENING.match(first), _CLOSING.search(first)
        wrapper = opening[1].decode() if opening else ""
        entity = parser.contract.wrappers.get(wrapper)
        if entity and opening and closing:
            mine = _wrapped_in(block, lines, opening[0], closing[1])
            if mine.any():
                waiting[lines[mine]] = False
                yield _records(block, entity, lines[mine], len(opening[0]), len(closing[1]))
                continue
        elif parser.claimed and first.startswith(b"{"):
            left[lines[block.codes[block.borders[lines]] != ord("{")]] = True
            lines = lines[~left[lines]]
            yield _records(block, parser.claimed, lines)
            return
        left[lines[0]] = True
        waiting[lines[0]] = False
    left[waiting] = True


def _wrapped_in(block: Block, lines: Any, opening: bytes, closing: bytes) -> Mask:
    """Which lines begin and end with the same bytes."""
    starts, ends = block.borders[lines], block.borders[lines + 1]
    alike: Mask = ends - starts > len(opening) + len(closing)
    begins = np.where(alike, starts, 0)
    for place, char in enumerate(opening):
        alike &= block.codes[np.minimum(begins + place, len(block.data) - 1)] == char
    for place, char in enumerate(reversed(closing), start=1):
        alike &= block.codes[ends - place] == char
    return alike


def _records(block: Block, entity: str, lines: Any, opening: int = 0, closing: int = 0) -> Records:
    starts, ends = block.borders[lines] + opening, block.borders[lines + 1] - closing
    # Each piece of text between two records is a value of its own, and left out again.
    offsets = np.column_stack((starts, ends)).ravel()
    pieces = pa.StringArray.from_buffers(
        len(offsets) - 1, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(block.data)
    )
    wanted = np.arange(len(pieces)) % 2 == 0
    texts = pieces.filter(bools(wanted))
    return Records(entity, texts, lines << LINE_SHIFT, has_key=not closing)


class _Numbering:
    """Gives rows the record numbers that the parser would have given them."""

    def __init__(self, parser: FileParser, found: list[Rows]) -> None:
        self._parser = parser
        self._found: dict[str, list[Rows]] = {}
        for rows in found:
            self._found.setdefault(rows.entity, []).append(rows)
        self._order = {
            entity: np.concatenate([rows.order for rows in parts])
            for entity, parts in self._found.items()
        }
        self._sorted = {entity: np.sort(order) for entity, order in self._order.items()}
        self._done = dict.fromkeys(self._found, 0)
        self._numbers: dict[str, list[Any]] = {entity: [] for entity in self._found}

    def count_until(self, line: int) -> None:
        """Count the rows of the lines before this one that are not counted yet."""
        for entity, order in self._sorted.items():
            count = int(np.searchsorted(order, line << LINE_SHIFT)) - self._done[entity]
            if count:
                begun = self._parser.counted(entity) + 1
                self._numbers[entity].append(np.arange(begun, begun + count))
                self._parser.take_rows(entity, count)
                self._done[entity] += count

    def numbered(self) -> Iterator[tuple[Rows, Any]]:
        """The rows with their record numbers."""
        for entity, parts in self._found.items():
            order = self._order[entity]
            if not len(order):
                continue
            numbers = np.empty(len(order), dtype=np.int64)
            numbers[np.argsort(order)] = np.concatenate(self._numbers[entity])
            at = 0
            for rows in parts:
                yield rows, numbers[at : at + len(rows.order)]
                at += len(rows.order)
