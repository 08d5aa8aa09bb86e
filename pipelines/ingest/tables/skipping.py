"""Rows that the contract says are no records: sums, means, periods."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pipelines.ingest.contracts import SkipRule
from pipelines.ingest.parsing.cells import shown
from pipelines.ingest.parsing.values.texts import unguarded
from pipelines.ingest.tables.binding import Binding
from pipelines.ingest.tables.rows import Cells

Test = Callable[[Cells], bool]


class Skipper:
    """Tells the rows of one table that are no records."""

    def __init__(self, rules: Iterable[SkipRule], binding: Binding) -> None:
        self._tests = [
            (test, rule.reason) for rule in rules if (test := _test(rule, binding)) is not None
        ]

    def reason(self, cells: Cells) -> str | None:
        """Why a row is skipped; None if it is a record."""
        for test, reason in self._tests:
            if test(cells):
                return reason
        return None


def _test(rule: SkipRule, binding: Binding) -> Test | None:
    if rule.first_cell:
        search = re.compile(rule.first_cell).search
        return lambda cells: search(_first(cells)) is not None
    place = binding.places.get(rule.column or "")
    if place is None:
        return None
    values = frozenset(rule.values)
    return lambda cells: place < len(cells) and _text(cells[place]) in values


def _first(cells: Cells) -> str:
    return next((text for cell in cells if (text := _text(cell))), "")


def _text(cell: object) -> str:
    text = cell if type(cell) is str else shown(cell)
    return unguarded(text).strip()
