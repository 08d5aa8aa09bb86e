"""What brings people to the company: a question before buying, or trouble with an order."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

from pipelines.simulate.company.contacts import Need
from pipelines.simulate.company.demand import campaign_factor
from pipelines.simulate.company.orders import Order
from pipelines.simulate.company.people import People
from pipelines.simulate.company.plan import CompanyPlan, Episode
from pipelines.simulate.company.shops import PRE_SALE, TENT, TOPIC_WEIGHTS, Shop

RECENT_ORDERS = 4_000
KNOWN_BEFORE = 0.3
TRIES_FOR_FAULT = 12


class Needs:
    """Draws a need; topics follow what went wrong lately."""

    def __init__(self, plan: CompanyPlan, people: People) -> None:
        self._plan = plan
        self._people = people
        self._rng = plan.rng("needs")
        self._recent: dict[str, deque[Order]] = {}
        self._weights_of: tuple[date, str, list[float]] | None = None
        fault, trouble = plan.tent_fault, plan.courier_trouble
        self._fault_felt = Episode(fault.first, fault.last + timedelta(days=30))
        self._trouble_felt = Episode(trouble.first, trouble.last + timedelta(days=6))

    def note_order(self, order: Order) -> None:
        recent = self._recent.setdefault(order.shop.code, deque(maxlen=RECENT_ORDERS))
        recent.append(order)

    def draw(self, day: date, at: int, shops: tuple[Shop, ...]) -> Need:
        """A first attempt; about an order unless it is a question before buying."""
        rng = self._rng
        shop = rng.choices(shops, [shop.share for shop in shops])[0]
        topic = rng.choices(list(TOPIC_WEIGHTS), self._weights(day, shop.language))[0]
        if topic not in PRE_SALE:
            order = self._some_order(shop, topic)
            if order is not None:
                return Need(order.person, shop, topic, order)
        known = self._people.buyer(shop, at, rng) if rng.random() < KNOWN_BEFORE else None
        person = known or self._people.newcomer(shop.language)
        return Need(person, shop, topic, None)

    def _weights(self, day: date, language: str) -> list[float]:
        if self._weights_of is None or self._weights_of[:2] != (day, language):
            weights = dict(TOPIC_WEIGHTS)
            if self._trouble_felt.covers(day):
                weights["delivery"] *= 2.6
            if self._fault_felt.covers(day):
                weights["quality"] *= 3.0
                weights["return"] *= 1.5
            if campaign_factor(language, day) > 1:
                weights["payment"] *= 2.2
                weights["stock"] *= 1.8
            self._weights_of = day, language, list(weights.values())
        return self._weights_of[2]

    def _some_order(self, shop: Shop, topic: str) -> Order | None:
        recent = self._recent.get(shop.code)
        if not recent:
            return None
        order = recent[self._rng.randrange(len(recent))]
        if topic == "quality" and self._fault_felt.covers(self._plan.last):
            return order
        for _ in range(TRIES_FOR_FAULT if topic == "quality" else 0):
            if any(line.product is TENT for line in order.lines):
                break
            order = recent[self._rng.randrange(len(recent))]
        return order
