"""Of what type a column may be, from its name and the values of a sample."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pipelines.ingest.contracts import Column
from pipelines.ingest.drafts.sampling import Sample
from pipelines.ingest.parsing.cells import cell_reader, meaning, shown
from pipelines.ingest.parsing.columns import Place
from pipelines.ingest.parsing.rejections import RecordRejectedError
from pipelines.ingest.parsing.values.moments import LocalTime

NULL_TEXTS = frozenset({"", "-", "--", "N/A", "null", "NULL", "None"})
STAMP_FORMATS = (
    "iso",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%Y年%m月%d日 %H:%M",
)
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y")
# A name that says that its numbers are no quantities.
_ID_NAME = re.compile(
    r"(^|[\s_(])(id|number|no|key|code)s?$|id$|编号|单号|工号|号码", re.IGNORECASE
)
_E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(\+?86[ -]?)?1[3-9]\d{9}|\+\d[\d -]{8,}\d")
# A header of what people are called or reached by, which values alone do not show.
_PERSON = re.compile(
    r"\b(name|from|sender|contact|requester|customer|buyer|phone|mobile|address)s?\b"
    r"|姓名|买家|客户|收货|联系|手机|电话|地址",
    re.IGNORECASE,
)
_LEADING_ZERO = re.compile(r"0\d+")
_OFFSET = re.compile(r"(Z|UTC|[+-]\d\d:?\d\d)$")
_WORDS = re.compile(r"[^a-z0-9]+")
_UNITS = {"s": r"\(s\)|\(秒\)|sec", "min": r"\bmin|分钟", "h": r"\bh(ou)?rs?\b|\(时\)|小时"}
_PLACE = Place(LocalTime(UTC), NULL_TEXTS)
_LONGEST_NAME = 63


@dataclass(frozen=True)
class Guess:
    """A column as it may be declared, and what a person should look at."""

    name: str
    header: str
    options: dict[str, Any]
    notes: tuple[str, ...] = ()
    naive: bool = False


def guesses(sample: Sample) -> list[Guess]:
    """A guess for each column of a sample that has a name."""
    taken: set[str] = set()
    found = []
    for place, header in enumerate(sample.header):
        if not header:
            continue
        name = column_name(header, place)
        while name in taken:
            name += "_2"
        taken.add(name)
        values = [v for row in sample.rows if (v := meaning(row[place], NULL_TEXTS)) is not None]
        found.append(_guess(name, header, values))
    return found


def null_texts(sample: Sample) -> list[str]:
    """Texts of the sample that usually mean no value."""
    cells = {cell.strip() for row in sample.rows for cell in row if isinstance(cell, str)}
    return sorted((cells & NULL_TEXTS) - {""})


def likely_key(sample: Sample, columns: Iterable[Guess]) -> list[str]:
    """The first column that tells all rows of the sample apart, ids first; else none."""
    ranked = sorted(columns, key=lambda guess: guess.options["type"] != "id")
    for guess in ranked:
        place = sample.header.index(guess.header)
        values = [shown(row[place]).strip() for row in sample.rows]
        if all(values) and len(set(values)) == len(values):
            return [guess.name]
    return []


def filled_columns(sample: Sample, columns: Iterable[Guess]) -> list[str]:
    """Columns that no row of the sample leaves empty."""
    return [
        guess.name
        for guess in columns
        if all(
            meaning(row[sample.header.index(guess.header)], NULL_TEXTS) is not None
            for row in sample.rows
        )
    ]


def column_name(header: str, place: int) -> str:
    """A header as a name in snake case; one without Latin letters is called after its place."""
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower()
    name = _WORDS.sub("_", plain).strip("_")[:_LONGEST_NAME]
    if name in _reserved_words():
        return f"{name}_value"
    if not name or not any(letter.isalpha() for letter in name):
        return f"column_{place + 1}"
    return name if name[0].isalpha() else f"column_{name}"


@cache
def _reserved_words() -> frozenset[str]:
    """Names that no column can have in SQL without quotes."""
    import duckdb

    with duckdb.connect(":memory:") as connection:
        words = connection.execute(
            "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
        ).fetchall()
    return frozenset(word for (word,) in words)


def _guess(name: str, header: str, values: list[Any]) -> Guess:
    if not values:
        return Guess(name, header, {"type": "text"}, ("empty in the sample",))
    texts = [shown(value).strip() for value in values]
    if _most(texts, _E_MAIL) or _most(texts, _PHONE):
        note = "looks like what names a person"
        return Guess(name, header, {"type": "text", "pseudonym": "customer"}, (note,))
    if _ID_NAME.search(header) or any(_LEADING_ZERO.fullmatch(text) for text in texts):
        return Guess(name, header, {"type": "id"})
    if all(isinstance(value, datetime) for value in values):
        return Guess(name, header, {"type": "timestamp"}, naive=values[0].tzinfo is None)
    for options, notes in _candidates(header):
        if _all_read(options, values):
            fitting = _also_fitting(options, values)
            also = (f"fits {', '.join(fitting)} as well",) if fitting else ()
            naive = options["type"] == "timestamp" and not any(_OFFSET.search(t) for t in texts)
            return Guess(name, header, options, (*notes, *also), naive)
    named = ("may name a person: pseudonym, mask or never_land",) if _PERSON.search(header) else ()
    return Guess(name, header, {"type": "text"}, named)


def _candidates(header: str) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """Declarations to try, the narrowest first."""
    if "%" in header or "率" in header:
        yield {"type": "rate", "scale": "percent"}, ()
    for unit, pattern in _UNITS.items():
        if re.search(pattern, header, re.IGNORECASE):
            yield {"type": "duration", "unit": unit}, ("unit taken from the header",)
    yield {"type": "bool"}, ()
    yield {"type": "bool", "true": ["Y", "Yes", "是"], "false": ["N", "No", "否"]}, ()
    yield {"type": "int"}, ()
    yield {"type": "decimal"}, ()
    yield {"type": "rate", "scale": "percent"}, ()
    yield {"type": "duration", "unit": "text"}, ()
    for written in DATE_FORMATS:
        yield {"type": "date", "formats": [written]}, ()
    for written in STAMP_FORMATS:
        yield {"type": "timestamp", "formats": [written]}, ()


def _also_fitting(options: dict[str, Any], values: list[Any]) -> list[str]:
    """Other formats that the sample fits: day and month are often not told apart."""
    formats = DATE_FORMATS if options["type"] == "date" else STAMP_FORMATS
    if "formats" not in options:
        return []
    others = [written for written in formats if written not in options["formats"]]
    return [w for w in others if _all_read({**options, "formats": [w]}, values)]


def _all_read(options: dict[str, Any], values: list[Any]) -> bool:
    reader = cell_reader(Column.model_validate(options), _PLACE)
    try:
        for value in values:
            reader[type(value)](value)
    except RecordRejectedError:
        return False
    return True


def _most(texts: list[str], pattern: re.Pattern[str]) -> bool:
    return 2 * sum(bool(pattern.fullmatch(text)) for text in texts) > len(texts)
