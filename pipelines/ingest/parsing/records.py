"""Finds the records in the values of a file, knows whose they are, and counts every one.

Grain: one `FileParser` reads one file once. Every value that it meets ends in exactly one of three
ways: as a row handed to the sink, as a quarantined record, or skipped with a reason. A value whose
entity cannot be told is counted under the file's main entity: the one its name says, else the first
one found in it, else `*`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, BinaryIO, Protocol

from pipelines.ingest.contracts import Child, Entity, SourceContract
from pipelines.ingest.parsing.columns import compact
from pipelines.ingest.parsing.documents import (
    BlankLine,
    Found,
    Malformed,
    ObjectEnd,
    Value,
    is_line_per_value,
    read_document,
    read_lines,
)
from pipelines.ingest.parsing.rejections import (
    Drift,
    QuarantinedRecord,
    RecordRejectedError,
    masked,
    remedy_for,
)
from pipelines.ingest.parsing.rows import ReceivedFile, Record, Row, RowBuilder
from pipelines.ingest.parsing.streams import BUFFER_SIZE

WHOLE_FILE = "*"
SHOWN_KEYS = 5
LINE_SUFFIXES = (".ndjson", ".jsonl")
_PACKED_SUFFIX = re.compile(r"\.gz$", re.IGNORECASE)


@dataclass
class Tally:
    """What became of the records of one entity before duplicates are looked for."""

    seen: int = 0
    valid: int = 0
    quarantined: int = 0
    skipped: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.seen += other.seen
        self.valid += other.valid
        self.quarantined += other.quarantined
        self.skipped += other.skipped
        self.reasons.update(other.reasons)


@dataclass(frozen=True)
class Parsed:
    """What became of a file's records, by entity, its encoding, and its drift.

    A record without an entity was counted under the main one.
    """

    main_entity: str
    tallies: dict[str, Tally]
    encoding: str = ""
    drift: Mapping[str, tuple[Drift, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sinks:
    """Where rows and refusals of a file go while it is read."""

    row: Callable[[str, Row], None]
    quarantined: Callable[[QuarantinedRecord], None]


class LinesReader(Protocol):
    """Another way to read a file of lines, that hands to the parser what it leaves to it."""

    def read(self, parser: FileParser, stream: BinaryIO) -> None: ...


def claimed_entity(entities: Mapping[str, Entity], name: str) -> str | None:
    """The entity whose file pattern the name of a file matches; the longest pattern wins."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit("!", 1)[-1].lower()
    matches = [
        (len(pattern), entity)
        for entity, spec in entities.items()
        for pattern in spec.files
        if fnmatchcase(stem, pattern)
    ]
    return max(matches)[1] if matches else None


