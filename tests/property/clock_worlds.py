"""Seeded calendars, tickets and spans, and the same spans clocked by the warehouse's SQL.

What belongs here: making cases and loading them into DuckDB. The laws they must keep are in
test_clock_*.py, the independent answer in tests/reference/clocks.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import duckdb

from tests.dbt_sql import DBT, materialise
from tests.reference.clocks import BEGINNING, END, Calendar, Version

FIRST = datetime(2019, 1, 1, tzinfo=UTC)
LAST = datetime(2023, 12, 31, tzinfo=UTC)
ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Havana",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Asia/Tehran",
    "Asia/Kathmandu",
)
Hours = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Ticket:
    """A ticket, and which calendar is in force since when; the first since the beginning."""

    key: str
    calendars: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True)
class Span:
    ticket: Ticket
    no: int
    from_at: datetime
    to_at: datetime


@dataclass
class World:
    calendars: dict[str, Calendar] = field(default_factory=dict)
    tickets: list[Ticket] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def add_span(self, calendar: str, from_at: datetime, to_at: datetime) -> Span:
        """A span on a ticket of its own that keeps one calendar."""
        ticket = Ticket(f"{calendar}/{len(self.tickets)}", ((BEGINNING, calendar),))
        self.tickets.append(ticket)
        return self.add_to(ticket, from_at, to_at)

    def add_to(self, ticket: Ticket, from_at: datetime, to_at: datetime) -> Span:
        span = Span(ticket, len(self.spans), from_at, to_at)
        self.spans.append(span)
        return span

    def in_force(self, ticket: Ticket) -> list[tuple[datetime, Calendar]]:
        return [(since, self.calendars[name]) for since, name in ticket.calendars]


def week(*days: int, hours: tuple[int, int]) -> Hours:
    """The same hours on some weekdays, 0 = Sunday, in minutes of the day."""
    return tuple((day * 1440 + hours[0], day * 1440 + hours[1]) for day in days)


def random_hours(random: Random) -> Hours:
    """Office hours, split shifts, night shifts, round the clock, over the week's end, anything."""
    start = random.randrange(0, 1440, 15)
    length = random.randrange(15, 1200, 15)
    return random.choice(
        (
            week(1, 2, 3, 4, 5, hours=(540, 1020)),
            week(1, 2, 3, 4, 5, hours=(480, 720)) + week(1, 2, 3, 4, 5, hours=(780, 1080)),
            week(*range(7), hours=(1260, 1560)),
            week(*range(7), hours=(720, 1560)),
            ((0, 10080),),
            ((9360, 10200), (2000, 6000)),
            week(*range(7), hours=(start, start + length)),
            (*week(*random.sample(range(7), 3), hours=(start, start + length)), (60, 120)),
            week(0, 6, hours=(30, 150)) + week(0, 6, hours=(90, 210)),
        )
    )


def random_instant(random: Random, from_at: datetime = FIRST, to_at: datetime = LAST) -> datetime:
    return from_at + timedelta(seconds=random.randrange(int((to_at - from_at).total_seconds())))


def random_calendar(random: Random) -> Calendar:
    changes = sorted(random_instant(random) for _ in range(random.choice((0, 0, 1, 2))))
    borders = [BEGINNING, *changes, END]
    versions = tuple(
        Version(random.choice(ZONES), random_hours(random), valid_from, valid_to)
        for valid_from, valid_to in pairwise(borders)
    )
    holidays = {
        random_instant(random).date() + timedelta(days=offset)
        for _ in range(random.randrange(12))
        for offset in range(random.randrange(1, 5))
    }
    return Calendar(versions, frozenset(holidays))


def random_span(random: Random) -> tuple[datetime, datetime]:
    """From no length at all to two years, half of them under three days."""
    from_at = random_instant(random)
    days = random.choice((0, 0.02, 0.5, 1, 3, 3, 30, 60, 730))
    return from_at, min(from_at + timedelta(seconds=int(random.random() * days * 86400)), LAST)


