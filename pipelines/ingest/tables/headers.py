"""Whether a row is the header of an entity, and which of its cells is which column."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.ingest.contracts import Alias, Column, Entity
from pipelines.ingest.parsing.cells import shown
from pipelines.ingest.parsing.values.texts import unguarded
from pipelines.ingest.tables.rows import Cells

_BLANKS = re.compile(r"\s+")
_BLANK_BEFORE_BRACKET = re.compile(r"\s+(?=[(\[{])")
_MARK = "\ufeff"

# A header's name, and which of the columns of that name, from the left.
Label = tuple[str, int]


def normalised(name: str) -> str:
    """A header in the form in which headers are compared."""
    text = unicodedata.normalize("NFKC", unguarded(name.strip(f"{_MARK} \t\r\n")))
    text = _BLANKS.sub(" ", text.strip(f"{_MARK} \t\r\n'"))
    return _BLANK_BEFORE_BRACKET.sub("", text).casefold()


@dataclass(frozen=True)
class Names:
    """The names of an entity's columns, normalised once for a whole file."""

    entity: Entity
    of_column: Mapping[str, tuple[tuple[Label, Alias], ...]]
    of_part: Mapping[str, Label]
    unwanted: frozenset[str]

    @classmethod
    def of(cls, entity: Entity) -> Names:
        """The names that a contract gives."""
        parts = {part for column in entity.columns.values() for part in column.parts}
        private = [
            alias
            for name, column in entity.columns.items()
            if column.pseudonym or column.mask
            for alias in (name, *column.alias_names)
        ]
        return cls(
            entity=entity,
            of_column={name: _labels(name, column) for name, column in entity.columns.items()},
            of_part={part: (normalised(part), 1) for part in sorted(parts)},
            unwanted=frozenset(normalised(name) for name in (*entity.never_land, *private)),
        )

    def places(self, labels: Mapping[Label, int], day: date | None) -> dict[str, tuple[int, Alias]]:
        """The column of the file for each column of the contract that it has, on a report date."""
        found = {}
        for name, known in self.of_column.items():
            for label, alias in known:
                if label in labels and alias.holds_on(day):
                    found[name] = (labels[label], alias)
                    break
        return found

    def part_places(self, labels: Mapping[Label, int]) -> dict[str, int]:
        """The column of the file for each part of a joined column."""
        return {part: labels[label] for part, label in self.of_part.items() if label in labels}

    def score(self, labels: Mapping[Label, int]) -> int:
        """How many columns a row names; an alias counts whatever its dates."""
        named = sum(any(label in labels for label, _ in known) for known in self.of_column.values())
        return named + len(self.part_places(labels))

    def missing(self, labels: Mapping[Label, int]) -> list[str]:
        """Required columns that a row does not name and that nothing else gives."""
        return [
            name
            for name in self.entity.columns
            if name in self.entity.required
            and not any(label in labels for label, _ in self.of_column[name])
            and not self._is_given(name, labels)
        ]

    def _is_given(self, name: str, labels: Mapping[Label, int]) -> bool:
        column = self.entity.columns[name]
        if column.is_given_elsewhere:
            return True
        return bool(column.parts) and all(self.of_part[part] in labels for part in column.parts)


def labels_of(cells: Cells) -> dict[Label, int]:
    """The labels of a row's cells with their places; cells without text have none."""
    counts: Counter[str] = Counter()
    labels = {}
    for place, name in enumerate(normalised_row(cells)):
        if name:
            counts[name] += 1
            labels[name, counts[name]] = place
    return labels


def normalised_row(cells: Iterable[Any]) -> list[str]:
    """The cells of a row as headers are compared."""
    return [normalised(shown(cell)) for cell in cells]


def _labels(name: str, column: Column) -> tuple[tuple[Label, Alias], ...]:
    known = (Alias(name=name), *column.aliases)
    return tuple(((normalised(alias.name), alias.occurrence), alias) for alias in known)
