"""The customers' side, with the bot and the automations that act on their tickets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.simulate.centre import habits
from pipelines.simulate.centre.arrivals import Arrival, pick
from pipelines.simulate.centre.company import (
    BOT,
    BRANDS,
    FIRST_CUSTOMER_ID,
    ORGANIZATIONS,
    SYSTEM,
    VIP_ORGANIZATION_ID,
    Actor,
    Agent,
    front_line,
)
from pipelines.simulate.centre.texts import TOPICS, is_upset
from pipelines.simulate.centre.tickets import Customer, Draft, Link, Ticket

if TYPE_CHECKING:
    from pipelines.simulate.centre.world import World


class Customers:
    """Who writes, when they answer, whether they return, and what they think of it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, list[Customer]] = {"zh": [], "en": []}

    def arrive(self, now: int, arrival: Arrival) -> None:
        kind = pick(habits.KINDS, self._world.rng)
        arrival = self._through_open_door(now, arrival)
        if kind == "empty" and arrival.channel != "chat":
            kind = ""
        customer = self._someone(now, arrival.language, is_new=kind == "spam")
        if arrival.channel == "voice" and kind == "":
            agent = self._world.desk.someone_free(now, front_line(arrival.language))
            if agent is not None:
                self._note_call(now, agent, customer, arrival)
                return
        self._write(now, customer, arrival.channel, kind)

    def _through_open_door(self, now: int, arrival: Arrival) -> Arrival:
        """Out of hours the chat window is a form; a few reach the bot all the same."""
        clock = self._world.clocks[front_line(arrival.language).schedule]
        is_refused = arrival.channel == "chat" and not clock.is_open(now)
        if is_refused and self._world.chance(habits.OUT_OF_HOURS_BY_FORM):
            return replace(arrival, channel="web")
        return arrival

    def hear_from(self, now: int, agent: Agent, arrival: Arrival) -> None:
        """An agent writes first: a notice that asks for nothing."""
        customer = self._someone(now, arrival.language)
        ticket = self._open(
            now, agent.actor, customer, arrival.channel, "delivery",
            Draft("proactive"), status="pending", priority="low", assignee_id=agent.user_id,
        )  # fmt: skip
        self.was_asked(now, ticket, habits.ANSWERS_A_NOTICE)

    def was_asked(
        self, now: int, ticket: Ticket, answers: float = habits.ANSWERS_A_QUESTION
    ) -> None:
        """Wait for the customer, at most until the automation solves the ticket."""
        rng = self._world.rng
        ticket.pending_no += 1
        if self._world.chance(answers):
            median = habits.MEDIAN_ANSWER.get(ticket.channel, 6 * habits.HOUR)
            delay = 30 + habits.around(median, 1.1, rng)
            self._world.engine.at(now + delay, self._reply, ticket, ticket.pending_no)
        due = now + habits.PENDING_SOLVED_AFTER
        self._world.engine.at(due, self._solve_pending, ticket, ticket.pending_no)

    def was_solved(self, now: int, ticket: Ticket) -> None:
        rng, engine = self._world.rng, self._world.engine
        ticket.solve_no += 1
        engine.at(now + habits.SOLVED_CLOSED_AFTER, self._close, ticket, ticket.solve_no)
        if not ticket.ratings and self._world.chance(habits.SURVEY_OFFERED):
            engine.at(now + habits.SURVEY_AFTER, self._offer_survey, ticket, ticket.solve_no)
        point = rng.random()
        if point < habits.COMES_BACK:
            delay = 120 + habits.around(14 * habits.HOUR, 1.5, rng)
            engine.at(now + delay, self._come_back, ticket, ticket.solve_no, "back")
        elif point < habits.COMES_BACK + habits.SAYS_THANKS:
            delay = 60 + habits.around(2 * habits.HOUR, 1.0, rng)
            engine.at(now + delay, self._come_back, ticket, ticket.solve_no, "thanks")

    def _someone(self, now: int, language: str, is_new: bool = False) -> Customer:
        rng, known = self._world.rng, self._known[language]
        if known and not is_new and self._world.chance(habits.RETURNING_CUSTOMER):
            return known[rng.randrange(len(known))]
        number = len(self._world.customer_list)
        organization = None
        if not is_new and self._world.chance(habits.IN_AN_ORGANIZATION):
            organization = VIP_ORGANIZATION_ID + rng.randrange(len(ORGANIZATIONS))
        name = f"顾客{number + 1}" if language == "zh" else f"Customer {number + 1}"
        customer = Customer(FIRST_CUSTOMER_ID + number, name, language, organization, now)
        if not is_new:
            customer.identity = self._world.identify(now, language)
        self._world.customer_list.append(customer)
        if not is_new:
            known.append(customer)
        return customer

    def _open(
        self,
        now: int,
        author: Actor,
        customer: Customer,
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
        brand = next(brand for brand in BRANDS if brand.language == customer.language)
        ticket = self._world.journal.open_ticket(
            now, author, customer, brand, front_line(customer.language), channel, topic, draft,
            kind=kind, status=status, priority=priority, assignee_id=assignee_id, link=link,
        )  # fmt: skip
        self._world.open_tickets[ticket.ticket_id] = ticket
        return ticket

    def _write(self, now: int, customer: Customer, channel: str, kind: str) -> None:
        rng = self._world.rng
        topic = TOPICS[rng.randrange(len(TOPICS))]
        meets_bot = kind == "empty" or self._world.chance(habits.CHAT_MEETS_BOT)
        with_bot = channel == "chat" and kind != "spam" and meets_bot
        ticket = self._open(
            now, customer.actor, customer, channel, topic, Draft(kind or "question"),
            kind=kind, priority=pick(habits.PRIORITIES, rng) or None,
            status="open" if with_bot else "new", assignee_id=BOT.user_id if with_bot else None,
        )  # fmt: skip
        if with_bot:
            self._world.engine.at(now + rng.randrange(2, 6), self._greet, ticket)
            return
        self._world.desk.enqueue(now, ticket)
        if kind == "" and channel != "chat":
            self._have_second_thoughts(now, ticket)

    def _have_second_thoughts(self, now: int, ticket: Ticket) -> None:
        """Some write a second ticket about the same thing, some chase the first."""
        rng, engine = self._world.rng, self._world.engine
        point = rng.random()
        if point < habits.WRITES_TWICE:
            delay = 600 + habits.around(3 * habits.HOUR, 0.9, rng)
            engine.at(now + delay, self._write_again, ticket)
        elif point < habits.WRITES_TWICE + habits.CHASES:
            engine.at(now + rng.randrange(3 * habits.HOUR, 30 * habits.HOUR), self._chase, ticket)

    def _write_again(self, now: int, first: Ticket) -> None:
        rng = self._world.rng
        if not first.is_unsolved:
            return
        same = self._world.chance(habits.WRITES_TWICE_BY_SAME_CHANNEL)
        channel = first.channel if same else "email"
        twin = self._open(
            now, first.customer.actor, first.customer, channel, first.topic, Draft("question"),
            priority=first.priority,
        )  # fmt: skip
        family = [first, *first.twins]
        for member in family:
            member.twins.append(twin)
        twin.twins.extend(family)
        self._world.desk.enqueue(now, twin)
        if self._world.chance(habits.WRITES_A_THIRD_TIME):
            again_at = now + rng.randrange(habits.HOUR, habits.DAY)
            self._world.engine.at(again_at, self._write_again, twin)

    def _chase(self, now: int, ticket: Ticket) -> None:
        if ticket.status in {"new", "open"} and not ticket.has_human_reply:
            self._world.journal.edit(now, ticket, ticket.customer.actor, Draft("chase"))

    def _note_call(self, now: int, agent: Agent, customer: Customer, arrival: Arrival) -> None:
        rng = self._world.rng
        is_done = self._world.chance(habits.CALL_SOLVES)
        ticket = self._open(
            now, agent.actor, customer, arrival.channel,
            TOPICS[rng.randrange(len(TOPICS))], Draft("call"),
            status="solved" if is_done else "open", priority="normal", assignee_id=agent.user_id,
        )  # fmt: skip
        if is_done:
            self.was_solved(now, ticket)
        else:
            self._world.desk.enqueue(now, ticket)

    def _greet(self, now: int, ticket: Ticket) -> None:
        """The bot answers; then the customer is content, is silent, or wants a person."""
        rng, engine = self._world.rng, self._world.engine
        self._world.journal.edit(now, ticket, BOT, Draft("bot"))
        point = rng.random()
        if ticket.kind == "empty" or point < habits.LEAVES_BOT_IN_SILENCE:
            engine.at(now + habits.BOT_TIMEOUT, self._end_bot_session, ticket)
        elif point < habits.LEAVES_BOT_IN_SILENCE + habits.CONTENT_WITH_BOT:
            thanks_at = now + rng.randrange(40, 240)
            engine.at(thanks_at, self._say, ticket, "thanks")
            engine.at(thanks_at + 4, self._end_bot_session, ticket)
        else:
            engine.at(now + rng.randrange(15, 120), self._want_human, ticket)

    def _say(self, now: int, ticket: Ticket, kind: str) -> None:
        self._world.journal.edit(now, ticket, ticket.customer.actor, Draft(kind))

    def _end_bot_session(self, now: int, ticket: Ticket) -> None:
        self._world.journal.edit(now, ticket, BOT, status="solved")
        self.was_solved(now, ticket)

    def _want_human(self, now: int, ticket: Ticket) -> None:
        self._say(now, ticket, "human")
        self._world.journal.edit(now, ticket, BOT, unassign=True)
        self._world.desk.enqueue(now, ticket)

    def _reply(self, now: int, ticket: Ticket, pending_no: int) -> None:
        if ticket.status == "pending" and ticket.pending_no == pending_no:
            author = ticket.customer.actor
            self._world.journal.edit(now, ticket, author, Draft("more"), status="open")
            self._world.desk.enqueue(now, ticket)

    def _solve_pending(self, now: int, ticket: Ticket, pending_no: int) -> None:
        if ticket.status == "pending" and ticket.pending_no == pending_no:
            self._world.journal.edit(now, ticket, SYSTEM, status="solved")
            self.was_solved(now, ticket)

    def _close(self, now: int, ticket: Ticket, solve_no: int) -> None:
        if ticket.status == "solved" and ticket.solve_no == solve_no:
            self._world.journal.edit(now, ticket, SYSTEM, status="closed")
            self._world.settle(ticket)

    def _come_back(self, now: int, ticket: Ticket, solve_no: int, kind: str) -> None:
        if ticket.solve_no != solve_no:
            return
        if ticket.status == "solved":
            author = ticket.customer.actor
            self._world.journal.edit(now, ticket, author, Draft(kind), status="open")
            ticket.kind = "thanks" if kind == "thanks" else ticket.kind
            self._world.desk.enqueue(now, ticket)
            if kind == "back" and self._world.chance(habits.SOLVED_TOO_SOON):
                self._world.engine.at(now + 45, self._solve_too_soon, ticket)
        elif ticket.status == "closed" and kind == "back" and ticket.merged_into is None:
            self._follow_up(now, ticket)

    def _solve_too_soon(self, now: int, ticket: Ticket) -> None:
        """A trigger takes the reply for thanks; the customer protests within five minutes."""
        if ticket.status == "open" and not ticket.is_in_work:
            self._world.journal.edit(now, ticket, SYSTEM, status="solved")
            self._world.engine.at(now + 80, self._protest, ticket)

    def _protest(self, now: int, ticket: Ticket) -> None:
        if ticket.status == "solved":
            author = ticket.customer.actor
            self._world.journal.edit(now, ticket, author, Draft("back"), status="open")
            self._world.desk.enqueue(now, ticket)

    def _follow_up(self, now: int, parent: Ticket) -> None:
        ticket = self._open(
            now, parent.customer.actor, parent.customer, "email", parent.topic, Draft("back"),
            priority=parent.priority, link=Link("follow_up", parent.ticket_id),
        )  # fmt: skip
        self._world.desk.enqueue(now, ticket)

    def _offer_survey(self, now: int, ticket: Ticket, solve_no: int) -> None:
        rng = self._world.rng
        if ticket.status != "solved" or ticket.solve_no != solve_no or ticket.ratings:
            return
        if ticket.has_human_reply:
            self._world.journal.rate(now, ticket, "offered")
            if self._world.chance(habits.SURVEY_ANSWERED):
                delay = 300 + min(habits.within(10 * habits.HOUR, rng), 2 * habits.DAY)
                self._world.engine.at(now + delay, self._rate, ticket)

    def _rate(self, now: int, ticket: Ticket) -> None:
        if ticket.status != "solved":
            return
        rng = self._world.rng
        score = "good" if self._world.chance(self._goodwill(ticket)) else "bad"
        self._world.journal.rate(now, ticket, score)
        if self._world.chance(habits.CHANGES_MIND):
            later = now + rng.randrange(habits.HOUR, habits.DAY)
            self._world.engine.at(later, self._change_mind, ticket)

    def _change_mind(self, now: int, ticket: Ticket) -> None:
        if ticket.status == "solved":
            score = "good" if ticket.ratings[-1].score == "bad" else "bad"
            self._world.journal.rate(now, ticket, score)

    def _goodwill(self, ticket: Ticket) -> float:
        """Waiting, being passed on, having to return and being upset all cost satisfaction."""
        first = next(c.at for c in ticket.comments if c.author.role == "agent" and c.is_public)
        waited = self._world.clocks[ticket.group.schedule].between(ticket.created_at, first)
        outbursts = sum(is_upset(c.body) for c in ticket.comments if c.author.role == "customer")
        penalty = (
            0.035 * waited / habits.HOUR + 0.08 * ticket.transfers + 0.12 * (ticket.solve_no - 1)
            + 0.2 * min(outbursts, 2)
        )  # fmt: skip
        return max(0.15, 0.95 - penalty)
