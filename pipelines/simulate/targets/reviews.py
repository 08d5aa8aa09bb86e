"""Who was spoken to about the month, and what was done about what fell short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pipelines.simulate.company import CompanyPlan
from pipelines.simulate.company.staff import CREWS, Employee, Staff

PERIODS = {"月度": 1, "季度": 3, "半年度": 6}
HELD = 0.9
SIGNED = 0.93
ACTIONS_A_MONTH = 3
DAYS_TO_DO = (20, 60)
CLOSED = 0.85
DAYS_LATE = (-15, 12)
MEASURES = (
    ("csat_score", "复盘差评并更新话术"),
    ("first_response_time", "高峰时段增加排班"),
    ("resolution_rate", "梳理升级流程"),
    ("reopen_rate", "解决后回访确认"),
    ("qa_score", "每周质检案例分享"),
)


@dataclass(frozen=True)
class Talk:
    """One performance review of one employee; signed by both, or not yet."""

    employee: Employee
    period: str
    period_start: date
    reviewer: str
    held_on: date | None
    signed_on: date | None


@dataclass(frozen=True)
class Measure:
    """One measure of improvement."""

    number: str
    kpi_id: str
    text: str
    owner: str
    team: str
    opened_on: date
    due_on: date
    closed_on: date | None


def talks(plan: CompanyPlan, staff: Staff) -> Iterator[Talk]:
    """After each month, quarter and half-year of the plan, with everybody who is still there."""
    rng = plan.rng("performance reviews")
    for month in _months(plan):
        for period, length in PERIODS.items():
            if (month.month - 1) % length:
                continue
            ended_on = _later(month, length)
            for one in staff.everybody:
                if ended_on <= plan.last and one.is_employed(ended_on - timedelta(days=1)):
                    yield _talk(rng, plan, one, period, month, ended_on)


def measures(plan: CompanyPlan) -> Iterator[Measure]:
    """A few every month, from one of the teams each."""
    rng = plan.rng("measures")
    number = 0
    for month in _months(plan):
        for _ in range(ACTIONS_A_MONTH):
            number += 1
            kpi_id, text = rng.choice(MEASURES)
            crew = rng.choice(CREWS)
            opened_on = month + timedelta(days=rng.randint(1, 25))
            due_on = opened_on + timedelta(days=rng.randint(*DAYS_TO_DO))
            closed_on = due_on + timedelta(days=rng.randint(*DAYS_LATE))
            is_closed = rng.random() < CLOSED and closed_on <= plan.last
            if opened_on <= plan.last:
                yield Measure(
                    f"GJ{number:03d}", kpi_id, text, f"{crew.name}组长", crew.name, opened_on,
                    due_on, closed_on if is_closed else None,
                )  # fmt: skip


def _talk(
    rng: Random, plan: CompanyPlan, one: Employee, period: str, month: date, ended_on: date
) -> Talk:
    held_on = ended_on + timedelta(days=rng.randint(1, 9)) if rng.random() < HELD else None
    signed_on = None
    if held_on is not None and rng.random() < SIGNED:
        signed_on = held_on + timedelta(days=rng.randint(0, 4))
    known = [day if day is not None and day <= plan.last else None for day in (held_on, signed_on)]
    return Talk(one, period, month, f"{one.crew.name}组长", *known)


def _months(plan: CompanyPlan) -> Iterator[date]:
    month = plan.first.replace(day=1)
    while month <= plan.last:
        yield month
        month = _later(month, 1)


def _later(month: date, months: int) -> date:
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
