"""Rules on the SQL of models that no data of ours would show to be broken.

Ids of a source are unique within an account of it alone. The simulated systems happen to give no
two accounts the same id, so a join that forgets half of that scope would go unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp, parse_one

SCOPE = ("source_system", "account_id")


def half_scoped_joins(sql: str) -> list[str]:
    """Joins on an account's ids that compare its source system or its id, but not both.

    The other half may be missing on purpose: a sheet names accounts, not the system they are in.
    """
    return [
        join.alias_or_name
        for join in parse_one(sql, dialect="duckdb").find_all(exp.Join)
        if len(set(_compared(join.args.get("on"))) & set(SCOPE)) == 1
    ]


def _compared(condition: exp.Expression | None) -> Iterator[str]:
    """Columns of both sides that must be equal for the condition to hold."""
    if isinstance(condition, exp.Paren):
        yield from _compared(condition.this)
    elif isinstance(condition, exp.And):
        yield from _compared(condition.left)
        yield from _compared(condition.right)
    elif (
        isinstance(condition, exp.EQ)
        and isinstance(condition.left, exp.Column)
        and isinstance(condition.right, exp.Column)
        and condition.left.name == condition.right.name
    ):
        yield condition.left.name
