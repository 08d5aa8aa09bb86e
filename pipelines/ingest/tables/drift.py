"""How a table differs from its contract, with one decision for each difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.ingest.contracts import Column, Entity
from pipelines.ingest.parsing.rejections import Drift, FileRejectedError

KEPT = "kept in _extra"
DROPPED = "dropped, it never lands"
LOADED_WITHOUT = "loaded without it"
READ_BY_ALIAS = "read by its alias"
ACCEPTED = "accepted"
FILE_SET_ASIDE = "file quarantined"
RETYPED = "records quarantined as bad_type"


def refuse_missing(entity: str, spec: Entity, missing: list[str]) -> None:
    """Refuse a table that lacks required columns.

    Raises:
        FileRejectedError: some are missing; names them as the contract and exports do.
    """
    if not missing:
        return
    told = ", ".join(_told(name, spec.columns[name]) for name in missing)
    raise FileRejectedError(
        "missing_column",
        f"{entity} needs {told}",
        entity=entity,
        drift=tuple(Drift(name, "missing", FILE_SET_ASIDE) for name in missing),
    )


def column_drift(
    spec: Entity,
    places: Mapping[str, Any],
    constants: Mapping[str, str],
    parts: Mapping[str, int],
) -> Iterable[Drift]:
    """Columns of the contract that the table lacks or calls otherwise.

    Args:
        spec: the entity.
        places: for each column that the table has, its place and the alias that it came by.
        constants: values that stand elsewhere.
        parts: places of the parts of joined columns.
    """
    for name, column in spec.columns.items():
        if name in places:
            _, alias = places[name]
            # The first alias is what exports call it; a later one is a name it had or got.
            if alias in column.aliases[1:] and alias.occurrence == 1:
                yield Drift(name, "renamed", f"{READ_BY_ALIAS} {alias.name!r}")
        elif name not in constants and not set(column.parts) & parts.keys():
            yield Drift(name, "missing", LOADED_WITHOUT)


def order_drift(spec: Entity, places: Mapping[str, Any]) -> Iterable[Drift]:
    """Whether the columns come in another order than the contract's."""
    order = [places[name][0] for name in spec.columns if name in places]
    if order != sorted(order):
        yield Drift("*", "reordered", ACCEPTED)


def _told(name: str, column: Column) -> str:
    aliases = " or ".join(repr(alias) for alias in column.alias_names)
    return f"{name} ({aliases})" if aliases else name
