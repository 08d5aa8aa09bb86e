"""Sessions as JSON with milliseconds since 1970 and -1 for what is not there.

A hand-over or transfer is a session of its own that names the one before. A session is pushed again
when its grade comes after its end: the first version lacks the grade.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.simulate.centre.calendars import local_midnight
from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.company.contacts import Chat
from pipelines.simulate.company.plan import HOME_ZONE
from pipelines.simulate.company.shops import CATEGORIES
from pipelines.simulate.output.exporting import Export, wall
from pipelines.simulate.output.lines import LineFile
from pipelines.simulate.output.periods import Period
from pipelines.simulate.truth.chats import ChatTally

Record = dict[str, Any]
ENTITY = "sessions"
NONE = -1
FIRST_VISITOR = 40_000_000
GRADES = {
    3: {5: 100, 4: 100, 3: 50, 2: 1, 1: 1},
    5: {5: 100, 4: 75, 3: 50, 2: 25, 1: 1},
}
NORMAL, LEFT_NOTE, QUEUE_TIMEOUT = 0, 1, 3
FROM_BOT, FROM_COLLEAGUE = 1, 4
CLOSED_BY = {
    "agent": 0,
    "customer": 1,
    "timeout": 2,
    "handover": 3,
    "transfer": 5,
    "queue": 101,
    "note": 1,
}
PUSHED_TWICE_EVERY = 67
PUSHED_LATE_SECONDS = 600


class Defect(NamedTuple):
    """A line that no loader may accept, and why."""

    line: bytes
    reason: str


DEFECTS = (
    Defect(b'{"id":7000000001,"startTime":17356\n', "not_json"),
    Defect(
        b'{"foreignId":"x","startTime":1767600000000,"interaction":0,"status":0}\n',
        "missing_required",
    ),
    Defect(
        b'{"id":"7.0E+09","foreignId":"x","startTime":1767600000000}\n', "id_in_scientific_notation"
    ),
    Defect(b'{"id":7000000004,"foreignId":"x","startTime":"2026-01-05 16:00:00"}\n', "bad_type"),
)


class QiyuExport(Export):
    """Writes a file of sessions a period."""

    source = "qiyu"

    def __init__(self, root: Path, plan: CompanyPlan, *, dirt: bool = True) -> None:
        super().__init__(root, plan, dirt=dirt)
        self._tally = ChatTally()

    def kpis(self) -> dict[str, Any]:
        return self._tally.as_record(local_midnight(self.plan.first, HOME_ZONE))

    def begin(self, period: Period) -> None:
        self._file = LineFile(self.folder, f"sessions_{period.label}.ndjson.gz")
        self._written = 0

    def take(self, day: Day) -> None:
        self._tally.add(day.chats)
        for chat in day.chats:
            self._count_true(chat)
            self._push(chat)

    def end(self, period: Period) -> None:
        for defect in self.defects(self._file.name, ENTITY, DEFECTS):
            self._file.write_line(defect.line)
            self.accounting.refuse(self._file.name, ENTITY, defect.reason)
        self._file.close()
        self.date_file(self._file.name, period.exported_at)

    def _push(self, chat: Chat) -> None:
        self._written += 1
        record = session_record(chat, self.plan.five_point_scale_since)
        if self.dirt and _is_graded_late(chat):
            early = session_record(replace(chat, grade=None), self.plan.five_point_scale_since)
            self._file.write(early)
            self.accounting.load(self._file.name, ENTITY)
        self._file.write(record)
        self.accounting.load(self._file.name, ENTITY)
        if self.dirt and self._written % PUSHED_TWICE_EVERY == 0:
            self._file.write(record)
            self.accounting.repeat(self._file.name, ENTITY)

    def _count_true(self, chat: Chat) -> None:
        is_rated = chat.grade is not None and chat.grade.score is not None
        self.count(
            ENTITY,
            rows=1,
            by_bot=chat.is_bot,
            by_person=chat.is_served,
            left_in_queue=chat.ended_by == "queue",
            notes=chat.ended_by == "note",
            transferred=chat.is_transferred,
            handed_over=chat.ended_by == "handover",
            resolved=chat.is_resolved,
            invited=chat.grade is not None,
            rated=is_rated,
            agent_messages=sum(m.author == "agent" for m in chat.messages),
            customer_messages=sum(m.author == "customer" for m in chat.messages),
        )


def session_record(chat: Chat, five_points_since: date) -> Record:
    """The session as it stands at the end."""
    need, employee = chat.need, chat.employee
    waits = [answered - opened for opened, answered in chat.turns if answered is not None]
    first = chat.first_reply_at
    said = [message.author for message in chat.messages]
    return {
        "id": chat.session_id,
        "foreignId": need.person.login,
        "userId": str(FIRST_VISITOR + need.person.number),
        "staffId": NONE if employee is None else int(employee.login),
        "staffName": "机器人" if chat.is_bot else employee.nickname if employee else "",
        "startTime": _ms(chat.started_at),
        "endTime": _ms(chat.ended_at),
        "inQueueTime": NONE if chat.queued_at is None else _ms(chat.queued_at),
        "staffFirstReplyTime": NONE if first is None else _ms(first),
        "fromType": chat.origin,
        "fromGroup": chat.crew.name if chat.crew else "",
        "fromPage": f"https://{need.shop.code}.northwind.example/",
        "fromIp": f"10.{need.person.number % 200}.{need.person.number // 200 % 200}.7",
        "interaction": int(chat.is_bot),
        "relatedId": chat.came_from.session_id if chat.came_from else 0,
        "relatedType": _relation(chat),
        "sType": {"queue": QUEUE_TIMEOUT, "note": LEFT_NOTE}.get(chat.ended_by, NORMAL),
        "closeReason": CLOSED_BY[chat.ended_by],
        "status": 1 if chat.is_resolved else 0,
        "userResolvedStatus": 0
        if chat.grade is None or chat.grade.score is None
        else 2 - chat.is_resolved,
        "category": CATEGORIES[need.topic],
        "isValid": int(bool(said) and ("agent" in said or chat.is_bot)),
        "firstReplyCost": NONE if first is None else 1000 * (first - chat.started_at),
        "avgRespDuration": 1000 * sum(waits) // len(waits) if waits else NONE,
        "roundNumber": len(waits),
        "staffMessageCount": said.count("agent") + said.count("bot"),
        "userMessageCount": said.count("customer"),
        **_evaluation(chat, five_points_since),
    }


def _is_graded_late(chat: Chat) -> bool:
    answered_at = chat.grade.answered_at if chat.grade else None
    return answered_at is not None and answered_at > chat.ended_at + PUSHED_LATE_SECONDS


def _relation(chat: Chat) -> int:
    if chat.came_from is None:
        return 0
    return FROM_BOT if chat.came_from.is_bot else FROM_COLLEAGUE


def _evaluation(chat: Chat, five_points_since: date) -> Record:
    """The grade means nothing without the kind of scale in force on that day."""
    scale = 5 if wall(chat.started_at).date() >= five_points_since else 3
    grade = chat.grade
    record: Record = {
        "evaluationType": scale,
        "evaluation": NONE,
        "evaluationRemark": "",
        "staffInvitedEvaluateTime": NONE if grade is None else _ms(grade.asked_at),
        "userJoinEvaluateTime": NONE,
    }
    if grade is not None and grade.score is not None and grade.answered_at is not None:
        record["evaluation"] = GRADES[scale][grade.score]
        record["evaluationRemark"] = grade.remark
        record["userJoinEvaluateTime"] = _ms(grade.answered_at)
    return record


def _ms(at: int) -> int:
    return at * 1000
