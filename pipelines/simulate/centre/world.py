"""The service centre as a whole: who exists, what time it is, and how the parts find each other."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pipelines.simulate.centre import habits
from pipelines.simulate.centre.arrivals import EVERYTHING, Arrival, Demand, Mix, poisson
from pipelines.simulate.centre.calendars import (
    BusinessClock,
    Schedule,
    local_midnight,
    london,
    shanghai,
)
from pipelines.simulate.centre.company import FRONT_CN, FRONT_EU, TEAMS, Agent, Team, hire_agents
from pipelines.simulate.centre.customers import Customers
from pipelines.simulate.centre.desk import Desk
from pipelines.simulate.centre.engine import Engine
from pipelines.simulate.centre.identity import Identify, strangers_only
from pipelines.simulate.centre.tickets import Customer, Journal, Ticket

HOME_ZONE = "Asia/Shanghai"
# A front line of one would leave chats waiting behind a letter.
FEWEST_ON_DUTY = 2
WORKING_DAY_SECONDS = 8 * 3600 * 5.5 / 7


@dataclass(frozen=True)
class Plan:
    """What to simulate: `tickets` are expected between the two days, both included."""

    seed: int
    tickets: int
    first: date
    last: date
    mix: Mix = EVERYTHING

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def begins_at(self) -> int:
        return local_midnight(self.first, HOME_ZONE)

    @property
    def ends_at(self) -> int:
        """The midnight after the last day: nothing happens from then on."""
        return local_midnight(self.last + timedelta(days=1), HOME_ZONE)


class World:
    """Owns the state that desk and customers share; `settled` gets each ticket that is final."""

    def __init__(
        self,
        plan: Plan,
        settled: Callable[[Ticket], None],
        identify: Identify = strangers_only,
    ) -> None:
        self.plan = plan
        self.identify = identify
        self.rng = Random(plan.seed)  # noqa: S311 - a reproducible world, no secret
        self.engine = Engine()
        self.journal = Journal()
        self.agents: list[Agent] = hire_agents()
        self.customer_list: list[Customer] = []
        self.schedules: dict[str, Schedule] = {
            "shanghai": shanghai(plan.first.year, plan.last.year + 1),
            "london": london(plan.first.year, plan.last.year + 1),
        }
        first, last = plan.first - timedelta(days=2), plan.last + timedelta(days=90)
        self.clocks = {
            name: BusinessClock(schedule, first, last) for name, schedule in self.schedules.items()
        }
        arrivals = plan.tickets * habits.ARRIVALS_PER_TICKET
        by_language = {"zh": self.schedules["shanghai"], "en": self.schedules["london"]}
        self.demand = Demand(by_language, plan.first, plan.days, round(arrivals), plan.mix)
        self.open_tickets: dict[int, Ticket] = {}
        self.desk = Desk(self, *self._staffing(arrivals / plan.days))
        self.customers = Customers(self)
        self._settled = settled

    def run(self) -> list[Ticket]:
        """Live through the plan; gives what is still open, each with its merged sources."""
        for offset in range(self.plan.days):
            day = self.plan.first + timedelta(days=offset)
            self.engine.at(local_midnight(day, HOME_ZONE), self._begin_day, day)
        for team in TEAMS:
            for opening in self.clocks[team.schedule].starts:
                if opening >= self.plan.begins_at:
                    self.engine.at(opening, self.desk.open_shift, team)
        self.engine.run(self.plan.ends_at)
        return [t for t in self.open_tickets.values() if t.merged_into is None]

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def settle(self, ticket: Ticket) -> None:
        """The ticket can't change any more; a merged one waits for its target."""
        if ticket.merged_into is None:
            self._forget(ticket)
            self._settled(ticket)

    def _forget(self, ticket: Ticket) -> None:
        self.open_tickets.pop(ticket.ticket_id, None)
        for source in ticket.sources:
            self._forget(source)

    def _begin_day(self, now: int, day: date) -> None:
        arrivals = list(self.demand.of_day(day, self.rng))
        for arrival in arrivals:
            # London's evening is the next day at home; the run may end before it.
            self.engine.at(max(now, arrival.at), self.customers.arrive, arrival)
        for _ in range(poisson(len(arrivals) * habits.OUTBOUND_PER_ARRIVAL, self.rng)):
            team = FRONT_CN if self.chance(habits.OUTBOUND_CHINESE) else FRONT_EU
            self.engine.at(now + self.rng.randrange(habits.DAY), self._reach_out, team)

    def _reach_out(self, now: int, team: Team) -> None:
        agent = self.desk.someone_free(now, team)
        if agent is not None:
            language = "zh" if team is FRONT_CN else "en"
            self.customers.hear_from(now, agent, Arrival(now, language, "email"))

    def _staffing(self, arrivals_a_day: float) -> tuple[float, dict[int, int]]:
        """Mean handling seconds, and how many of each team are rostered: enough and no more."""
        work_a_day = arrivals_a_day * habits.TOUCHES_PER_ARRIVAL
        capacity = habits.UTILISATION * WORKING_DAY_SECONDS * len(self.agents)
        handling = min(float(habits.LONGEST_MEAN_HANDLING), capacity / work_a_day)
        share = work_a_day * handling / capacity
        return handling, {
            team.group_id: max(FEWEST_ON_DUTY, min(team.size, math.ceil(team.size * share)))
            for team in TEAMS
        }
