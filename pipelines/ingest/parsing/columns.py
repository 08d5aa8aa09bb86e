"""From a JSON value to the text that lands in the raw layer, by column type.

A converter raises `RecordRejectedError` without a field; whoever calls it knows the field. Cells of
tables have converters of their own, in `cells`; both use the parsers of `values`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from types import NoneType
from typing import Any

import orjson

from pipelines.ingest.contracts import Column
from pipelines.ingest.parsing.rejections import RecordRejectedError, bad_value
from pipelines.ingest.parsing.values import moments, numbers, texts
from pipelines.ingest.parsing.values.durations import duration_reader, number_duration_reader
from pipelines.ingest.parsing.values.moments import LocalTime, stamp_text
from pipelines.ingest.parsing.values.pseudonyms import pseudonymiser
from pipelines.ingest.parsing.values.rates import rate_reader

Converter = Callable[[Any], str | None]

CACHED_STAMPS = 1 << 14
CACHED_TEXTS = 1 << 12
CACHED_LENGTH = 200
STAMP = "a date and time like 2026-01-31T08:00:00Z"
DATE = "a date like 2026-01-31"
_CANONICAL_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
_BOOLEAN = {True: "true", False: "false"}
_NOTHING: dict[None, None] = {None: None}


class ColumnReader(dict[type, Converter]):
    """Converters by the Python type of a value; a value of any other type is refused."""

    def __init__(self, expected: str, converters: dict[type, Converter]) -> None:
        super().__init__(converters)
        self.expected = expected
        self[NoneType] = _NOTHING.__getitem__

    def __missing__(self, kind: type) -> Converter:
        return self._refuse

    def _refuse(self, value: Any) -> str | None:
        raise bad_value(self.expected, value)

    def wrapped(self, around: Callable[[Converter], Converter]) -> ColumnReader:
        """The same reader with every converter replaced by one around it."""
        converters = {kind: around(read) for kind, read in self.items() if kind is not NoneType}
        return ColumnReader(self.expected, converters)


@dataclass(frozen=True)
class Place:
    """What a value's meaning depends on beside its column."""

    local: LocalTime
    nulls: frozenset[str] = frozenset({""})
    pseudonym_key: bytes = b""


def column_reader(column: Column, place: Place, redact_keys: Iterable[str] = ()) -> ColumnReader:
    """The reader of a column's JSON values.

    Args:
        column: as the contract declares it.
        place: where a stamp without an offset belongs, and the installation's key.
        redact_keys: keys taken out of nested values.
    """
    reader = _reader_of_type(column, place.local, redact_keys)
    if column.nulls:
        reader = reader.wrapped(_without(frozenset(column.nulls)))
    return without_persons(reader, column, place)


def without_persons(reader: ColumnReader, column: Column, place: Place) -> ColumnReader:
    """The reader of a column that masks what the contract says, or lands a keyed hash instead."""
    if column.mask:
        reader = reader.wrapped(_masking(re.compile(column.mask)))
    if column.pseudonym is None:
        return reader
    if not place.pseudonym_key:
        raise ValueError("a column with a pseudonym needs the key of the installation")
    pseudonym = lru_cache(CACHED_STAMPS)(pseudonymiser(place.pseudonym_key, column.pseudonym))
    names_person = re.compile(column.pseudonym_when or "").search

    def around(read: Converter) -> Converter:
        def convert(value: Any) -> str | None:
            text = read(value)
            return pseudonym(text) if text and names_person(text) else text or None

        return convert

    return reader.wrapped(around)


def _masking(pattern: re.Pattern[str]) -> Callable[[Converter], Converter]:
    def around(read: Converter) -> Converter:
        def convert(value: Any) -> str | None:
            text = read(value)
            return pattern.sub("*", text) if text else text

        return convert

    return around


def _without(nulls: frozenset[str]) -> Callable[[Converter], Converter]:
    def around(read: Converter) -> Converter:
        return lambda value: None if str(value).strip() in nulls else read(value)

    return around


def _reader_of_type(column: Column, local: LocalTime, redact_keys: Iterable[str]) -> ColumnReader:
    if column.type == "timestamp":
        return _stamps(column, local)
    if column.type == "json":
        nested = json_writer(redact_keys)
        return ColumnReader(
            "JSON", {str: str, int: str, float: compact, bool: compact, dict: nested, list: nested}
        )
    if column.type in ("date", "time") and column.formats:
        return _dates_or_times(column)
    special = _WITH_OPTIONS.get(column.type)
    return special(column) if special else _READERS[column.type]


