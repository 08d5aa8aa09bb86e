"""Who is asked, who is reminded, who answers what: satisfaction, recommendation, effort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from pipelines.simulate.centre.habits import DAY, HOUR
from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.company.contacts import Call, Chat
from pipelines.simulate.company.people import Person
from pipelines.simulate.company.phrases import remark

ASKED_FOR_NPS = 0.12
ANSWERS_NPS = 0.24
ASKED_FOR_EFFORT = 0.25
ANSWERS_EFFORT = 0.3
REMINDED = 0.5
COMMENTS = 0.3
REMINDED_AFTER = 3 * DAY
SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}


@dataclass(frozen=True)
class Answer:
    """One invitation with its reminders and, where there is one, the answer."""

    response_id: str
    kind: str
    person: Person
    contact: Chat | Call | None
    sent_at: tuple[int, ...]
    answered_at: int | None
    score: int | None
    comment: str

    @property
    def scale(self) -> tuple[int, int]:
        return SCALES[self.kind]


class Panel:
    """Asks after calls, after some chats, and some buyers."""

    def __init__(self, plan: CompanyPlan) -> None:
        self._rng = plan.rng("surveys")
        self._asked = 0

    def of_day(self, day: Day) -> Iterator[Answer]:
        rng = self._rng
        for call in day.calls:
            if call.grade is not None:
                grade = call.grade
                yield self._answer(
                    "csat", call.need.person, call, (grade.asked_at,), grade.answered_at,
                    grade.score, grade.remark,
                )  # fmt: skip
        for chat in day.chats:
            if chat.is_served and not chat.is_transferred and rng.random() < ASKED_FOR_EFFORT:
                yield self._ask(rng, "ces", chat.need.person, chat, chat.ended_at + HOUR)
        for order in day.orders:
            if order.finished_at is not None and rng.random() < ASKED_FOR_NPS:
                mood = 8.4 - 3.4 * order.is_faulty - 1.8 * order.is_late + rng.gauss(0, 1.8)
                yield self._ask(rng, "nps", order.person, None, order.finished_at + 2 * DAY, mood)

    def _ask(
        self,
        rng: Random,
        kind: str,
        person: Person,
        contact: Chat | None,
        sent_at: int,
        mood: float = 0.0,
    ) -> Answer:
        if contact is not None:
            turns = len(contact.turns)
            mood = 6.3 - 0.35 * turns - 1.6 * (not contact.is_resolved) + rng.gauss(0, 0.9)
            mood -= 0.6 * (contact.need.attempt - 1)
        low, high = SCALES[kind]
        chance = ANSWERS_NPS if kind == "nps" else ANSWERS_EFFORT
        sent = (sent_at, sent_at + REMINDED_AFTER) if rng.random() < REMINDED else (sent_at,)
        if rng.random() >= chance:
            return self._answer(kind, person, contact, sent, None, None, "")
        score = max(low, min(high, round(mood)))
        topic = contact.need.topic if contact else rng.choice(("delivery", "quality"))
        middle = 3 if mood < (low + high) / 2 + 0.8 else 5
        text = remark(rng, person.language, topic, middle) if rng.random() < COMMENTS else ""
        answered_at = sent[-1] + rng.randint(60, 2 * DAY)
        return self._answer(kind, person, contact, sent, answered_at, score, text)

    def _answer(
        self, kind: str, person: Person, contact: Chat | Call | None, sent_at: tuple[int, ...],
        answered_at: int | None, score: int | None, comment: str,
    ) -> Answer:  # fmt: skip
        self._asked += 1
        return Answer(
            f"R{self._asked:09d}", kind, person, contact, sent_at, answered_at, score, comment
        )
