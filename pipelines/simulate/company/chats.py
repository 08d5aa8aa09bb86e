"""The chat tool: a bot first, then a queue, then a person, sometimes a second one."""

from __future__ import annotations

import math
from datetime import date
from heapq import heapify, heappop, heappush

from pipelines.simulate.centre.habits import around, within
from pipelines.simulate.company import opinions, phrases
from pipelines.simulate.company.contacts import Chat, Message, Need
from pipelines.simulate.company.floor import Floor, Seat
from pipelines.simulate.company.plan import CompanyPlan
from pipelines.simulate.company.staff import CHAT, EXPERTS, Crew

FIRST_SESSION_ID = 6_000_000_001
ORIGINS = ("web", "wx_ma", "wx", "ios", "android")
ORIGIN_WEIGHTS = (0.22, 0.34, 0.14, 0.17, 0.13)
MEETS_BOT = 0.72
CONTENT_WITH_BOT = 0.27
LEAVES_BOT_IN_SILENCE = 0.13
BOT_TIMEOUT = 300
MEDIAN_PATIENCE = 150
LEAVES_BEFORE_ANSWER = 0.02
GOES_ON = 0.66
BUSY_ELSEWHERE = 0.3
OTHER_WORK = 45
TRANSFERRED = {"quality": 0.16, "warranty": 0.14, "return": 0.06}
ENDS_IN_SILENCE = 0.3
OFFERED_SURVEY = 0.8
ANSWERS_SURVEY = 0.36
IDLE_BEFORE_CLOSING = 120
Entry = tuple[int, int, Need, Chat | None, Crew]


