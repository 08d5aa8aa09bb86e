"""One converter a column type: a JSON value in, the text that lands in the raw layer out.

A converter raises `RecordRejectedError` without a field; whoever calls it knows the field.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import orjson

from pipelines.ingest.contracts import ColumnType
from pipelines.ingest.parsing.rejections import RecordRejectedError

Converter = Callable[[Any], str | None]

MAX_EXACT_FLOAT = 2**53
_SCIENTIFIC = re.compile(r"^[+-]?\d+(\.\d+)?[eE]\+?\d+$")
_INTEGER = re.compile(r"^[+-]?\d+$")
_DECIMAL = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")
_CANONICAL_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
_SHOWN_LENGTH = 60


def compact(value: object) -> str:
    """A JSON value as text without blanks; keys stay in the order of the export."""
    return dump(value).decode()


def dump(value: object, option: int = 0) -> bytes:
    """JSON bytes of a value; one nested more deeply than the writer can follow is rejected."""
    try:
        return orjson.dumps(value, option=option)
    except orjson.JSONEncodeError as error:
        raise RecordRejectedError("bad_type", why=f"the value cannot be kept: {error}") from error


def stamp_text(instant: datetime) -> str:
    """An instant as `2026-01-31T08:00:00Z`, with a fraction only where there is one."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def sortable_stamp(text: str) -> str:
    """A stamp of `stamp_text` at fixed width, so that order as text is order in time."""
    return f"{text[:-1]}.000000Z" if len(text) == len("2026-01-31T08:00:00Z") else text


def to_text(value: Any) -> str | None:
    if type(value) is str:
        return value
    if isinstance(value, dict | list):
        raise _bad("a text", value)
    return compact(value)


def to_json(value: Any) -> str | None:
    """Strings as they are, everything else as compact JSON."""
    return value if type(value) is str else compact(value)


def to_id(value: Any) -> str | None:
    if type(value) is int:
        return str(value)
    if type(value) is str:
        text = value.strip()
        if _SCIENTIFIC.match(text):
            raise RecordRejectedError("id_in_scientific_notation", why=f"the id reads {text!r}")
        return text or None
    if type(value) is float:
        raise RecordRejectedError(
            "id_in_scientific_notation",
            why=f"the id is no whole number as written; it reads {value!r}",
        )
    raise _bad("an id", value)


def to_int(value: Any) -> str | None:
    if type(value) is int:
        return str(value)
    if type(value) is float and value.is_integer() and abs(value) < MAX_EXACT_FLOAT:
        return str(int(value))
    if type(value) is str and _INTEGER.match(value.strip()):
        return value.strip()
    raise _bad("a whole number", value)


def to_decimal(value: Any) -> str | None:
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return repr(value)
    if type(value) is str and _DECIMAL.match(value.strip()):
        return value.strip()
    raise _bad("a number", value)


def to_bool(value: Any) -> str | None:
    if value is True or value == "true":
        return "true"
    if value is False or value == "false":
        return "false"
    raise _bad("true or false", value)


def to_date(value: Any) -> str | None:
    if type(value) is str and len(value) == len("2026-01-31"):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise _bad("a date like 2026-01-31", value)


def stamp_converter(zone: tzinfo) -> Converter:
    """A converter of stamps; one without an offset is read in the zone of the contract."""

    def to_stamp(value: Any) -> str | None:
        try:
            if type(value) is str:
                instant = datetime.fromisoformat(value)
                if _CANONICAL_STAMP.match(value):
                    return value
                aware = instant if instant.tzinfo else instant.replace(tzinfo=zone)
                return stamp_text(aware)
            if type(value) is int:
                return stamp_text(datetime.fromtimestamp(value, UTC))
        except (ValueError, OverflowError, OSError):
            pass
        raise _bad("a date and time like 2026-01-31T08:00:00Z", value)

    return to_stamp


def epoch_stamp(text: str) -> str:
    """The fixed-width stamp of Unix seconds that `to_int` let through."""
    try:
        return sortable_stamp(stamp_text(datetime.fromtimestamp(int(text), UTC)))
    except (ValueError, OverflowError, OSError):
        raise _bad("Unix seconds", text) from None


def converter_for(column_type: ColumnType, zone: tzinfo) -> Converter:
    """The converter of a column type."""
    if column_type == "timestamp":
        return stamp_converter(zone)
    return _CONVERTERS[column_type]


def _bad(expected: str, value: object) -> RecordRejectedError:
    shown = _shortened(value)
    if isinstance(value, dict | list):
        shown = "an object" if isinstance(value, dict) else "a list"
    return RecordRejectedError("bad_type", why=f"expected {expected}, found {shown}")


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"


_CONVERTERS: dict[str, Converter] = {
    "id": to_id,
    "int": to_int,
    "decimal": to_decimal,
    "text": to_text,
    "bool": to_bool,
    "date": to_date,
    "json": to_json,
}
