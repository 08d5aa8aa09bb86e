"""One ticket and its history: the single record of what happened, from which the export and the
truth are both folded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.simulate.centre.company import SYSTEM, Actor, Agent, Brand, Team
from pipelines.simulate.centre.identity import Identity
from pipelines.simulate.centre.texts import Occasion, phrase

FIRST_AUDIT_ID = 19_000_000_000_000
FIRST_TICKET_ID = 100_001
EVENTS_PER_AUDIT = 20
STRAINING_WAIT = 4 * 86_400
TRANSFER_STRAIN = 0.35
RETURN_STRAIN = 0.6
UNSOLVED = frozenset({"new", "open", "pending", "hold"})
# Words that expect no answer: a ticket made of nothing else is no demand (population P6).
NEEDS_NO_ANSWER = frozenset({"thanks", "empty"})


@dataclass(eq=False, slots=True)
class Customer:
    """An end user. Spammers are suspended when their ticket is marked."""

    user_id: int
    name: str
    language: str
    organization_id: int | None
    created_at: int
    is_suspended_at: int | None = None
    identity: Identity | None = None

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id, "customer")


class Comment(NamedTuple):
    """A message or, when not public, an internal note."""

    comment_id: int
    audit_id: int
    at: int
    author: Actor
    is_public: bool
    kind: str
    body: str


class Change(NamedTuple):
    """One field change; `before` is None in the first audit."""

    name: str
    before: str | None
    after: str | None


class Link(NamedTuple):
    """How an audit came about through another ticket: merge_from, merge_into or follow_up."""

    relation: str
    ticket_id: int


@dataclass(slots=True)
class Audit:
    """Everything that changed at once."""

    audit_id: int
    at: int
    author: Actor
    changes: list[Change]
    comment: Comment | None
    link: Link | None


class Rating(NamedTuple):
    """One row of a survey: the invitation (offered) or an answer (good, bad)."""

    rating_id: int
    at: int
    score: str
    assignee_id: int | None
    group_id: int


class StatusChange(NamedTuple):
    """The ticket is in `status` from `at` on, by the hand of `author`."""

    at: int
    status: str
    author: Actor


@dataclass(eq=False, slots=True)
class Ticket:
    """The present state of a ticket and its whole history."""

    ticket_id: int
    created_at: int
    customer: Customer
    submitter_id: int
    brand: Brand
    channel: str
    topic: str
    kind: str
    link: Link | None
    group: Team
    status: str
    priority: str | None
    assignee_id: int | None
    tags: list[str]
    audits: list[Audit] = field(default_factory=list)
    statuses: list[StatusChange] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    sources: list[Ticket] = field(default_factory=list)
    twins: list[Ticket] = field(default_factory=list)
    merged_into: Ticket | None = None
    is_queued: bool = False
    is_in_work: bool = False
    touches: int = 0
    transfers: int = 0
    pending_no: int = 0
    solve_no: int = 0

    @property
    def language(self) -> str:
        return self.brand.language

    @property
    def is_unsolved(self) -> bool:
        return self.status in UNSOLVED

    @property
    def comments(self) -> list[Comment]:
        return [audit.comment for audit in self.audits if audit.comment is not None]

    def strain(self, now: int) -> float:
        """What the customer has been put through: waiting, hand-overs, returns."""
        waited = (now - self.created_at) / STRAINING_WAIT
        return min(waited, 1.0) + TRANSFER_STRAIN * self.transfers + RETURN_STRAIN * self.solve_no

    @property
    def has_human_reply(self) -> bool:
        return any(c.author.role == "agent" and c.is_public for c in self.comments)


class Draft(NamedTuple):
    """A comment about to be written."""

    kind: str
    is_public: bool = True


class Journal:
    """Writes history: numbers audits in the order of time and keeps tickets in step with them."""

    def __init__(self) -> None:
        self._tickets = 0
        self._audits = 0
        self._ratings = 0

    def open_ticket(
        self,
        now: int,
        author: Actor,
        customer: Customer,
        brand: Brand,
        group: Team,
        channel: str,
        topic: str,
        draft: Draft,
        *,
        kind: str = "",
        status: str = "new",
        priority: str | None = None,
        assignee_id: int | None = None,
        link: Link | None = None,
    ) -> Ticket:
        """A new ticket with its first comment."""
        ticket = Ticket(
            FIRST_TICKET_ID + self._tickets, now, customer, author.user_id, brand, channel, topic,
            kind, link, group, status, priority, assignee_id, [topic],
        )  # fmt: skip
        self._tickets += 1
        values = {
            "requester_id": str(customer.user_id),
            "brand_id": str(brand.brand_id),
            "status": status,
            "priority": priority,
            "group_id": str(group.group_id),
            "assignee_id": None if assignee_id is None else str(assignee_id),
        }
        created = [Change(name, None, value) for name, value in values.items() if value is not None]
        created.append(Change("schedule", None, group.schedule))
        self._write(ticket, now, author, created, draft, link)
        ticket.statuses.append(StatusChange(now, status, author))
        return ticket

    def edit(
        self,
        now: int,
        ticket: Ticket,
        author: Actor,
        draft: Draft | None = None,
        *,
        status: str | None = None,
        priority: str | None = None,
        group: Team | None = None,
        assignee: Agent | Actor | None = None,
        unassign: bool = False,
        tag: str | None = None,
        link: Link | None = None,
    ) -> None:
        """One audit with what really changes; nothing at all if nothing does."""
        changes: list[Change] = []
        if group is not None and group is not ticket.group:
            changes += self._move(ticket, group)
        if unassign or assignee is not None:
            changes += self._assign(ticket, None if assignee is None else assignee.user_id)
        if priority is not None and priority != ticket.priority:
            changes.append(Change("priority", ticket.priority, priority))
            ticket.priority = priority
        if status is not None and status != ticket.status:
            changes.append(Change("status", ticket.status, status))
            ticket.status = status
            ticket.statuses.append(StatusChange(now, status, author))
        if tag is not None:
            changes.append(Change("tags", " ".join(ticket.tags), " ".join([*ticket.tags, tag])))
            ticket.tags.append(tag)
        if changes or draft is not None:
            self._write(ticket, now, author, changes, draft, link)

    def rate(self, now: int, ticket: Ticket, score: str) -> None:
        """A survey row and, as Zendesk does, a change of the ticket's satisfaction score."""
        before = ticket.ratings[-1].score if ticket.ratings else "unoffered"
        author = SYSTEM if score == "offered" else ticket.customer.actor
        self._write(ticket, now, author, [Change("satisfaction_score", before, score)], None, None)
        self._ratings += 1
        rating_id = 36_020_000_000 + self._ratings
        row = Rating(rating_id, now, score, ticket.assignee_id, ticket.group.group_id)
        ticket.ratings.append(row)

    def _move(self, ticket: Ticket, group: Team) -> list[Change]:
        moved = [Change("group_id", str(ticket.group.group_id), str(group.group_id))]
        if group.schedule != ticket.group.schedule:
            moved.append(Change("schedule", ticket.group.schedule, group.schedule))
        ticket.group = group
        return moved

    def _assign(self, ticket: Ticket, user_id: int | None) -> list[Change]:
        if user_id == ticket.assignee_id:
            return []
        before, after = (None if who is None else str(who) for who in (ticket.assignee_id, user_id))
        ticket.assignee_id = user_id
        return [Change("assignee_id", before, after)]

    def _write(
        self,
        ticket: Ticket,
        now: int,
        author: Actor,
        changes: list[Change],
        draft: Draft | None,
        link: Link | None,
    ) -> None:
        audit_id = FIRST_AUDIT_ID + self._audits
        self._audits += 1
        comment = None
        if draft is not None:
            is_solving = Change("status", "open", "solved") in changes
            occasion = Occasion(
                self._audits, ticket.topic, author.user_id, ticket.strain(now),
                not ticket.has_human_reply, is_solving, ticket.channel == "chat",
            )  # fmt: skip
            body = phrase(draft.kind, ticket.language, occasion)
            comment_id = audit_id * EVENTS_PER_AUDIT
            comment = Comment(
                comment_id, audit_id, now, author, draft.is_public, draft.kind, body
            )  # fmt: skip
        ticket.audits.append(Audit(audit_id, now, author, changes, comment, link))
