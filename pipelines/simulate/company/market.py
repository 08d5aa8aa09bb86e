"""Chats inside the market places: known to the company only as sums by agent and day."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date

from pipelines.simulate.centre.arrivals import poisson
from pipelines.simulate.company.opinions import logistic
from pipelines.simulate.company.orders import Order
from pipelines.simulate.company.plan import CompanyPlan
from pipelines.simulate.company.roster import Shift
from pipelines.simulate.company.shops import Shop
from pipelines.simulate.company.staff import Employee

FEWEST_A_DAY, MOST_A_DAY = 14.0, 120.0
GRADES = (5, 4, 3, 2, 1)
# Seconds to a first answer, by the market places' own lines.
PROMPT, SLOW, IN_TIME = 30, 60, 180


@dataclass(eq=False, slots=True)
class AgentDay:
    """What one person did in one shop on one day; sums of seconds, money in fen."""

    employee: Employee
    shop: Shop
    day: date
    consulted: int
    served: int
    handed_in: int
    handed_out: int
    buyer_messages: int
    agent_messages: int
    characters: int
    most_at_once: int
    unanswered: int
    slow: int
    long: int
    first_waits: int
    turns: int
    turn_waits: int
    within_30: int
    within_180: int
    session_seconds: int
    online_seconds: int
    invited: int
    grades: dict[int, int]
    inquiring: int
    orders: list[Order] = field(default_factory=list)

    @property
    def buyers(self) -> int:
        return len({order.person.number for order in self.orders})

    @property
    def sales(self) -> int:
        return sum(order.total for order in self.orders)

    @property
    def pieces(self) -> int:
        return sum(order.quantity for order in self.orders)

    @property
    def rated(self) -> int:
        return sum(self.grades.values())


class Market:
    """Draws each person's day; how busy it is follows the day, how good it is the person."""

    def __init__(self, plan: CompanyPlan) -> None:
        self._rng = plan.rng("market")
        self._plan = plan

    def of_day(
        self, shop: Shop, day: date, shifts: list[Shift], busyness: float, orders: list[Order]
    ) -> list[AgentDay]:
        """One entry for everybody on shift.

        Args:
            shop: the storefront.
            day: the local day.
            shifts: of the shop's team.
            busyness: the day's demand, one on an average day.
            orders: paid ones of the day that began with a question.
        """
        days = [self._draw(shop, day, shift, busyness, len(shifts)) for shift in shifts]
        for order in orders if days else []:
            agent_day = self._rng.choice(days)
            order.agent = agent_day.employee
            agent_day.orders.append(order)
            agent_day.inquiring += 1
            agent_day.served += 1
            agent_day.consulted += 1
        return days

    def _draw(self, shop: Shop, day: date, shift: Shift, busyness: float, shifts: int) -> AgentDay:
        rng = self._rng
        usual = self._plan.contacts / self._plan.days * 0.8 / 13
        mean = max(FEWEST_A_DAY, min(MOST_A_DAY, usual)) * busyness
        ability = shift.employee.ability(day)
        pressure = max(0.6, busyness)
        consulted = 1 + poisson(mean, rng)
        unanswered = min(consulted - 1, poisson(consulted * 0.015 * pressure, rng))
        served = consulted - unanswered
        turns = served + poisson(served * 2.6, rng)
        wait = (14 + 16 * math.exp(-0.5 * ability)) * pressure**0.7 * rng.uniform(0.85, 1.2)
        turn_waits = round(turns * wait * 1.15)
        answers = [rng.expovariate(1 / wait) for _ in range(served)]
        rated = poisson(served * 0.22, rng)
        liking = logistic(1.5 + 0.9 * ability - 0.5 * math.log(pressure) - wait / 90)
        grades = dict.fromkeys(GRADES, 0)
        for _ in range(min(rated, served)):
            good = rng.random() < liking
            grades[rng.choice((5, 5, 4) if good else (3, 2, 1))] += 1
        return AgentDay(
            shift.employee, shop, day, consulted, served,
            handed_in=poisson(served * 0.04, rng), handed_out=poisson(served * 0.04, rng),
            buyer_messages=turns + poisson(turns * 0.4, rng),
            agent_messages=turns + poisson(turns * 0.6, rng),
            characters=turns * rng.randint(18, 40), most_at_once=min(served, rng.randint(2, 9)),
            unanswered=unanswered, slow=sum(a > SLOW for a in answers),
            long=poisson(served * 0.03, rng), first_waits=round(sum(answers)),
            turns=turns, turn_waits=turn_waits, within_30=sum(a <= PROMPT for a in answers),
            within_180=sum(a <= IN_TIME for a in answers),
            session_seconds=round(served * rng.uniform(280, 620)),
            online_seconds=round(shift.hours * 3600) - rng.randrange(1800),
            invited=sum(grades.values()) + poisson(served * 0.4, rng), grades=grades,
            inquiring=poisson(served * 0.3, rng),
        )  # fmt: skip
