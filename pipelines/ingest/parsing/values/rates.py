"""Shares of a whole, landed as numbers from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pipelines.ingest.parsing.rejections import bad_value
from pipelines.ingest.parsing.values.numbers import number_in, plain

PERCENT_SIGNS = ("%", "％")


def rate_reader(scale: str, most: Decimal | None) -> Callable[[Any], str]:
    """A parser of rates in text or numeric cells.

    Args:
        scale: `percent` or `fraction`, of a number without a sign; with one it is in percent.
        most: the most that a rate may be (default 1).
    """
    limit = most or Decimal(1)
    expected = f"a rate from 0 to {limit}, in {scale} where it has no percent sign"

    def read(value: Any) -> str:
        text = str(value).strip()
        signed = text.endswith(PERCENT_SIGNS)
        number = number_in(text[:-1] if signed else text)
        if number is None:
            raise bad_value(expected, value)
        if signed or scale == "percent":
            number = number.scaleb(-2)
        if not 0 <= number <= limit:
            raise bad_value(expected, value)
        return plain(number)

    return read