def random_world(seed: int, calendars: int, spans_each: int) -> World:
    random = Random(seed)
    world = World({f"c{number}": random_calendar(random) for number in range(calendars)})
    names = list(world.calendars)
    for name in names:
        for _ in range(spans_each):
            from_at, to_at = random_span(random)
            moves = sorted(
                {random_instant(random, from_at, to_at + timedelta(days=1)) for _ in range(2)}
                if random.random() < 0.2
                else set()
            )
            ticket = Ticket(
                f"t{len(world.tickets)}",
                ((BEGINNING, name), *((moved, random.choice(names)) for moved in moves)),
            )
            world.tickets.append(ticket)
            world.add_to(ticket, from_at, to_at)
    return world


def connect(world: World) -> duckdb.DuckDBPyConnection:
    """A database in which the clock's models are built over this world."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    load_world(con, world)
    declare_calendars(con)
    build_clock(con)
    return con


def load_world(con: duckdb.DuckDBPyConnection, world: World) -> None:
    """What Zendesk exports of calendars, and the tickets with their spans, as the models see it."""
    _load_calendars(con, world)
    con.execute(
        "create table freshdesk__business_hours (_account_id text, _version_at text,"
        " _row_hash text, id text, name text, is_default text, time_zone text,"
        " working_hours text, created_at text)"
    )
    _load_tickets(con, world)


def build_clock(con: duckdb.DuckDBPyConnection) -> None:
    """Build the clock's models over what was loaded."""
    materialise(
        con,
        "stg_zendesk__schedules",
        "stg_zendesk__holidays",
        "stg_freshdesk__business_hours",
        "stg_calendars__calendars",
        "stg_calendars__working_hours",
        "stg_calendars__special_days",
        "stg_calendars__team_calendars",
        "stg_calendars__statutory_days",
        "int_business_calendars__unioned",
        "int_calendar_special_days__unioned",
        "int_calendars__dates",
        "int_calendar_intervals__utc",
        "int_calendar_days__working",
        "int_ticket_team_calendars",
        "int_ticket_calendars__intervals",
        "int_ticket_spans__clocked",
    )


def clocked(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[int, int, int]]:
    """Calendar, business and last-calendar seconds by span number."""
    rows = con.execute(
        "select span_no, calendar_seconds, business_seconds, business_last_seconds"
        " from int_ticket_spans__clocked order by span_no"
    ).fetchall()
    return {no: (calendar, business, last) for no, calendar, business, last in rows}


DECLARED = {
    "calendars": "calendar_id, calendar_name, time_zone, holiday_country, holiday_subdivision",
    "working_hours": "calendar_id, valid_from, weekday, opens, closes",
    "special_days": "calendar_id, date, kind, opens, closes, day_name",
    "team_calendars": "source_system, account_id, team_id, valid_from, calendar_id",
}
Rows = list[tuple[object, ...]]


def declare_calendars(
    con: duckdb.DuckDBPyConnection,
    declared: dict[str, Rows] | None = None,
    statutory: Rows | None = None,
) -> None:
    """Load what an installation declares, rows in the order of `DECLARED`, and statutory days.

    A row may end with one value more: the day of the file that it came in.
    """
    for table, names in DECLARED.items():
        columns = [*names.split(", "), "_version_at", "_row_hash", "_account_id"]
        typed = ", ".join(f'"{column}" text' for column in columns)
        con.execute(f"create table calendars__{table} ({typed})")
        width = len(columns) - len(("_row_hash", "_account_id"))
        rows = [
            (*(*row, "2020-01-01")[:width], str(number), "default")
            for number, row in enumerate((declared or {}).get(table, []))
        ]
        insert(con, f"calendars__{table}", rows)
    con.execute(
        f"create table weekday_aliases as from read_csv('{DBT / 'seeds/weekday_aliases.csv'}',"
        " types = {'raw_value': 'varchar', 'weekday': 'integer'})"
    )
    con.execute(
        "create table helpmart__statutory_days"
        " (country text, subdivision text, date date, kind text, name text)"
    )
    insert(con, "helpmart__statutory_days", statutory or [])


