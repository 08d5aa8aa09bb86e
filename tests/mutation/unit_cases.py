"""dbt's unit tests of a model, asked of another statement for it.

What belongs here: the rows that a test gives and expects, as tables. A test whose expectation does
not hold for the model's own statement is an error here, so that none is skipped unseen.
"""

from __future__ import annotations

import re
from typing import Any

import duckdb

from tests.mutation.builds import MutableBuild, Node

_REFERENCE = re.compile(r"ref\(\s*'(\w+)'\s*\)|source\(\s*'(\w+)'\s*,\s*'(\w+)'\s*\)")


def cases_of(build: MutableBuild, unit_tests: list[dict[str, Any]], model: str) -> list[Any]:
    """The unit tests of a model that can be asked; all that name no source."""
    own = [test for test in unit_tests if test["model"] == model]
    for test in own:
        if not holds(build, test, build.models[model].sql)[0]:
            raise LookupError(f"unit test {test['name']} does not hold for its model as it is")
    return own


def holds(build: MutableBuild, test: dict[str, Any], sql: str) -> tuple[bool, list[Any]]:
    """Whether a statement gives what the test expects, and all rows that it gives."""
    connection = build.connection
    connection.execute("begin")
    try:
        for given in test["given"]:
            _give(build, given)
        connection.execute(f"create table main.actual as {sql}")
        rows = connection.execute("from main.actual order by all").fetchall()
        return _as_expected(connection, test["expect"]), rows
    finally:
        connection.execute("rollback")


def _give(build: MutableBuild, given: dict[str, Any]) -> None:
    found = _REFERENCE.fullmatch(given["input"].strip())
    if found is None or found.group(1) is None:
        raise LookupError(f"the input {given['input']} is not a model")
    connection = build.connection
    relation = _relation(build, found.group(1))
    types = {row[0]: row[1] for row in connection.execute(f"describe from {relation}").fetchall()}
    connection.execute(f"create table main.given as from {relation} limit 0")
    connection.execute(f"drop view {relation}")
    connection.execute(f"create table {relation} as from main.given")
    connection.execute("drop table main.given")
    if given["format"] == "sql":
        connection.execute(f"insert into {relation} by name {given['rows']}")
        return
    for row in given["rows"]:
        _insert(connection, relation, row, types)


def _insert(
    connection: duckdb.DuckDBPyConnection, relation: str, row: dict[str, Any], types: dict[str, str]
) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f"cast(? as {types[name]})" for name in row)
    connection.execute(f"insert into {relation} ({names}) values ({values})", list(row.values()))


def _as_expected(connection: duckdb.DuckDBPyConnection, expect: dict[str, Any]) -> bool:
    rows = expect["rows"]
    if expect["format"] == "sql":
        connection.execute(f"create table main.expected as {rows}")
        names = connection.execute("from main.expected limit 0").description
        return _are_same(connection, ", ".join(column[0] for column in names))
    types = {row[0]: row[1] for row in connection.execute("describe main.actual").fetchall()}
    if not rows:
        return not connection.execute("from main.actual limit 1").fetchall()
    columns = ", ".join(f'"{name}"' for name in rows[0])
    connection.execute(f"create table main.expected as select {columns} from main.actual limit 0")
    for row in rows:
        _insert(connection, "main.expected", row, types)
    return _are_same(connection, columns)


def _are_same(connection: duckdb.DuckDBPyConnection, columns: str) -> bool:
    left, right = f"(select {columns} from main.actual)", "main.expected"
    found = connection.execute(
        f"(from {left} except all from {right}) union all (from {right} except all from {left})"
    ).fetchone()
    return found is None


def _relation(build: MutableBuild, name: str) -> str:
    node: Node | None = build.models.get(name)
    return node.relation if node else f'"seeds"."{name}"'
