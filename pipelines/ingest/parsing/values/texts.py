"""Texts, ids and truth values; and the guards that keep spreadsheets from converting them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pipelines.ingest.parsing.rejections import RecordRejectedError, bad_value

MAX_EXACT_FLOAT = 2**53
# A spreadsheet keeps 15 digits of a number; an id with more has lost its end.
SPREADSHEET_EXACT = 10**15
_SCIENTIFIC = re.compile(r"^[+-]?\d+(\.\d+)?[eE]\+?\d+$")
_TRUE, _FALSE = "true", "false"


def unguarded(text: str) -> str:
    """A cell's text without `="…"`, a leading tab or a leading apostrophe."""
    first = text[:1]
    if first == "=" and text.startswith('="') and text.endswith('"') and len(text) > 2:  # noqa: PLR2004
        return text[2:-1].replace('""', '"')
    if first in ("\t", "'"):
        return text[1:] if first == "'" else text.lstrip("\t")
    return text


def id_of_text(text: str) -> str | None:
    """An id as it is, without blanks around it; one in scientific notation is lost."""
    if text.isdecimal():
        return text
    stripped = text.strip()
    if _SCIENTIFIC.match(stripped):
        raise RecordRejectedError("id_in_scientific_notation", why=f"the id reads {stripped!r}")
    return stripped or None


def id_of_json_number(number: float) -> str | None:
    """No id in JSON is written as a fraction."""
    raise RecordRejectedError(
        "id_in_scientific_notation", why=f"the id is no whole number as written: {number!r}"
    )


def id_of_cell_number(number: float) -> str:
    """The id in a numeric cell, if the spreadsheet still has all of its digits."""
    if number.is_integer() and abs(number) < SPREADSHEET_EXACT:
        return str(int(number))
    raise RecordRejectedError(
        "id_in_scientific_notation", why="the cell is a number that has not all digits of an id"
    )


def truth_reader(true: Iterable[str], false: Iterable[str]) -> Callable[[str], str]:
    """A parser of `true`, `false` and the given texts, whatever their capitals."""
    meanings = {text.strip().casefold(): _TRUE for text in (_TRUE, *true)}
    meanings |= {text.strip().casefold(): _FALSE for text in (_FALSE, *false)}
    expected = " or ".join([" / ".join([_TRUE, *true]), " / ".join([_FALSE, *false])])

    def read(text: str) -> str:
        meaning = meanings.get(text.strip().casefold())
        if meaning is None:
            raise bad_value(expected, text)
        return meaning

    return read
