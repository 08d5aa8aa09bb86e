"""Stamps and dates that are written as they land, told by their bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.ingest.arrays import is_null

STAMP_WIDTH = len("2026-01-31T08:00:00Z")
DATE_WIDTH = len("2026-01-31")
_SEPARATORS = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":", 19: "Z"}
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int16)
_LAST_MONTH, _LAST_HOUR, _LAST_SIXTIETH = 12, 23, 59

Mask = npt.NDArray[np.bool_]


def canonical(texts: Any, width: int) -> Mask:
    """Which texts of a string array are a real stamp (or date) of this width; nulls are."""
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1]
    nulls = is_null(texts)
    right = np.diff(offsets) == width
    result: Mask = nulls.copy()
    rows = np.flatnonzero(right & ~nulls)
    if len(rows):
        data = np.frombuffer(texts.buffers()[2], np.uint8)
        result[rows] = _are_real(_matrix(data, offsets[rows], width))
    return result


def _matrix(data: npt.NDArray[np.uint8], starts: Any, width: int) -> npt.NDArray[np.uint8]:
    """The characters by place and text."""
    if starts[-1] - starts[0] == width * (len(starts) - 1):
        return data[starts[0] : starts[-1] + width].reshape(-1, width).T
    chars: npt.NDArray[np.uint8] = data[np.add.outer(np.arange(width), starts)]
    return chars


def _are_real(chars: npt.NDArray[np.uint8]) -> Mask:
    width = len(chars)
    digits = np.ascontiguousarray(chars) - np.uint8(ord("0"))
    good = np.ones(chars.shape[1], dtype=np.bool_)
    for place in range(width):
        if place in _SEPARATORS:
            good &= chars[place] == ord(_SEPARATORS[place])
        else:
            good &= digits[place] < 10  # noqa: PLR2004 one digit
    number = digits.astype(np.int16)

    def pair(place: int) -> npt.NDArray[np.int16]:
        both: npt.NDArray[np.int16] = number[place] * np.int16(10) + number[place + 1]
        return both

    year, month, day = pair(0) * np.int16(100) + pair(2), pair(5), pair(8)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    in_year = (month >= 1) & (month <= _LAST_MONTH)
    days = _DAYS[np.where(in_year, month, 0)] + (leap & (month == 2))  # noqa: PLR2004 February
    good &= in_year & (year >= 1) & (day >= 1) & (day <= days)
    if width == STAMP_WIDTH:
        good &= (pair(11) <= _LAST_HOUR) & (pair(14) <= _LAST_SIXTIETH)
        good &= pair(17) <= _LAST_SIXTIETH
    return good
