"""Commerce, complaints and costs from the catalogue's words: plain Python over canonical rows.

Rows are dictionaries of the canonical layer; instants are UTC without a zone. Cells are keyed by
(period type, period start, grain, member), as in `kpi_values`.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
Cell = tuple[str, date, str, str]
Agent = tuple[str, str, str]
ZONE = ZoneInfo("Asia/Shanghai")
UTC = ZoneInfo("UTC")
LOOK_BACK = 90
SHORT_WINDOW, LONG_WINDOW = 2, 4
YEAR = 365
MARGIN = 0.3


def local_day(instant: datetime) -> date:
    return instant.replace(tzinfo=UTC).astimezone(ZONE).date()


def periods(day: date) -> Iterator[tuple[str, date]]:
    """The day, week, month and quarter of a date, each by its first day."""
    yield "day", day
    yield "week", day - timedelta(days=day.weekday())
    yield "month", day.replace(day=1)
    yield "quarter", date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def cells(day: date, members: Mapping[str, str]) -> Iterator[Cell]:
    """Every cell that something of the day belongs to."""
    for period_type, start in periods(day):
        yield period_type, start, "total", "total"
        for grain, member in members.items():
            # People are told of by months and quarters.
            if grain != "agent" or period_type in {"month", "quarter"}:
                yield period_type, start, grain, member


def months_between(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month += timedelta(days=monthrange(month.year, month.month)[1])


@dataclass(frozen=True)
class Sale:
    """A paid order of a known person."""

    source: str
    account: str
    shop: str
    person: str
    amount: float
    refund: float
    paid_at: datetime
    seller: str

    @property
    def day(self) -> date:
        return local_day(self.paid_at)

    @property
    def members(self) -> dict[str, str]:
        return {"shop": self.shop, "source": self.source, "agent": self.seller}


def sales(
    orders: Iterable[Row], rates: Mapping[str, float], people: Mapping[Agent, str]
) -> list[Sale]:
    """Paid orders that are no cancellation, in the reporting currency.

    Args:
        orders: Canonical orders.
        rates: To the reporting currency.
        people: Who is behind an agent of an account; whom the account never saw is unknown.
    """
    return [
        Sale(
            order["source_system"],
            order["account_id"],
            order["shop"],
            order["customer_id"],
            float(order["paid_amount"] or 0) * rates[order["currency"]],
            float(order["refund_amount"] or 0) * rates[order["currency"]],
            order["paid_at"],
            person_of(people, order["source_system"], order["account_id"], order["agent_id"]),
        )
        for order in orders
        if order["paid_at"] and order["customer_id"] and not order["is_cancellation"]
    ]


def average_spend(paid: Iterable[Sale]) -> dict[Cell, tuple[float, int]]:
    """Amount paid and different people who paid it."""
    amounts: dict[Cell, float] = defaultdict(float)
    people: dict[Cell, set[str]] = defaultdict(set)
    for sale in paid:
        for cell in cells(sale.day, sale.members):
            amounts[cell] += sale.amount
            if sale.amount > 0:
                people[cell].add(sale.person)
    return {cell: (amounts[cell], len(people[cell])) for cell in amounts}


def person_of(people: Mapping[Agent, str], source: str, account: str, agent: str | None) -> str:
    nobody = people.get((source, account, "unknown"), "unknown")
    return people.get((source, account, agent or "unknown"), nobody)


def _by_customer(paid: Iterable[Sale]) -> dict[tuple[str, str, str, str], list[Sale]]:
    found: dict[tuple[str, str, str, str], list[Sale]] = defaultdict(list)
    for sale in paid:
        found[sale.source, sale.account, sale.shop, sale.person].append(sale)
    return found


def churn(paid: Iterable[Sale], known_until: Mapping[str, date]) -> dict[Cell, tuple[int, int]]:
    """Customers lost and customers active in the 90 days before the month, the 90 after it over."""
    window = timedelta(days=LOOK_BACK)
    lost: dict[Cell, int] = defaultdict(int)
    active: dict[Cell, int] = defaultdict(int)
    for (source, _, shop, _), own in _by_customer(paid).items():
        days = [sale.day for sale in own]
        for month in months_between(min(days), max(days) + window):
            if month + window > known_until[source]:
                continue
            if not any(month - window <= day < month for day in days):
                continue
            stays = any(month <= day < month + window for day in days)
            for cell in cells(month, {"shop": shop, "source": source}):
                active[cell] += 1
                lost[cell] += not stays
    return {cell: (lost[cell], active[cell]) for cell in active}


def repeat_purchase(
    paid: Iterable[Sale], known_until: Mapping[str, date]
) -> dict[Cell, tuple[int, int]]:
    """Customers with two paid orders or more, and with any, in 90 days up to the month's end."""
    window = timedelta(days=LOOK_BACK)
    twice: dict[Cell, int] = defaultdict(int)
    once: dict[Cell, int] = defaultdict(int)
    for (source, _, shop, _), own in _by_customer(paid).items():
        days = [sale.day for sale in own]
        for month in months_between(min(days), min(max(days) + window, known_until[source])):
            next_month = month + timedelta(days=monthrange(month.year, month.month)[1])
            end = min(next_month, known_until[source] + timedelta(days=1))
            bought = sum(end - window <= day < end for day in days)
            if not bought:
                continue
            for cell in cells(month, {"shop": shop, "source": source}):
                once[cell] += 1
                twice[cell] += bought > 1
    return {cell: (twice[cell], once[cell]) for cell in once}


