"""Agent days of the Tmall shop as 赤兔名品 reports them on top of 千牛.

Whole periods carry the day in a column. The last days come one by one, with the day in nothing but
the file's name and with sums and means among the rows.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pipelines.simulate.company.market import AgentDay
from pipelines.simulate.company.shops import TMALL
from pipelines.simulate.output.agent_days import ENTITY, AgentDayExport
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import Book

HEADER = (
    "客服昵称", "客服(子账号)", "聊天人数(原咨询人数)", "接待人数", "直接接入人数", "转发接入人数",
    "转出人数", "总消息数", "买家消息数", "客服消息数", "答问比", "客服字数", "最大同时聊天数",
    "未回复人数", "回复率", "慢接待人数", "长接待人数", "首次响应(秒)", "平均响应(秒)",
    "平均接待时长", "询单人数", "销售额", "销售量", "销售人数", "销售订单数",
    "询单->最终付款转化率", "客单价", "服务满意度评价参与率", "客户满意率", "很满意", "满意",
    "一般", "不满", "很不满", "发出评价数", "收到评价数", "评价发送率", "评价返回率", "上班天数",
)  # fmt: skip
# What the report was called and how its columns were named before.
OLD_NAMES = {"客服昵称": "旺旺昵称", "慢接待人数": "慢响应人数", "总消息数": "总消息"}
BAD_COUNTS = ("九十八",)
SUMS = ("汇总", "均值")
DAILY = 7
LATE_COLUMN = HEADER.index("询单->最终付款转化率")
LATE_DAYS = 2


class ChituExport(AgentDayExport):
    """Writes a workbook a period, and one for each of the last days."""

    source = "chitu"
    account = "tmall"
    shop = TMALL

    def end(self, period: Period) -> None:
        single_from = self.plan.last - timedelta(days=DAILY - 1)
        together = [row for row in self._rows if row.day < single_from]
        if together:
            self._write_period(period, together)
        for day in sorted({row.day for row in self._rows if row.day >= single_from}):
            self._write_day(day, [row for row in self._rows if row.day == day], period)

    def _write_period(self, period: Period, rows: list[AgentDay]) -> None:
        name = f"自定义报表_客服绩效_按天_{rows[0].day}至{rows[-1].day}.xlsx"
        book = Book(self.folder, name)
        sheet = book.sheet("客服绩效")
        is_old = period.first < self.plan.five_point_scale_since
        header = [OLD_NAMES.get(title, title) if is_old else title for title in HEADER]
        sheet.write(["日期", *header])
        self.accounting.skip(name, ENTITY)
        for row in rows:
            sheet.write([row.day, *cells(row)])
            self.accounting.load(name, ENTITY)
        if self.dirt:
            sheet.write([rows[-1].day, *cells(rows[-1])])
            self.accounting.repeat(name, ENTITY)
        for text in self.defects(name, ENTITY, BAD_COUNTS):
            spoiled = cells(rows[0])
            spoiled[2] = text
            sheet.write([rows[0].day, *spoiled])
            self.accounting.refuse(name, ENTITY, "bad_type")
        book.close()
        self.date_file(name, period.exported_at)

    def _write_day(self, day: date, rows: list[AgentDay], period: Period) -> None:
        name = f"自定义报表_客服绩效_默认_{day}至{day}.xlsx"
        book = Book(self.folder, name)
        sheet = book.sheet("客服绩效")
        sheet.write(HEADER)
        self.accounting.skip(name, ENTITY)
        is_late = day > self.plan.last - timedelta(days=LATE_DAYS)
        for row in rows:
            values = cells(row)
            if is_late:
                values[LATE_COLUMN] = "延迟统计"
            sheet.write(values)
            self.accounting.load(name, ENTITY)
        for title in SUMS if self.dirt else ():
            sheet.write([title, None, sum(row.consulted for row in rows)])
            self.accounting.skip(name, ENTITY, "summary_row")
        book.close()
        self.date_file(name, period.exported_at)


def cells(row: AgentDay) -> list[Any]:
    """The report's cells after the day; a mean without anything to divide by is `-`."""
    grades, served = row.grades, max(1, row.served)
    average = row.session_seconds // served
    return [
        row.employee.nickname, row.employee.login, row.consulted, row.served,
        row.served - row.handed_in if row.served > row.handed_in else row.served,
        row.handed_in, row.handed_out, row.buyer_messages + row.agent_messages,
        row.buyer_messages, row.agent_messages, _ratio(row.agent_messages, row.buyer_messages),
        row.characters, row.most_at_once, row.unanswered,
        _ratio(row.consulted - row.unanswered, row.consulted), row.slow, row.long,
        round(row.first_waits / served, 2), round(row.turn_waits / max(1, row.turns), 2),
        f"{average // 60}分{average % 60}秒", row.inquiring, row.sales / 100, row.pieces,
        row.buyers, len(row.orders), _ratio(row.buyers, row.inquiring),
        round(row.sales / 100 / row.buyers, 2) if row.buyers else "-",
        _ratio(row.rated, row.served), _ratio(grades[5] + grades[4], row.rated), grades[5],
        grades[4], grades[3], grades[2], grades[1], row.invited, row.rated,
        _ratio(min(row.invited, row.served), row.served), _ratio(row.rated, row.invited), 1,
    ]  # fmt: skip


def _ratio(part: int, whole: int) -> float | str:
    return round(part / whole, 4) if whole else "-"
