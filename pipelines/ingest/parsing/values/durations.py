"""Lengths of time, landed as whole seconds; half a second and more is one.

The unit comes from the text or from the contract. A bare number without either is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from pipelines.ingest.parsing.rejections import RecordRejectedError, bad_value
from pipelines.ingest.parsing.values.numbers import number_in

SECONDS_IN: dict[str, Decimal] = {
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "min": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86400),
}
_WORDS = {
    "ms": ("ms", "millisecond", "milliseconds", "毫秒"),
    "s": ("s", "sec", "secs", "second", "seconds", "秒", "秒钟", "秒鐘"),
    "min": ("m", "min", "mins", "minute", "minutes", "分", "分钟", "分鐘"),
    "h": ("h", "hr", "hrs", "hour", "hours", "时", "小时", "小時", "个小时"),
    "d": ("d", "day", "days", "天", "日"),
}
_SECONDS_OF_WORD = {word: SECONDS_IN[unit] for unit, words in _WORDS.items() for word in words}
_PIECE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([^\W\d_]+)\s*(?:,|，|and\b)?")
_DAYS = re.compile(r"(-?)([0-9]+)\s*(?:days?|天),?\s+(?=[0-9]+:)")
_CLOCK = re.compile(r"(-?)(?:([0-9]{1,15}):)?([0-9]{1,15}):([0-9]{1,2})(\.[0-9]+)?")
# Where calendars of workbooks begin. They believe that 1900 was a leap year, so that a length of 60
# days and more counts from the day before.
_SHORT_EPOCH, _LONG_EPOCH = datetime(1899, 12, 31), datetime(1899, 12, 30)  # noqa: DTZ001
_FIRST_LONG = datetime(1900, 3, 1)  # noqa: DTZ001
_LAST_LENGTH = datetime(1910, 1, 1)  # noqa: DTZ001
_SIXTY = 60
# Python turns no text of thousands of digits into a number, nor rounds so long a one.
_ENDLESS = Decimal(10) ** 15


def duration_reader(unit: str) -> Callable[[str], str]:
    """A parser of durations in text: clock times, numbers with units, bare numbers in `unit`.

    Args:
        unit: `ms`, `s`, `min` or `h` of a bare number; `text` refuses one.
    """
    factor = SECONDS_IN.get(unit)
    bare = f"{unit}, " if factor else ""
    expected = f"a duration in {bare}like 00:01:35, 1:35, 8分48秒 or 1 h 5 min"

    def read(text: str) -> str:
        number = number_in(text)
        seconds = (
            number * factor if number is not None and factor is not None else _seconds_in(text)
        )
        if seconds is None:
            raise bad_value(expected, text)
        return _whole(seconds)

    return read


def number_duration_reader(unit: str) -> Callable[[float], str]:
    """A parser of numeric cells and JSON numbers in a unit."""
    factor = SECONDS_IN.get(unit)

    def read(number: float) -> str:
        if factor is None:
            raise RecordRejectedError("bad_type", why="a duration is a bare number without a unit")
        return _whole(Decimal(repr(number)) * factor)

    return read


def duration_of_cell(value: time | timedelta | datetime) -> str:
    """The length that a time cell of a workbook shows."""
    if isinstance(value, time):
        value = timedelta(
            hours=value.hour,
            minutes=value.minute,
            seconds=value.second,
            microseconds=value.microsecond,
        )
    elif isinstance(value, datetime):
        if not _SHORT_EPOCH <= value < _LAST_LENGTH:
            raise bad_value("a duration", value)
        value -= _LONG_EPOCH if value >= _FIRST_LONG else _SHORT_EPOCH
    return _whole(Decimal(value // timedelta(microseconds=1)).scaleb(-6))


def _seconds_in(text: str) -> Decimal | None:
    stripped = text.strip()
    days = _DAYS.match(stripped)
    if days:
        clock = _clock_seconds(stripped[days.end() :])
        if clock is None:
            return None
        # As Python and databases write it, only the days of `-1 day, 23:00:00` are negative.
        whole = Decimal(days[2]) * SECONDS_IN["d"]
        return clock - whole if days[1] else clock + whole
    clock = _clock_seconds(stripped)
    return clock if clock is not None else _worded_seconds(stripped)


def _clock_seconds(text: str) -> Decimal | None:
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    sign, hours, minutes, seconds, fraction = found.groups()
    if int(seconds) >= _SIXTY or (hours is not None and int(minutes) >= _SIXTY):
        return None
    total = Decimal(int(hours or 0) * 3600 + int(minutes) * _SIXTY + int(seconds))
    total += Decimal(fraction or 0)
    return -total if sign else total


def _worded_seconds(text: str) -> Decimal | None:
    negative = text.startswith("-")
    rest = text[1:] if negative else text
    total, at = Decimal(0), 0
    while at < len(rest):
        piece = _PIECE.match(rest, at)
        factor = _SECONDS_OF_WORD.get(piece[2].lower()) if piece else None
        if piece is None or factor is None:
            return None
        total += Decimal(piece[1]) * factor
        at = piece.end()
    if not rest:
        return None
    return -total if negative else total


def _whole(seconds: Decimal) -> str:
    if abs(seconds) >= _ENDLESS:
        raise bad_value("a duration", str(seconds))
    return str(int(seconds.quantize(Decimal(1), ROUND_HALF_UP)))
