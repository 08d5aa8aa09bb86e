"""Rows that the contract says are no records: sums, means, periods."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipelines.ingest.contracts import SkipRule
from pipelines.ingest.parsing.cells import shown
from pipelines.ingest.parsing.values.texts import unguarded
from pipelines.ingest.tables.binding import Binding
from pipelines.ingest.tables.rows import Cells


@dataclass(frozen=True)
class SkipTest:
    """What tells a row that is skipped: the text of a cell.

    Attributes:
        reason: why it is skipped.
        place: which cell, from 0; None for the first that has a text.
        matches: whether the text of that cell tells it.
    """

    reason: str
    place: int | None
    matches: Callable[[str], bool]

    def skips(self, cells: Cells) -> bool:
        """Whether it tells that a row is skipped."""
        if self.place is None:
            return self.matches(next((text for cell in cells if (text := self.text(cell))), ""))
        return self.place < len(cells) and self.matches(self.text(cells[self.place]))

    @staticmethod
    def text(cell: object) -> str:
        """A cell as tests compare it."""
        text = cell if type(cell) is str else shown(cell)
        return unguarded(text).strip()


class Skipper:
    """Tells the rows of one table that are no records."""

    def __init__(self, rules: Iterable[SkipRule], binding: Binding) -> None:
        self.tests = [test for rule in rules if (test := _test(rule, binding)) is not None]

    def reason(self, cells: Cells) -> str | None:
        """Why a row is skipped; None if it is a record."""
        for test in self.tests:
            if test.skips(cells):
                return test.reason
        return None


def _test(rule: SkipRule, binding: Binding) -> SkipTest | None:
    if rule.first_cell:
        search = re.compile(rule.first_cell).search
        return SkipTest(rule.reason, None, lambda text: search(text) is not None)
    place = binding.places.get(rule.column or "")
    if place is None:
        return None
    return SkipTest(rule.reason, place, frozenset(rule.values).__contains__)
