"""The KPIs of the first set from a raw export, in plain Python: no SQL, no data frames.

What belongs here: populations, anchors and formulas by the words of the KPI catalogue. Cells are
kept as lists of single contributions, so that medians are medians and nothing is averaged twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.reference.export import Export
from tests.reference.tickets import UNSOLVED, WAITS, Desk, Message, Span, Ticket

PERCENTILES = (50, 90, 95)
GRAINS = ("channel", "team", "priority", "shop")
UNKNOWN = "unknown"
# The calendar clock shows percentiles everywhere; the business clock where customers look.
ONLY_MEAN = frozenset(
    {
        "first_response_time_business_last",
        "avg_response_time_business",
        "next_reply_time_business",
        *(f"{kpi_id}_business" for kpi_id in WAITS),
    }
)
CLOCKS = {"": "calendar", "_business": "business", "_business_last": "business_last"}


class Unit(NamedTuple):
    """Where a contribution belongs, by grain; what is nobody's own has no person."""

    channel: str
    team: str
    priority: str
    shop: str
    person: str | None = None


class Cell(NamedTuple):
    """A KPI in one period and for one member."""

    kpi_id: str
    period_type: str
    period_start: date
    grain: str
    member: str


class Value(NamedTuple):
    """A KPI's value with the sums that it comes from; a percentile has none.

    `maturity` is the share of a cohort whose observation window has closed.
    """

    value: Fraction
    numerator: int | None = None
    denominator: int | None = None
    maturity: Fraction | None = None


