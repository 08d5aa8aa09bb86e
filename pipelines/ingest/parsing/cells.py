"""From a cell of a table to the text that lands in the raw layer, by column type.

A cell is a text, or what a workbook or a Parquet file types: a number, truth value, date, time or
length. Text loses its guards first; then a text that means no value is none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from pipelines.ingest.contracts import Column
from pipelines.ingest.parsing.columns import (
    CACHED_STAMPS,
    ColumnReader,
    Converter,
    Place,
    without_persons,
)
from pipelines.ingest.parsing.values import durations, moments, numbers, texts
from pipelines.ingest.parsing.values.moments import LocalTime, stamp_text
from pipelines.ingest.parsing.values.rates import rate_reader

_GUARDS = frozenset({"=", "\t", "'"})
# Texts of these types repeat little; to remember them costs more than to read them.
_NOT_REMEMBERED = frozenset({"id", "text", "json"})


def cell_reader(column: Column, place: Place) -> ColumnReader:
    """The reader of a column's cells.

    Args:
        column: as the contract declares it.
        place: the zone of stamps, texts that mean no value, and the installation's key.
    """
    nulls = place.nulls | {""} | frozenset(column.nulls)
    plain = _reader_of_type(column, place.local)
    read_text = _of_text(plain[str], nulls)
    if column.type not in _NOT_REMEMBERED:
        read_text = lru_cache(CACHED_STAMPS)(read_text)
    for kind in (int, float):
        if kind in plain and nulls != {""}:
            plain[kind] = _of_number(plain[kind], nulls)
    plain[str] = read_text
    return without_persons(plain, column, place)


def meaning(cell: Any, nulls: frozenset[str]) -> Any:
    """A cell without guards; None if it means no value."""
    if type(cell) is not str:
        return cell
    if cell[:1] in _GUARDS:
        cell = texts.unguarded(cell)
    return None if cell.strip() in nulls else cell


def shown(cell: Any) -> str:
    """A cell as text, for columns of text and for samples."""
    if type(cell) is str:
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return numbers.decimal_of_float(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, time):
        return moments.time_text(cell)
    return "" if cell is None else str(cell)


def _of_text(parse: Converter, nulls: frozenset[str]) -> Converter:
    def read(text: str) -> str | None:
        if text[:1] in _GUARDS:
            text = texts.unguarded(text)
        if text in nulls or ((text[0].isspace() or text[-1].isspace()) and text.strip() in nulls):
            return None
        return parse(text)

    return read


def _of_number(parse: Converter, nulls: frozenset[str]) -> Converter:
    return lambda number: None if shown(number) in nulls else parse(number)


def _reader_of_type(column: Column, local: LocalTime) -> ColumnReader:
    special = _WITH_OPTIONS.get(column.type)
    if special:
        return special(column, local)
    expected, converters = _PLAIN[column.type]
    return ColumnReader(expected, dict(converters))


def _stamps(column: Column, local: LocalTime) -> ColumnReader:
    formats = column.formats or ("iso",)
    expected = moments.expected_moment(formats)
    parse = moments.moment_parser(formats, expected)
    reader = ColumnReader(
        expected,
        {
            str: lambda text: stamp_text(local.instant(parse(text))),
            datetime: lambda cell: stamp_text(local.instant(moments.whole_milliseconds(cell))),
            date: lambda cell: stamp_text(local.instant(moments.day_start(cell))),
        },
    )
    of_number = moments.number_parser(formats)
    if of_number:
        reader[int] = reader[float] = lambda number: stamp_text(local.instant(of_number(number)))
    return reader


def _dates(column: Column, _: LocalTime) -> ColumnReader:
    formats = column.formats or moments.DATE_FORMATS
    expected = f"a date like {' or '.join(formats)}"
    parse = moments.moment_parser(formats, expected)
    reader = ColumnReader(
        expected,
        {
            str: lambda text: moments.date_text(parse(text)),
            datetime: moments.date_text,
            date: moments.date_text,
        },
    )
    of_number = moments.number_parser(formats)
    if of_number:
        reader[int] = reader[float] = lambda number: moments.date_text(of_number(number))
    return reader


def _times(column: Column, _: LocalTime) -> ColumnReader:
    formats = column.formats or moments.TIME_FORMATS
    expected = f"a time of day like {' or '.join(formats)}"
    parse = moments.moment_parser(formats, expected)
    return ColumnReader(
        expected,
        {
            str: lambda text: moments.time_text(parse(text)),
            time: moments.time_text,
            timedelta: moments.time_text,
        },
    )


def _durations(column: Column, _: LocalTime) -> ColumnReader:
    unit = column.unit or "text"
    number = durations.number_duration_reader(unit)
    cell = durations.duration_of_cell
    return ColumnReader(
        "a duration",
        {
            str: durations.duration_reader(unit),
            int: number,
            float: number,
            time: cell,
            timedelta: cell,
            datetime: cell,
        },
    )


def _rates(column: Column, _: LocalTime) -> ColumnReader:
    rate = rate_reader(column.scale or "fraction", column.max)
    return ColumnReader("a rate", {str: rate, int: rate, float: rate})


def _truths(column: Column, _: LocalTime) -> ColumnReader:
    read = texts.truth_reader(column.true, column.false)
    of_cell: Converter = lambda cell: read(shown(cell))  # noqa: E731
    return ColumnReader("true or false", {str: read, bool: of_cell, int: of_cell, float: of_cell})


_WITH_OPTIONS: dict[str, Callable[[Column, LocalTime], ColumnReader]] = {
    "timestamp": _stamps,
    "date": _dates,
    "time": _times,
    "duration": _durations,
    "rate": _rates,
    "bool": _truths,
}
_AS_SHOWN: dict[type, Converter] = {
    str: str,
    int: str,
    float: shown,
    bool: shown,
    datetime: shown,
    date: shown,
    time: shown,
    timedelta: shown,
}
_PLAIN: dict[str, tuple[str, dict[type, Converter]]] = {
    "id": ("an id", {str: texts.id_of_text, int: str, float: texts.id_of_cell_number}),
    "text": ("a text", _AS_SHOWN),
    "json": ("JSON", _AS_SHOWN),
    "int": (
        numbers.WHOLE,
        {str: numbers.whole_of_cell, int: str, float: numbers.whole_of_float},
    ),
    "decimal": (
        numbers.NUMBER,
        {str: numbers.decimal_of_cell, int: str, float: numbers.decimal_of_float},
    ),
}
