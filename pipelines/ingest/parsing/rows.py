"""Turns one record of an entity into one row of text, or says why it cannot.

Grain: one call, one record. Drops what the contract says never lands, keeps every other undeclared
key in `_extra`. Children are not looked at; `records` hands them in as records of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pipelines.ingest.contracts import Column, Entity, SourceContract
from pipelines.ingest.parsing.cells import cell_reader, meaning
from pipelines.ingest.parsing.columns import (
    ColumnReader,
    Place,
    column_reader,
    epoch_stamp,
    json_writer,
    sortable_stamp,
)
from pipelines.ingest.parsing.rejections import RecordRejectedError
from pipelines.ingest.parsing.values.moments import LocalTime, joined_parts

Record = dict[str, Any]

SEPARATOR = "\x1f"
ESCAPE = "\x1b"
NULL = f"{ESCAPE}n"


class Row(NamedTuple):
    """What lands of one record; the file's own columns are added when it is written."""

    values: list[str | None]
    extra: str | None
    version_at: str
    row_hash: str
    record_no: int
    size: int


@dataclass(frozen=True)
class ReceivedFile:
    """What a file lends to its rows: fixed-width UTC stamps, and whose installation it came to.

    `account_zone` is where the account's stamps without an offset belong, if the settings say so.
    """

    extracted_at: str
    latest_plausible: str
    account_zone: str = ""
    pseudonym_key: bytes = b""


def hashed_text(values: Sequence[str | None]) -> str:
    """The text whose MD5 is a row's hash: its values joined so that other values join otherwise.

    What lands tells whether two rows are the same, so that it does not matter in which format,
    encoding or order of columns a record came.
    """
    joined = SEPARATOR.join([NULL if value is None else value for value in values])
    if joined.count(SEPARATOR) == len(values) - 1 and joined.count(ESCAPE) == values.count(None):
        return joined
    return SEPARATOR.join(NULL if value is None else _escaped(value) for value in values)


def _escaped(value: str) -> str:
    return value.replace(ESCAPE, f"{ESCAPE}e").replace(SEPARATOR, f"{ESCAPE}s")


