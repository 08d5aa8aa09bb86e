"""The agents' side: queues by team, shifts, and what an agent does with a ticket."""

from __future__ import annotations

from datetime import UTC, datetime
from heapq import heappop, heappush
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipelines.simulate.centre import habits
from pipelines.simulate.centre.arrivals import pick
from pipelines.simulate.centre.company import (
    PRIORITIES,
    SYSTEM,
    Actor,
    Agent,
    Team,
    front_line,
    specialists,
)
from pipelines.simulate.centre.tickets import Draft, Link, Ticket

if TYPE_CHECKING:
    from pipelines.simulate.centre.world import World

RANKS = {"urgent": 0, "high": 1, "normal": 2, "low": 3, None: 2}
LIVE_RANK = -1
LIVE_CHAT_SECONDS = 900


class Desk:
    """Four teams at work."""

    def __init__(self, world: World, handling_seconds: float, rostered: dict[int, int]) -> None:
        self._world = world
        self._handling = handling_seconds
        self._rostered = rostered
        self._queues: dict[int, list[tuple[int, int, int, Ticket]]] = {}
        self._members: dict[int, list[Agent]] = {}
        for agent in world.agents:
            self._members.setdefault(agent.team.group_id, []).append(agent)
            self._queues[agent.team.group_id] = []

    def enqueue(self, now: int, ticket: Ticket) -> None:
        """The ticket needs a human of its group; someone free takes it at once."""
        if ticket.is_queued or ticket.is_in_work:
            return
        ticket.is_queued = True
        team = ticket.group
        is_live = ticket.channel == "chat" and self._is_customer_waiting(now, ticket)
        rank = LIVE_RANK if is_live else RANKS[ticket.priority]
        heappush(self._queues[team.group_id], (rank, now, ticket.ticket_id, ticket))
        agent = self.someone_free(now, team, preferred=ticket.assignee_id)
        if agent is not None:
            self._next(now, agent)

    def open_shift(self, now: int, team: Team) -> None:
        for agent in self._on_duty(now, team):
            if not agent.busy:
                self._next(now, agent)

    def someone_free(self, now: int, team: Team, preferred: int | None = None) -> Agent | None:
        free = [agent for agent in self._on_duty(now, team) if not agent.busy]
        return next((a for a in free if a.user_id == preferred), free[0] if free else None)

    def _on_duty(self, now: int, team: Team) -> list[Agent]:
        clock = self._world.clocks[team.schedule]
        if not clock.is_open(now):
            return []
        day = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(clock.schedule.zone)).date()
        members = self._members[team.group_id]
        extra = self._world.demand.is_campaign("zh" if team.schedule == "shanghai" else "en", day)
        count = min(team.size, self._rostered[team.group_id] + extra)
        first = day.toordinal() % team.size
        return [members[(first + n) % team.size] for n in range(count)]

    def _next(self, now: int, agent: Agent) -> None:
        queue = self._queues[agent.team.group_id]
        while queue and not agent.busy:
            _, _, _, ticket = heappop(queue)
            if not ticket.is_queued or ticket.group is not agent.team:
                continue
            ticket.is_queued = False
            if ticket.is_unsolved:
                self._take(now, agent, ticket)

    def _take(self, now: int, agent: Agent, ticket: Ticket) -> None:
        rng = self._world.rng
        agent.busy = ticket.is_in_work = True
        ticket.touches += 1
        keeps_owner = self._is_owned_by_colleague(ticket, agent) and not self._world.chance(
            habits.TAKES_OVER
        )
        triage = ticket.priority is None and self._world.chance(habits.SETS_MISSING_PRIORITY)
        self._world.journal.edit(
            now,
            ticket,
            agent.actor,
            assignee=None if keeps_owner else agent,
            status="open" if ticket.status in {"new", "hold"} else None,
            priority=pick(habits.TRIAGE, rng) if triage else None,
        )
        if ticket.channel == "chat" and self._is_customer_waiting(now, ticket):
            ends_at = self._chat(now, agent, ticket)
            self._world.engine.at(ends_at, self._finish, agent, ticket, True)
        else:
            seconds = habits.around(self._handling * 0.8, 0.7, rng)
            ends_at = now + 20 + min(seconds, int(4 * self._handling))
            self._world.engine.at(ends_at, self._finish, agent, ticket, False)

    def _is_owned_by_colleague(self, ticket: Ticket, agent: Agent) -> bool:
        members = self._members[agent.team.group_id]
        return ticket.assignee_id != agent.user_id and any(
            member.user_id == ticket.assignee_id for member in members
        )

    def _is_customer_waiting(self, now: int, ticket: Ticket) -> bool:
        said = [c.at for c in ticket.comments if c.author.role == "customer"]
        return bool(said) and now - said[-1] < LIVE_CHAT_SECONDS

    def _chat(self, now: int, agent: Agent, ticket: Ticket) -> int:
        """Lines to and fro until one side is done; the instant after the last line."""
        rng, engine = self._world.rng, self._world.engine
        at = now + 8 + habits.within(35, rng)
        engine.at(at, self._say, ticket, agent.actor, "answer")
        while self._world.chance(habits.CHAT_GOES_ON):
            at += 10 + habits.within(40, rng)
            engine.at(at, self._say, ticket, ticket.customer.actor, "more")
            at += 8 + habits.within(30, rng)
            engine.at(at, self._say, ticket, agent.actor, "answer")
            if self._world.chance(habits.AGENT_ADDS_A_LINE):
                at += 5 + habits.within(10, rng)
                engine.at(at, self._say, ticket, agent.actor, "answer")
        return at + 5 + habits.within(60, rng)

    def _say(self, now: int, ticket: Ticket, author: Actor, kind: str) -> None:
        self._world.journal.edit(now, ticket, author, Draft(kind))

    def _finish(self, now: int, agent: Agent, ticket: Ticket, was_live: bool) -> None:
        agent.busy = ticket.is_in_work = False
        if ticket.is_unsolved:
            self._act(now, agent, ticket, was_live)
        if self._world.clocks[agent.team.schedule].is_open(now):
            self._next(now, agent)

    def _act(self, now: int, agent: Agent, ticket: Ticket, was_live: bool) -> None:
        twin = next((t for t in ticket.twins if t.is_unsolved and not t.is_in_work), None)
        if ticket.kind == "test" and self._world.chance(habits.KEEPS_TEST_TICKET):
            self._world.journal.edit(now, ticket, agent.actor, tag="test")
            self._solve(now, agent, ticket, None)
        elif ticket.kind in {"spam", "test"}:
            self._delete(now, agent, ticket)
        elif ticket.kind == "thanks":
            self._solve(now, agent, ticket, None)
            ticket.kind = ""
        elif twin is not None and self._world.chance(habits.MERGES_TWINS):
            self._merge(now, agent, ticket, twin)
        else:
            self._answer(now, agent, ticket, was_live)

    def _answer(self, now: int, agent: Agent, ticket: Ticket, was_live: bool) -> None:
        rng = self._world.rng
        what = pick(habits.FIRST_TOUCH if ticket.touches == 1 else habits.LATER_TOUCH, rng)
        if self._world.chance(habits.ESCALATES):
            self._escalate(now, agent, ticket)
        if what == "transfer" and ticket.transfers < habits.MAX_TRANSFERS:
            self._transfer(now, agent, ticket)
        elif what == "hold":
            self._hold(now, agent, ticket)
        elif what == "ask":
            self._ask(now, agent, ticket)
        elif what == "interim":
            self._world.journal.edit(now, ticket, agent.actor, Draft("answer"))
            later = now + habits.around(habits.MEDIAN_INTERIM, 0.9, rng)
            self._world.engine.at(later, self._resume, ticket)
        else:
            silent = was_live or what == "solve_silently"
            self._solve(now, agent, ticket, None if silent else Draft("answer"))

    def _resume(self, now: int, ticket: Ticket) -> None:
        if ticket.is_unsolved:
            self.enqueue(now, ticket)

    def _escalate(self, now: int, agent: Agent, ticket: Ticket) -> None:
        if ticket.priority is not None and ticket.priority != "urgent":
            higher = PRIORITIES[PRIORITIES.index(ticket.priority) + 1]
            self._world.journal.edit(now, ticket, agent.actor, priority=higher)

    def _transfer(self, now: int, agent: Agent, ticket: Ticket) -> None:
        front = front_line(ticket.language)
        team = specialists(ticket.topic) if ticket.group is front else front
        ticket.transfers += 1
        note = Draft("transfer", is_public=False)
        self._world.journal.edit(now, ticket, agent.actor, note, group=team, unassign=True)
        self.enqueue(now, ticket)

    def _hold(self, now: int, agent: Agent, ticket: Ticket) -> None:
        note = Draft("hold", is_public=False)
        self._world.journal.edit(now, ticket, agent.actor, note, status="hold")
        back_at = now + habits.around(habits.MEDIAN_HOLD, 1.2, self._world.rng)
        self._world.engine.at(back_at, self._release, ticket)

    def _release(self, now: int, ticket: Ticket) -> None:
        if ticket.status == "hold":
            self._world.journal.edit(now, ticket, SYSTEM, status="open")
            self.enqueue(now, ticket)

    def _ask(self, now: int, agent: Agent, ticket: Ticket) -> None:
        self._world.journal.edit(now, ticket, agent.actor, Draft("ask"), status="pending")
        self._world.customers.was_asked(now, ticket)

    def _solve(self, now: int, agent: Agent, ticket: Ticket, draft: Draft | None) -> None:
        self._world.journal.edit(now, ticket, agent.actor, draft, status="solved")
        self._world.customers.was_solved(now, ticket)

    def _delete(self, now: int, agent: Agent, ticket: Ticket) -> None:
        spam = ticket.kind == "spam"
        self._world.journal.edit(
            now, ticket, agent.actor, status="deleted", tag="spam" if spam else None
        )
        if spam:
            ticket.customer.is_suspended_at = now
        self._world.settle(ticket)

    def _merge(self, now: int, agent: Agent, ticket: Ticket, twin: Ticket) -> None:
        """Usually the younger goes into the older; sometimes the other way round."""
        older, younger = sorted((ticket, twin), key=lambda t: t.ticket_id)
        into_older = self._world.chance(habits.MERGES_INTO_OLDER)
        into, source = (older, younger) if into_older else (younger, older)
        note = Draft("merged", is_public=False)
        source.merged_into = into
        source.is_queued = False
        into.sources.append(source)
        self._world.journal.edit(
            now, source, agent.actor, note, status="closed", tag="closed_by_merge",
            link=Link("merge_into", into.ticket_id),
        )  # fmt: skip
        self._world.journal.edit(
            now, into, agent.actor, note, link=Link("merge_from", source.ticket_id)
        )
        if into.status in {"new", "open"}:
            self.enqueue(now, into)
