"""The SQL of a measure: one published column under one aggregate, never a formula of a KPI.

`widest` is for values that are worked out for the whole desk, each team and each person: readers
get that of the widest unit of which they see the row, so that one chart serves them all.
`sole` shows a member's value where one member is seen or chosen, and none of several.
`running_share` adds members up in their published order, over the rows that the reader sees.
"""

from __future__ import annotations

from typing import Literal

Aggregate = Literal["max", "min", "sum", "count", "sole", "widest", "running_share"]
GRAIN, UNIT = "grain", "unit_value"
UNIT_KEYS = frozenset({GRAIN, UNIT})
UNITS = ("total", "team", "agent")
SINGLE: frozenset[Aggregate] = frozenset({"max", "min", "sole", "widest"})


def aggregate_sql(aggregate: Aggregate, column: str, by: str | None = None) -> str:
    """The aggregate in SQL; `by` orders a running share, or names the member of `sole`."""
    if aggregate == "sole":
        return f"case when count(distinct {by}) = 1 then max({column}) end"
    if aggregate == "widest":
        return _widest(column)
    if aggregate == "running_share":
        return (
            f"sum(sum({column})) over (order by min({by}))"
            f" / nullif(cast(sum(sum({column})) over () as double), 0)"
        )
    return f"{aggregate}({column})"


def _widest(column: str) -> str:
    """The whole desk's value, else that of the one team, else that of the one person; of several
    teams, or several people without a team, none, since values do not add up."""

    def value(unit: str) -> str:
        return f"max({column}) filter (where {GRAIN} = '{unit}')"

    def is_one(unit: str) -> str:
        return f"count(distinct {UNIT}) filter (where {GRAIN} = '{unit}') = 1"

    total, team, agent = UNITS
    return (
        f"case when bool_or({GRAIN} = '{total}') then {value(total)}"
        f" when bool_or({GRAIN} = '{team}') then case when {is_one(team)} then {value(team)} end"
        f" when {is_one(agent)} then {value(agent)} end"
    )
