"""The two queries through which the records of one plan become rows.

The first takes the values out of the records and tells which records are plain. What it cannot
say (nested values, stamps) is looked at between the two. The second makes version and hash.
"""

from __future__ import annotations

import orjson

from pipelines.ingest.columnar import expressions as sql
from pipelines.ingest.columnar.plans import Plan
from pipelines.ingest.contracts import Entity

RECORD = "record"
PLAIN, EXTRA, EXTRA_IS_PLAIN = "plain", "extra", "extra_is_plain"
PARENT_VERSION = "parent_version"


def link_column(name: str) -> str:
    return f"link_{name}"


def value_column(position: int) -> str:
    return f"value_{position}"


def nested_column(position: int) -> str:
    return f"nested_{position}"


def child_column(position: int) -> str:
    return f"child_{position}"


class Extraction:
    """The first query, for one plan."""

    def __init__(self, spec: Entity, plan: Plan, links: frozenset[str]) -> None:
        self._spec = spec
        self._plan = plan
        self._links = links
        self._checks: list[str] = []
        self._kept = self._kept_condition()
        self._json = {key for key, _ in plan.children} | set(plan.extra)
        self._json |= {key for name, key in plan.sources if spec.columns[name].type == "json"}

    def query(self, relation: str) -> str:
        """SQL over a relation with the records and the columns that links fill."""
        outputs = [
            output
            for position, name in enumerate(self._spec.columns)
            for output in self._outputs(position, name)
        ]
        outputs += self._extra_outputs()
        for position in range(len(self._plan.children)):
            token = self._child_token(position)
            outputs.append(f"{token}::varchar as {child_column(position)}")
            self._checks.append(f"({token} is null or {token} = 'null' or {sql.is_nested(token)})")
        self._checks.append(self._unchanged_condition())
        if self._plan.drops:
            self._checks.append(f"not {sql.odd_numbers(RECORD)}")
        outputs.append(f"coalesce({' and '.join(self._checks)}, false) as {PLAIN}")
        return f"select {', '.join(outputs)} from ({self._unpacked(relation)})"  # noqa: S608

    def _unpacked(self, relation: str) -> str:
        """The records with a column for each key that is wanted."""
        wanted = {key: "VARCHAR" for _, key in self._plan.sources}
        wanted |= dict.fromkeys(self._json, "JSON")
        shape = sql.literal(orjson.dumps(wanted).decode())
        fields = [f"r.{sql.name(key)}::varchar as {self._key(key)}" for key in wanted]
        links = [link_column(name) for name in self._links]
        kept = [*fields, *links, *([RECORD] if self._plan.drops else [])]
        # Without a key to take out there is nothing to parse.
        parsed = f"json_transform({RECORD}, {shape})" if wanted else "null"
        return f"select {', '.join(kept)} from (select *, {parsed} as r from {relation})"  # noqa: S608

    def _key(self, key: str) -> str:
        return sql.name(f"key {key}")

    def _value(self, name: str) -> str:
        """The value of a column as the record has it, before links."""
        key = self._plan.source(name)
        if key is None:
            return "null::varchar"
        personal = self._spec.personal
        if personal and name in personal.columns:
            return f"(case when {self._kept} then {self._key(key)} end)"
        return self._key(key)

    def _outputs(self, position: int, name: str) -> list[str]:
        column = self._spec.columns[name]
        value = self._value(name)
        outputs = []
        landed = value
        if self._plan.source(name) is not None:
            self._checks.append(
                sql.is_plain(
                    column.type, f"nullif({value}, 'null')" if column.type == "json" else value
                )
            )
            if column.type == "json":
                landed = sql.json_text(value)
                outputs.append(f"{sql.is_nested(value)} as {nested_column(position)}")
        if name in self._links:
            landed = f"coalesce({link_column(name)}, {landed})"
        if name in self._spec.required:
            self._checks.append(f"coalesce({landed}, '') <> ''")
        return [f"{landed} as {value_column(position)}", *outputs]

    def _extra_outputs(self) -> list[str]:
        if not self._plan.extra:
            return []
        tokens = [self._key(key) for key in self._plan.extra]
        members = [
            f"{sql.literal(orjson.dumps(key).decode())} || ':' || coalesce({token}, 'null')"
            for key, token in zip(self._plan.extra, tokens, strict=True)
        ]
        text = "'{' || " + " || ',' || ".join(members) + " || '}'"
        plain = " and ".join(sql.is_plain_token(token) for token in tokens)
        if not set(self._spec.redact_keys).isdisjoint(self._plan.extra):
            plain = "false"
        return [
            f"case when {self._kept} then {text} end as {EXTRA}",
            f"{plain} as {EXTRA_IS_PLAIN}",
        ]

    def _child_token(self, position: int) -> str:
        return self._key(self._plan.children[position][0])

    def _kept_condition(self) -> str:
        """Whether a record may land with its personal columns and undeclared keys."""
        personal = self._spec.personal
        if personal is None:
            return "true"
        parts = []
        for name, values in personal.kept_when.items():
            key = self._plan.source(name)
            kept = sql.is_one_of(self._key(key), values) if key else "false"
            parts.append(f"coalesce({kept}, false)")
        return f"({' and '.join(parts)})"

    def _unchanged_condition(self) -> str:
        parts = []
        for name, values in self._plan.unchanged:
            parts.append(f"coalesce(not {sql.is_one_of(self._value(name), values)}, true)")
        return f"({' or '.join(parts)})" if parts else "true"


def completion(spec: Entity, extracted_at: str, latest_plausible: str) -> str:
    """The second query: version, hash, and whether every stamp and size is plausible.

    It reads `values`, with the columns in order, `extra` and `parent_version`.
    """
    places = {name: value_column(position) for position, name in enumerate(spec.columns)}
    latest = sql.literal(latest_plausible)
    checks = [
        f"coalesce({places[name]} <= {latest}, true)"
        for name, column in spec.columns.items()
        if column.past and column.type == "timestamp"
    ]
    stamps = []
    for name in spec.version:
        value = places[name]
        if spec.columns[name].type == "int":
            stamps.append(sql.epoch_stamp(value))
            checks.append(f"({value} is null or {stamps[-1]} is not null)")
            if spec.columns[name].past:
                checks.append(f"coalesce({stamps[-1]} <= {latest}, true)")
        else:
            stamps.append(sql.fixed_width(value))
    newest = f"greatest({', '.join(stamps)})" if len(stamps) > 1 else "".join(stamps) or "null"
    version = f"coalesce({newest}, {PARENT_VERSION}, {sql.literal(extracted_at)})"
    row_hash = sql.row_hash([*places.values(), EXTRA])
    plain = " and ".join(checks) or "true"
    return (
        f"select {version} as version_at, {row_hash} as row_hash, {plain} as {PLAIN} "  # noqa: S608
        "from landing"
    )