class FileParser:
    """Reads one file: values in, rows and refusals out, everything counted."""

    def __init__(
        self,
        contract: SourceContract,
        *,
        file_id: str,
        name: str,
        received: ReceivedFile,
        sinks: Sinks,
        max_record: int,
        lines: LinesReader | None = None,
    ) -> None:
        self.contract = contract
        self.claimed = claimed_entity(contract.documents, name)
        self.builders = {
            entity: RowBuilder(contract, entity, received) for entity in contract.documents
        }
        self.max_record = max_record
        self._lines = lines
        self._file_id = file_id
        self._name = _PACKED_SUFFIX.sub("", name)
        self._sinks = sinks
        self._tallies: dict[str, Tally] = {}
        self._unattributed = Tally()
        self._main: str | None = self.claimed
        self._place: tuple[str, int] = ("value", 0)
        self._waiting: list[tuple[str, Any, tuple[str, int]]] = []

    @property
    def main_entity(self) -> str:
        """The entity under which values without one are counted."""
        return self._main or WHOLE_FILE

    def read(self, stream: BinaryIO) -> dict[str, Tally]:
        """Read the stream to its end and return what became of its records, by entity.

        Raises:
            FileRejectedError: the file as a whole cannot be used.
        """
        if self._is_lines(stream) and self._lines:
            self._lines.read(self, stream)
        elif self._is_lines(stream):
            self._take_lines(read_lines(stream, self.max_record))
        else:
            lists = frozenset(self._list_keys())
            self._take_document(read_document(stream, lists, self.max_record))
        if self._unattributed.seen:
            self._tally(self.main_entity).add(self._unattributed)
        return self._tallies

    def _is_lines(self, stream: BinaryIO) -> bool:
        if self._name.lower().endswith(LINE_SUFFIXES):
            return True
        head: bytes = stream.peek(BUFFER_SIZE)  # type: ignore[attr-defined]
        wrappers = frozenset(self.contract.wrappers) | frozenset(self.contract.collections)
        return is_line_per_value(head, wrappers)

    def _list_keys(self) -> set[str]:
        known = self.contract.collections.keys() | set(self.contract.ignored_collections)
        if self.claimed:
            known -= self.contract.entities[self.claimed].children.keys()
        return known

    def _take_lines(self, values: Iterable[Found]) -> None:
        for number, found in enumerate(values, start=1):
            self.take_line(number, found)

    def take_line(self, number: int, found: Found) -> None:
        """Read what was found in one line of a file."""
        self._place = ("line", number)
        if isinstance(found, Value):
            self._take_top_level(found.data)
        elif isinstance(found, Malformed):
            self._reject_unattributed(found.text, found.reason, found.why)
        elif isinstance(found, BlankLine):
            self._skip("blank_line")

    def take_rows(self, entity: str, count: int) -> None:
        """Count rows that were read in another way."""
        tally = self._tally(entity)
        tally.seen += count
        tally.valid += count

    def counted(self, entity: str) -> int:
        """The number of the newest record of an entity, or of none whose entity was told."""
        tally = self._tallies.get(entity)
        seen = tally.seen if tally else 0
        return seen + (self._unattributed.seen if entity == self._main else 0)

    def _take_document(self, values: Iterable[Found]) -> None:
        for number, found in enumerate(values, start=1):
            if isinstance(found, ObjectEnd):
                self._place = ("value", number)
                self._end_object(found)
            elif isinstance(found, Malformed):
                self._place = (found.collection or "value", number)
                self._take_malformed(found)
            elif isinstance(found, Value):
                self._place = (found.collection or "value", number)
                self._take_element(found)

    def _take_malformed(self, found: Malformed) -> None:
        entity = self.contract.collections.get(found.collection or "")
        if entity:
            error = RecordRejectedError(found.reason, why=found.why)
            self._reject(entity, self._count(entity), found.text, error)
        else:
            self._reject_unattributed(found.text, found.reason, found.why)

    def _take_element(self, found: Value) -> None:
        if found.collection is None:
            self._take_top_level(found.data)
        elif found.collection in self.contract.collections:
            entity = self.contract.collections[found.collection]
            if self.contract.entities[entity].inherit:
                self._waiting.append((entity, found.data, self._place))
            else:
                self._take_record(entity, found.data)
        else:
            self._skip("unneeded_collection")

    def _end_object(self, end: ObjectEnd) -> None:
        """What a document's object holds beside the lists that were handed on."""
        waiting, self._waiting = self._waiting, []
        end_place = self._place
        for entity, data, place in waiting:
            self._place = place
            self._take_record(entity, data, self._inherited(entity, end.rest))
        self._place = end_place
        if end.had_lists:
            self._take_page(end.rest)
        else:
            self._take_top_level(end.rest)

    def _take_top_level(self, data: Any) -> None:
        """An object that is a wrapped record, an unwrapped one, or a page of several."""
        if type(data) is not dict:
            self._reject_unattributed(_text(data), "not_an_object", "a record is an object")
            return
        if len(data) == 1:
            key = next(iter(data))
            entity = self.contract.wrappers.get(key)
            if entity:
                self._take_record(entity, data[key])
                return
        if self.claimed and self._has_key_of(self.claimed, data):
            self._take_record(self.claimed, data)
        elif not self._page_keys().isdisjoint(data):
            self._take_page(data)
        else:
            self._reject_unknown(data)

    def _has_key_of(self, entity: str, data: Mapping[str, Any]) -> bool:
        spec = self.contract.entities[entity]
        return all(
            not {name, *spec.columns[name].alias_names}.isdisjoint(data) for name in spec.key
        )

    def _page_keys(self) -> set[str]:
        return self._list_keys() | self.contract.wrappers.keys()

    def _take_page(self, data: Record) -> None:
        """The wrapped records and the lists of one object; its other fields belong to the page."""
        if any(self._has_key_of(entity, data) for entity in self.contract.documents):
            self._reject_unknown(data)
            return
        name, number = self._place
        for key, value in data.items():
            self._place = (f"{name} {number}, {key}", 0)
            wrapped = self.contract.wrappers.get(key)
            if wrapped:
                self._take_record(wrapped, value, self._inherited(wrapped, data))
            elif isinstance(value, list):
                self._take_list(key, value, data)
            elif key in self.contract.collections and value is not None:
                entity = self.contract.collections[key]
                error = RecordRejectedError("not_an_object", key, "a list of records was expected")
                self._reject(entity, self._count(entity), _text(value), error)

    def _take_list(self, key: str, items: list[Any], page: Record) -> None:
        entity = self.contract.collections.get(key)
        links = self._inherited(entity, page) if entity else {}
        for position, item in enumerate(items, start=1):
            self._place = (self._place[0], position)
            if entity:
                self._take_record(entity, item, links)
            elif key in self.contract.ignored_collections:
                self._skip("unneeded_collection")
            elif isinstance(item, dict):
                why = f"no entity of the contract comes in a list called {key!r}"
                self._reject_unattributed(_text(item), "unknown_wrapper", why, key)

    def _inherited(self, entity: str, page: Mapping[str, Any]) -> Record:
        names = self.contract.entities[entity].inherit
        return {name: page[name] for name in names if page.get(name) is not None}

    def _take_record(
        self,
        entity: str,
        data: Any,
        links: Record | None = None,
        parent_version: str | None = None,
    ) -> None:
        """Land one record and its children, or quarantine it alone."""
        number = self._count(entity)
        builder = self.builders[entity]
        if type(data) is not dict:
            error = RecordRejectedError("not_an_object", why="a record is an object")
            self._reject(entity, number, _text(data), error)
            return
        try:
            row = builder.build({**data, **links} if links else data, number, parent_version)
        except RecordRejectedError as refusal:
            self._reject(entity, number, _text(data), refusal)
            return
        self._tallies[entity].valid += 1
        self._sinks.row(entity, row)
        for path, child in builder.spec.children.items():
            value = _nested(data, path)
            if value is not None:
                self._take_children(builder, row, path, child, value)

    def _take_children(
        self, builder: RowBuilder, parent: Row, path: str, child: Child, value: Any
    ) -> None:
        links: Record = {
            name: text
            for name, column in child.link.items()
            if (text := builder.column(parent, column)) is not None
        }
        name, number = self._place
        items = value if isinstance(value, list) else [value]
        for position, item in enumerate(items, start=1):
            self._place = (f"{name} {number}, {path}", position)
            if child.position:
                links[child.position] = position
            self._take_record(child.entity, item, links, parent.version_at)
        self._place = (name, number)

    def _tally(self, entity: str) -> Tally:
        tally = self._tallies.get(entity)
        if tally is None:
            tally = self._tallies[entity] = Tally()
        return tally

    def _count(self, entity: str) -> int:
        """Count one more record of an entity; its number, 1-based among those of the file."""
        tally = self._tally(entity)
        tally.seen += 1
        if self._main is None:
            self._main = entity
        return self.counted(entity)

    def _count_unattributed(self) -> int:
        self._unattributed.seen += 1
        main = self._tallies.get(self._main) if self._main else None
        return self._unattributed.seen + (main.seen if main else 0)

    def _skip(self, reason: str) -> None:
        self._count_unattributed()
        self._unattributed.skipped += 1
        self._unattributed.reasons[reason] += 1

    def _reject_unknown(self, data: Record) -> None:
        """An object that is neither wrapped nor the record that the file's name promises."""
        keys = ", ".join(sorted(data)[:SHOWN_KEYS]) or "none"
        spec = self.contract.entities.get(self.claimed or "")
        if spec is None or self.claimed is None or spec.columns.keys().isdisjoint(data):
            why = f"no entity of the contract has such a record; its keys are {keys}"
            self._reject_unattributed(_text(data), "unknown_wrapper", why)
            return
        missing = next((name for name in spec.key if name not in data), spec.key[0])
        error = RecordRejectedError("missing_required", missing, f"its keys are {keys}")
        self._reject(self.claimed, self._count(self.claimed), _text(data), error)

    def _reject_unattributed(self, text: str, reason: str, why: str, field: str = "") -> None:
        number = self._count_unattributed()
        error = RecordRejectedError(reason, field, why)
        self._quarantine(self._unattributed, WHOLE_FILE, number, text, error)

    def _reject(self, entity: str, number: int, text: str, error: RecordRejectedError) -> None:
        self._quarantine(self._tallies[entity], entity, number, text, error)

    def _quarantine(
        self, tally: Tally, entity: str, number: int, text: str, error: RecordRejectedError
    ) -> None:
        tally.quarantined += 1
        tally.reasons[error.reason] += 1
        name, position = self._place
        self._sinks.quarantined(
            QuarantinedRecord(
                file_id=self._file_id,
                entity=entity,
                record_no=number,
                location=f"{name} {position}" if position else name,
                reason=error.reason,
                field=error.field,
                why=error.why,
                remedy=remedy_for(error.reason),
                sample=masked(text),
            )
        )


def _nested(data: Record, path: str) -> Any:
    """What lies at a path such as `parts` or `parts.items`; None where the way ends early."""
    value: Any = data
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(data: Any) -> str:
    """JSON text for a sample; empty where it is nested too deeply to be written."""
    try:
        return compact(data)
    except RecordRejectedError:
        return ""