def _load_calendars(con: duckdb.DuckDBPyConnection, world: World) -> None:
    con.execute(
        f"create table rails_time_zones as from read_csv('{DBT / 'seeds/rails_time_zones.csv'}')"
    )
    con.execute(
        "create table zendesk__schedules (_account_id text, _version_at text, _row_hash text,"
        " id text, name text, time_zone text, intervals text, created_at text)"
    )
    con.execute(
        "create table zendesk__holidays (_account_id text, _version_at text, _row_hash text,"
        " id text, name text, schedule_id text, start_date text, end_date text)"
    )
    schedules = [
        _schedule_row(name, version)
        for name, calendar in world.calendars.items()
        for version in calendar.versions
    ]
    holidays: list[tuple[object, ...]] = [
        ("a", "2000-01-01T00:00:00Z", "", f"{name}/{day}", "", name, str(day), str(day))
        for name, calendar in world.calendars.items()
        for day in sorted(calendar.holidays)
    ]
    insert(con, "zendesk__schedules", schedules)
    insert(con, "zendesk__holidays", holidays)


def _schedule_row(name: str, version: Version) -> tuple[object, ...]:
    intervals = [{"start_time": start, "end_time": end} for start, end in version.hours]
    seen_at = max(version.valid_from, datetime(2000, 1, 1, tzinfo=UTC)).isoformat()
    created_at = "2000-01-01T00:00:00Z"
    return ("a", seen_at, "", name, name, version.zone, json.dumps(intervals), created_at)


def _load_tickets(con: duckdb.DuckDBPyConnection, world: World) -> None:
    con.execute(
        "create table int_accounts__as_of as select 'zendesk' as source_system, 'a' as account_id,"
        " cast($1 as timestamp) as first_at, cast($2 as timestamp) as newest_at,"
        " cast($2 as timestamp) as as_of_at",
        [_naive(FIRST), _naive(LAST)],
    )
    con.execute(
        "create table int_tickets__unioned"
        " (source_system text, account_id text, ticket_key text, created_at timestamp)"
    )
    con.execute(
        "create table int_ticket_events__unioned (ticket_key text, event_seq bigint,"
        " event_at timestamp, event_type text, old_value text, new_value text)"
    )
    con.execute(
        "create table int_ticket_spans (ticket_key text, span_type text, span_no bigint,"
        " from_at timestamp, to_at timestamp)"
    )
    con.execute(
        "create table int_ticket_field_intervals (ticket_key text, field text, interval_no bigint,"
        " value text, started_at timestamp, ended_at timestamp)"
    )
    insert(
        con,
        "int_tickets__unioned",
        [("zendesk", "a", ticket.key, _naive(FIRST)) for ticket in world.tickets],
    )
    insert(con, "int_ticket_events__unioned", [e for t in world.tickets for e in _events(t)])
    insert(
        con,
        "int_ticket_spans",
        [(s.ticket.key, "", s.no, _naive(s.from_at), _naive(s.to_at)) for s in world.spans],
    )


def _events(ticket: Ticket) -> list[tuple[object, ...]]:
    """The first calendar as one given with the ticket, later ones as moves."""
    rows = []
    before = None
    for number, (since, name) in enumerate(ticket.calendars, start=1):
        at = _naive(max(since, FIRST))
        rows.append((ticket.key, number, at, "calendar", before, name))
        before = name
    return rows


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[object, ...]]) -> None:
    """All rows in one statement: one by one takes a hundred times as long."""
    if rows:
        columns = ", ".join(f"unnest(${number})" for number in range(1, len(rows[0]) + 1))
        con.execute(
            f"insert into {table} select {columns}", [list(c) for c in zip(*rows, strict=True)]
        )


def _naive(instant: datetime) -> datetime:
    return instant.replace(tzinfo=None)
