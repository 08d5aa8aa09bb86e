"""Whole and decimal numbers, from text and from numeric cells.

JSON keeps its numbers as they are written; tables land one form, so that 1,234.50 in a text file
and 1234.5 in a workbook are one value.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.ingest.parsing.rejections import bad_value
from pipelines.ingest.parsing.values.texts import MAX_EXACT_FLOAT

WHOLE = "a whole number"
NUMBER = "a number"
_INTEGER = re.compile(r"^[+-]?[0-9]+$")
_DECIMAL = re.compile(r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$")
_THOUSANDS = re.compile(r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$")


def whole_as_written(text: str) -> str:
    """A whole number in a JSON text."""
    return _as_written(_INTEGER, WHOLE, text)


def decimal_as_written(text: str) -> str:
    """A number in a JSON text."""
    return _as_written(_DECIMAL, NUMBER, text)


def whole_of_float(number: float) -> str:
    """A whole number that was written or kept as a fraction."""
    if number.is_integer() and abs(number) < MAX_EXACT_FLOAT:
        return str(int(number))
    raise bad_value(WHOLE, number)


def whole_of_cell(text: str) -> str:
    """A whole number in a table: thousands commas and `.0` are allowed."""
    if text.isdecimal() and text.isascii() and (text[0] != "0" or len(text) == 1):
        return text
    number = _number(text, WHOLE)
    if number != number.to_integral_value():
        raise bad_value(WHOLE, text)
    return plain(number)


def decimal_of_cell(text: str) -> str:
    """A number in a table: thousands commas are allowed, zeros at the end go."""
    return plain(_number(text, NUMBER))


def decimal_of_float(number: float) -> str:
    """A number in a cell, without an exponent."""
    return plain(Decimal(repr(number)))


def number_in(text: str) -> Decimal | None:
    """The number that a whole text is, with thousands commas or without; None if it is none."""
    stripped = text.strip()
    if _THOUSANDS.match(stripped):
        stripped = stripped.replace(",", "")
    return Decimal(stripped) if _DECIMAL.match(stripped) else None


def plain(number: Decimal) -> str:
    """A number without exponent, sign of plus, or zeros that mean nothing."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _number(text: str, expected: str) -> Decimal:
    number = number_in(text)
    if number is None:
        raise bad_value(expected, text)
    return number


def _as_written(pattern: re.Pattern[str], expected: str, text: str) -> str:
    stripped = text.strip()
    if pattern.match(stripped):
        return stripped
    raise bad_value(expected, text)
