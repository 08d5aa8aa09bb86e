"""The cells of all KPIs, made again only where what they come from holds something else.

What belongs here: the statement of `fct_kpi_cells` in pieces, and how tables of cells differ.
"""

from __future__ import annotations

from typing import Any

import duckdb
from sqlglot import exp, parse_one

from tests.mutation.mutants import DIALECT

CELL_COLUMNS = "value, numerator, denominator, n, maturity, standard_error"
Row = dict[str, Any]
Cell = tuple[str, Any, str, str]


class CellPieces:
    """The statement of all cells in pieces, each kept as a table, so that few are run again."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, sql: str) -> None:
        self._connection = connection
        self._pieces: dict[str, exp.Expression] = {}
        for number, arm in enumerate(_arms(parse_one(sql, dialect=DIALECT))):
            self._pieces |= _cut(arm.unnest(), number)
        self._reads = {name: _tables(piece) for name, piece in self._pieces.items()}
        self._sql = {name: part.sql(DIALECT) for name, part in self._pieces.items()}
        connection.execute("create schema cells")
        for name, piece in self._sql.items():
            connection.execute(f"create table cells.{name} as {piece}")
            connection.execute(f"create view {name} as from cells.{name}")

    def changed(self, relations: set[str]) -> dict[str, dict[Cell, Row | None]]:
        """Cells that differ since these relations hold something else."""
        dirty = set(relations)
        found: dict[str, dict[Cell, Row | None]] = {}
        for name, reads in self._reads.items():
            if not reads & dirty:
                continue
            self._connection.execute(f"drop view {name}")
            self._connection.execute(f"create table {name} as {self._sql[name]}")
            if differs(self._connection, name, f"cells.{name}"):
                dirty.add(name)
                if name.startswith("arm_"):
                    columns = (
                        f"kpi_id, period_type, period_start, grain, unit_value, {CELL_COLUMNS}"
                    )
                    new = differing(
                        self._connection, f"select {columns} from", name, f"cells.{name}"
                    )
                    for kpi_id, cells in new.items():
                        found.setdefault(kpi_id, {}).update(cells)
        return found


def _cut(part: exp.Expression, number: int) -> dict[str, exp.Expression]:
    """The named subqueries of a part, under names that no other part has, and what it ends with."""
    named = {cte.alias: cte.this for cte in part.args["with_"].expressions}
    part.set("with_", None)
    for tree in (part, *named.values()):
        for table in tree.find_all(exp.Table):
            if not table.db and table.name in named:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.alias_or_name)))
                table.set("this", exp.to_identifier(f"{table.name}_{number}"))
    return {f"{name}_{number}": tree for name, tree in named.items()} | {f"arm_{number}": part}


def _tables(tree: exp.Expression) -> set[str]:
    return {table.name for table in tree.find_all(exp.Table)}


def _arms(tree: exp.Expression) -> list[exp.Expression]:
    if isinstance(tree, exp.Union):
        return [*_arms(tree.left), *_arms(tree.right)]
    return [tree]


def differs(connection: duckdb.DuckDBPyConnection, left: str, right: str) -> bool:
    found = connection.execute(
        f"select exists(from {left} except all from {right})"
        f" or exists(from {right} except all from {left})"
    ).fetchone()
    return bool(found and found[0])


def differing(
    connection: duckdb.DuckDBPyConnection, select: str, new: str, old: str
) -> dict[str, dict[Cell, Row | None]]:
    found: dict[str, dict[Cell, Row | None]] = {}
    for kpi_id, *cell in connection.execute(
        f"select * exclude ({CELL_COLUMNS}) from ({select} {old} except all {select} {new})"
    ).fetchall():
        found.setdefault(kpi_id, {})[tuple(cell)] = None  # type: ignore[index]
    cursor = connection.execute(f"{select} {new} except all {select} {old}")
    names = [column[0] for column in cursor.description]
    for row in cursor.fetchall():
        found.setdefault(row[0], {})[row[1:5]] = dict(zip(names[5:], row[5:], strict=True))
    return found
