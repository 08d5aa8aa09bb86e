"""A whole contract: one source with its entities."""

from __future__ import annotations

import codecs
import re
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pipelines.ingest.contracts.columns import CellText, Name, Part, refuse_repeats
from pipelines.ingest.contracts.entities import Child, Entity, suggestion
from pipelines.settings import ZoneName


def _text_encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError as error:
        raise ValueError(f"{name!r} is no text encoding; write for example gb18030") from error
    return codecs.lookup(name).name


Encoding = Annotated[str, AfterValidator(_text_encoding)]


class SourceContract(Part):
    """Everything ingest knows about one source."""

    source: Name
    title: dict[Literal["en", "zh"], str]
    time_zone: ZoneName = Field(description="of stamps without an offset")
    ambiguous_time: Literal["earlier", "later", "quarantine"] = Field(
        default="earlier", description="how the hour is read that comes twice when clocks go back"
    )
    extensions: tuple[str, ...] = Field(min_length=1)
    encodings: tuple[Encoding, ...] = Field(
        default=("utf-8",),
        min_length=1,
        description="of text tables without a byte order mark; the first that fits a whole file",
    )
    nulls: tuple[CellText, ...] = Field(
        default=("",), description="texts of cells that mean no value, beside the empty one"
    )
    ignored_collections: tuple[str, ...] = ()
    entities: dict[Name, Entity] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for name, entity in self.entities.items():
            for child in entity.children.values():
                self._check_child(name, child)
        for what in ("wrapper", "collection"):
            names = [n for e in self.entities.values() for n in getattr(e, f"{what}s")]
            refuse_repeats(f"among all entities {what}", names)
        return self

    def _check_child(self, parent: str, child: Child) -> None:
        if child.entity not in self.entities:
            hint = suggestion(child.entity, self.entities)
            raise ValueError(f"child {child.entity!r} of {parent} is no entity{hint}")
        columns = self.entities[child.entity].columns
        for name in [*child.link, *([child.position] if child.position else [])]:
            if name not in columns:
                hint = suggestion(name, columns)
                raise ValueError(f"{name!r} is no column of {child.entity}{hint}")

    @cached_property
    def wrappers(self) -> dict[str, str]:
        """Entity by the key that wraps one record of it."""
        return {w: name for name, entity in self.entities.items() for w in entity.wrappers}

    @cached_property
    def collections(self) -> dict[str, str]:
        """Entity by the key that holds a list of its records."""
        return {c: name for name, entity in self.entities.items() for c in entity.collections}

    @cached_property
    def tables(self) -> dict[str, Entity]:
        """The entities that are read from tables."""
        return {name: entity for name, entity in self.entities.items() if entity.table}

    @cached_property
    def documents(self) -> dict[str, Entity]:
        """The entities that are read from JSON."""
        return {name: entity for name, entity in self.entities.items() if not entity.table}

    def values_in_name(self, name: str) -> tuple[str, ...]:
        """What the columns that may stand in a file's name find in this one, as `column=value`."""
        found = (
            (column_name, re.search(column.from_name, name))
            for entity in self.tables.values()
            for column_name, column in entity.columns.items()
            if column.from_name
        )
        return tuple(sorted({f"{column}={match['value']}" for column, match in found if match}))
