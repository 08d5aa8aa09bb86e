"""What a calculated column may be: another form of one row's columns, never a figure of its own.

A KPI has one formula, in the semantic layer. An expression that aggregates, or divides by a
column, would be a second one that nobody tests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

DIVISIONS = frozenset({"/", "//", "%", "divide", "fdiv", "fmod", "mod"})
POWERS = frozenset({"**", "^", "pow", "power"})
NOT_OF_ONE_ROW = {
    "WINDOW": "looks at other rows",
    "SUBQUERY": "holds a query",
    "LAMBDA": "holds a function",
    "STAR": "names every column",
}

Node = dict[str, Any]


@cache
def refusals(expression: str) -> tuple[str, ...]:
    """Why an expression is no other form of a row's columns; empty when it is one."""
    import duckdb

    with duckdb.connect() as connection:
        statement = f"select {expression} from one_row"  # noqa: S608  parsed, never run
        found = connection.execute("select json_serialize_sql(?)", [statement]).fetchone()
    parsed = json.loads(found[0]) if found else {"error": True, "error_message": "it is empty"}
    if parsed["error"]:
        return (f"cannot be read: {parsed['error_message']}",)
    selects = [statement["node"] for statement in parsed["statements"]]
    if len(selects) != 1 or len(selects[0].get("select_list", [])) != 1:
        return ("is not one expression",)
    reasons = (_reason(node) for node in _nodes(selects[0]["select_list"]))
    return tuple(dict.fromkeys(reason for reason in reasons if reason))


def _reason(node: Node) -> str | None:
    name = str(node.get("function_name", "")).lower()
    arguments = node.get("arguments", [])
    if node.get("class") in NOT_OF_ONE_ROW:
        return NOT_OF_ONE_ROW[node["class"]]
    if node.get("class") != "FUNCTION":
        return None
    if name in _aggregates():
        return f"aggregates with {name}"
    if name in DIVISIONS and _has_column(arguments[1:]):
        return f"divides by a column with {name}"
    if name in POWERS and _has_column(arguments):
        return f"raises a column with {name}"
    return None


def _has_column(part: Any) -> bool:
    return any(node.get("class") == "COLUMN_REF" for node in _nodes(part))


def _nodes(part: Any) -> Iterator[Node]:
    if isinstance(part, dict):
        yield part
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _nodes(each)


@cache
def _aggregates() -> frozenset[str]:
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct function_name from duckdb_functions()"
            " where function_type = 'aggregate'"
        ).fetchall()
    return frozenset({"count_star", *(name for (name,) in rows)})
