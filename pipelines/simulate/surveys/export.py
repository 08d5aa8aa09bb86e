"""Response lists as CSV: reminders repeat the response, late answers come in the next list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.company.contacts import Call
from pipelines.simulate.output.exporting import Export, stamp
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import CsvFile
from pipelines.simulate.surveys.answers import Answer, Panel

ENTITY = "responses"
HEADER = (
    "Response ID", "Survey type", "Ticket system", "Ticket account", "Ticket ID", "Contact",
    "Contact name", "Agent", "Team", "Sent at", "Answered at", "Score", "Scale min", "Scale max",
    "Best is high", "Comment", "Channel", "Language",
)  # fmt: skip
# (column, what stands there instead, why it is refused)
DEFECTS = (
    (HEADER.index("Score"), "five", "bad_type"),
    (HEADER.index("Sent at"), "yesterday", "bad_type"),
    (0, "", "missing_required"),
)
TWICE_EVERY = 59


class SurveysExport(Export):
    """Writes a list a period, in UTF-8 with a byte order mark."""

    source = "surveys"

    def __init__(self, root: Path, plan: CompanyPlan, *, dirt: bool = True) -> None:
        super().__init__(root, plan, dirt=dirt)
        self._panel = Panel(plan)
        self._waiting: list[Answer] = []
        self._listed_until = 0

    def begin(self, period: Period) -> None:
        """Lists are written at the end of their period."""

    def take(self, day: Day) -> None:
        for answer in self._panel.of_day(day):
            if answer.sent_at[0] < self.plan.ends_at:
                self._waiting.append(answer)
                self._count_true(answer)

    def end(self, period: Period) -> None:
        now = min(period.exported_at, self.plan.ends_at)
        file = CsvFile(self.folder, f"survey_responses_{period.label}.csv", HEADER, "utf-8-sig")
        rows = [row for answer in self._waiting for row in self._rows(answer, now)]
        self.accounting.skip(file.name, ENTITY)
        for position, row in enumerate(rows):
            file.write(row)
            self.accounting.load(file.name, ENTITY)
            if self.dirt and position % TWICE_EVERY == 1:
                file.write(row)
                self.accounting.repeat(file.name, ENTITY)
        for column, text, reason in self.defects(file.name, ENTITY, DEFECTS):
            bad = list(rows[0])
            bad[column] = text
            file.write(bad)
            self.accounting.refuse(file.name, ENTITY, reason)
        file.close()
        self.date_file(file.name, period.exported_at)
        self._listed_until = now
        self._waiting = [answer for answer in self._waiting if last_stamp(answer) >= now]

    def _rows(self, answer: Answer, now: int) -> list[list[Any]]:
        """What is new since the list before: invitations, reminders, the answer."""
        before = self._listed_until
        sent = [at for at in answer.sent_at if at < now]
        if not sent:
            return []
        is_answered = answer.answered_at is not None and answer.answered_at < now
        fresh = [at for at in sent if at >= before]
        if is_answered:
            rows = [row(answer, at, None) for at in fresh[:-1]]
            return [*rows, row(answer, sent[-1], answer.answered_at)]
        return [row(answer, at, None) for at in fresh]

    def _count_true(self, answer: Answer) -> None:
        end = self.plan.ends_at
        is_answered = answer.answered_at is not None and answer.answered_at < end
        kind, score = answer.kind, (answer.score or 0) if is_answered else 0
        self.count(ENTITY, rows=1, answered=is_answered)
        self.count(f"{ENTITY}_{kind}", rows=1, answered=is_answered, score_sum=score)


def last_stamp(answer: Answer) -> int:
    return answer.answered_at or answer.sent_at[-1]


def row(answer: Answer, sent_at: int, answered_at: int | None) -> list[Any]:
    contact, person = answer.contact, answer.person
    is_call = isinstance(contact, Call)
    ticket_id = "" if contact is None else (
        contact.contact_id if isinstance(contact, Call) else str(contact.session_id)
    )  # fmt: skip
    system = "" if contact is None else "amazon_connect" if is_call else "qiyu"
    employee = contact.employee if contact else None
    is_answered = answered_at is not None
    return [
        answer.response_id, answer.kind, system, "northwind" if contact else "", ticket_id,
        person.phone if is_call else person.login, f"客户{person.number}",
        employee.login if employee else "", employee.crew.name if employee else "",
        stamp(sent_at), stamp(answered_at) if answered_at is not None else "",
        answer.score if is_answered else "", *answer.scale, "Yes",
        answer.comment if is_answered else "",
        "phone" if is_call else "chat" if contact else "email",
        person.language,
    ]  # fmt: skip
