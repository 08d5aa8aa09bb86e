"""Sheets of reviews, deductions side by side; an appeal comes as a newer row of the same review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.company.contacts import Call
from pipelines.simulate.output.exporting import Export, wall, wall_text
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import Book
from pipelines.simulate.quality.reviews import EXAMPLE_FROM, FULL_MARKS, QualityTeam, Review

ENTITY = "reviews"
MOST_FAULTS, MOST_BONUSES = 5, 2
HEADER = (
    "id", "kf_id", "qc_user_id", "会话编号", "source", "question_type", "qc_type", "qc_level",
    "qc_score", "满分", "致命项", "comments", "kf_is_solve", "question_is_solve", "is_example",
    "申诉状态", "server_start", "server_end", "create_time", "update_time", "is_del",
    *(f"{title}{n}" for n in range(1, MOST_FAULTS + 1) for title in ("扣分原因", "扣分")),
    *(f"{title}{n}" for n in range(1, MOST_BONUSES + 1) for title in ("加分原因", "加分")),
)  # fmt: skip
# (column, what stands there instead, why it is refused)
DEFECTS: tuple[tuple[int, Any, str], ...] = (
    (HEADER.index("qc_score"), "优秀", "bad_type"),
    (1, None, "missing_required"),
)
TWICE_EVERY = 37


class QualityExport(Export):
    """Writes a workbook a period; a review stands in the period in which it was last changed."""

    source = "quality"

    def __init__(self, root: Path, plan: CompanyPlan, *, dirt: bool = True) -> None:
        super().__init__(root, plan, dirt=dirt)
        self._team = QualityTeam(plan)
        self._waiting: list[Review] = []

    def begin(self, period: Period) -> None:
        """Sheets are written at the end of their period."""

    def take(self, day: Day) -> None:
        for versions in self._team.of_day(day):
            self._waiting += versions
            last = versions[-1]
            self.count(
                ENTITY,
                rows=1,
                deleted=last.is_deleted,
                appealed=len(versions) > 1,
                kept=not last.is_deleted,
                kept_score_sum=0 if last.is_deleted else last.score,
                kept_fatal=last.is_fatal and not last.is_deleted,
            )

    def end(self, period: Period) -> None:
        now = min(period.exported_at, self.plan.ends_at)
        rows = [review_row(review) for review in self._waiting if review.updated_at < now]
        self._waiting = [review for review in self._waiting if review.updated_at >= now]
        if not rows:
            return
        name = f"质检表_{period.label}.xlsx"
        book = Book(self.folder, name)
        sheet = book.sheet("质检明细")
        sheet.write(HEADER)
        self.accounting.skip(name, ENTITY)
        for position, row in enumerate(rows):
            sheet.write(row)
            self.accounting.load(name, ENTITY)
            if self.dirt and position % TWICE_EVERY == 1:
                sheet.write(row)
                self.accounting.repeat(name, ENTITY)
        for column, cell, reason in self.defects(name, ENTITY, DEFECTS):
            bad = list(rows[0])
            bad[column] = cell
            sheet.write(bad)
            self.accounting.refuse(name, ENTITY, reason)
        book.close()
        self.date_file(name, period.exported_at)


def review_row(review: Review) -> list[Any]:
    contact = review.contact
    is_call = isinstance(contact, Call)
    session = contact.contact_id if isinstance(contact, Call) else str(contact.session_id)
    begun_at = contact.initiated_at if isinstance(contact, Call) else contact.started_at
    is_solved = int(contact.is_resolved)
    faults = [(name, -points) for name, points in review.faults[:MOST_FAULTS]]
    pairs = [*faults, *[(None, None)] * (MOST_FAULTS - len(faults))]
    pairs += [*review.bonuses, *[(None, None)] * (MOST_BONUSES - len(review.bonuses))]
    return [
        str(review.review_id), review.employee.employee_no, review.reviewer, session,
        "热线" if is_call else "在线", contact.need.topic, "人工质检V2", review.level,
        review.score, FULL_MARKS, "是" if review.is_fatal else "否",
        f"回访客户{contact.need.person.number}",
        is_solved, is_solved, int(review.score >= EXAMPLE_FROM), review.appeal,
        wall(begun_at), wall(contact.ended_at), wall_text(review.reviewed_at),
        wall_text(review.updated_at), int(review.is_deleted),
        *(cell for pair in pairs for cell in pair),
    ]  # fmt: skip
