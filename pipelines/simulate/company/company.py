"""The company from day to day: who orders, who asks, who answers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.simulate.centre.calendars import local_midnight
from pipelines.simulate.centre.habits import DAY, HOUR
from pipelines.simulate.company import opinions
from pipelines.simulate.company.calls import Switchboard
from pipelines.simulate.company.chats import ChatHall
from pipelines.simulate.company.contacts import Call, Chat, Need
from pipelines.simulate.company.demand import Stream, campaign_factor
from pipelines.simulate.company.floor import Floor
from pipelines.simulate.company.market import AgentDay, Market
from pipelines.simulate.company.needs import Needs
from pipelines.simulate.company.orders import Order, OrderBook
from pipelines.simulate.company.people import People
from pipelines.simulate.company.plan import ORDERS_PER_CONTACT, CompanyPlan
from pipelines.simulate.company.roster import Roster, Shift
from pipelines.simulate.company.shops import CHINESE_SHOPS, EUROPE, JD, PDD, SHOPS, TMALL, Shop
from pipelines.simulate.company.staff import (
    CHAT,
    EXPERTS,
    HOTLINE,
    JINGMAI,
    PINDUODUO,
    QIANNIU,
    STORE_LINE,
    Crew,
    Staff,
)

# Repeat contacts come on top of fresh ones; bot sessions and hand-overs count one by one.
FRESH_SHARE = {"chat": 0.60, "call": 0.80}
ABROAD_SHARE_OF_CALLS = 0.25
BEGINS_WITH_A_QUESTION = 0.3
HANDLING = {"qiyu": 300.0, "connect": 300.0}
UTILISATION = 0.62
HOURS_OF_A_SHIFT = 7.75
# Nobody foresees all of a campaign.
FORESEEN = 0.55
MARKETS: dict[str, Crew] = {TMALL.code: QIANNIU, JD.code: JINGMAI, PDD.code: PINDUODUO}


@dataclass(frozen=True)
class Day:
    """Everything of one day; a day is a local one wherever something happens."""

    day: date
    shifts: list[Shift]
    orders: list[Order]
    chats: list[Chat]
    calls: list[Call]
    agent_days: list[AgentDay]


class Company:
    """One consistent world; `days` lives through it once."""

    def __init__(self, plan: CompanyPlan) -> None:
        self.plan = plan
        self.schedules = plan.schedules()
        self.staff = Staff(plan)
        self.people = People()
        self.roster = Roster(self.staff, self.schedules)
        self._book = OrderBook(plan, self.people)
        self._needs = Needs(plan, self.people)
        self._hall = ChatHall(plan)
        self._boards = {crew.code: Switchboard(plan, crew) for crew in (HOTLINE, STORE_LINE)}
        self._market = Market(plan)
        self._rng = plan.rng("days")
        self._awaited: dict[date, list[Order]] = {}
        self._returning: dict[tuple[str, date], list[tuple[int, Need]]] = {}
        self._orders = {
            shop.code: self._stream(
                shop.language, plan.contacts * ORDERS_PER_CONTACT * shop.share, power=1.6
            )
            for shop in SHOPS
        }
        chats, calls = (plan.expected(system) * FRESH_SHARE[system] for system in ("chat", "call"))
        # The mix shifts: chat grows at the expense of the telephone.
        self._chats = self._stream("zh", chats, trend=0.5)
        self._calls = {
            HOTLINE.code: self._stream("zh", calls * (1 - ABROAD_SHARE_OF_CALLS), trend=-0.35),
            STORE_LINE.code: self._stream("en", calls * ABROAD_SHARE_OF_CALLS, trend=-0.35),
        }

    def days(self) -> Iterator[Day]:
        for day in self.plan.dates:
            orders = self._place_orders(day)
            shifts = self.roster.of_day(day)
            agent_days = self._sell(day, shifts, orders)
            chats = self._chat(day, shifts)
            calls = [c for crew in (HOTLINE, STORE_LINE) for c in self._call(day, crew, shifts)]
            self._look_back(day, chats, calls)
            orders += self._awaited.pop(day, [])
            for order in sorted(orders, key=lambda order: order.created_at):
                if order.paid_at is not None:
                    self.people.note_purchase(order.person, order.shop, order.created_at)
                    self._needs.note_order(order)
            yield Day(day, shifts, orders, chats, calls, agent_days)

    def _stream(
        self, language: str, expected: float, trend: float = 0.0, power: float = 1.0
    ) -> Stream:
        return Stream(
            self.plan,
            self.schedules[language],
            language,
            expected,
            lambda day: 1 + trend * (self.plan.progress(day) - 0.5),
            power,
        )

    def _place_orders(self, day: date) -> list[Order]:
        orders = self._awaited.pop(day, [])
        for shop in SHOPS:
            stamps = self._orders[shop.code].of_day(day, self._rng)
            orders += [self._book.base(shop, at) for at in stamps]
        return orders

    def _sell(self, day: date, shifts: list[Shift], orders: list[Order]) -> list[AgentDay]:
        agent_days = []
        for shop in CHINESE_SHOPS:
            crew = MARKETS[shop.code]
            asked = [
                order
                for order in orders
                if order.shop is shop
                and order.paid_at is not None
                and order.agent is None
                and self._rng.random() < BEGINS_WITH_A_QUESTION
            ]
            rates = self._orders[shop.code].rates
            busyness = math.sqrt(rates[day] * len(rates) / max(1e-9, sum(rates.values())))
            team = [shift for shift in shifts if shift.employee.crew is crew]
            agent_days += self._market.of_day(shop, day, team, busyness, asked)
        return agent_days

    def _chat(self, day: date, shifts: list[Shift]) -> list[Chat]:
        expected = self._chats.rates[day]
        floors = {
            CHAT.code: self._floor(CHAT, day, shifts, expected),
            EXPERTS.code: self._floor(EXPERTS, day, shifts, expected * 0.06),
        }
        arrivals = self._arrivals("chat", day, self._chats, CHINESE_SHOPS)
        return self._hall.of_day(day, arrivals, floors)

    def _call(self, day: date, crew: Crew, shifts: list[Shift]) -> list[Call]:
        stream = self._calls[crew.code]
        shops: tuple[Shop, ...] = CHINESE_SHOPS if crew is HOTLINE else (EUROPE,)
        floor = self._floor(crew, day, shifts, stream.rates[day])
        arrivals = self._arrivals(crew.code, day, stream, shops)
        return self._boards[crew.code].of_day(day, arrivals, floor)

    def _arrivals(
        self, system: str, day: date, stream: Stream, shops: tuple[Shop, ...]
    ) -> list[tuple[int, Need]]:
        fresh = [(at, self._needs.draw(day, at, shops)) for at in stream.of_day(day, self._rng)]
        again = self._returning.pop((system, day), [])
        return sorted(fresh + again, key=lambda arrival: arrival[0])

    def _floor(self, crew: Crew, day: date, shifts: list[Shift], expected: float) -> Floor:
        """As many of each shift as the foreseen load needs; the others have other work."""
        campaign = campaign_factor(crew.language, day)
        foreseen = expected / campaign * (1 + FORESEEN * (campaign - 1))
        work = foreseen * HANDLING[crew.system] / crew.slots
        needed = work / (UTILISATION * HOURS_OF_A_SHIFT * HOUR)
        on_duty: list[Shift] = []
        for name in sorted({s.name for s in shifts if s.employee.crew is crew}):
            team = [s for s in shifts if s.employee.crew is crew and s.name == name]
            count = min(len(team), max(1, math.ceil(needed / 2)))
            first = day.toordinal() % len(team)
            on_duty += [team[(first + n) % len(team)] for n in range(count)]
        return Floor(on_duty, crew.slots)

    def _look_back(self, day: date, chats: list[Chat], calls: list[Call]) -> None:
        """Who will come again, and who has been talked into an order."""
        for chat in chats:
            if chat.ended_by in {"handover", "transfer"}:
                continue
            self._let_return("chat", chat.need, chat.ended_at, day, resolved=chat.is_resolved)
            if chat.first_reply_at is not None and chat.need.order is None:
                waited = chat.first_reply_at - (chat.queued_at or chat.started_at)
                if opinions.buys(self._rng, resolved=chat.is_resolved, waited=waited):
                    chat.bought = self._order_after(chat)
        for call in calls:
            if call.ended_by != "transfer":
                resolved = call.is_resolved or call.queued_at is None
                self._let_return(call.crew.code, call.need, call.ended_at, day, resolved=resolved)

    def _let_return(self, system: str, need: Need, at: int, day: date, *, resolved: bool) -> None:
        days = opinions.comes_again(self._rng, resolved=resolved, attempt=need.attempt)
        if days is not None:
            back_on = day + timedelta(days=days)
            zone = "Europe/London" if need.shop is EUROPE else "Asia/Shanghai"
            back_at = local_midnight(back_on, zone) + self._rng.randint(9 * HOUR, 21 * HOUR)
            again = Need(need.person, need.shop, need.topic, need.order, need.attempt + 1)
            self._returning.setdefault((system, back_on), []).append((back_at, again))

    def _order_after(self, chat: Chat) -> Order | None:
        at = chat.ended_at + self._rng.randint(30, 3 * HOUR)
        if at >= self.plan.ends_at:
            return None
        order = self._book.take(chat.need.shop, chat.need.person, at, chat.employee)
        placed_on = date(1970, 1, 1) + timedelta(days=(at + 8 * HOUR) // DAY)
        self._awaited.setdefault(placed_on, []).append(order)
        return order
