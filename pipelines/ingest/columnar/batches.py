"""Records of one entity as a batch of rows, as far as they are plain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ingest.arrays import bools, is_null, mask, numbers, texts, whole_numbers
from pipelines.ingest.columnar import queries
from pipelines.ingest.columnar.database import Database
from pipelines.ingest.columnar.plans import Plan, Planner
from pipelines.ingest.columnar.stamps import DATE_WIDTH, STAMP_WIDTH, canonical
from pipelines.ingest.contracts import Child, SourceContract
from pipelines.ingest.parsing.rejections import RecordRejectedError
from pipelines.ingest.parsing.rows import RowBuilder

FEW_RECORDS = 50
KEY_SEPARATOR = "\x1f"
_KEYS = "select array_to_string(json_keys(record), chr(31)) as keys from records"
_VALID = "select json_valid(record) as valid from records"
# Rows of a block come in the order of line, key within it, and place within that.
LINE_SHIFT, KEY_SHIFT = 40, 34
_ITEMS = """
    with lists as (
        select
            parent,
            case when starts_with(token, '[') then from_json(token, '["JSON"]')
                when token <> 'null' then [token::json] end as items,
        from tokens
    )
    select parent, unnest(items)::varchar as item, unnest(range(1, len(items) + 1)) as place,
    from lists
