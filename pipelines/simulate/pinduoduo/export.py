"""Agent days of the Pinduoduo shop: rates cover 08:00 to 23:00, the header comes again."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from pipelines.simulate.company.market import AgentDay
from pipelines.simulate.company.shops import PDD
from pipelines.simulate.output.agent_days import ENTITY, AgentDayExport, percent_text
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import Book

HEADER = (
    "店铺名称", "日期", "客服账号", "客服服务分", "咨询人数", "需人工回复的咨询人数",
    "人工接待人数", "3分钟未回复人数", "3分钟人工回复率(8-23点)", "30秒应答率(8-23点)",
    "平均人工响应时长", "询单人数", "最终成团人数", "询单转化率", "客服销售额", "评分≤3订单数",
    "纠纷退款数", "投诉数",
)  # fmt: skip
MIDDLE = 3
# (column, what stands there instead, why it is refused)
DEFECTS: tuple[tuple[int, Any, str], ...] = (
    (8, "139.5%", "bad_type"),
    (2, None, "missing_required"),
)


class PinduoduoExport(AgentDayExport):
    """Writes a workbook a period."""

    source = "pinduoduo"
    account = "pdd"
    shop = PDD

    def end(self, period: Period) -> None:
        if not self._rows:
            return
        name = f"客服数据_{period.label}.xlsx"
        book = Book(self.folder, name)
        sheet = book.sheet("客服绩效详情")
        for number, (_, rows) in enumerate(groupby(self._rows, key=lambda row: row.day.month)):
            if number == 0 or self.dirt:
                sheet.write(HEADER)
                self.accounting.skip(name, ENTITY, "repeated_header" if number else "header")
            for row in rows:
                sheet.write(cells(row))
                self.accounting.load(name, ENTITY)
        if self.dirt:
            self._spoil(name, sheet, cells(self._rows[0]))
        book.close()
        self.date_file(name, period.exported_at)

    def _spoil(self, name: str, sheet: Any, row: list[Any]) -> None:
        sheet.write(row)
        self.accounting.repeat(name, ENTITY)
        for column, cell, reason in self.defects(name, ENTITY, DEFECTS):
            bad = list(row)
            bad[column] = cell
            sheet.write(bad)
            self.accounting.refuse(name, ENTITY, reason)


def cells(row: AgentDay) -> list[Any]:
    grades, late = row.grades, row.consulted - row.within_180
    refunds = [order for order in row.orders if order.case is not None]
    complained = sum(order.is_faulty for order in refunds)
    points = round(3 + 2 * row.within_30 / max(1, row.served), 2)
    return [
        row.shop.name, row.day, row.employee.login, points,
        row.consulted, row.consulted, row.served, late,
        _percent(row.consulted - late, row.consulted), _percent(row.within_30, row.served),
        round(row.turn_waits / max(1, row.turns)), row.inquiring, row.buyers,
        _percent(row.buyers, row.inquiring), row.sales / 100,
        sum(count for grade, count in grades.items() if grade <= MIDDLE), len(refunds), complained,
    ]  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return percent_text(part, whole, nothing="-")
