"""Orders from payment to the end, refunds and after-sales cases included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from pipelines.simulate.centre.habits import DAY, HOUR, around
from pipelines.simulate.company.people import People, Person
from pipelines.simulate.company.plan import CompanyPlan
from pipelines.simulate.company.shops import PRODUCT_WEIGHTS, PRODUCTS, TENT, Product, Shop
from pipelines.simulate.company.staff import Employee

RETURNING_BUYER = 0.34
NEVER_PAID = 0.07
REFUND_BEFORE_SHIPPING = 0.025
RETURNED = 0.055
RETURNED_WHEN_FAULTY = 0.38
RETURNED_WHEN_LATE = 0.11
KEEPS_A_PART = 0.5
CONFIRMED_AFTER = 10 * DAY
POSTAGE_FREE = 0.7
POSTAGE = {"zh": 1_000, "en": 395}
ONE_PRODUCT = 0.68
ONE_PIECE = 0.85
ESCALATES_TO_CASE = 0.4
CASE_WHEN_FAULTY = 0.6
CAUSES = {"faulty": "供应商", "late": "快递公司", "other": "仓库"}


class OrderLine(NamedTuple):
    product: Product
    quantity: int
    unit_price: int


@dataclass(eq=False, slots=True)
class Order:
    """One order and all that will become of it; money in fen, abroad in pence."""

    order_id: str
    shop: Shop
    person: Person
    created_at: int
    lines: tuple[OrderLine, ...]
    postage: int
    paid_at: int | None
    shipped_at: int | None
    finished_at: int | None
    refunded_at: int | None
    refund: int
    is_late: bool
    is_faulty: bool
    agent: Employee | None = None
    case: Case | None = None

    @property
    def goods(self) -> int:
        return sum(line.quantity * line.unit_price for line in self.lines)

    @property
    def total(self) -> int:
        return self.goods + self.postage

    @property
    def quantity(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def paid(self) -> int:
        return 0 if self.paid_at is None else self.total

    def state(self, at: int) -> str:
        """unpaid, paid, shipped, finished, refunded or closed, as it stands at the instant."""
        if self.paid_at is None or at < self.paid_at:
            is_given_up = self.paid_at is None and at >= self.created_at + DAY
            return "closed" if is_given_up else "unpaid"
        if self.refund_at(at) >= self.goods:
            return "refunded"
        if self.finished_at is not None and self.finished_at <= at:
            return "finished"
        return "shipped" if self.shipped_at is not None and self.shipped_at <= at else "paid"

    def refund_at(self, at: int) -> int:
        return self.refund if self.refunded_at is not None and self.refunded_at <= at else 0

    def is_final(self, at: int) -> bool:
        """Nothing will happen to it any more."""
        stamps = (self.paid_at, self.shipped_at, self.finished_at, self.refunded_at)
        last = max(stamp for stamp in stamps if stamp) if any(stamps) else self.created_at + DAY
        return last <= at


@dataclass(eq=False, slots=True)
class Case:
    """An after-sales complaint about an order."""

    case_no: int
    order: Order
    opened_at: int
    closed_at: int
    cause: str

    def state(self, at: int) -> str:
        return "已完结" if self.closed_at <= at else "处理中"


class OrderBook:
    """Takes orders; the numbers of each shop run on."""

    def __init__(self, plan: CompanyPlan, people: People) -> None:
        self._plan = plan
        self._people = people
        self._rng = plan.rng("orders")
        self._taken = 0
        self._cases = 0

    def base(self, shop: Shop, at: int) -> Order:
        """An order that nobody had asked about before."""
        rng = self._rng
        person = None
        if rng.random() < RETURNING_BUYER:
            person = self._people.buyer(shop, at, rng)
        return self.take(shop, person or self._people.newcomer(shop.language), at)

    def take(self, shop: Shop, person: Person, at: int, agent: Employee | None = None) -> Order:
        rng, plan = self._rng, self._plan
        self._taken += 1
        lines = _lines(shop, rng)
        day = _day_of(at, plan)
        is_faulty = any(line.product is TENT for line in lines) and plan.tent_fault.covers(day)
        is_late = rng.random() < (0.75 if plan.courier_trouble.covers(day) else 0.06)
        is_paid = agent is not None or rng.random() >= NEVER_PAID
        paid_at = at + 20 + around(90, 1.0, rng) if is_paid else None
        order = Order(
            _order_id(shop, self._taken, at), shop, person, at, lines,
            0 if rng.random() < POSTAGE_FREE else POSTAGE[shop.language],
            paid_at, None, None, None, 0, is_late, is_faulty, agent,
        )  # fmt: skip
        if paid_at is not None:
            self._fulfil(order, paid_at)
        return order

    def _fulfil(self, order: Order, paid_at: int) -> None:
        rng = self._rng
        if rng.random() < REFUND_BEFORE_SHIPPING:
            order.refunded_at, order.refund = paid_at + around(5 * HOUR, 0.8, rng), order.total
            return
        order.shipped_at = paid_at + around(16 * HOUR, 0.6, rng)
        travel = around((6 if order.is_late else 2.2) * DAY, 0.35, rng)
        arrived_at = order.shipped_at + travel
        order.finished_at = min(
            arrived_at + around(3 * DAY, 0.7, rng), arrived_at + CONFIRMED_AFTER
        )
        chance = RETURNED + RETURNED_WHEN_LATE * order.is_late
        if order.is_faulty:
            chance = RETURNED_WHEN_FAULTY
        if rng.random() < chance:
            self._give_back(order, arrived_at)

    def _give_back(self, order: Order, arrived_at: int) -> None:
        rng = self._rng
        asked_at = arrived_at + around(2 * DAY, 0.6, rng)
        order.refunded_at = asked_at + around(5 * DAY, 0.5, rng)
        order.refund = order.goods
        if len(order.lines) > 1 and rng.random() < KEEPS_A_PART:
            order.refund = order.lines[0].quantity * order.lines[0].unit_price
        if rng.random() < (CASE_WHEN_FAULTY if order.is_faulty else ESCALATES_TO_CASE):
            self._cases += 1
            cause = "faulty" if order.is_faulty else "late" if order.is_late else "other"
            closed_at = asked_at + around(4 * DAY, 0.8, rng)
            order.case = Case(self._cases, order, asked_at, closed_at, cause)


def _lines(shop: Shop, rng: Random) -> tuple[OrderLine, ...]:
    count = 1 if rng.random() < ONE_PRODUCT else rng.randint(2, 4)
    products = {p.sku: p for p in rng.choices(PRODUCTS, PRODUCT_WEIGHTS, k=count)}
    return tuple(
        OrderLine(
            product,
            1 if rng.random() < ONE_PIECE else rng.randint(2, 5),
            product.price if shop.language == "zh" else product.pence,
        )
        for product in products.values()
    )


def _order_id(shop: Shop, number: int, at: int) -> str:
    """Nineteen digits at Taobao, beyond what a spreadsheet keeps; six abroad."""
    if shop.language == "en":
        return str(536_000 + number)
    return f"{at // DAY % 100_000:05d}{number:010d}{7 * number % 10_000:04d}"


def _day_of(at: int, plan: CompanyPlan) -> date:
    offset = (at + 8 * HOUR) // DAY
    day = date.fromordinal(date(1970, 1, 1).toordinal() + offset)
    return min(max(day, plan.first), plan.last)
