"""The course with its exams, and what the staff says when it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pipelines.simulate.company import CompanyPlan
from pipelines.simulate.company.staff import Employee, Staff

COURSE_ID = "C2025-01"
COURSE = "服务能力提升班"
COURSE_HOURS = 24
COURSE_DAYS = 28
INDUCTION_ID = "C0000-01"
INDUCTION = "新人入职培训"
INDUCTION_HOURS = 16
QUESTIONS = 50
PASS_MARK = 60
FULL_MARKS = 100
DIMENSIONS = ("环境", "工作内容", "薪酬", "成长")
RECOMMEND = "推荐度"
SURVEYED_EVERY_MONTHS = 3
ANSWERS_SURVEY = 0.82
AGREEMENT, RECOMMENDATION = (1, 5), (0, 10)


@dataclass(frozen=True)
class Attendance:
    employee: Employee
    course_id: str
    course: str
    started_on: date
    completed_on: date
    hours: int
    cohort: str


@dataclass(frozen=True)
class Exam:
    """`kind` is before or after; the same questions both times."""

    employee: Employee
    course_id: str
    kind: str
    attempt: int
    sat_on: date
    correct: int

    @property
    def score(self) -> int:
        return self.correct * FULL_MARKS // QUESTIONS

    @property
    def is_passed(self) -> bool:
        return self.score >= PASS_MARK


@dataclass(frozen=True)
class Opinion:
    """One answer of one person; who it was is known to nobody."""

    survey_id: str
    respondent: str
    asked_on: date
    team: str
    dimension: str
    question: str
    score: int
    scale: tuple[int, int]


def attendances(plan: CompanyPlan, staff: Staff) -> list[Attendance]:
    """The course of the trained group, and the induction of everybody hired since the start."""
    course_from = plan.course_day - timedelta(days=COURSE_DAYS)
    rows = []
    for one in staff.everybody:
        if one.is_trained and one.is_employed(plan.course_day):
            rows.append(
                Attendance(
                    one, COURSE_ID, COURSE, course_from, plan.course_day, COURSE_HOURS, "实验组"
                )
            )
        done_on = one.hired_on + timedelta(days=4)
        if one.hired_on >= plan.first and one.is_employed(done_on) and done_on <= plan.last:
            rows.append(
                Attendance(
                    one, INDUCTION_ID, INDUCTION, one.hired_on, done_on, INDUCTION_HOURS, "新人"
                )
            )
    return rows


def exams(plan: CompanyPlan, staff: Staff) -> list[Exam]:
    """Everybody sits both tests; who fails the second one sits it again."""
    rng = plan.rng("exams")
    before, after = plan.course_day - timedelta(days=COURSE_DAYS + 2), plan.course_day
    rows = []
    for one in staff.everybody:
        if not (one.is_employed(before) and one.is_employed(after + timedelta(days=14))):
            continue
        rows.append(Exam(one, COURSE_ID, "前测", 1, before, _correct(rng, one, before, 0.0)))
        gain = 0.2 if one.is_trained else 0.03
        second = Exam(one, COURSE_ID, "后测", 1, after, _correct(rng, one, before, gain))
        rows.append(second)
        if not second.is_passed:
            again = after + timedelta(days=10)
            correct = _correct(rng, one, before, gain + 0.1)
            rows.append(Exam(one, COURSE_ID, "后测", 2, again, correct))
    return rows


def opinions(plan: CompanyPlan, staff: Staff) -> Iterator[Opinion]:
    """A survey a quarter: pay falls behind, growth gains by the course."""
    rng = plan.rng("employee survey")
    months = sorted({(day.year, day.month) for day in plan.dates})
    for year, month in months[SURVEYED_EVERY_MONTHS - 1 :: SURVEYED_EVERY_MONTHS]:
        asked_on = date(year, month, 20)
        if not plan.first <= asked_on <= plan.last:
            continue
        survey_id = f"ES{year}{month:02d}"
        for one in staff.employed(asked_on):
            if rng.random() < ANSWERS_SURVEY:
                respondent = f"{survey_id}-{rng.getrandbits(40):010x}"
                yield from _answers(rng, plan, one, survey_id, respondent, asked_on)


def _answers(
    rng: Random, plan: CompanyPlan, one: Employee, survey_id: str, respondent: str, asked_on: date
) -> Iterator[Opinion]:
    has_learned = one.is_trained and asked_on > plan.course_day
    levels = {
        "环境": 3.9,
        "工作内容": 3.6,
        "薪酬": 3.3 - 0.5 * plan.progress(asked_on),
        "成长": 3.3 + 0.6 * has_learned,
    }
    for dimension in DIMENSIONS:
        score = max(1, min(5, round(levels[dimension] + rng.gauss(0, 0.8))))
        yield Opinion(
            survey_id, respondent, asked_on, one.crew.name, dimension, f"您对{dimension}满意吗？",
            score, AGREEMENT,
        )  # fmt: skip
    willing = max(0, min(10, round(6.8 + 1.2 * has_learned + rng.gauss(0, 2))))
    yield Opinion(
        survey_id, respondent, asked_on, one.crew.name, RECOMMEND, "您愿意推荐朋友来工作吗？",
        willing, RECOMMENDATION,
    )  # fmt: skip


def _correct(rng: Random, one: Employee, day: date, gain: float) -> int:
    share = 0.62 + 0.18 * one.ability(day) + gain + rng.gauss(0, 0.07)
    return max(5, min(QUESTIONS, round(QUESTIONS * share)))
