"""Turns one record of an entity into one row of text, or says why it cannot.

Grain: one call, one record. Drops what the contract says never lands, keeps every other undeclared
key in `_extra`. Children are not looked at; `records` hands them in as records of their own.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from pipelines.ingest.contracts import Column, Entity, SourceContract
from pipelines.ingest.parsing.columns import (
    Converter,
    compact,
    converter_for,
    dump,
    epoch_stamp,
    sortable_stamp,
)
from pipelines.ingest.parsing.rejections import RecordRejectedError

Record = dict[str, Any]


class Row(NamedTuple):
    """What lands of one record; the file's own columns are added when it is written."""

    values: list[str | None]
    extra: str | None
    version_at: str
    row_hash: str
    record_no: int


@dataclass(frozen=True)
class ReceivedFile:
    """What a file lends to its rows, as fixed-width UTC stamps."""

    extracted_at: str
    latest_plausible: str


class RowBuilder:
    """Builds the rows of one entity for one file."""

    def __init__(self, contract: SourceContract, entity: str, received: ReceivedFile) -> None:
        self.entity = entity
        self.spec: Entity = contract.entities[entity]
        self._received = received
        zone = ZoneInfo(contract.time_zone)
        self._columns: list[tuple[str, Converter, Column]] = [
            (name, _redacting(converter_for(column.type, zone), column, self.spec), column)
            for name, column in self.spec.columns.items()
        ]
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
            alias: name for name, column in self.spec.columns.items() for alias in column.aliases
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
        return Row(
            values,
            self._extra(record),
            self._version(values, parent_version),
            self._hash(record),
            record_no,
        )

    def column(self, row: Row, name: str) -> str | None:
        """The text of one column of a row."""
        return row.values[self._place[name]]

    def _converted(self, record: Record) -> list[str | None]:
        values: list[str | None] = []
        get = record.get
        try:
            for name, convert, _ in self._columns:
                value = get(name)
                values.append(None if value is None else convert(value))
        except RecordRejectedError as error:
            name, _, column = self._columns[len(values)]
            why = "the value is not shown" if column.pii else error.why
            raise RecordRejectedError(error.reason, name, why) from None
        return values

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
        undeclared = record.keys() - self._known
        if not undeclared:
            return None
        kept = {key: value for key, value in record.items() if key in undeclared}
        return compact(without_keys(kept, frozenset(self.spec.redact_keys)))

    def _hash(self, record: Record) -> str:
        if not self._not_kept.isdisjoint(record):
            record = {key: value for key, value in record.items() if key not in self._not_kept}
        canonical = dump(record, orjson.OPT_SORT_KEYS)
        return hashlib.md5(canonical, usedforsecurity=False).hexdigest()


def without_keys(value: Any, unwanted: frozenset[str]) -> Any:
    """A JSON value without the given keys at any depth."""
    if isinstance(value, dict):
        return {k: without_keys(v, unwanted) for k, v in value.items() if k not in unwanted}
    if isinstance(value, list):
        return [without_keys(item, unwanted) for item in value]
    return value


def _redacting(convert: Converter, column: Column, spec: Entity) -> Converter:
    """The converter, with the entity's redacted keys taken out of nested values first."""
    if column.type != "json" or not spec.redact_keys:
        return convert
    unwanted = frozenset(spec.redact_keys)

    def convert_redacted(value: Any) -> str | None:
        if type(value) is dict or type(value) is list:
            value = without_keys(value, unwanted)
        return convert(value)

    return convert_redacted
