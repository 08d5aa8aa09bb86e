"""Calendars that an installation declares, worked out by hand on the clock's own models.

Dates are of 2023: 29 September to 6 October are closed in China, Saturday 7 October is worked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import duckdb
import pytest

from pipelines.ingest.calendars.statutory import statutory_days
from tests.dbt_sql import rendered
from tests.property.clock_worlds import (
    Rows,
    Span,
    Ticket,
    World,
    build_clock,
    clocked,
    declare_calendars,
    insert,
    load_world,
)

HOUR = 3600
OFFICE = [("cn", "2020-01-01", day, "09:00:00", "12:00:00") for day in "12345"] + [
    ("cn", "2020-01-01", day, "13:00:00", "18:00:00") for day in "12345"
]
CALENDARS: Rows = [
    ("cn", "Hangzhou", "Asia/Shanghai", "CN", None),
    ("night", "Night", "Asia/Shanghai", None, None),
    ("weekly", "Every day", "Asia/Shanghai", "CN", None),
]
Clock = Callable[..., int | None]


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Business seconds between two instants in Shanghai for a ticket of a team."""
    connections: list[duckdb.DuckDBPyConnection] = []

    def seconds(
        from_at: str,
        to_at: str,
        *,
        teams: Rows,
        hours: Rows = OFFICE,  # type: ignore[assignment]
        special: Rows | None = None,
        stays: Rows | None = None,
    ) -> int | None:
        ticket = Ticket("t", ())
        world = World(tickets=[ticket])
        world.spans.append(Span(ticket, 1, shanghai(from_at), shanghai(to_at)))
        con = duckdb.connect()
        connections.append(con)
        con.execute("set TimeZone = 'UTC'")
        load_world(con, world)
        insert(con, "int_ticket_field_intervals", stays or [("t", "team", 1, "a", None, None)])
        declared = {"calendars": CALENDARS, "working_hours": hours, "team_calendars": teams}
        declare_calendars(
            con,
            {**declared, "special_days": special or []},
            [(d.country, d.subdivision, d.date, d.kind, d.name) for d in statutory_days("CN")],
        )
        build_clock(con)
        return clocked(con)[1][1]

    yield seconds
    for con in connections:
        con.close()


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def team(team_id: str, calendar: str, since: str = "2020-01-01") -> tuple[object, ...]:
    return ("zendesk", "a", team_id, since, calendar)


def test_a_split_day_has_eight_hours(clock: Clock) -> None:
    assert clock("2023-09-19T00:00", "2023-09-20T00:00", teams=[team("*", "cn")]) == 8 * HOUR


def test_a_statutory_week_is_closed(clock: Clock) -> None:
    assert clock("2023-09-29T00:00", "2023-10-07T00:00", teams=[team("*", "cn")]) == 0


def test_a_make_up_saturday_has_the_hours_of_a_monday(clock: Clock) -> None:
    assert clock("2023-10-07T00:00", "2023-10-08T00:00", teams=[team("*", "cn")]) == 8 * HOUR


def test_who_works_on_saturdays_anyway_keeps_those_hours(clock: Clock) -> None:
    hours: Rows = [("weekly", "2020-01-01", day, "10:00:00", "16:00:00") for day in "1234567"]
    teams = [team("*", "weekly")]
    assert clock("2023-10-07T00:00", "2023-10-08T00:00", hours=hours, teams=teams) == 6 * HOUR


@pytest.mark.parametrize(
    ("special", "hours_worked"),
    [
        (("cn", "2023-10-02", "hours", "09:00:00", "12:00:00", "on duty"), 3),
        (("cn", "2023-10-02", "workday", None, None, "on duty"), 8),
        (("cn", "2023-10-02", "closed", None, None, ""), 0),
        (("cn", "2023-10-02", "hours", "22:00:00", "02:00:00", "night sale"), 2),
    ],
)
def test_a_declared_day_outranks_the_statutory_one(
    clock: Clock, special: tuple[object, ...], hours_worked: int
) -> None:
    found = clock(
        "2023-10-02T00:00", "2023-10-03T00:00", teams=[team("*", "cn")], special=[special]
    )
    assert found == hours_worked * HOUR


def test_a_night_shift_runs_into_the_next_day(clock: Clock) -> None:
    hours: Rows = [("night", "2020-01-01", "周日", "22:00:00", "06:00:00")]
    teams = [team("*", "night")]
    assert clock("2023-09-24T12:00", "2023-09-25T00:00", hours=hours, teams=teams) == 2 * HOUR
    assert clock("2023-09-25T00:00", "2023-09-25T12:00", hours=hours, teams=teams) == 6 * HOUR


def test_hours_change_on_the_day_they_say(clock: Clock) -> None:
    changed = [("cn", "2023-09-20", day, "09:00:00", "10:00:00") for day in "12345"]
    found = clock(
        "2023-09-19T00:00", "2023-09-21T00:00", hours=OFFICE + changed, teams=[team("*", "cn")]
    )
    assert found == (8 + 1) * HOUR


def test_a_later_file_takes_back_the_hours_it_no_longer_lists(clock: Clock) -> None:
    later = [("cn", "2020-01-01", day, "09:00:00", "12:00:00", "2020-02-01") for day in "12345"]
    found = clock(
        "2023-09-19T00:00", "2023-09-20T00:00", hours=OFFICE + later, teams=[team("*", "cn")]
    )
    assert found == 3 * HOUR


def test_a_ticket_follows_its_team(clock: Clock) -> None:
    moved = shanghai("2023-09-19T12:00").replace(tzinfo=None)
    stays: Rows = [("t", "team", 1, "a", None, moved), ("t", "team", 2, "b", moved, None)]
    hours = [*OFFICE, ("night", "2020-01-01", "2", "20:00:00", "21:00:00")]
    found = clock(
        "2023-09-19T00:00",
        "2023-09-20T00:00",
        hours=hours,
        stays=stays,
        teams=[team("*", "cn"), team("b", "night")],
    )
    assert found == (3 + 1) * HOUR


def test_before_any_calendar_the_length_is_unknown_not_shorter(clock: Clock) -> None:
    teams = [team("*", "cn", "2023-09-20")]
    assert clock("2023-09-19T00:00", "2023-09-21T00:00", teams=teams) is None
    assert clock("2023-09-20T00:00", "2023-09-21T00:00", teams=teams) == 8 * HOUR


@pytest.mark.parametrize(("first_known", "missing"), [(2004, []), (2021, [2018, 2019, 2020])])
def test_a_year_without_statutory_days_is_named(first_known: int, missing: list[int]) -> None:
    con = duckdb.connect()
    load_world(con, World())
    hours: Rows = list(OFFICE)
    declare_calendars(
        con,
        {"calendars": CALENDARS, "working_hours": hours, "team_calendars": [team("*", "cn")]},
    )
    con.execute(
        "create table helpmart__statutory_years as select 'CN' as country,"
        " '' as subdivision, unnest(range($1, 2027)) as year",
        [first_known],
    )
    con.execute("alter table int_accounts__as_of add column as_of_date date default '2023-12-31'")
    build_clock(con)
    found = con.execute(rendered("calendar_years_have_statutory_days")).fetchall()
    assert sorted(row[-1] for row in found) == missing
