"""What a source's export looks like, read from `pipelines/sources/*.yml` and checked strictly.

What belongs here: the shape of a contract and its consistency. What does not: reading exports.
"""

from __future__ import annotations

from pipelines.ingest.contracts.columns import METADATA_COLUMNS, Alias, Column, ColumnType, Name
from pipelines.ingest.contracts.entities import (
    ChangedField,
    Child,
    Entity,
    PersonalData,
    SkipRule,
    TableLayout,
)
from pipelines.ingest.contracts.reading import SOURCES_FOLDER, load_contracts, read_contract
from pipelines.ingest.contracts.sources import SourceContract

__all__ = [
    "METADATA_COLUMNS",
    "SOURCES_FOLDER",
    "Alias",
    "ChangedField",
    "Child",
    "Column",
    "ColumnType",
    "Entity",
    "Name",
    "PersonalData",
    "SkipRule",
    "SourceContract",
    "TableLayout",
    "load_contracts",
    "read_contract",
]
