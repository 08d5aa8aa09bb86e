"""What is true of one ticket, in the words of the KPI catalogue.

Populations, first response, resolution, waiting and reopening, folded from the ticket's history and
that of every ticket merged into it. The target of a merge inherits messages and the earliest
creation; status, owners and promises are its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipelines.simulate.centre.calendars import ScheduleHistory
from pipelines.simulate.centre.company import BOT_ID
from pipelines.simulate.centre.sla import Course, SlaClock, own_course, reply_turns, sla_clocks
from pipelines.simulate.centre.tickets import (
    NEEDS_NO_ANSWER,
    UNSOLVED,
    Comment,
    StatusChange,
    Ticket,
)
from pipelines.simulate.centre.views import spans_in

CHANNELS = {"voice": "phone"}
SESSION_CHANNELS = frozenset({"chat"})
EXCLUDING_TAGS = ("spam", "test")
DONE = frozenset({"solved", "closed"})
# A customer who flips the status several times within this time has come back once.
ONE_RETURN_SECONDS = 300
WAITS = {
    "requester_wait": frozenset({"new", "open", "hold"}),
    "agent_work": frozenset({"new", "open"}),
    "agent_wait": frozenset({"pending"}),
    "on_hold": frozenset({"hold"}),
    "new_status": frozenset({"new"}),
    "open_status": frozenset({"open"}),
}


@dataclass(frozen=True, slots=True)
class Duration:
    """Whole seconds by three clocks."""

    calendar: int
    business: int
    business_last: int


@dataclass(frozen=True, slots=True)
class Turn:
    """From the first unanswered customer message to the next human public reply."""

    number: int
    opened_at: int
    answered_at: int | None
    business: int | None


@dataclass(frozen=True, slots=True)
class Survey:
    """An invitation and its last answer."""

    invited_at: int
    answered_at: int | None
    score: str | None


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """One ticket as it stands at the end; durations exist only where both of their ends do."""

    ticket_id: int
    customer_id: int
    channel: str
    team: str
    priority: str
    status: str
    exclusion: str | None
    merged_into_id: int | None
    follow_up_of: int | None
    in_p1: bool
    in_p2: bool
    in_p3: bool
    in_p4: bool
    in_p5: bool
    in_p6: bool
    is_bot_only: bool
    is_agent_initiated: bool
    has_human: bool
    is_one_touch: bool
    is_transferred: bool
    is_solved_by_human: bool
    own_created_at: int
    created_at: int
    response_started_at: int
    first_response_at: int | None
    first_solved_at: int | None
    last_solved_at: int | None
    first_reopened_at: int | None
    first_customer_reopen_at: int | None
    reopen_count: int
    customer_reopen_count: int
    public_agent_reply_count: int
    agents_touching_count: int
    group_station_count: int
    assignee_station_count: int
    durations: dict[str, Duration]
    turns: tuple[Turn, ...]
    unsolved: tuple[tuple[int, int | None], ...]
    sla: tuple[SlaClock, ...]
    survey: Survey | None
    customer_messages: tuple[int, ...]
    assignee_id: int | None = None
    closer_id: int | None = None
    first_response_agent_id: int | None = None


def ticket_facts(
    ticket: Ticket, history: ScheduleHistory, own_sla: list[SlaClock], as_of: int
) -> TicketFacts:
    """Fold one ticket; its merged sources are read, not folded.

    `own_sla` are the clocks that the helpdesk ran; the facts' clocks follow what the ticket
    inherits, under the targets that the helpdesk gave.
    """
    comments = sorted(_conversation(ticket), key=lambda c: (c.at, c.comment_id))
    talk = _Talk(comments)
    life = _Life(ticket, _earliest_creation(ticket))
    exclusion = _exclusion(ticket)
    in_p2 = exclusion is None
    is_done = ticket.status in DONE
    is_bot_only = talk.has_bot and not talk.human_messages and (is_done or not talk.questions)
    in_p3 = in_p2 and not is_bot_only
    in_p4 = in_p3 and not talk.is_agent_initiated
    owners = _values(ticket, "assignee_id")
    humans = {owner for owner in owners if owner != str(BOT_ID)}
    response_started_at = _response_start(life, talk)
    turns = reply_turns(comments)
    return TicketFacts(
        ticket_id=ticket.ticket_id,
        customer_id=ticket.customer.user_id,
        channel=CHANNELS.get(ticket.channel, ticket.channel),
        team=ticket.group.name,
        priority=ticket.priority or "none",
        status=ticket.status,
        exclusion=exclusion,
        merged_into_id=_final_target(ticket),
        follow_up_of=_parent(ticket),
        in_p1=exclusion in (None, "merged"),
        in_p2=in_p2,
        in_p3=in_p3,
        in_p4=in_p4,
        in_p5=in_p2 and is_done,
        in_p6=in_p4 and talk.needs_answer,
        is_bot_only=is_bot_only,
        is_agent_initiated=talk.is_agent_initiated,
        has_human=bool(talk.human_messages or humans),
        is_one_touch=is_done and life.reopen_count == 0 and _is_one_reply(ticket, talk),
        is_transferred=len(humans) > 1,
        is_solved_by_human=bool(talk.human_messages) or life.first_solver == "agent",
        own_created_at=ticket.created_at,
        created_at=life.created_at,
        response_started_at=response_started_at,
        first_response_at=talk.first_reply_at,
        first_solved_at=life.first_solved_at,
        last_solved_at=life.last_solved_at,
        first_reopened_at=life.reopens[0].at if life.reopens else None,
        first_customer_reopen_at=life.customer_returns[0] if life.customer_returns else None,
        reopen_count=life.reopen_count,
        customer_reopen_count=len(life.customer_returns),
        public_agent_reply_count=len(talk.replies),
        agents_touching_count=len({c.author.user_id for c in comments if c.author.role == "agent"}),
        group_station_count=len(_values(ticket, "group_id")),
        assignee_station_count=len(owners),
        durations=_durations(life, talk, response_started_at, is_done, history, as_of),
        turns=_turns(turns, history),
        unsolved=_unsolved(life.statuses),
        sla=_sla(ticket, own_sla, turns, life, talk, response_started_at, history, as_of),
        survey=_survey(ticket),
        customer_messages=tuple(
            c.at for c in ticket.comments if c.author.role == "customer" and c.is_public
        ),
        assignee_id=ticket.assignee_id,
        closer_id=_closer(ticket, life),
        first_response_agent_id=talk.replies[0].author.user_id if talk.replies else None,
    )


class _Talk:
    """The public conversation of a ticket, merged ones included."""

    def __init__(self, comments: list[Comment]) -> None:
        public = [c for c in comments if c.is_public]
        spoken = [c for c in public if c.author.role in {"customer", "agent"}]
        self.questions = [c for c in spoken if c.author.role == "customer"]
        self.human_messages = [c for c in spoken if c.author.role == "agent"]
        self.bot_messages = [c for c in public if c.author.role in {"bot", "system"}]
        self.is_agent_initiated = bool(spoken) and spoken[0].author.role == "agent"
        self.replies = self.human_messages[1 if self.is_agent_initiated else 0 :]

    @property
    def has_bot(self) -> bool:
        return bool(self.bot_messages)

    @property
    def needs_answer(self) -> bool:
        return any(c.kind not in NEEDS_NO_ANSWER for c in self.questions)

    @property
    def first_reply_at(self) -> int | None:
        return self.replies[0].at if self.replies else None


class _Life:
    """The states of a ticket; the first one began with the earliest creation it inherits."""

    def __init__(self, ticket: Ticket, created_at: int) -> None:
        first = ticket.statuses[0]
        self.created_at = created_at
        self.statuses = [first._replace(at=created_at), *ticket.statuses[1:]]
        moves = list(pairwise(self.statuses))
        solves = [b for a, b in moves if b.status in DONE and a.status not in DONE]
        if first.status in DONE:
            solves.insert(0, self.statuses[0])
        self.solves = solves
        self.reopens = [b for a, b in moves if a.status in DONE and b.status in UNSOLVED]
        self.customer_returns = _returns([r.at for r in self.reopens if _is_by_customer(r)])

    @property
    def reopen_count(self) -> int:
        return len(self.reopens)

    @property
    def first_solver(self) -> str | None:
        return self.solves[0].author.role if self.solves else None

    @property
    def first_solved_at(self) -> int | None:
        return self.solves[0].at if self.solves else None

    @property
    def last_solved_at(self) -> int | None:
        return self.solves[-1].at if self.solves else None

    def solver_before(self, at: int) -> str:
        return [solve.author.role for solve in self.solves if solve.at <= at][-1]


def _is_by_customer(change: StatusChange) -> bool:
    return change.author.role == "customer"


def _returns(stamps: list[int]) -> list[int]:
    kept = stamps[:1]
    for before, at in pairwise(stamps):
        if at - before > ONE_RETURN_SECONDS:
            kept.append(at)
    return kept


def _response_start(life: _Life, talk: _Talk) -> int:
    """Creation; after a resolution by the bot alone, the reopening that asks for a person."""
    starts = [
        reopen.at
        for reopen in life.reopens
        if life.solver_before(reopen.at) in {"bot", "system"}
        and talk.has_bot
        and talk.bot_messages[0].at < reopen.at
        and (talk.first_reply_at is None or reopen.at <= talk.first_reply_at)
    ]
    return starts[-1] if starts else life.created_at


def _is_one_reply(ticket: Ticket, talk: _Talk) -> bool:
    """Exactly one reply; the lines of a chat session are one."""
    count = len(talk.replies)
    return count == 1 or (count > 1 and ticket.channel in SESSION_CHANNELS)


def _durations(
    life: _Life,
    talk: _Talk,
    response_started_at: int,
    is_done: bool,
    history: ScheduleHistory,
    as_of: int,
) -> dict[str, Duration]:
    found: dict[str, Duration] = {}
    ends = {
        "first_response": (response_started_at, talk.first_reply_at),
        "first_resolution": (life.created_at, life.first_solved_at),
        "full_resolution": (life.created_at, life.last_solved_at if is_done else None),
    }
    for name, (start, end) in ends.items():
        if end is not None:
            found[name] = _measure([(start, end)], history)
    for name, states in WAITS.items():
        found[name] = _measure(spans_in(life.statuses, states, as_of), history)
    return found


def _measure(spans: list[tuple[int, int]], history: ScheduleHistory) -> Duration:
    if not spans:
        return Duration(0, 0, 0)
    business_last = sum(history.between_by_last(start, end) for start, end in spans)
    has_changed = len(history.entries) > 1
    return Duration(
        sum(end - start for start, end in spans),
        sum(history.between(start, end) for start, end in spans) if has_changed else business_last,
        business_last,
    )


def _turns(turns: list[tuple[int, int | None]], history: ScheduleHistory) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            number, opened_at, answered_at, answered_at and history.between(opened_at, answered_at)
        )
        for number, (opened_at, answered_at) in enumerate(turns, start=1)
    )


def _sla(
    ticket: Ticket,
    own_sla: list[SlaClock],
    turns: list[tuple[int, int | None]],
    life: _Life,
    talk: _Talk,
    response_started_at: int,
    history: ScheduleHistory,
    as_of: int,
) -> tuple[SlaClock, ...]:
    if turns and not talk.is_agent_initiated:
        turns = [(response_started_at, turns[0][1]), *turns[1:]]
    course = Course(turns, life.statuses)
    if course == own_course(ticket):
        return tuple(own_sla)
    promised_since: dict[str, int] = {}
    for clock in own_sla:
        since = max(clock.started_at, clock.targets[0][0])
        promised_since[clock.metric] = min(since, promised_since.get(clock.metric, since))
    return tuple(sla_clocks(ticket, course, history, as_of, promised_since))


def _unsolved(statuses: list[StatusChange]) -> tuple[tuple[int, int | None], ...]:
    """The intervals in the backlog; the last one may have no end."""
    spans: list[tuple[int, int | None]] = []
    begun: int | None = None
    for change in statuses:
        if change.status in UNSOLVED and begun is None:
            begun = change.at
        elif change.status not in UNSOLVED and begun is not None:
            spans.append((begun, change.at))
            begun = None
    if begun is not None:
        spans.append((begun, None))
    return tuple(spans)


def _survey(ticket: Ticket) -> Survey | None:
    if not ticket.ratings:
        return None
    answers = [rating for rating in ticket.ratings if rating.score != "offered"]
    last = answers[-1] if answers else None
    return Survey(ticket.ratings[0].at, last and last.at, last and last.score)


def _exclusion(ticket: Ticket) -> str | None:
    if ticket.status == "deleted":
        return "deleted"
    tagged = next((tag for tag in EXCLUDING_TAGS if tag in ticket.tags), None)
    if tagged is not None:
        return tagged
    return "merged" if ticket.merged_into is not None else None


def _conversation(ticket: Ticket) -> list[Comment]:
    """The ticket's messages with those it inherits; a merged ticket has given its own away."""
    if ticket.merged_into is not None:
        return []
    return [comment for member in _family(ticket) for comment in member.comments]


