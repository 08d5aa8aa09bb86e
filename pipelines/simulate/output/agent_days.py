"""What the reports of all market places share: a shop's days, sums, shares as text, long times."""

from __future__ import annotations

from typing import ClassVar

from pipelines.simulate.company import Day
from pipelines.simulate.company.market import AgentDay
from pipelines.simulate.company.shops import Shop
from pipelines.simulate.output.exporting import Export
from pipelines.simulate.output.periods import Period

ENTITY = "agent_days"


class AgentDayExport(Export):
    """Keeps the agent days of one shop until a period ends, and adds them to what is true."""

    shop: ClassVar[Shop]

    def begin(self, period: Period) -> None:
        self._rows: list[AgentDay] = []

    def take(self, day: Day) -> None:
        for row in day.agent_days:
            if row.shop is self.shop:
                self._rows.append(row)
                self._count_true(row)

    def _count_true(self, row: AgentDay) -> None:
        self.count(
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