class RowBuilder:
    """Builds the rows of one entity for one file."""

    def __init__(self, contract: SourceContract, entity: str, received: ReceivedFile) -> None:
        self.entity = entity
        self.spec: Entity = contract.entities[entity]
        self.received = received
        self.place = place = self._place_of_values(contract)
        self._nulls = place.nulls | {""}
        self._columns: list[tuple[str, ColumnReader]] = [
            (name, self._reader(column, place)) for name, column in self.spec.columns.items()
        ]
        self.write_extra = json_writer(self.spec.redact_keys)
        self._required = [
            (index, name)
            for index, name in enumerate(self.spec.columns)
            if name in self.spec.required
        ]
        self._place = {name: index for index, name in enumerate(self.spec.columns)}
        self._past = [
            (index, name)
            for index, (name, column) in enumerate(self.spec.columns.items())
            if column.past and column.type == "timestamp"
        ]
        self._aliases = {
            alias: name
            for name, column in self.spec.columns.items()
            for alias in column.alias_names
            if not self.spec.table
        }
        self._parts = {
            name: column.parts for name, column in self.spec.columns.items() if column.parts
        }
        nested = {path.split(".")[0] for path in self.spec.children}
        self._not_kept = frozenset(self.spec.never_land) | nested
        parts = {part for names in self._parts.values() for part in names}
        self._known = frozenset(self.spec.columns) | self._not_kept | parts | self._private_names()

    def _place_of_values(self, contract: SourceContract) -> Place:
        zone = self.received.account_zone or self.spec.time_zone or contract.time_zone
        return Place(
            LocalTime(ZoneInfo(zone), contract.ambiguous_time),
            frozenset(contract.nulls),
            self.received.pseudonym_key,
        )

    def _reader(self, column: Column, place: Place) -> ColumnReader:
        if self.spec.table:
            return cell_reader(column, place)
        return column_reader(column, place, self.spec.redact_keys)

    def _private_names(self) -> set[str]:
        """Names under which a value comes that never lands as it is, so not in `_extra` either."""
        return {
            alias
            for column in self.spec.columns.values()
            if column.pseudonym or column.mask
            for alias in column.alias_names
        }

    def build(self, record: Record, record_no: int, parent_version: str | None = None) -> Row:
        """The row of a record.

        Raises:
            RecordRejectedError: the record cannot be used; names the field.
        """
        record = self._rewritten(record)
        values = self._converted(record)
        for index, name in self._required:
            if values[index] is None or values[index] == "":
                raise RecordRejectedError("missing_required", name, "the field is absent or empty")
        self._refuse_future(values)
        extra = self._extra(record)
        landed = hashed_text([*values, extra]).encode()
        return Row(
            values,
            extra,
            self._version(values, parent_version),
            hashlib.md5(landed, usedforsecurity=False).hexdigest(),
            record_no,
            len(landed),
        )

    def reader(self, name: str) -> ColumnReader:
        """The reader of one column."""
        return self._columns[self._place[name]][1]

    def nulls(self, name: str) -> frozenset[str]:
        """The texts of a column's cells that mean no value."""
        return self._nulls | frozenset(self.spec.columns[name].nulls)

    def undeclared(self, names: Iterable[str]) -> list[str]:
        """The names of a record that land in `_extra`, in the order in which they do."""
        return sorted(set(names) - self._known)

    def column(self, row: Row, name: str) -> str | None:
        """The text of one column of a row."""
        return row.values[self._place[name]]

    def _converted(self, record: Record) -> list[str | None]:
        get = record.get
        try:
            return [read[type(value := get(name))](value) for name, read in self._columns]
        except RecordRejectedError:
            raise self._with_field(record) from None

    def _with_field(self, record: Record) -> RecordRejectedError:
        """The refusal of the first column that refuses its value."""
        for name, read in self._columns:
            value = record.get(name)
            try:
                read[type(value)](value)
            except RecordRejectedError as error:
                column = self.spec.columns[name]
                hidden = column.pii or column.pseudonym or column.mask
                why = "the value is not shown" if hidden else error.why
                return RecordRejectedError(error.reason, name, why)
        raise AssertionError("a value was refused and accepted")

    def _rewritten(self, record: Record) -> Record:
        if self._aliases and not self._aliases.keys().isdisjoint(record):
            record = self._under_own_names(record)
        if self._parts:
            record = self._with_joined_parts(record)
        if self.spec.changed_field:
            record = self._with_changed_field(record)
        if self.spec.personal:
            record = self._without_personal_data(record)
        return record

    def _under_own_names(self, record: Record) -> Record:
        renamed = dict(record)
        for alias, name in self._aliases.items():
            if alias in renamed and renamed.get(name) is None:
                renamed[name] = renamed.pop(alias)
        return renamed

    def _with_joined_parts(self, record: Record) -> Record:
        joined = dict(record)
        for name, parts in self._parts.items():
            values = [meaning(record.get(part), self._nulls) for part in parts]
            if record.get(name) is None and None not in values:
                joined[name] = joined_parts(values)
        return joined

    def _with_changed_field(self, record: Record) -> Record:
        """`{"status": "open", "previous_value": "new"}` as field_name, value, previous_value."""
        rule = self.spec.changed_field
        if rule is None or rule.name in record:
            return record
        if any(record.get(name) not in wanted for name, wanted in rule.when.items()):
            return record
        changed = record.keys() - self._known - set(rule.not_fields) - self._aliases.keys()
        if len(changed) != 1:
            return record
        field = changed.pop()
        kept = {key: value for key, value in record.items() if key != field}
        return {**kept, rule.name: field, rule.value: record[field]}

    def _without_personal_data(self, record: Record) -> Record:
        """A person who is not known to be staff lands with declared columns only, no name."""
        rule = self.spec.personal
        if rule is None or all(record.get(name) in kept for name, kept in rule.kept_when.items()):
            return record
        lands = self.spec.columns.keys() - set(rule.columns)
        return {key: value for key, value in record.items() if key in lands}

    def _refuse_future(self, values: list[str | None]) -> None:
        limit = self.received.latest_plausible
        for index, name in self._past:
            value = values[index]
            if value is not None and value > limit:
                raise RecordRejectedError(
                    "future_stamp", name, f"{value} is over a day after the file came"
                )

    def _version(self, values: list[str | None], parent_version: str | None) -> str:
        stamps = [stamp for name in self.spec.version if (stamp := self._stamp(values, name))]
        if stamps:
            return max(stamps)
        return parent_version or self.received.extracted_at

    def _stamp(self, values: list[str | None], name: str) -> str | None:
        value = values[self._place[name]]
        if value is None:
            return None
        if self.spec.columns[name].type != "int":
            return sortable_stamp(value)
        try:
            stamp = epoch_stamp(value)
        except RecordRejectedError as error:
            raise RecordRejectedError(error.reason, name, error.why) from None
        if self.spec.columns[name].past and stamp > self.received.latest_plausible:
            raise RecordRejectedError(
                "future_stamp", name, f"{stamp} is over a day after the file came"
            )
        return stamp

    def _extra(self, record: Record) -> str | None:
        if self._known.issuperset(record):
            return None
        return self.write_extra({key: record[key] for key in self.undeclared(record)})
