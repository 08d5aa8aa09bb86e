"""Turns one record of an entity into one row of text, or says why it cannot.

Grain: one call, one record. Drops what the contract says never lands, keeps every other undeclared
key in `_extra`. Children are not looked at; `records` hands them in as records of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pipelines.ingest.contracts import Entity, SourceContract
from pipelines.ingest.parsing.columns import (
    ColumnReader,
    column_reader,
    epoch_stamp,
    json_writer,
    sortable_stamp,
)
from pipelines.ingest.parsing.rejections import RecordRejectedError

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
    """What a file lends to its rows, as fixed-width UTC stamps."""

    extracted_at: str
    latest_plausible: str


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
        self._received = received
        zone = ZoneInfo(contract.time_zone)
        self._columns: list[tuple[str, ColumnReader]] = [
            (name, column_reader(column.type, zone, self.spec.redact_keys))
            for name, column in self.spec.columns.items()
        ]
        self._write_extra = json_writer(self.spec.redact_keys)
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
        }
        self._not_kept = frozenset(self.spec.never_land) | self.spec.children.keys()
        self._known = frozenset(self.spec.columns) | self._not_kept

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
                why = "the value is not shown" if self.spec.columns[name].pii else error.why
                return RecordRejectedError(error.reason, name, why)
        raise AssertionError("a value was refused and accepted")

    def _rewritten(self, record: Record) -> Record:
        if self._aliases and not self._aliases.keys().isdisjoint(record):
            record = self._under_own_names(record)
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
        limit = self._received.latest_plausible
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
        return parent_version or self._received.extracted_at

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
        if self.spec.columns[name].past and stamp > self._received.latest_plausible:
            raise RecordRejectedError(
                "future_stamp", name, f"{stamp} is over a day after the file came"
            )
        return stamp

    def _extra(self, record: Record) -> str | None:
        if self._known.issuperset(record):
            return None
        undeclared = sorted(record.keys() - self._known)
        return self._write_extra({key: record[key] for key in undeclared})