def _earliest_creation(ticket: Ticket) -> int:
    """Of the ticket and, unless it was merged away itself, of all it inherits from."""
    if ticket.merged_into is not None:
        return ticket.created_at
    return min(member.created_at for member in _family(ticket))


def _family(ticket: Ticket) -> Iterator[Ticket]:
    """The ticket and everything merged into it, through chains."""
    yield ticket
    for source in ticket.sources:
        yield from _family(source)


def _final_target(ticket: Ticket) -> int | None:
    target = ticket.merged_into
    while target is not None and target.merged_into is not None:
        target = target.merged_into
    return None if target is None else target.ticket_id


def _parent(ticket: Ticket) -> int | None:
    is_follow_up = ticket.link is not None and ticket.link.relation == "follow_up"
    return ticket.link.ticket_id if is_follow_up and ticket.link else None


def _closer(ticket: Ticket, life: _Life) -> int | None:
    """The agent of the last solve; where no agent made it, whoever held the ticket then."""
    if not life.solves:
        return None
    last = life.solves[-1]
    if last.author.role == "agent":
        return last.author.user_id
    owners = [
        change.after
        for audit in ticket.audits
        for change in audit.changes
        if change.name == "assignee_id" and audit.at <= last.at
    ]
    return int(owners[-1]) if owners and owners[-1] is not None else None


def _values(ticket: Ticket, name: str) -> list[str]:
    """Every value the field was given, in order."""
    return [
        change.after
        for audit in ticket.audits
        for change in audit.changes
        if change.name == name and change.after is not None
    ]
