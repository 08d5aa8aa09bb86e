"""What the reports of all market places share: sums over agent days, shares as text, long times."""

from __future__ import annotations

from pipelines.simulate.company.market import AgentDay
from pipelines.simulate.output.exporting import Export

ENTITY = "agent_days"


def count_true(export: Export, row: AgentDay) -> None:
    """Add an agent's day to what is true."""
    export.count(
        ENTITY,
        rows=1,
        consulted=row.consulted,
        served=row.served,
        inquiring=row.inquiring,
        buyers=row.buyers,
        sales_cents=row.sales,
        rated=row.rated,
    )


def percent_text(part: int, whole: int, nothing: str) -> str:
    """With a sign; `nothing` where there is nothing to divide by."""
    return f"{100 * part / whole:.2f}%" if whole else nothing


def clock_text(seconds: int) -> str:
    """Hours may go beyond a day: chats overlap."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
