"""A ledger a year: pay by team, tools, telephone minutes, the course; and all other operating cost.

The sheet has a title line above its header and sums among its rows.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.company.staff import CREWS, Crew
from pipelines.simulate.output.exporting import Export
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import Book
from pipelines.simulate.workforce.people import COURSE_ID

ENTITY = "entries"
HEADER = (
    "凭证号", "入账日期", "费用类型", "部门", "渠道", "课程编号", "是否客服成本", "金额", "币种",
    "经办人",
)  # fmt: skip
PAY_AN_HOUR = {"zh": 42, "en": 96}
PAY_DURING_LEAVE = 1.18
TOOLS = {"zendesk": 9_600, "qiyu": 12_800, "connect": 3_500}
FEN_A_CALL_SECOND = 0.9
COURSE_COST = 100_000
SERVICE_SHARE = 0.15
CHANNELS = {
    "zendesk": "email", "qiyu": "chat", "connect": "phone", "qianniu": "marketplace",
    "jingmai": "marketplace", "pinduoduo": "marketplace",
}  # fmt: skip
AMOUNT_COLUMN = HEADER.index("金额")
BAD_AMOUNTS = ("待核",)
Month = tuple[int, int]


class CostsExport(Export):
    """Writes a workbook a year, from what was worked and called in each month."""

    source = "costs"

    def __init__(self, root: Path, plan: CompanyPlan, *, dirt: bool = True) -> None:
        super().__init__(root, plan, dirt=dirt)
        self._hours: dict[Month, dict[str, float]] = {}
        self._seconds: dict[Month, int] = {}
        self._rng = plan.rng("costs")

    def begin(self, period: Period) -> None:
        """The ledger is closed at the end of a year, not of a period."""

    def take(self, day: Day) -> None:
        month = day.day.year, day.day.month
        hours = self._hours.setdefault(month, {crew.code: 0.0 for crew in CREWS})
        for shift in day.shifts:
            hours[shift.employee.crew.code] += shift.hours
        seconds = sum(call.talk + call.hold for call in day.calls)
        self._seconds[month] = self._seconds.get(month, 0) + seconds

    def end(self, period: Period) -> None:
        """Nothing: see `finish`."""

    def finish(self) -> None:
        for year in sorted({year for year, _ in self._hours}):
            self._write_year(year)

    def _write_year(self, year: int) -> None:
        name = f"成本台账_{year}.xlsx"
        book = Book(self.folder, name)
        sheet = book.sheet("台账")
        sheet.write([f"北风户外 {year} 年成本台账（单位：元）"])
        sheet.write(HEADER)
        self.accounting.skip(name, ENTITY, "title_row")
        self.accounting.skip(name, ENTITY)
        row: list[Any] = []
        for month in sorted(month for month in self._hours if month[0] == year):
            total = 0.0
            for row in self._entries(month):
                sheet.write(row)
                self.accounting.load(name, ENTITY)
                amount, is_service = row[AMOUNT_COLUMN], row[6] == "是"
                total += amount
                cents = round(amount * 100)
                self.count(ENTITY, rows=1, cents=cents, service_cents=cents * is_service)
            if self.dirt:
                sheet.write([None, None, "合计", None, None, None, None, round(total, 2)])
                self.accounting.skip(name, ENTITY, "summary_row")
        if self.dirt and row:
            sheet.write(row)
            self.accounting.repeat(name, ENTITY)
        for text in self.defects(name, ENTITY, BAD_AMOUNTS):
            bad = list(row)
            bad[AMOUNT_COLUMN] = text
            sheet.write(bad)
            self.accounting.refuse(name, ENTITY, "bad_type")
        book.close()
        self.date_file(name, self.plan.ends_at + 36_000)

    def _entries(self, month: Month) -> list[list[Any]]:
        booked_on = min(_last_day(month), self.plan.last)
        rows = [
            self._entry(
                month, booked_on, "人员薪酬", crew,
                hours * PAY_AN_HOUR[crew.language] * PAY_DURING_LEAVE,
            )
            for crew in CREWS
            if (hours := self._hours[month][crew.code])
        ]  # fmt: skip
        crews = {crew.system: crew for crew in CREWS}
        for system, fee in TOOLS.items():
            rows.append(self._entry(month, booked_on, "系统软件", crews[system], fee))
        minutes = self._seconds[month] * FEN_A_CALL_SECOND / 100
        rows.append(self._entry(month, booked_on, "通讯费", crews["connect"], minutes))
        course_day = self.plan.course_day
        if (course_day.year, course_day.month) == month:
            course = self._entry(month, course_day, "培训", None, COURSE_COST)
            course[5] = COURSE_ID
            rows.append(course)
        service = sum(row[AMOUNT_COLUMN] for row in rows)
        other = service * (1 / SERVICE_SHARE - 1) * self._rng.uniform(0.9, 1.1)
        rows.append(self._entry(month, booked_on, "其他运营成本", None, other, is_service=False))
        return [[f"PZ{month[0]}{month[1]:02d}{n:03d}", *row[1:]] for n, row in enumerate(rows, 1)]

    def _entry(
        self, month: Month, booked_on: date, kind: str, crew: Crew | None, amount: float,
        *, is_service: bool = True,
    ) -> list[Any]:  # fmt: skip
        department = crew.department if crew else "客服中心" if is_service else "运营"
        return [
            None, booked_on, kind, department, CHANNELS[crew.system] if crew else None, None,
            "是" if is_service else "否", round(amount, 2), "CNY", "财务部",
        ]  # fmt: skip


def _last_day(month: Month) -> date:
    after = date(*month, 1) + timedelta(days=32)
    return date(after.year, after.month, 1) - timedelta(days=1)
