"""Which contacts are reviewed, what is found, and what an appeal changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from pipelines.simulate.centre.habits import DAY, HOUR
from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.company.contacts import Call, Chat
from pipelines.simulate.company.opinions import logistic
from pipelines.simulate.company.staff import Employee

# Few people review about as many contacts whatever the size of the company, up to a point.
REVIEWS_WANTED = 2_000
SAMPLED = (0.05, 0.35)
REVIEWED_TWICE = 0.1
APPEALED = 0.08
APPEAL_WINS = 0.45
DELETED = 0.01
EXAMPLE_FROM = 98
FULL_MARKS = 100
# (what was wrong, points, how likely for an average agent)
FAULTS = (
    ("服务态度", 10, 0.07),
    ("业务知识错误", 15, 0.10),
    ("响应不及时", 5, 0.14),
    ("未使用规范话术", 3, 0.2),
    ("未核实客户信息", 8, 0.05),
)
FATAL = ("泄露客户信息", 100, 0.008)
BONUSES = (("主动关怀", 3, 0.08), ("成功挽留", 5, 0.04))
REVIEWERS = ("QC01", "QC02", "QC03", "QC04")
LEVELS = ((90, "优"), (80, "良"), (60, "合格"), (0, "差"))


@dataclass(frozen=True)
class Review:
    """One version of a review; `score` is never below zero."""

    review_id: int
    reviewer: str
    employee: Employee
    contact: Chat | Call
    faults: tuple[tuple[str, int], ...]
    bonuses: tuple[tuple[str, int], ...]
    is_fatal: bool
    appeal: str
    reviewed_at: int
    updated_at: int
    is_deleted: bool

    @property
    def score(self) -> int:
        lost = sum(points for _, points in self.faults)
        won = sum(points for _, points in self.bonuses)
        return 0 if self.is_fatal else max(0, min(FULL_MARKS, FULL_MARKS - lost + won))

    @property
    def level(self) -> str:
        return next(name for least, name in LEVELS if self.score >= least)


class QualityTeam:
    """Reviews a sample of each day's contacts."""

    def __init__(self, plan: CompanyPlan) -> None:
        self._rng = plan.rng("reviews")
        self._ends_at = plan.ends_at
        self._reviews = 0
        self._share = max(SAMPLED[0], min(SAMPLED[1], REVIEWS_WANTED / plan.contacts))

    def of_day(self, day: Day) -> Iterator[list[Review]]:
        """The versions of each review, oldest first; only what is known by the end."""
        rng = self._rng
        contacts: list[Chat | Call] = [*day.chats, *day.calls]
        for contact in contacts:
            if contact.employee is None or rng.random() >= self._share:
                continue
            reviewers = rng.sample(REVIEWERS, 2 if rng.random() < REVIEWED_TWICE else 1)
            for reviewer in reviewers:
                versions = self._review(day, contact, contact.employee, reviewer, rng)
                known = [v for v in versions if v.updated_at < self._ends_at]
                if known:
                    yield known

    def _review(
        self, day: Day, contact: Chat | Call, employee: Employee, reviewer: str, rng: Random
    ) -> list[Review]:
        self._reviews += 1
        ease = logistic(-1.6 * employee.ability(day.day))
        faults = tuple((n, p) for n, p, chance in FAULTS if rng.random() < 2 * chance * ease)
        is_fatal = rng.random() < 2 * FATAL[2] * ease
        reviewed_at = contact.ended_at + rng.randint(12 * HOUR, 5 * DAY)
        first = Review(
            80_000 + self._reviews, reviewer, employee, contact,
            (FATAL[:2], *faults)[0 if is_fatal else 1 :],
            tuple((n, p) for n, p, chance in BONUSES if rng.random() < chance),
            is_fatal, "无", reviewed_at, reviewed_at, rng.random() < DELETED,
        )  # fmt: skip
        if not first.faults or rng.random() >= APPEALED:
            return [first]
        decided_at = reviewed_at + rng.randint(DAY, 12 * DAY)
        if rng.random() < APPEAL_WINS:
            kept, is_still_fatal, outcome = first.faults[1:], False, "申诉成功"
        else:
            kept, is_still_fatal, outcome = first.faults, first.is_fatal, "申诉驳回"
        last = Review(
            first.review_id, reviewer, employee, contact, kept, first.bonuses, is_still_fatal,
            outcome, reviewed_at, decided_at, first.is_deleted,
        )  # fmt: skip
        return [first, last]
