"""Reads one workbook or Parquet file in a process of its own, within limits that it sets itself.

A library that is fed a hostile file may ask for any amount of memory and abort: then this process
is gone and nothing else. It stands alone (no import of the package), writes no files, and tells its
rows on standard output, one JSON value a line: `{"sheet": name}`, `{"n": [row numbers], "rows":
[[cells]]}`, at last `{"end": true}`, or `{"error": why}`. Blank rows are left out. Cells that JSON
has no type for are objects: `d` datetime, `D` date, `t` time, `l` length in microseconds, `x` too
long to be handed on.
"""

from __future__ import annotations

import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import orjson

BATCH_ROWS = 2_000
BATCH_CHARACTERS = 4 << 20
MAX_GRID = 40_000_000
MAX_ENTRIES = 5_000
MAX_RATIO = 200
RATIO_AFTER = 64 << 20
CHUNK_SIZE = 1 << 20
OPEN_FILES = 64
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_OVERLAP = 32


class RefusedError(Exception):
    """The file cannot be read; the message tells why."""


def main(kind: str, path: str, memory: int, seconds: int, max_field: int) -> None:
    """Write the rows of a file to standard output."""
    _limit(memory, seconds)
    write = sys.stdout.buffer.write
    try:
        frames = _workbook(path) if kind == "workbook" else _parquet(path)
        for sheet, rows in frames:
            write(orjson.dumps({"sheet": sheet}) + b"\n")
            for frame in _batches(rows, max_field):
                write(frame + b"\n")
        write(b'{"end":true}\n')
    except RefusedError as error:
        write(orjson.dumps({"error": str(error)}) + b"\n")
    sys.stdout.buffer.flush()


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


Rows = Iterator[tuple[int, list[Any]]]


def _workbook(path: str) -> Iterator[tuple[str, Rows]]:
    import python_calamine

    try:
        _refuse_hostile_package(path)
        with python_calamine.load_workbook(path) as book:
            for name in book.sheet_names:
                yield name, _sheet_rows(book.get_sheet_by_name(name))
    except python_calamine.PasswordError:
        raise RefusedError("it is protected by a password") from None
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise RefusedError(f"it is no readable workbook: {error}") from None


def _sheet_rows(sheet: Any) -> Rows:
    start = sheet.start
    if start is None:
        return
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in cells):
            yield number, [None if cell == "" else cell for cell in cells]


def _refuse_hostile_package(path: str) -> None:
    """Refuse what would take long or much to find out later.

    A reader keeps all cells between the outermost ones, so that two may cost gigabytes.
    """
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as package:
        entries = package.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if len(entries) > MAX_ENTRIES:
            raise RefusedError(f"it has {len(entries)} parts")
        if unpacked > RATIO_AFTER and unpacked > MAX_RATIO * packed:
            raise RefusedError(f"it unpacks to over {MAX_RATIO} times its size")
        for name in package.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                rows, columns = _extent(package, name)
                if rows * columns > MAX_GRID:
                    raise RefusedError(
                        f"a sheet spreads over {rows} rows and {columns} columns; save it as CSV"
                    )


def _extent(package: zipfile.ZipFile, name: str) -> tuple[int, int]:
    rows, columns = 0, b""
    with package.open(name) as stream:
        rest = b""
        while data := stream.read(CHUNK_SIZE):
            text = rest + data
            for letters, digits in _CELL.findall(text):
                rows = max(rows, int(digits))
                columns = max(columns, letters.rjust(3, b"@"))
            rest = text[-_OVERLAP:]
    number = 0
    for letter in columns:
        number = number * 26 + letter - ord("@")
    return rows, number


def _parquet(path: str) -> Iterator[tuple[str, Rows]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            yield "", _parquet_rows(file)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise RefusedError(f"it is no readable Parquet file: {error}") from None


def _parquet_rows(file: Any) -> Rows:
    import pyarrow as pa

    yield 0, list(file.schema_arrow.names)
    number = 0
    for batch in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
        columns = [_in_microseconds(pa, column).to_pylist() for column in batch.columns]
        for cells in zip(*columns, strict=True):
            number += 1
            yield number, list(cells)


def _in_microseconds(pa: Any, column: Any) -> Any:
    """Python has nothing finer than microseconds."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_duration(kind) and kind.unit == "ns":
        return column.cast(pa.duration("us"), safe=False)
    if pa.types.is_time64(kind) and kind.unit == "ns":
        return column.cast(pa.time64("us"), safe=False)
    return column


def _batches(rows: Rows, max_field: int) -> Iterator[bytes]:
    numbers: list[int] = []
    waiting: list[list[Any]] = []
    characters = 0
    for number, cells in rows:
        plain = [cell if type(cell) in _AS_IT_IS else _plain(cell) for cell in cells]
        for place, cell in enumerate(plain):
            if type(cell) is str:
                characters += len(cell)
                if len(cell) > max_field:
                    plain[place] = {"x": len(cell)}
        numbers.append(number)
        waiting.append(plain)
        if len(numbers) >= BATCH_ROWS or characters > BATCH_CHARACTERS:
            yield orjson.dumps({"n": numbers, "rows": waiting})
            numbers, waiting, characters = [], [], 0
    if numbers:
        yield orjson.dumps({"n": numbers, "rows": waiting})


_AS_IT_IS = frozenset({str, float, bool, type(None)})
_LARGEST_JSON_INTEGER = 2**63


def _plain(cell: Any) -> Any:
    """A cell as JSON can tell it."""
    for kind, mark in ((datetime, "d"), (date, "D"), (time, "t")):
        if isinstance(cell, kind):
            return {mark: cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"l": cell // timedelta(microseconds=1)}
    if isinstance(cell, int):
        return cell if abs(cell) < _LARGEST_JSON_INTEGER else str(cell)
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    return orjson.dumps(cell, default=str).decode()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *(int(number) for number in sys.argv[3:6]))
