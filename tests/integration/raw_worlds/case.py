"""How a source describes a sound raw layer and the ways to break it."""

from __future__ import annotations

from dataclasses import dataclass

STAMP = "2026-10-05T08:00:00Z"
SCIENTIFIC = "id = '1.72829E+09'"


@dataclass(frozen=True)
class RawCase:
    """One source: sound records by entity, and for each check the statement that breaks it.

    Only what matters of a record is given; every other column of the contract is null.
    """

    source: str
    records: dict[str, list[dict[str, str]]]
    breaks: dict[str, str]


def set_in(source: str, table: str, assignment: str, where: str = "true") -> str:
    """The statement that changes rows of an entity."""
    return f"update raw.{source}__{table} set {assignment} where {where}"


def again(source: str, table: str) -> str:
    """The statement that lands a row of an entity a second time."""
    return f"insert into raw.{source}__{table} select * from raw.{source}__{table} limit 1"
