"""What the keys of a record mean for reading it at once, by the contract of its entity.

Grain: one plan for each combination of keys; records of a file have few of them. There is no plan
for keys whose meaning depends on more than that; such records are read one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipelines.ingest.contracts import Child, Column, Entity, SourceContract

READ_AT_ONCE = frozenset({"id", "int", "decimal", "text", "bool", "timestamp", "date", "json"})
VERSION_TYPES = frozenset({"timestamp", "date", "int"})
_COLUMN_RULES = frozenset({"type", "required", "pii", "past", "aliases"})


@dataclass(frozen=True)
class Plan:
    """How the records with certain keys are read.

    Attributes:
        sources: column and the key that holds it, for each column that the records have.
        extra: undeclared keys, in the order in which they land.
        drops: whether there are values that nobody looks at.
        children: key and rule of each nested kind of record that they have.
        unchanged: column and the texts with which a record must be read alone.
    """

    sources: tuple[tuple[str, str], ...]
    extra: tuple[str, ...]
    drops: bool
    children: tuple[tuple[str, Child], ...]
    unchanged: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def source(self, column: str) -> str | None:
        """The key that holds a column, if one does."""
        return dict(self.sources).get(column)

    @property
    def kind(self) -> object:
        """What plans have in common that can be followed in one go."""
        renamed = frozenset((name, key) for name, key in self.sources if name != key)
        children = tuple(key for key, _ in self.children)
        return renamed, self.extra, self.drops, children, self.unchanged

    def merged(self, other: Plan) -> Plan:
        """A plan for the records of both, of one kind: a key may be absent."""
        return replace(self, sources=tuple(sorted({*self.sources, *other.sources})))

    @property
    def is_distinct(self) -> bool:
        """Whether its keys differ by more than case, which DuckDB does not tell apart."""
        keys = [*self.extra, *(key for _, key in self.sources), *(key for key, _ in self.children)]
        return len({key.casefold() for key in keys}) == len(keys)


class Planner:
    """Makes the plans of one entity, each once."""

    def __init__(self, contract: SourceContract, entity: str) -> None:
        self.entity = entity
        self.spec: Entity = contract.entities[entity]
        self._contract = contract
        self._plans: dict[tuple[tuple[str, ...], frozenset[str]], Plan | None] = {}
        self._aliases = {
            alias: name
            for name, column in self.spec.columns.items()
            for alias in column.alias_names
        }
        self._known = (
            self.spec.columns.keys() | set(self.spec.never_land) | self.spec.children.keys()
        )
        self._usable = (
            self.spec.table is None
            and all(_is_plain(column) for column in self.spec.columns.values())
            and all(self.spec.columns[name].type in VERSION_TYPES for name in self.spec.version)
        )

    def plan(self, keys: tuple[str, ...], links: Iterable[str] = ()) -> Plan | None:
        """The plan of records with exactly these keys, in any order, and values from a parent."""
        known = (keys, frozenset(links))
        if known not in self._plans:
            self._plans[known] = self._planned(*known) if keys and self._usable else None
        return self._plans[known]

    def _planned(self, keys: tuple[str, ...], links: frozenset[str]) -> Plan | None:
        if len({key.casefold() for key in keys}) != len(keys):
            return None
        renamed = [self._aliases.get(key, key) for key in keys]
        if len(set(renamed)) != len(renamed) or self._is_entangled(keys, links):
            return None
        children = tuple(
            (key, self.spec.children[key]) for key in self.spec.children if key in keys
        )
        if not all(self._is_simple(child) for _, child in children):
            return None
        undeclared = sorted(set(renamed) - self._known)
        unread = links.union(self.spec.never_land)
        return Plan(
            sources=tuple(
                (name, key)
                for name, key in zip(renamed, keys, strict=True)
                if name in self.spec.columns
            ),
            extra=tuple(undeclared),
            drops=self.spec.personal is not None or not unread.isdisjoint(keys),
            children=children,
            unchanged=self._unchanged(frozenset(renamed) | links, undeclared),
        )

    def _is_entangled(self, keys: tuple[str, ...], links: frozenset[str]) -> bool:
        """True if a link fills a column that an alias stands for, or a personal one."""
        personal = set(self.spec.personal.columns) if self.spec.personal else set()
        return bool(links & personal) or any(self._aliases.get(key) in links for key in keys)

    def _is_simple(self, child: Child) -> bool:
        spec = self._contract.entities[child.entity]
        same = all(
            spec.columns[name].type == self.spec.columns[column].type
            for name, column in child.link.items()
        )
        return same and child.entity != self.entity and not spec.children

    def _unchanged(
        self, present: frozenset[str], undeclared: list[str]
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """When the rule of the changed field would rewrite a record."""
        rule = self.spec.changed_field
        if rule is None or rule.name in present:
            return ()
        if len(set(undeclared) - set(rule.not_fields)) != 1:
            return ()
        return tuple(rule.when.items())


def _is_plain(column: Column) -> bool:
    declared = column.model_dump(exclude_defaults=True)
    return column.type in READ_AT_ONCE and declared.keys() <= _COLUMN_RULES
