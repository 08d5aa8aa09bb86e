"""One workbook: targets by half-year, a benchmark set, performance reviews and measures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pipelines.simulate.company import Day
from pipelines.simulate.company.staff import Staff
from pipelines.simulate.output.exporting import Export
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import Book
from pipelines.simulate.targets.reviews import measures, talks

TARGET_HEADER = (
    "指标", "粒度", "对象", "开始日期", "结束日期", "目标值", "基准值", "基准类型", "权重", "单位",
    "负责人", "截止日期",
)  # fmt: skip
BENCHMARK_HEADER = ("指标", "标杆集", "企业", "截至日期", "数值", "单位", "来源")
TALK_HEADER = ("被考核工号", "考核周期", "周期开始", "面谈人", "面谈日期", "签字日期")
MEASURE_HEADER = (
    "措施编号", "指标", "改进措施", "负责人", "组别", "提出日期", "截止日期", "完成日期",
)  # fmt: skip
# (kpi, target, baseline, weight, unit)
TARGETS = (
    ("csat_score", 0.90, 0.82, 30, "rate"),
    ("resolution_rate", 0.88, 0.80, 20, "rate"),
    ("first_response_time", 3600, 7200, 10, "seconds"),
    ("avg_response_time", 1800, 3600, 10, "seconds"),
    ("sla_attainment_rate", 0.92, 0.85, 15, "rate"),
    ("reopen_rate", 0.06, 0.09, 5, "rate"),
    ("one_touch_rate", 0.45, 0.38, 5, "rate"),
    ("backlog_open", 60, 90, 5, "count"),
)
BENCHMARKS = {
    "csat_score": (0.92, 0.75, 0.88, 0.81, 0.90),
    "resolution_rate": (0.92, 0.68, 0.85, 0.79, 0.88),
    "avg_response_time": (15, 45, 22, 30, 18),
}
COMPANIES = ("头部A", "中小B", "头部C", "中小D", "头部E")
HALF_YEAR = 182
STEP = 0.01
VALUE_COLUMN = 5
BAD_VALUES = ("越高越好",)


class TargetsExport(Export):
    """Writes once, at the end."""

    source = "targets"

    def begin(self, period: Period) -> None:
        """Targets do not depend on what happens."""

    def take(self, day: Day) -> None:
        """Targets do not depend on what happens."""

    def end(self, period: Period) -> None:
        """See `finish`."""

    def finish(self) -> None:
        name = f"目标与标杆_{self.plan.last.year}.xlsx"
        book = Book(self.folder, name)
        sheet = book.sheet("目标")
        sheet.write(TARGET_HEADER)
        self.accounting.skip(name, "targets")
        rows = self._targets()
        for row in rows:
            sheet.write(row)
            self.accounting.load(name, "targets")
        for text in self.defects(name, "targets", BAD_VALUES):
            bad = list(rows[0])
            bad[VALUE_COLUMN] = text
            sheet.write(bad)
            self.accounting.refuse(name, "targets", "bad_type")
        if self.dirt:
            sheet.write(rows[0])
            self.accounting.repeat(name, "targets")
        self.count("targets", rows=len(rows))
        sheet = book.sheet("标杆")
        sheet.write(BENCHMARK_HEADER)
        self.accounting.skip(name, "benchmarks")
        for kpi_id, values in BENCHMARKS.items():
            unit = next(target[4] for target in TARGETS if target[0] == kpi_id)
            for company, value in zip(COMPANIES, values, strict=True):
                row = [kpi_id, "行业调研2025", company, date(2025, 12, 31), value, unit, "行业报告"]
                sheet.write(row)
                self.accounting.load(name, "benchmarks")
                self.count("benchmarks", rows=1)
        self._log(book, "绩效面谈", "reviews", TALK_HEADER, self._talks())
        self._log(book, "改进措施", "actions", MEASURE_HEADER, self._measures())
        book.close()
        self.date_file(name, self.plan.ends_at + 36_000)

    def _targets(self) -> list[list[Any]]:
        """Each half-year asks a little more of the rates."""
        rows: list[list[Any]] = []
        begins, number = self.plan.first.replace(day=1), 0
        while begins <= self.plan.last:
            ends = begins + timedelta(days=HALF_YEAR - 1)
            for kpi_id, target, baseline, weight, unit in TARGETS:
                value = round(target + STEP * number, 4) if unit == "rate" else target
                rows.append(
                    [kpi_id, "total", "all", begins, ends, value, baseline, "历史", weight, unit,
                     "客服总监", ends]
                )  # fmt: skip
            begins, number = ends + timedelta(days=1), number + 1
        return rows

    def _talks(self) -> list[list[Any]]:
        return [
            [t.employee.employee_no, t.period, t.period_start, t.reviewer, t.held_on, t.signed_on]
            for t in talks(self.plan, Staff(self.plan))
        ]

    def _measures(self) -> list[list[Any]]:
        return [
            [m.number, m.kpi_id, m.text, m.owner, m.team, m.opened_on, m.due_on, m.closed_on]
            for m in measures(self.plan)
        ]

    def _log(
        self, book: Book, title: str, entity: str, header: tuple[str, ...], rows: list[list[Any]]
    ) -> None:
        sheet = book.sheet(title)
        sheet.write(header)
        self.accounting.skip(book.name, entity)
        for row in rows:
            sheet.write(row)
            self.accounting.load(book.name, entity)
        self.count(entity, rows=len(rows))
