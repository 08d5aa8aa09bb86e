"""Columns of cells as they land: what is written plainly as it is, the rest by its reader.

A reader looks at each text of a column once, however often it comes; what it refuses is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow.compute as pc

from pipelines.ingest.arrays import bools, is_null, mask, numbers, texts
from pipelines.ingest.columnar.blocks import Mask
from pipelines.ingest.columnar.stamps import DATE_WIDTH, STAMP_WIDTH, canonical
from pipelines.ingest.contracts import Column
from pipelines.ingest.parsing.rejections import RecordRejectedError

Read = Callable[[str], str | None]
Plain = Callable[[Any], Mask]

# A text with a letter that is no exponent, so that no number, and in ASCII.
_WORD = r"^[0-9A-Za-z_-]*[A-DF-Za-df-z_][0-9A-Za-z_-]*$"
# As `values.numbers.plain` writes a number.
_DECIMAL = r"^(?:-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]|-?[1-9][0-9]*|0)$"
_ISO_FIRST = {"timestamp": "iso", "date": "%Y-%m-%d"}


def _odd_beginnings() -> Mask:
    """The bytes with which blanks, guards of spreadsheets and blanks outside of ASCII begin."""
    odd = np.zeros(256, dtype=np.bool_)
    odd[: ord(" ") + 1] = True
    odd[[ord("="), ord("'")]] = True
    blanks = (chr(code) for code in range(0x80, 0x3001) if chr(code).isspace())
    odd[[char.encode()[0] for char in blanks]] = True
    return odd


_ODD_BEGINNINGS = _odd_beginnings()


class CellReader:
    """Reads the cells of one column.

    Args:
        read: the reader of one text; it must say of a text the same each time.
        nulls: the texts that mean no value.
        plain: tells which texts land as they are, among those that begin as no guard, blank or
            text without a value does; without it none does.
    """

    def __init__(self, read: Read, nulls: Iterable[str], plain: Plain | None) -> None:
        self._read = read
        self._words = sorted(word for word in nulls if word)
        self._plain = plain

    def landed(self, cells: Any, good: Mask) -> Any:
        """The texts that land; rows whose cell is refused are taken out of a mask.

        Args:
            cells: the texts of the cells, null where empty.
            good: the rows that are still plain; of others the result means nothing.
        """
        odd = ~is_null(cells) & good
        if self._plain:
            plain = self._plain(cells) & ~_ODD_BEGINNINGS[first_bytes(cells)]
            for word in self._words:
                plain &= ~mask(pc.starts_with(cells, word))
            odd &= ~plain
        return replaced(cells, odd, good, self._read) if odd.any() else cells


def replaced(column: Any, odd: Mask, good: Mask, read: Read) -> Any:
    """A column whose odd texts are read one by one; rows with refused ones are no longer good."""
    encoded = column.filter(bools(odd)).dictionary_encode()
    landed: list[str | None] = []
    refused = []
    for code, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            landed.append(read(text))
        except RecordRejectedError:
            landed.append(None)
            refused.append(code)
    if refused:
        good[np.flatnonzero(odd)[np.isin(numbers(encoded.indices), refused)]] = False
    found = texts(landed).take(encoded.indices)
    return found if odd.all() else pc.replace_with_mask(column, bools(odd), found)


def first_bytes(cells: Any) -> Any:
    """The first byte of each text; of those that have none, that of another text or 0."""
    if is_null(cells).all():
        return np.zeros(len(cells), dtype=np.uint8)
    _, offsets, data = cells.buffers()
    codes = np.frombuffer(data, np.uint8)
    starts = np.frombuffer(offsets, np.int32)[cells.offset :][: len(cells)]
    return codes[np.minimum(starts, len(codes) - 1)]


def equal_to(cells: Any, text: str) -> Mask:
    """Which texts are this one. A plain text as an argument would import pandas."""
    found: Mask = mask(pc.equal(cells, texts([text])[0]))
    return found


def plain_cells(column: Column) -> Plain | None:
    """Which cells of a column land as they are; None if all have to be read."""
    if column.mask or column.pseudonym:
        return None
    first = _ISO_FIRST.get(column.type)
    if first and column.formats and column.formats[0] != first:
        return None
    return _PLAIN.get(column.type)


def any_text(cells: Any) -> Mask:
    """Texts land as they are."""
    return np.ones(len(cells), dtype=np.bool_)


def _ids(cells: Any) -> Mask:
    digits: Mask = mask(pc.ascii_is_decimal(cells)) | is_null(cells)
    if not digits.all():
        digits |= mask(pc.match_substring_regex(cells, _WORD))
    return digits


def _whole(cells: Any) -> Mask:
    digits: Mask = mask(pc.ascii_is_decimal(cells))
    digits &= (first_bytes(cells) != ord("0")) | equal_to(cells, "0")
    return digits


def _decimals(cells: Any) -> Mask:
    decimals: Mask = mask(pc.match_substring_regex(cells, _DECIMAL))
    return decimals


def _stamps(cells: Any) -> Mask:
    return canonical(cells, STAMP_WIDTH)


def _dates(cells: Any) -> Mask:
    return canonical(cells, DATE_WIDTH)


_PLAIN: dict[str, Plain] = {
    "id": _ids,
    "int": _whole,
    "decimal": _decimals,
    "text": any_text,
    "json": any_text,
    "timestamp": _stamps,
    "date": _dates,
}