"""
_DATED = r"^\d{4}-\d\d-\d\d[T ]"


@dataclass(frozen=True)
class Records:
    """Records of one entity, as JSON texts, with their places in the order of the block."""

    entity: str
    texts: Any
    order: Any
    links: dict[str, Any] = field(default_factory=dict)
    parent_version: Any = None
    has_key: bool = False

    @property
    def lines(self) -> Any:
        """The lines of the block that they come from."""
        return self.order >> LINE_SHIFT


@dataclass(frozen=True)
class Rows:
    """Rows of one entity: values, `_extra`, version and hash in `table`, and their places."""

    entity: str
    table: Any
    order: Any

    def those(self, wanted: Any) -> Rows:
        """The rows for which a mask is true."""
        if wanted.all():
            return self
        return Rows(self.entity, self.table.filter(bools(wanted)), self.order[wanted])

    def without(self, lines: Any) -> Rows:
        """These rows but for those of the given lines, a mask over the block."""
        return self.those(~lines[self.order >> LINE_SHIFT])


class BatchReader:
    """Reads batches of records of one file, with a database of its own."""

    def __init__(
        self,
        contract: SourceContract,
        builders: dict[str, RowBuilder],
        planners: dict[str, Planner],
        database: Database,
    ) -> None:
        self._builders = builders
        self._database = database
        self._wrappers = frozenset(contract.wrappers)
        self._planners = planners

    def read(self, records: Records, bad: Any) -> list[Rows]:
        """The rows of the plain records and of their children; other lines are marked in `bad`."""
        planned, unplanned = self._planned(records)
        bad[records.lines[unplanned]] = True
        found: list[Rows] = []
        for plan, chosen in planned:
            found += self._read_planned(_chosen(records, chosen), plan, bad)
        return found

    def _planned(self, records: Records) -> tuple[list[tuple[Plan, Any]], Any]:
        """The records by their plan, as masks, and those that have none."""
        planner = self._planners[records.entity]
        needed = set(planner.spec.key) if records.has_key else set()
        encoded = self._keys(records.texts).dictionary_encode()
        codes = np.where(is_null(encoded), -1, numbers(encoded.indices))
        groups: dict[object, tuple[Plan, list[int]]] = {}
        for code, text in enumerate(encoded.dictionary.to_pylist()):
            keys = tuple(text.split(KEY_SEPARATOR)) if text else ()
            mine = needed.issubset(keys) and not (needed and self._is_wrapper(keys))
            plan = planner.plan(keys, records.links) if mine else None
            if plan is not None:
                known = groups.get(plan.kind)
                groups[plan.kind] = (
                    (plan.merged(known[0]), [*known[1], code]) if known else (plan, [code])
                )
        planned, left = [], np.ones(len(codes), dtype=np.bool_)
        for plan, members in groups.values():
            chosen = np.isin(codes, members)
            count = int(np.count_nonzero(chosen))
            if plan.is_distinct and (count >= FEW_RECORDS or count * 2 > len(codes)):
                planned.append((plan, chosen))
                left &= ~chosen
        return planned, left

    def _is_wrapper(self, keys: tuple[str, ...]) -> bool:
        return len(keys) == 1 and keys[0] in self._wrappers

    def _keys(self, texts: Any) -> Any:
        """The keys of each record as one text; null where there is no object."""
        try:
            return self._key_texts(texts)
        except (duckdb.InvalidInputException, UnicodeDecodeError):
            # The message quotes the record and may cut it inside a character.
            valid = self._database.run(_VALID, records=_table(texts))["valid"]
            return self._key_texts(pc.if_else(valid, texts, pa.nulls(len(texts), pa.string())))

    def _key_texts(self, texts: Any) -> Any:
        return self._database.run(_KEYS, records=_table(texts))["keys"]

    def _read_planned(self, records: Records, plan: Plan, bad: Any) -> list[Rows]:
        spec = self._planners[records.entity].spec
        table = _table(records.texts, records.links)
        query = queries.Extraction(spec, plan, frozenset(records.links)).query("records")
        found = self._database.run(query, records=table)
        plain = mask(found[queries.PLAIN])
        values = [
            self._finished(records.entity, name, position, found, plain)
            for position, name in enumerate(spec.columns)
        ]
        extra = self._finished_extra(records.entity, plan, found, plain)
        received = self._builders[records.entity].received
        completed = self._database.completed(spec, received, values, extra, records.parent_version)
        plain &= mask(completed[queries.PLAIN])
        bad[records.lines[~plain]] = True
        rows = pa.table(
            [*values, extra, completed["version_at"], completed["row_hash"]],
            names=[*spec.columns, "_extra", "_version_at", "_row_hash"],
        )
        result = [Rows(records.entity, rows, records.order).those(plain)]
        for number, (_, child) in enumerate(plan.children):
            tokens = found[queries.child_column(number)].filter(bools(plain))
            children = self._children(result[0], child, tokens, number)
            if len(children.texts):
                result += self.read(children, bad)
        return result

    def _finished(self, entity: str, name: str, position: int, found: Any, plain: Any) -> Any:
        """A column with what SQL could not say; records that are not plain are marked."""
        column = found[queries.value_column(position)]
        kind = self._planners[entity].spec.columns[name].type
        reader = self._builders[entity].reader(name)
        if kind in {"timestamp", "date"}:
            width = STAMP_WIDTH if kind == "timestamp" else DATE_WIDTH
            odd = ~canonical(column, width)
            if kind == "timestamp" and odd.any():
                dated = mask(pc.match_substring_regex(column, _DATED))
                return _replaced(column, odd & plain, dated, plain, reader[str])
            plain &= ~odd
            return column
        nested = queries.nested_column(position)
        if nested in found.column_names:
            those = mask(found[nested])
            if those.any():
                return _replaced(
                    column, those & plain, those, plain, lambda text: _nested(text, reader)
                )
        return column

    def _finished_extra(self, entity: str, plan: Plan, found: Any, plain: Any) -> Any:
        if not plan.extra:
            return pa.nulls(found.num_rows, pa.string())
        extra = found[queries.EXTRA]
        odd = ~mask(found[queries.EXTRA_IS_PLAIN]) & ~is_null(extra) & plain
        if not odd.any():
            return extra
        write = self._builders[entity].write_extra
        return _replaced(extra, odd, odd, plain, lambda text: write(orjson.loads(text)))

    def _children(self, parents: Rows, child: Child, tokens: Any, number: int) -> Records:
        """The nested records of one key, with what their parents lend them."""
        parent = whole_numbers(np.arange(len(tokens)))
        table = pa.table([parent, tokens], names=["parent", "token"])
        items = self._database.run(_ITEMS, tokens=table)
        parent = items["parent"]
        links = {
            name: parents.table[column].combine_chunks().take(parent)
            for name, column in child.link.items()
        }
        if child.position:
            links[child.position] = pc.cast(items["place"], pa.string())
        return Records(
            entity=child.entity,
            texts=items["item"],
            order=(
                parents.order[numbers(parent)] + (number << KEY_SHIFT) + numbers(items["place"])
            ),
            links=links,
            parent_version=parents.table["_version_at"].combine_chunks().take(parent),
        )


def _table(texts: Any, links: dict[str, Any] | None = None) -> Any:
    columns = {queries.link_column(name): values for name, values in (links or {}).items()}
    return pa.table({queries.RECORD: texts, **columns})


def _chosen(records: Records, chosen: Any) -> Records:
    if chosen.all():
        return records
    wanted = bools(chosen)
    version = records.parent_version
    return Records(
        entity=records.entity,
        texts=records.texts.filter(wanted),
        order=records.order[chosen],
        links={name: values.filter(wanted) for name, values in records.links.items()},
        parent_version=None if version is None else version.filter(wanted),
    )


def _replaced(column: Any, wanted: Any, readable: Any, plain: Any, read: Any) -> Any:
    """A column whose wanted values are read one by one; those that cannot be are not plain."""
    plain &= ~(wanted & ~readable)
    chosen = wanted & readable
    encoded = column.filter(bools(chosen)).dictionary_encode()
    landed: list[str | None] = []
    refused = []
    for code, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            landed.append(read(text))
        except (RecordRejectedError, orjson.JSONDecodeError):
            landed.append(None)
            refused.append(code)
    codes = numbers(encoded.indices)
    if refused:
        plain[np.flatnonzero(chosen)[np.isin(codes, refused)]] = False
    return pc.replace_with_mask(column, bools(chosen), texts(landed).take(encoded.indices))


def _nested(text: str, reader: Any) -> str | None:
    value = orjson.loads(text)
    landed: str | None = reader[type(value)](value)
    return landed
