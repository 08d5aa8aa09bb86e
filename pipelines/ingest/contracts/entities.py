"""One kind of record of a contract: how to find it in a file, and the columns it lands with."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pipelines.ingest.contracts.columns import CellText, Column, Name, Part, Pattern
from pipelines.settings import ZoneName

# What only a record of JSON has.
_JSON_KEYS = ("wrappers", "collections", "children", "inherit", "changed_field", "redact_keys")


def suggestion(name: str, known: Iterable[str]) -> str:
    """`, did you mean 'x'?` if a known name is near; else nothing."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else ""


def _one_character(text: str) -> str:
    if len(text) != 1 or text in "\r\n":
        raise ValueError(f"{text!r} is not one character")
    return text


Character = Annotated[str, AfterValidator(_one_character)]


class Child(Part):
    """Records nested in a parent record, landed as rows of an entity of their own."""

    entity: Name
    link: dict[Name, Name] = Field(description="column of the child: column of the parent")
    position: Name | None = Field(default=None, description="column for the 1-based place in it")


class ChangedField(Part):
    """How to read a change written as `{"status": "open", "previous_value": "new"}`."""

    name: Name
    value: Name
    when: dict[Name, tuple[str, ...]] = Field(description="only where a column has such a value")
    not_fields: tuple[str, ...] = ()


class PersonalData(Part):
    """Columns that land only for records for which a column has one of the given values."""

    columns: tuple[Name, ...]
    kept_when: dict[Name, tuple[str, ...]]


class SkipRule(Part):
    """Rows that are no records: counted as skipped under the reason, never loaded."""

    reason: Name = "summary_row"
    column: Name | None = Field(default=None, description="the column whose text tells the row")
    values: tuple[CellText, ...] = Field(default=(), description="texts of that column")
    first_cell: Pattern | None = Field(
        default=None, description="the first cell that is not empty matches this pattern"
    )

    @model_validator(mode="after")
    def _tells_rows(self) -> Self:
        if (self.column is None) == (self.first_cell is None):
            raise ValueError("a skip rule has either `column` with `values`, or `first_cell`")
        if (self.column is None) != (not self.values):
            raise ValueError("`column` and `values` of a skip rule belong together")
        return self


class TableLayout(Part):
    """How an entity is laid out in text files, spreadsheets and Parquet files."""

    delimiter: Character = ","
    quote: Character | Literal[""] = '"'
    header: Literal["names", "none"] = "names"
    search_rows: int = Field(
        default=10, ge=1, le=200, description="the header is one of this many first rows"
    )
    sheets: tuple[str, ...] = Field(
        default=(), description="patterns of the names of its sheets; none: any sheet"
    )
    skip: tuple[SkipRule, ...] = ()


class Entity(Part):
    """One kind of record: how to find it in a file, and the columns it lands with."""

    title: str = Field(min_length=1)
    wrappers: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    files: tuple[str, ...] = Field(default=(), description="patterns of the names of its files")
    table: TableLayout | None = Field(default=None, description="read from tables, not from JSON")
    time_zone: ZoneName | None = Field(
        default=None, description="of stamps without an offset, if not that of the source"
    )
    key: tuple[Name, ...] = Field(min_length=1)
    version: tuple[Name, ...] = ()
    cadence: Literal["hourly", "daily", "weekly", "on_change"] = "daily"
    columns: dict[Name, Column] = Field(min_length=1)
    children: dict[str, Child] = Field(default_factory=dict)
    inherit: tuple[Name, ...] = Field(default=(), description="columns taken from the page")
    never_land: tuple[str, ...] = ()
    redact_keys: tuple[str, ...] = Field(default=(), description="removed inside nested values")
    personal: PersonalData | None = None
    changed_field: ChangedField | None = None

    @model_validator(mode="after")
    def _names_declared_columns(self) -> Self:
        for name in self._named_columns():
            if name not in self.columns:
                raise ValueError(f"{name!r} is no column of it{suggestion(name, self.columns)}")
        return self

    @model_validator(mode="after")
    def _is_table_or_json(self) -> Self:
        if self.table:
            for key in _JSON_KEYS:
                if getattr(self, key):
                    raise ValueError(f"`{key}` is for JSON, and this entity has `table`")
            return self
        for name, column in self.columns.items():
            if column.is_given_elsewhere:
                raise ValueError(f"{name!r} is taken from a name, sheet or title: no `table`")
        return self

    def _named_columns(self) -> Iterator[str]:
        yield from (*self.key, *self.version, *self.inherit)
        if self.personal:
            yield from (*self.personal.columns, *self.personal.kept_when)
        if self.changed_field:
            yield from (self.changed_field.name, self.changed_field.value)
            yield from self.changed_field.when
        for child in self.children.values():
            yield from child.link.values()
        for rule in self.table.skip if self.table else ():
            if rule.column:
                yield rule.column

    @property
    def required(self) -> frozenset[str]:
        """Columns without which a record is quarantined: the declared ones and the key."""
        declared = {name for name, column in self.columns.items() if column.required}
        return frozenset(declared | set(self.key))