class ChatHall:
    """Everything that happens in the chat tool, one local day at a time."""

    def __init__(self, plan: CompanyPlan) -> None:
        self._rng = plan.rng("chats")
        self._sessions = 0
        self._asked = 0
        self._entries: list[Entry] = []
        self._chats: list[Chat] = []
        self._floors: dict[str, Floor] = {}
        self._day = plan.first

    def of_day(
        self, day: date, arrivals: list[tuple[int, Need]], floors: dict[str, Floor]
    ) -> list[Chat]:
        """The sessions of a day in the order of their beginning.

        Args:
            day: the local day.
            arrivals: who comes when.
            floors: by crew code, for the chat team and its experts.
        """
        self._day, self._floors = day, floors
        self._chats, self._entries = [], []
        for at, need in arrivals:
            if self._rng.random() < MEETS_BOT or not floors[CHAT.code].is_open(at):
                self._meet_bot(at, need)
            else:
                self._queue(at, need, None, CHAT)
        heapify(self._entries)
        while self._entries:
            at, _, need, came_from, crew = heappop(self._entries)
            self._serve(at, need, came_from, crew)
        return sorted(self._chats, key=lambda chat: chat.started_at)

    def _queue(self, at: int, need: Need, came_from: Chat | None, crew: Crew) -> None:
        self._asked += 1
        heappush(self._entries, (at, self._asked, need, came_from, crew))

    def _open(
        self, need: Need, crew: Crew | None, queued_at: int | None, started_at: int,
        came_from: Chat | None,
    ) -> Chat:  # fmt: skip
        self._sessions += 1
        origin = came_from.origin if came_from else self._rng.choices(ORIGINS, ORIGIN_WEIGHTS)[0]
        chat = Chat(
            FIRST_SESSION_ID + self._sessions, need, origin, crew, None, queued_at, started_at,
            started_at, "agent", came_from,
        )  # fmt: skip
        self._chats.append(chat)
        return chat

    def _meet_bot(self, at: int, need: Need) -> None:
        rng = self._rng
        chat = self._open(need, None, None, at, None)
        asked_at = at + rng.randint(1, 8)
        question = phrases.QUESTIONS["zh"][need.topic]
        chat.messages = [
            Message(asked_at, "customer", question),
            Message(asked_at + 1, "bot", phrases.BOT_ANSWER),
        ]
        point = rng.random()
        if point < LEAVES_BOT_IN_SILENCE:
            chat.ended_at, chat.ended_by = asked_at + BOT_TIMEOUT, "timeout"
        elif point < LEAVES_BOT_IN_SILENCE + CONTENT_WITH_BOT:
            chat.ended_at, chat.ended_by = asked_at + rng.randint(20, 200), "customer"
            chat.is_resolved = True
        else:
            wish_at = asked_at + rng.randint(10, 90)
            chat.messages.append(Message(wish_at, "customer", phrases.BOT_WISH))
            chat.ended_at, chat.ended_by = wish_at + 1, "handover"
            self._queue(chat.ended_at, need, chat, CHAT)

    def _leave_note(self, at: int, need: Need, came_from: Chat | None, crew: Crew) -> None:
        """Nobody is there any more: a form takes the question, and nobody answers here."""
        chat = self._open(need, crew, None, at, came_from)
        chat.ended_at, chat.ended_by = at + self._rng.randint(20, 120), "note"
        chat.messages = [Message(at, "customer", phrases.QUESTIONS["zh"][need.topic])]

    def _serve(self, at: int, need: Need, came_from: Chat | None, crew: Crew) -> None:
        rng, floor = self._rng, self._floors[crew.code]
        if not floor.is_open(at):
            self._leave_note(at, need, came_from, crew)
            return
        patience = 15 + around(MEDIAN_PATIENCE, 0.7, rng)
        pause = within(OTHER_WORK, rng) if rng.random() < BUSY_ELSEWHERE else rng.randint(0, 3)
        seat = floor.take(at, patience, pause)
        if seat is None:
            chat = self._open(need, crew, at, at, came_from)
            chat.ended_at, chat.ended_by = at + patience, "queue"
            chat.messages = [Message(at, "customer", phrases.QUESTIONS["zh"][need.topic])]
            return
        chat = self._open(need, crew, at, seat.starts_at, came_from)
        chat.employee = seat.employee
        self._talk(chat, seat)
        floor.release(seat, chat.ended_at)

    def _talk(self, chat: Chat, seat: Seat) -> None:
        rng, need = self._rng, chat.need
        ability = seat.employee.ability(self._day)
        pace = math.exp(-0.35 * ability)
        at = chat.started_at + rng.randint(0, 4)
        chat.messages = [Message(at, "customer", phrases.QUESTIONS["zh"][need.topic])]
        if rng.random() < LEAVES_BEFORE_ANSWER:
            chat.ended_at, chat.ended_by = at + rng.randint(20, 90), "customer"
            return
        at += 5 + within(20 * pace, rng)
        chat.messages.append(Message(at, "agent", rng.choice(phrases.ANSWERS)))
        while rng.random() < GOES_ON:
            at += 8 + within(35, rng)
            chat.messages.append(Message(at, "customer", rng.choice(phrases.FOLLOW_UPS)))
            at += 6 + within(28 * pace, rng)
            chat.messages.append(Message(at, "agent", rng.choice(phrases.ANSWERS)))
        if chat.crew is CHAT and rng.random() < TRANSFERRED.get(need.topic, 0.015):
            chat.ended_at, chat.ended_by, chat.is_transferred = at + 5, "transfer", True
            self._queue(chat.ended_at, need, chat, EXPERTS)
            return
        is_idle = rng.random() < ENDS_IN_SILENCE
        chat.ended_at = at + (IDLE_BEFORE_CLOSING if is_idle else rng.randint(5, 60))
        chat.ended_by = "timeout" if is_idle else "agent"
        chat.is_resolved = opinions.is_resolved(rng, need.topic, ability)
        self._ask_opinion(chat, ability)

    def _ask_opinion(self, chat: Chat, ability: float) -> None:
        is_offered = self._rng.random() < OFFERED_SURVEY
        if not is_offered or chat.queued_at is None or chat.first_reply_at is None:
            return
        chat.grade = opinions.grade(
            self._rng, chat.ended_at, language="zh", topic=chat.need.topic, ability=ability,
            waited=chat.first_reply_at - chat.queued_at, resolved=chat.is_resolved,
            attempt=chat.need.attempt, answers=ANSWERS_SURVEY,
        )  # fmt: skip
