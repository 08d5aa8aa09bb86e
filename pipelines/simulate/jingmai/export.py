"""Agent days of the JD shop: sessions and persons, rates as text with a per cent sign."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pipelines.simulate.company.market import AgentDay
from pipelines.simulate.company.shops import JD
from pipelines.simulate.output.agent_days import ENTITY, AgentDayExport, clock_text, percent_text
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import Book

HEADER = (
    "客服（UID）", "日期", "咨询量", "接待量", "首次平均响应时间", "平均响应时间",
    "平均响应时长（新）", "30s应答率", "客服3分钟人工回复率", "留言分配量", "留言接待量",
    "留言响应率", "登录时长", "接待时长", "转入量", "转出量", "满意度-非常满意", "满意度-满意",
    "满意度-一般", "满意度-不满意", "满意度-非常不满意", "评价量", "邀评量", "邀评率", "满意率",
    "好评量", "差评量", "售前接待人数", "促成下单人数", "促成下单商品金额", "24小时下单金额",
    "24小时下单转化率",
)  # fmt: skip


class JingmaiExport(AgentDayExport):
    """Writes a workbook a period."""

    source = "jingmai"
    account = "jd"
    shop = JD

    def end(self, period: Period) -> None:
        if not self._rows:
            return
        name = f"客服数据_{period.label}.xlsx"
        book = Book(self.folder, name)
        sheet = book.sheet("客服数据")
        sheet.write(HEADER)
        self.accounting.skip(name, ENTITY)
        for row in self._rows:
            sheet.write(cells(row))
            self.accounting.load(name, ENTITY)
        if self.dirt:
            self._spoil(name, sheet, cells(self._rows[0]))
        book.close()
        self.date_file(name, period.exported_at)

    def _spoil(self, name: str, sheet: Any, row: list[Any]) -> None:
        sheet.write(row)
        self.accounting.repeat(name, ENTITY)
        week = self._rows[0].day + timedelta(days=6)
        first = self._rows[0].day
        for stretch in self.defects(name, ENTITY, (f"{first:%Y.%m.%d}-{week:%Y.%m.%d}",)):
            over_a_week = list(row)
            over_a_week[1] = stretch
            sheet.write(over_a_week)
            self.accounting.refuse(name, ENTITY, "bad_type")
        sheet.write(["汇总", None, sum(r.consulted for r in self._rows)])
        self.accounting.skip(name, ENTITY, "summary_row")


def cells(row: AgentDay) -> list[Any]:
    grades, served = row.grades, max(1, row.served)
    first = round(row.first_waits / served)
    mean = round(row.turn_waits / max(1, row.turns))
    notes = row.unanswered
    return [
        row.employee.login, row.day, row.consulted, row.served, first, mean, round(mean * 0.95),
        _percent(row.within_30, row.served), _percent(row.within_180, row.served), notes,
        notes // 2, _percent(notes // 2, notes), clock_text(row.online_seconds),
        clock_text(row.session_seconds), row.handed_in, row.handed_out, grades[5], grades[4],
        grades[3], grades[2], grades[1], row.rated, row.invited,
        _percent(min(row.invited, row.served), row.served),
        _percent(grades[5] + grades[4], row.rated), grades[5] + grades[4], grades[2] + grades[1],
        row.inquiring, row.buyers, f"{sum(o.goods for o in row.orders) / 100:,.2f}",
        f"{row.sales / 100:,.2f}", _percent(row.buyers, row.inquiring),
    ]  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return percent_text(part, whole, nothing="--")
