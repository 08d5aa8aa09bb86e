"""Lists and NumPy arrays as columns of Arrow and back, without pandas.

PyArrow's own conversions import pandas when they are first used, which took 1.2 s (2026-11): longer
than to land a file of 100,000 records.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa


def texts(values: Sequence[str | None]) -> Any:
    """A column of texts."""
    encoded = [b"" if value is None else value.encode() for value in values]
    ends = np.cumsum(np.fromiter(map(len, encoded), np.int32, len(encoded)), dtype=np.int32)
    offsets = np.concatenate((np.zeros(1, np.int32), ends))
    valid = np.fromiter((value is not None for value in values), np.bool_, len(encoded))
    bits = np.packbits(valid, bitorder="little")
    return pa.StringArray.from_buffers(
        len(encoded), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded)), pa.py_buffer(bits)
    )


def whole_numbers(values: Any) -> Any:
    """A column of integers."""
    data = np.ascontiguousarray(values, dtype=np.int64)
    return pa.Array.from_buffers(pa.int64(), len(data), [None, pa.py_buffer(data)])


def repeated(text: str, count: int) -> Any:
    """A column with the same text in each row."""
    return texts([text]).take(whole_numbers(np.zeros(count)))


def moments(moment: datetime, count: int) -> Any:
    """A column with the same moment in each row, without its zone."""
    stamp = np.datetime64(moment.replace(tzinfo=None), "us")
    data = np.full(count, stamp.astype(np.int64), dtype=np.int64)
    return pa.Array.from_buffers(pa.timestamp("us"), count, [None, pa.py_buffer(data)])


def bools(values: Any) -> Any:
    """A column of truth values."""
    bits = np.packbits(values, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(bits)])


def mask(column: Any) -> Any:
    """A column of truth values as a mask that can be written to; a null is not true."""
    bits = np.frombuffer(column.buffers()[1], np.uint8)
    return _unpacked(bits, column.offset, len(column)) & ~is_null(column)


def is_null(column: Any) -> Any:
    """Where a column has no value."""
    bits = column.buffers()[0]
    if bits is None or not column.null_count:
        return np.zeros(len(column), dtype=np.bool_)
    return ~_unpacked(np.frombuffer(bits, np.uint8), column.offset, len(column))


def numbers(column: Any) -> Any:
    """A column of integers; what stands for a null is undefined."""
    kind = np.dtype(str(column.type))
    return np.frombuffer(column.buffers()[1], kind)[column.offset :][: len(column)]


def _unpacked(bits: Any, offset: int, length: int) -> Any:
    end = offset + length
    return np.unpackbits(bits, count=end, bitorder="little").astype(np.bool_)[offset:]
