"""From a JSON value to the text that lands in the raw layer, by column type.

A converter raises `RecordRejectedError` without a field; whoever calls it knows the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from types import NoneType
from typing import Any

import orjson

from pipelines.ingest.contracts import ColumnType
from pipelines.ingest.parsing.rejections import RecordRejectedError, masked

Converter = Callable[[Any], str | None]

MAX_EXACT_FLOAT = 2**53
CACHED_STAMPS = 1 << 14
CACHED_TEXTS = 1 << 12
CACHED_LENGTH = 200
_SHOWN_LENGTH = 60
_SCIENTIFIC = re.compile(r"^[+-]?\d+(\.\d+)?[eE]\+?\d+$")
_INTEGER = re.compile(r"^[+-]?\d+$")
_DECIMAL = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")
_CANONICAL_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
_BOOLEAN = {True: "true", False: "false"}
_NOTHING: dict[None, None] = {None: None}


class ColumnReader(dict[type, Converter]):
    """Converters by the Python type of a JSON value; a value of any other type is refused."""

    def __init__(self, expected: str, converters: dict[type, Converter]) -> None:
        super().__init__(converters)
        self._expected = expected
        self[NoneType] = _NOTHING.__getitem__

    def __missing__(self, kind: type) -> Converter:
        return self._refuse

    def _refuse(self, value: Any) -> str | None:
        raise bad_value(self._expected, value)


def column_reader(
    column_type: ColumnType, zone: tzinfo, redact_keys: Iterable[str] = ()
) -> ColumnReader:
    """The reader of a column.

    Args:
        column_type: as the contract declares it.
        zone: where a stamp without an offset is read.
        redact_keys: keys taken out of nested values.
    """
    if column_type == "timestamp":
        return ColumnReader(
            "a date and time like 2026-01-31T08:00:00Z",
            {str: stamp_reader(zone), int: _stamp_of_epoch},
        )
    if column_type == "json":
        nested = json_writer(redact_keys)
        return ColumnReader(
            "JSON", {str: str, int: str, float: compact, bool: compact, dict: nested, list: nested}
        )
    return _READERS[column_type]


def compact(value: object) -> str:
    """A JSON value as text without blanks; keys stay in the order of the export."""
    return dump(value).decode()


def dump(value: object, option: int = 0) -> bytes:
    """JSON bytes of a value; one nested more deeply than the writer can follow is rejected."""
    try:
        return orjson.dumps(value, option=option)
    except orjson.JSONEncodeError as error:
        raise RecordRejectedError("bad_type", why=f"the value cannot be kept: {error}") from error


def json_writer(redact_keys: Iterable[str]) -> Converter:
    """A converter of nested values to compact text without the given keys."""
    unwanted = frozenset(redact_keys)
    if not unwanted:
        return compact
    names = "|".join(re.escape(key) for key in sorted(unwanted))
    mentions = re.compile(f'"(?:{names})":').search

    def redacted(text: str) -> str:
        if mentions(text) is None:
            return text
        return compact(without_keys(orjson.loads(text), unwanted))

    redacted_often = lru_cache(CACHED_TEXTS)(redacted)

    def write(value: Any) -> str:
        text = compact(value)
        return redacted_often(text) if len(text) < CACHED_LENGTH else redacted(text)

    return write


def without_keys(value: Any, unwanted: frozenset[str]) -> Any:
    """A JSON value without the given keys at any depth."""
    if isinstance(value, dict):
        return {k: without_keys(v, unwanted) for k, v in value.items() if k not in unwanted}
    if isinstance(value, list):
        return [without_keys(item, unwanted) for item in value]
    return value


def stamp_reader(zone: tzinfo) -> Converter:
    """A converter of stamps in text; records repeat them, so the newest are remembered."""

    @lru_cache(CACHED_STAMPS)
    def read(text: str) -> str:
        try:
            instant = datetime.fromisoformat(text)
            if _CANONICAL_STAMP.match(text):
                return text
            return stamp_text(instant if instant.tzinfo else instant.replace(tzinfo=zone))
        except (ValueError, OverflowError):
            raise bad_value("a date and time like 2026-01-31T08:00:00Z", text) from None

    return read


def stamp_text(instant: datetime) -> str:
    """An instant as `2026-01-31T08:00:00Z`, with a fraction only where there is one."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def sortable_stamp(text: str) -> str:
    """A stamp of `stamp_text` at fixed width, so that order as text is order in time."""
    return f"{text[:-1]}.000000Z" if len(text) == len("2026-01-31T08:00:00Z") else text


def epoch_stamp(seconds: str) -> str:
    """The fixed-width stamp of Unix seconds in text."""
    return sortable_stamp(_stamp_of_epoch(int(seconds)))


def bad_value(expected: str, value: object) -> RecordRejectedError:
    """The refusal of a value of the wrong type or form; tells its shape, not its content."""
    if isinstance(value, dict | list):
        shown = "an object" if isinstance(value, dict) else "a list"
    else:
        shown = f"the shape {masked(repr(value)[:_SHOWN_LENGTH])}"
    return RecordRejectedError("bad_type", why=f"expected {expected}, found {shown}")


def _stamp_of_epoch(seconds: int) -> str:
    try:
        return stamp_text(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        raise bad_value("Unix seconds", seconds) from None


def _id_of_text(text: str) -> str | None:
    if text.isdecimal():
        return text
    stripped = text.strip()
    if _SCIENTIFIC.match(stripped):
        raise RecordRejectedError("id_in_scientific_notation", why=f"the id reads {stripped!r}")
    return stripped or None


def _id_of_float(number: float) -> str | None:
    raise RecordRejectedError(
        "id_in_scientific_notation", why=f"the id is no whole number as written: {number!r}"
    )


def _whole_number(number: float) -> str:
    if number.is_integer() and abs(number) < MAX_EXACT_FLOAT:
        return str(int(number))
    raise bad_value("a whole number", number)


def _matching(pattern: re.Pattern[str], expected: str) -> Converter:
    def read(text: str) -> str:
        stripped = text.strip()
        if pattern.match(stripped):
            return stripped
        raise bad_value(expected, text)

    return read


def _bool_of_text(text: str) -> str:
    if text in _BOOLEAN.values():
        return text
    raise bad_value("true or false", text)


def _date_of_text(text: str) -> str:
    try:
        if len(text) == len("2026-01-31"):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise bad_value("a date like 2026-01-31", text)


_READERS: dict[str, ColumnReader] = {
    "id": ColumnReader("an id", {int: str, str: _id_of_text, float: _id_of_float}),
    "int": ColumnReader(
        "a whole number",
        {int: str, float: _whole_number, str: _matching(_INTEGER, "a whole number")},
    ),
    "decimal": ColumnReader(
        "a number", {int: str, float: repr, str: _matching(_DECIMAL, "a number")}
    ),
    "text": ColumnReader("a text", {str: str, int: str, float: repr, bool: _BOOLEAN.__getitem__}),
    "bool": ColumnReader("true or false", {bool: _BOOLEAN.__getitem__, str: _bool_of_text}),
    "date": ColumnReader("a date like 2026-01-31", {str: _date_of_text}),
}
