"""What a careful loader must count for each file of the export."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tally:
    """Records of one entity in one file."""

    loaded: int = 0
    duplicate: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def seen(self) -> int:
        return self.loaded + self.duplicate + (self.skipped + self.quarantined).total()

    def as_record(self) -> dict[str, Any]:
        return {
            "seen": self.seen,
            "loaded": self.loaded,
            "duplicate": self.duplicate,
            "skipped": self.skipped.total(),
            "quarantined": self.quarantined.total(),
            "reasons": dict(sorted((self.quarantined + self.skipped).items())),
        }


class Accounting:
    """Tallies by file and entity, given that files are read in the order of their names."""

    def __init__(self) -> None:
        self._tallies: dict[tuple[str, str], Tally] = {}

    def of(self, file_name: str, entity: str) -> Tally:
        key = (file_name, entity)
        if key not in self._tallies:
            self._tallies[key] = Tally()
        return self._tallies[key]

    def load(self, file_name: str, entity: str, count: int = 1) -> None:
        self.of(file_name, entity).loaded += count

    def repeat(self, file_name: str, entity: str, count: int = 1) -> None:
        self.of(file_name, entity).duplicate += count

    def skip(self, file_name: str, entity: str, reason: str = "header") -> None:
        """A row that is no record: the header, a title, a sum."""
        self.of(file_name, entity).skipped[reason] += 1

    def refuse(self, file_name: str, entity: str, reason: str) -> None:
        self.of(file_name, entity).quarantined[reason] += 1

    def as_records(self) -> list[dict[str, Any]]:
        return [
            {"file": file_name, "entity": entity, **tally.as_record()}
            for (file_name, entity), tally in sorted(self._tallies.items())
        ]
