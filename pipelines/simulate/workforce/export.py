"""A workbook of people at the end, and one of shifts a period; rest days have no times."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.company.roster import Shift
from pipelines.simulate.company.staff import Employee, Staff
from pipelines.simulate.output.exporting import Export, wall
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import Book, Sheet
from pipelines.simulate.workforce.people import (
    FULL_MARKS,
    PASS_MARK,
    QUESTIONS,
    attendances,
    exams,
    opinions,
)

SHEETS = {
    "roster": ("花名册", "工号 姓名 部门 组别 当前级别 岗位 入职日期 离职日期 生效日期"),
    "logins": ("账号对照", "工号 系统 店铺 登录名 启用日期 停用日期"),
    "trainings": ("培训记录", "工号 课程编号 课程名称 开始日期 完成日期 培训时长(小时) 批次"),
    "exams": (
        "考试成绩",
        "工号 课程编号 考试类型 次数 考试日期 成绩 满分 及格分 答对题数 题数 是否通过",
    ),
    "employee_survey": (
        "员工满意度",
        "问卷编号 答卷人 题目 维度 调查日期 组别 得分 最低分 最高分",
    ),
    "hr_events": ("人事变动", "工号 姓名 事件 事件日期 组别 是否主动 是否试用期"),
    "shifts": ("排班", "工号 员工姓名 排班日期 上班 下班 时数 班别"),
}
REST = "休息"
TRIAL_DAYS = 90
SYSTEMS = {
    "zendesk": ("zendesk", "northwind"),
    "qiyu": ("qiyu", "northwind"),
    "connect": ("amazon_connect", "northwind"),
    "qianniu": ("chitu", "tmall"),
    "jingmai": ("jingmai", "jd"),
    "pinduoduo": ("pinduoduo", "pdd"),
}
# By entity: (column, what stands there instead, why it is refused).
DEFECTS: dict[str, tuple[tuple[int, Any, str], ...]] = {
    "roster": ((0, None, "missing_required"), (6, "去年春天", "bad_type")),
    "exams": ((5, "优秀", "bad_type"),),
    "hr_events": ((3, "待定", "bad_type"),),
    "employee_survey": ((4, "第三季度", "bad_type"),),
}


class WorkforceExport(Export):
    """Needs the staff, since who is employed is not told by what happens."""

    source = "workforce"

    def __init__(self, root: Path, plan: CompanyPlan, staff: Staff, *, dirt: bool = True) -> None:
        super().__init__(root, plan, dirt=dirt)
        self._staff = staff

    def begin(self, period: Period) -> None:
        self._book = Book(self.folder, f"排班表_{period.label}.xlsx")
        self._shifts = self._begin_sheet(self._book, "shifts")

    def take(self, day: Day) -> None:
        shifts = {shift.employee: shift for shift in day.shifts}
        for employee in self._staff.employed(day.day):
            row = shift_row(employee, day.day, shifts.get(employee))
            self._shifts.write(row)
            self.accounting.load(self._book.name, "shifts")
            self.count("shifts", rows=1, worked=employee in shifts)

    def end(self, period: Period) -> None:
        self._book.close()
        self.date_file(self._book.name, period.exported_at)

    def finish(self) -> None:
        super().finish()
        plan, staff = self.plan, self._staff
        book = Book(self.folder, f"人员信息_{plan.last}.xlsx")
        sat = exams(plan, staff)
        rows = {
            "roster": [roster_row(one) for one in staff.everybody],
            "logins": [login_row(one) for one in staff.everybody],
            "trainings": [
                [a.employee.employee_no, a.course_id, a.course, a.started_on, a.completed_on,
                 a.hours, a.cohort]
                for a in attendances(plan, staff)
            ],
            "exams": [
                [e.employee.employee_no, e.course_id, e.kind, e.attempt, e.sat_on, e.score,
                 FULL_MARKS, PASS_MARK, e.correct, QUESTIONS, "通过" if e.is_passed else "未通过"]
                for e in sat
            ],
            "employee_survey": [
                [o.survey_id, o.respondent, o.question, o.dimension, o.asked_on, o.team, o.score,
                 *o.scale]
                for o in opinions(plan, staff)
            ],
            "hr_events": self._events(),
        }  # fmt: skip
        for entity, lines in rows.items():
            self._write_sheet(book, entity, lines)
            self.count(entity, rows=len(lines))
        self.count("exams", passed=sum(exam.is_passed for exam in sat))
        self.count("hr_events", left=sum(one.left_on is not None for one in staff.everybody))
        book.close()
        self.date_file(book.name, plan.ends_at + 36_000)

    def _begin_sheet(self, book: Book, entity: str) -> Sheet:
        title, header = SHEETS[entity]
        sheet = book.sheet(title)
        sheet.write(header.split())
        self.accounting.skip(book.name, entity)
        return sheet

    def _write_sheet(self, book: Book, entity: str, rows: list[list[Any]]) -> None:
        sheet = self._begin_sheet(book, entity)
        for row in rows:
            sheet.write(row)
            self.accounting.load(book.name, entity)
        for column, cell, reason in self.defects(book.name, entity, DEFECTS.get(entity, ())):
            bad = list(rows[0])
            bad[column] = cell
            sheet.write(bad)
            self.accounting.refuse(book.name, entity, reason)
        if self.dirt and rows:
            sheet.write(rows[-1])
            self.accounting.repeat(book.name, entity)

    def _events(self) -> list[list[Any]]:
        rows = []
        for one in self._staff.everybody:
            if one.hired_on >= self.plan.first:
                rows.append(_event(one, "入职", one.hired_on, None))
            if one.left_on is not None:
                rows.append(_event(one, "离职", one.left_on, one.leave_reason == "resigned"))
        return rows


def shift_row(employee: Employee, day: date, shift: Shift | None) -> list[Any]:
    if shift is None:
        return [employee.employee_no, employee.name, day, None, None, None, REST]
    # A sheet has the local times of the place where it is kept.
    start, end = wall(shift.starts_at).time(), wall(shift.ends_at).time()
    return [employee.employee_no, employee.name, day, start, end, shift.hours, shift.name]


def roster_row(one: Employee) -> list[Any]:
    crew = one.crew
    role = "客服代表" if crew.language == "zh" else "Agent"
    return [
        one.employee_no, one.name, crew.department, crew.name, one.level, role, one.hired_on,
        one.left_on, one.hired_on,
    ]  # fmt: skip


def login_row(one: Employee) -> list[Any]:
    system, account = SYSTEMS[one.crew.system]
    login = one.nickname if system == "chitu" else one.login
    return [one.employee_no, system, account, login, one.hired_on, one.left_on]


def _event(one: Employee, kind: str, day: date, is_voluntary: bool | None) -> list[Any]:
    trial = day - one.hired_on < timedelta(days=TRIAL_DAYS)
    voluntary = None if is_voluntary is None else "是" if is_voluntary else "否"
    return [one.employee_no, one.name, kind, day, one.crew.name, voluntary, "是" if trial else "否"]