@dataclass
class Book:
    """Contributions by cell."""

    counts: dict[Cell, int] = field(default_factory=lambda: defaultdict(int))
    sums: dict[Cell, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    values: dict[Cell, list[int]] = field(default_factory=lambda: defaultdict(list))

    def count(self, kpi_id: str, day: date, unit: Unit, number: int = 1) -> None:
        for cell in _cells(kpi_id, day, unit):
            self.counts[cell] += number

    def share(self, kpi_id: str, day: date, unit: Unit, part: int, whole: int = 1) -> None:
        for cell in _cells(kpi_id, day, unit):
            self.sums[cell][0] += part
            self.sums[cell][1] += whole

    def value(self, kpi_id: str, day: date, unit: Unit, seconds: int) -> None:
        self.share(kpi_id, day, unit, seconds)
        if kpi_id in ONLY_MEAN:
            return
        # People are told apart by means alone.
        for cell in _cells(kpi_id, day, unit._replace(person=None)):
            self.values[cell].append(seconds)

    def results(self) -> Iterator[tuple[Cell, Value]]:
        for cell, number in self.counts.items():
            yield cell, Value(Fraction(number))
        for cell, (part, whole) in self.sums.items():
            if whole:
                cohort = self.counts.get(cell._replace(kpi_id=f"_all_{cell.kpi_id}"))
                maturity = Fraction(whole, cohort) if cohort else None
                yield cell, Value(Fraction(part, whole), part, whole, maturity)
        for cell, values in self.values.items():
            for percent in PERCENTILES:
                name = f"{cell.kpi_id}_p{percent}"
                yield cell._replace(kpi_id=name), Value(percentile(values, percent))


def percentile(values: list[int], percent: int) -> Fraction:
    """Interpolated linearly between the two nearest ranks."""
    ordered = sorted(values)
    position = Fraction(percent, 100) * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (position - low) * (ordered[high] - ordered[low])


def kpi_values(export: Export, zone: str, persons: Mapping[str, str]) -> dict[Cell, Value]:
    """Every KPI by day, week and month, in total and by channel, team, priority and shop.

    Args:
        export: One account's records.
        zone: Reporting zone.
        persons: Who is behind an agent id; by months the KPIs are told of people too.
    """
    desk = Desk(export)
    who = Persons(persons)
    book = Book()
    local = Local(zone)
    tickets = list(desk.tickets())
    for ticket in tickets:
        _add_surveys(book, local, ticket, who)
        if ticket.in_p1:
            unit = unit_of(ticket, person=who(ticket.assignee))
            book.count("tickets_created_with_merged", local(ticket.created_at), unit)
        if ticket.in_p2:
            _add_flow(book, local, ticket, who)
            _add_turns(book, local, ticket, who)
            _add_targets(book, local, ticket)
        if ticket.in_p3:
            _add_outcome(book, local, ticket, who)
        if ticket.in_p5:
            _add_solved(book, local, ticket, unit_of(ticket, person=who(ticket.closer)))
        if ticket.in_p6:
            _add_response(book, local, ticket, who)
    _add_contacts(book, local, desk, [ticket for ticket in tickets if ticket.in_p1])
    found = dict(book.results())
    found.update(_net_flow(book))
    found.update(_flow_rate(book))
    found.update(_backlog(local, desk, [ticket for ticket in tickets if ticket.in_p2]))
    return {cell: value for cell, value in found.items() if not cell.kpi_id.startswith("_")}


class Local:
    """Business dates in the reporting zone."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)

    def __call__(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), datetime.min.time(), self.zone)


class Persons:
    """People by agent id; what is credited to nobody, or to a stranger, is credited to unknown."""

    def __init__(self, persons: Mapping[str, str]) -> None:
        self.persons = persons

    def __call__(self, *agents: str | None) -> str:
        """The first of these agents whom the account knows."""
        known = (self.persons[agent] for agent in agents if agent in self.persons)
        return next(known, self.persons.get(UNKNOWN, UNKNOWN))


def unit_of(ticket: Ticket, channel: str | None = None, person: str | None = None) -> Unit:
    return Unit(channel or ticket.channel, ticket.team, ticket.priority, ticket.shop, person)


def _cells(kpi_id: str, day: date, unit: Unit) -> Iterator[Cell]:
    starts = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
    }
    for period_type, start in starts.items():
        yield Cell(kpi_id, period_type, start, "total", "total")
        for grain, member in zip(GRAINS, unit[:-1], strict=True):
            yield Cell(kpi_id, period_type, start, grain, member)
    if unit.person is not None:
        yield Cell(kpi_id, "month", starts["month"], "agent", unit.person)


def _add_flow(book: Book, local: Local, ticket: Ticket, who: Persons) -> None:
    unit = unit_of(ticket, person=who(ticket.assignee))
    book.count("tickets_created", local(ticket.created_at), unit)
    first = ticket.first_solved_at
    if first is None:
        return
    day, unit = local(first), unit_of(ticket, person=who(ticket.closer))
    _add_duration(book, "first_resolution_time", day, ticket, unit, [(ticket.created_at, first)])
    book.count("_all_reopen_rate", day, unit)
    window = ticket.desk.limit("reopen_rate", ticket.channel)
    if first + window <= ticket.desk.as_of:
        back = ticket.first_customer_return_at
        book.share("reopen_rate", day, unit, back is not None and back <= first + window)


def _add_duration(
    book: Book, kpi_id: str, day: date, ticket: Ticket, unit: Unit, spans: list[Span]
) -> None:
    clocks = dict(CLOCKS)
    if kpi_id != "first_response_time":
        del clocks["_business_last"]
    for suffix, clock in clocks.items():
        seconds = ticket.seconds(clock, spans)
        book.value(f"{kpi_id}{suffix}", day, unit, seconds)


def _add_turns(book: Book, local: Local, ticket: Ticket, who: Persons) -> None:
    for position, turn in enumerate(ticket.turns):
        if turn.answered_at is None:
            continue
        day, span = local(turn.answered_at), [(turn.opened_at, turn.answered_at)]
        unit = unit_of(ticket, person=who(turn.answered_by))
        for suffix, clock in (("", "calendar"), ("_business", "business")):
            seconds = ticket.seconds(clock, span)
            book.value(f"avg_response_time{suffix}", day, unit, seconds)
            if position:
                book.value(f"next_reply_time{suffix}", day, unit, seconds)


def _add_targets(book: Book, local: Local, ticket: Ticket) -> None:
    for target in ticket.targets:
        if target.deadline_at is None:
            continue
        day, unit = local(target.deadline_at), unit_of(ticket)
        if target.is_broken:
            book.count("sla_breach_count", day, unit)
        if target.deadline_at <= ticket.desk.as_of:
            book.share("sla_attainment_rate", day, unit, not target.is_broken)


def _add_outcome(book: Book, local: Local, ticket: Ticket, who: Persons) -> None:
    day, unit = local(ticket.created_at), unit_of(ticket, person=who(ticket.assignee))
    book.count("_all_resolution_rate", day, unit)
    due_at = ticket.created_at + ticket.desk.limit("resolution_rate", ticket.channel)
    if due_at <= ticket.desk.as_of:
        solved_at = ticket.first_solved_at
        is_kept = not ticket.reopens or ticket.reopens[0].at > due_at
        in_time = solved_at is not None and solved_at <= due_at
        is_resolved = ticket.is_solved_by_human and in_time and is_kept
        book.share("resolution_rate", day, unit, is_resolved)
    book.count("_created_p3", day, unit)
    if ticket.in_p5 and ticket.last_solved_at is not None:
        solver = unit_of(ticket, person=who(ticket.closer))
        book.count("_solved_p3", local(ticket.last_solved_at), solver)
    if ticket.has_human:
        book.share("transfer_rate", day, unit, len(ticket.human_owners) > 1)


def _add_solved(book: Book, local: Local, ticket: Ticket, unit: Unit) -> None:
    assert ticket.last_solved_at is not None
    day = local(ticket.last_solved_at)
    book.count("tickets_solved", day, unit)
    book.share("one_touch_rate", day, unit, ticket.is_one_touch)
    book.share("handoff_count", day, unit, ticket.agents_touching)
    book.share("handoff_count_groups", day, unit, ticket.group_stations)
    span = [(ticket.created_at, ticket.last_solved_at)]
    _add_duration(book, "full_resolution_time", day, ticket, unit, span)
    for kpi_id, states in WAITS.items():
        _add_duration(book, kpi_id, day, ticket, unit, ticket.spans_in(states))


def _add_response(book: Book, local: Local, ticket: Ticket, who: Persons) -> None:
    day, unit = local(ticket.created_at), unit_of(ticket, person=who(ticket.assignee))
    replied_at, begin = ticket.first_response_at, ticket.response_started_at
    book.share("unreplied_rate", day, unit, replied_at is None)
    is_silent = replied_at is None and ticket.is_solved
    book.share("unreplied_rate_solved", day, unit, is_silent)
    book.count("_all_response_in_time_rate", day, unit)
    due_at = begin + ticket.desk.limit("response_in_time_rate", ticket.channel)
    if due_at <= ticket.desk.as_of:
        in_time = replied_at is not None and replied_at <= due_at
        book.share("response_in_time_rate", day, unit, in_time)
    if replied_at is not None:
        span = [(begin, max(begin, replied_at))]
        unit = unit_of(ticket, person=who(ticket.replies[0].author))
        _add_duration(book, "first_response_time", day, ticket, unit, span)


def _add_surveys(book: Book, local: Local, ticket: Ticket, who: Persons) -> None:
    """The survey's own agent is rated; where it names none that the account knows, the closer."""
    if ticket.exclusion not in (None, "deleted", "merged"):
        return
    for survey in ticket.surveys:
        unit = unit_of(ticket, person=who(survey.agent, ticket.closer))
        if survey.invited_at is not None:
            is_answered = survey.answered_at is not None
            book.share("csat_response_rate", local(survey.invited_at), unit, is_answered)
        if survey.answered_at is not None:
            day, score = local(survey.answered_at), str(survey.score)
            book.share("csat_score", day, unit, score.startswith("good"))
            book.share("dsat_rate", day, unit, score.startswith("bad"))


def _add_contacts(book: Book, local: Local, desk: Desk, tickets: list[Ticket]) -> None:
    """A ticket's first customer message, or one after a day of silence on the channel."""
    lines: dict[tuple[str, str], list[tuple[Message, Ticket]]] = defaultdict(list)
    for ticket in tickets:
        for message in ticket.own_messages:
            if message.is_public and message.role == "customer":
                lines[message.author, message.channel].append((message, ticket))
    for (_, channel), line in lines.items():
        gap = desk.limit("contacts_inbound", channel)
        before: Message | None = None
        for message, ticket in sorted(line, key=lambda each: (each[0].at, each[0].no)):
            is_new = before is None or message.at - before.at > gap
            if is_new or message == _first_question(ticket):
                book.count("contacts_inbound", local(message.at), unit_of(ticket, channel))
            before = message


def _first_question(ticket: Ticket) -> Message | None:
    asked = (m for m in ticket.own_messages if m.is_public and m.role == "customer")
    return next(asked, None)


def _net_flow(book: Book) -> Iterator[tuple[Cell, Value]]:
    created, solved = _counted(book, "tickets_created"), _counted(book, "tickets_solved")
    for cell in created.keys() | solved.keys():
        flow = created.get(cell, 0) - solved.get(cell, 0)
        yield cell._replace(kpi_id="net_flow"), Value(Fraction(flow))


def _flow_rate(book: Book) -> Iterator[tuple[Cell, Value]]:
    created, solved = _counted(book, "_created_p3"), _counted(book, "_solved_p3")
    for cell, whole in created.items():
        part = solved.get(cell, 0)
        yield (
            cell._replace(kpi_id="resolution_rate_flow"),
            Value(Fraction(part, whole), part, whole),
        )


def _counted(book: Book, kpi_id: str) -> dict[Cell, int]:
    return {c._replace(kpi_id=""): n for c, n in book.counts.items() if c.kpi_id == kpi_id}


def _backlog(local: Local, desk: Desk, tickets: list[Ticket]) -> Iterator[tuple[Cell, Value]]:
    """Open tickets at the end of each day; a longer period has the snapshot of its last day."""
    snapshots: dict[date, list[tuple[Unit, int]]] = defaultdict(list)
    for ticket in tickets:
        for day in _open_days(local, desk, ticket):
            taken_at = min(local.end_of(day), desk.as_of)
            age = int((taken_at - ticket.created_at).total_seconds())
            snapshots[day].append((_unit_on(local, ticket, day), age))
    last_days: dict[tuple[str, date], date] = {}
    for day in snapshots:
        for cell in _cells("", day, Unit("", "", "", "")):
            period = (cell.period_type, cell.period_start)
            last_days[period] = max(day, last_days.get(period, day))
    book = Book()
    for day, open_tickets in snapshots.items():
        for unit, age in open_tickets:
            for cell in _cells("backlog_open", day, unit):
                if last_days[cell.period_type, cell.period_start] == day:
                    aged = cell._replace(kpi_id="backlog_age")
                    book.counts[cell] += 1
                    book.sums[aged][0] += age
                    book.sums[aged][1] += 1
                    book.values[aged].append(age)
    return book.results()


def _open_days(local: Local, desk: Desk, ticket: Ticket) -> Iterator[date]:
    """The days at whose end it was unsolved; the last one ends when knowledge does."""
    last_day = local(desk.as_of)
    for begin, end in ticket.spans_in(UNSOLVED):
        is_running = end == desk.as_of and ticket.statuses[-1].value in UNSOLVED
        day, stop = local(begin), last_day + timedelta(days=1) if is_running else local(end)
        while day < stop:
            yield day
            day += timedelta(days=1)


def _unit_on(local: Local, ticket: Ticket, day: date) -> Unit:
    """Team and priority as they were at the end of the day."""
    team = _value_on(local, ticket, day, "group_id")
    priority = _value_on(local, ticket, day, "priority")
    return Unit(ticket.channel, ticket.team_name(team), priority or "none", ticket.shop)


def _value_on(local: Local, ticket: Ticket, day: date, name: str) -> str | None:
    changes = ticket.changes(name)
    if not changes:
        value = ticket.record.get(name)
        return None if value is None else str(value)
    known = [new for at, _, new, _ in changes if local(at) <= day]
    return known[-1] if known else changes[0][1]
