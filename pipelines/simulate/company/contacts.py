"""What happens between a customer and the company, as it really was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.simulate.company.orders import Order
from pipelines.simulate.company.people import Person
from pipelines.simulate.company.shops import Shop
from pipelines.simulate.company.staff import Crew, Employee


class Message(NamedTuple):
    """One line of a chat; `author` is customer, agent or bot."""

    at: int
    author: str
    text: str


class Grade(NamedTuple):
    """What a customer said about a contact: 1 to 5, five is best."""

    asked_at: int
    answered_at: int | None
    score: int | None
    remark: str


@dataclass(eq=False, slots=True)
class Need:
    """What somebody wants: it may take several contacts to settle."""

    person: Person
    shop: Shop
    topic: str
    order: Order | None
    attempt: int = 1


@dataclass(eq=False, slots=True)
class Chat:
    """One session: with the bot, with a person, or with nobody because none came in time.

    `came_from` is the session before a hand-over or transfer; `ended_by` is agent, customer,
    timeout, handover, transfer, queue or note.
    """

    session_id: int
    need: Need
    origin: str
    crew: Crew | None
    employee: Employee | None
    queued_at: int | None
    started_at: int
    ended_at: int
    ended_by: str
    came_from: Chat | None = None
    is_transferred: bool = False
    is_resolved: bool = False
    messages: list[Message] = field(default_factory=list)
    grade: Grade | None = None
    bought: Order | None = None

    @property
    def is_bot(self) -> bool:
        return self.crew is None

    @property
    def is_served(self) -> bool:
        return self.employee is not None

    @property
    def first_reply_at(self) -> int | None:
        """Of a person."""
        return next((m.at for m in self.messages if m.author == "agent"), None)

    @property
    def turns(self) -> list[tuple[int, int | None]]:
        """(first unanswered line of the customer, next line of a person or None)."""
        turns: list[tuple[int, int | None]] = []
        opened_at: int | None = None
        for message in self.messages:
            if message.author == "customer" and opened_at is None:
                opened_at = message.at
            elif message.author == "agent" and opened_at is not None:
                turns.append((opened_at, message.at))
                opened_at = None
        if opened_at is not None:
            turns.append((opened_at, None))
        return turns


@dataclass(eq=False, slots=True)
class Call:
    """One leg of a call; never queued, it ended in the menu; without an agent, in the queue."""

    contact_id: str
    need: Need
    crew: Crew
    initiated_at: int
    queued_at: int | None
    answered_at: int | None
    ended_at: int
    employee: Employee | None
    ring: int = 0
    talk: int = 0
    hold: int = 0
    holds: int = 0
    after_work: int = 0
    first_leg: str | None = None
    previous_leg: str | None = None
    next_leg: str | None = None
    is_resolved: bool = False
    ended_by: str = "customer"
    grade: Grade | None = None

    @property
    def is_answered(self) -> bool:
        return self.employee is not None

    @property
    def is_abandoned(self) -> bool:
        """Gave up in the queue."""
        return self.queued_at is not None and self.employee is None

    @property
    def queue_seconds(self) -> int:
        if self.queued_at is None:
            return 0
        return (self.answered_at or self.ended_at) - self.queued_at