def _durations(column: Column) -> ColumnReader:
    unit = column.unit or "text"
    number = number_duration_reader(unit)
    text = lru_cache(CACHED_TEXTS)(duration_reader(unit))
    return ColumnReader("a duration", {str: text, int: number, float: number})


def _rates(column: Column) -> ColumnReader:
    rate = rate_reader(column.scale or "fraction", column.max)
    return ColumnReader("a rate", {str: rate, int: rate, float: rate})


def _truths(column: Column) -> ColumnReader:
    truth = texts.truth_reader(column.true, column.false)

    def of_number(value: int) -> str:
        return truth(str(value))

    return ColumnReader("true or false", {bool: _BOOLEAN.__getitem__, str: truth, int: of_number})


def _stamps(column: Column, local: LocalTime) -> ColumnReader:
    if not column.formats:
        return ColumnReader(STAMP, {str: stamp_reader(local), int: _stamp_of_epoch})
    expected = moments.expected_moment(column.formats)
    parse = moments.moment_parser(column.formats, expected)

    @lru_cache(CACHED_STAMPS)
    def read(text: str) -> str:
        return stamp_text(local.instant(parse(text)))

    reader = ColumnReader(expected, {str: read})
    of_number = moments.number_parser(column.formats)
    if of_number:
        reader[int] = reader[float] = lambda number: stamp_text(local.instant(of_number(number)))
    return reader


def _dates_or_times(column: Column) -> ColumnReader:
    expected = f"a {column.type} like {' or '.join(column.formats)}"
    parse = moments.moment_parser(column.formats, expected)
    write: Callable[[datetime], str] = (
        moments.date_text if column.type == "date" else moments.time_text
    )
    read = lru_cache(CACHED_STAMPS)(lambda text: write(parse(text)))
    return ColumnReader(expected, {str: read})


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


def stamp_reader(local: LocalTime) -> Converter:
    """A converter of stamps in text; records repeat them, so the newest are remembered."""

    @lru_cache(CACHED_STAMPS)
    def read(text: str) -> str:
        try:
            instant = datetime.fromisoformat(text)
            if _CANONICAL_STAMP.match(text):
                return text
            return stamp_text(local.instant(instant))
        except (ValueError, OverflowError):
            raise bad_value(STAMP, text) from None

    return read


def sortable_stamp(text: str) -> str:
    """A stamp of `stamp_text` at fixed width, so that order as text is order in time."""
    return f"{text[:-1]}.000000Z" if len(text) == len("2026-01-31T08:00:00Z") else text


def epoch_stamp(seconds: str) -> str:
    """The fixed-width stamp of Unix seconds in text."""
    return sortable_stamp(_stamp_of_epoch(int(seconds)))


def _stamp_of_epoch(seconds: int) -> str:
    try:
        return stamp_text(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        raise bad_value("Unix seconds", seconds) from None


def _date_of_text(text: str) -> str:
    try:
        if len(text) == len("2026-01-31"):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise bad_value(DATE, text)


def _time_of_text() -> Converter:
    parse = moments.moment_parser(moments.TIME_FORMATS, "a time of day like 08:00:00")
    return lambda text: moments.time_text(parse(text))


_WITH_OPTIONS: dict[str, Callable[[Column], ColumnReader]] = {
    "duration": _durations,
    "rate": _rates,
    "bool": _truths,
}
_READERS: dict[str, ColumnReader] = {
    "id": ColumnReader("an id", {int: str, str: texts.id_of_text, float: texts.id_of_json_number}),
    "int": ColumnReader(
        numbers.WHOLE,
        {int: str, float: numbers.whole_of_float, str: numbers.whole_as_written},
    ),
    "decimal": ColumnReader(
        numbers.NUMBER, {int: str, float: repr, str: numbers.decimal_as_written}
    ),
    "text": ColumnReader("a text", {str: str, int: str, float: repr, bool: _BOOLEAN.__getitem__}),
    "date": ColumnReader(DATE, {str: _date_of_text}),
    "time": ColumnReader("a time of day like 08:00:00", {str: _time_of_text()}),
}