def lifetime_value(
    orders: Iterable[Row], rates: Mapping[str, float], known_until: Mapping[str, date]
) -> dict[Cell, tuple[float, int]]:
    """Margin of the first year and customers, by the day of the first paid order, year over."""
    by_customer: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for order in orders:
        if order["customer_id"]:
            key = order["source_system"], order["account_id"], order["shop"], order["customer_id"]
            by_customer[key].append(order)
    margin: dict[Cell, float] = defaultdict(float)
    count: dict[Cell, int] = defaultdict(int)
    for (source, _, shop, _), own in by_customer.items():
        paid = [o for o in own if o["paid_at"] and not o["is_cancellation"]]
        if not paid:
            continue
        first = min(local_day(o["paid_at"]) for o in paid)
        end = first + timedelta(days=YEAR)
        if end > known_until[source]:
            continue
        net = 0.0
        for order in own:
            if first <= local_day(order["paid_at"] or order["created_at"]) < end:
                rate = rates[order["currency"]]
                is_sale = order["paid_at"] and not order["is_cancellation"]
                net += float(order["paid_amount"] or 0) * rate if is_sale else 0
                net -= float(order["refund_amount"] or 0) * rate
        for cell in cells(first, {"shop": shop, "source": source}):
            margin[cell] += net * MARGIN
            count[cell] += 1
    return {cell: (margin[cell], count[cell]) for cell in count}


@dataclass(frozen=True)
class Contact:
    """A contact of a person with a helpdesk."""

    source: str
    account: str
    customer: str
    person: str | None
    shop: str
    channel: str
    at: datetime
    answered_at: datetime | None
    agent: str = "unknown"


@dataclass
class Inquiry:
    """What a customer asked a helpdesk on a day."""

    contacts: list[Contact]

    @property
    def first(self) -> Contact:
        return min(self.contacts, key=lambda contact: contact.at)

    @property
    def day(self) -> date:
        return local_day(self.first.at)

    @property
    def agent(self) -> str:
        """Who of all agents had it first."""
        held = [contact for contact in self.contacts if contact.agent != "unknown"]
        return min(held, key=lambda contact: contact.at).agent if held else "unknown"

    @property
    def wait(self) -> int | None:
        answered = self.first.answered_at
        return None if answered is None else int((answered - self.first.at).total_seconds())

    def followed_by(self, bought: Iterable[Sale], days: int) -> bool:
        """Whether one of the sales was paid after the contact, within so many days from its own."""
        end = self.day + timedelta(days=days)
        return any(sale.paid_at >= self.first.at and sale.day < end for sale in bought)


def inquiries(contacts: Iterable[Contact]) -> list[Inquiry]:
    found: dict[tuple[str, str, str, date], list[Contact]] = defaultdict(list)
    for contact in contacts:
        key = contact.source, contact.account, contact.customer, local_day(contact.at)
        found[key].append(contact)
    return [Inquiry(own) for own in found.values()]


def conversion(
    asked: Iterable[Inquiry],
    paid: Iterable[Sale],
    known_until: date,
    days: int,
    people: Mapping[Agent, str],
) -> dict[Cell, tuple[int, int]]:
    """Inquiries followed by a purchase and all inquiries, where the window is over.

    Only accounts count of whose customers at least one was ever seen in a shop.
    """
    bought: dict[str, list[Sale]] = defaultdict(list)
    for sale in paid:
        bought[sale.person].append(sale)
    asked = list(asked)
    linked = {
        (each.first.source, each.first.account)
        for each in asked
        for contact in each.contacts
        if contact.person in bought
    }
    won: dict[Cell, int] = defaultdict(int)
    all_: dict[Cell, int] = defaultdict(int)
    for each in asked:
        first = each.first
        if first.person is None or (first.source, first.account) not in linked:
            continue
        if each.day + timedelta(days=days) > known_until:
            continue
        members = {"shop": first.shop, "channel": first.channel, "source": first.source}
        members["agent"] = person_of(people, first.source, first.account, each.agent)
        for cell in cells(each.day, members):
            all_[cell] += 1
            won[cell] += each.followed_by(bought.get(first.person, ()), days)
    return {cell: (won[cell], all_[cell]) for cell in all_}


def orders_lost(buckets: Mapping[str, tuple[int, int]], fast: str) -> float | None:
    """Sum over the classes of wait of (conversion when fast - conversion) * inquiries."""
    inquiries_fast, orders_fast = buckets.get(fast, (0, 0))
    if not inquiries_fast:
        return None
    rate = orders_fast / inquiries_fast
    return sum((rate - orders / asked) * asked for asked, orders in buckets.values() if asked)


def slope(points: Iterable[tuple[float, float]]) -> tuple[float, float] | None:
    """Least-squares slope and its standard error, in percentage points of y by point of x."""
    pairs = list(points)
    if not pairs:
        return None
    mean_x = sum(x for x, _ in pairs) / len(pairs)
    mean_y = sum(y for _, y in pairs) / len(pairs)
    spread = sum((x - mean_x) ** 2 for x, _ in pairs)
    if spread < 1e-6:
        return None
    rise: float = sum((x - mean_x) * (y - mean_y) for x, y in pairs) / spread
    left = sum((y - mean_y - rise * (x - mean_x)) ** 2 for x, y in pairs)
    error = (left / (len(pairs) - 2) / spread) ** 0.5 if len(pairs) > 2 else float("nan")
    return 100 * rise, 100 * error


def counted(
    rows: Iterable[Row],
    day: Callable[[Row], date | None],
    members: Callable[[Row], Mapping[str, str]],
    amount: Callable[[Row], float] = lambda _: 1,
) -> dict[Cell, float]:
    """Sum of an amount over rows, by cell."""
    found: dict[Cell, float] = defaultdict(float)
    for row in rows:
        on = day(row)
        if on is not None:
            for cell in cells(on, members(row)):
                found[cell] += amount(row)
    return dict(found)


def spread_over_month(costs: Iterable[Row], rates: Mapping[str, float]) -> Iterator[dict[str, Any]]:
    """Each ledger entry in equal parts on the days of its month."""
    for entry in costs:
        booked: date = entry["booked_date"]
        length = monthrange(booked.year, booked.month)[1]
        amount = float(entry["amount"]) * rates[entry["currency"]] / length
        for number in range(1, length + 1):
            yield {**entry, "amount": amount, "day": booked.replace(day=number)}
