"""Laws that business time keeps whatever the calendar, over seeded worlds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.dbt_sql import materialise, rendered_macro
from tests.property.clock_worlds import (
    FIRST,
    LAST,
    Span,
    Ticket,
    World,
    clocked,
    connect,
    insert,
    random_hours,
    random_instant,
    random_span,
    random_world,
    week,
)
from tests.reference.clocks import BEGINNING, Calendar, Version, reached_at

DAY = timedelta(days=1)
ROUND_THE_CLOCK = ((0, 10080),)


def test_business_time_lies_between_nothing_and_calendar_time() -> None:
    world = random_world(seed=3, calendars=150, spans_each=40)
    for calendar, business, last in clocked(connect(world)).values():
        assert 0 <= business <= calendar
        assert 0 <= last <= calendar


def test_the_parts_of_a_split_span_add_up_to_the_whole() -> None:
    random = Random(4)
    world = random_world(seed=4, calendars=150, spans_each=20)
    splits: list[tuple[Span, Span, Span]] = []
    for whole in list(world.spans):
        middle = random_instant(random, whole.from_at, whole.to_at + timedelta(seconds=1))
        first = world.add_to(whole.ticket, whole.from_at, middle)
        second = world.add_to(whole.ticket, middle, whole.to_at)
        splits.append((whole, first, second))
    measured = clocked(connect(world))
    for whole, first, second in splits:
        added = tuple(a + b for a, b in zip(measured[first.no], measured[second.no], strict=True))
        assert added == measured[whole.no]


def test_closed_time_counts_nothing() -> None:
    world = random_world(seed=5, calendars=120, spans_each=0)
    for name, calendar in world.calendars.items():
        openings = calendar.openings(FIRST, FIRST + 60 * DAY)
        for (_, closed), (opened, _) in pairwise(openings):
            world.add_span(name, closed, opened)
    assert len(world.spans) > 1000
    assert {business for _, business, _ in clocked(connect(world)).values()} == {0}


def test_a_week_later_is_as_long_where_neither_holiday_nor_clock_change_interferes() -> None:
    random = Random(6)
    world = World()
    pairs = []
    for number in range(100):
        zone = random.choice(("UTC", "Asia/Shanghai", "Asia/Kathmandu"))
        world.calendars[f"c{number}"] = Calendar((Version(zone, random_hours(random)),))
        for _ in range(10):
            from_at, to_at = random_span(random)
            to_at = max(from_at, to_at - 7 * DAY)
            first = world.add_span(f"c{number}", from_at, to_at)
            pairs.append((first, world.add_to(first.ticket, from_at + 7 * DAY, to_at + 7 * DAY)))
    measured = clocked(connect(world))
    for first, shifted in pairs:
        assert measured[first.no] == measured[shifted.no]


@pytest.mark.parametrize(
    ("zone", "spring", "autumn"),
    [
        ("Europe/London", date(2021, 3, 28), date(2021, 10, 31)),
        ("Europe/Berlin", date(2021, 3, 28), date(2021, 10, 31)),
        ("America/New_York", date(2021, 3, 14), date(2021, 11, 7)),
        ("America/Havana", date(2021, 3, 14), date(2021, 11, 7)),
        ("America/St_Johns", date(2021, 3, 14), date(2021, 11, 7)),
        ("Pacific/Chatham", date(2021, 9, 26), date(2021, 4, 4)),
    ],
)
def test_days_of_23_and_25_hours_are_worked_in_full(zone: str, spring: date, autumn: date) -> None:
    world = World({"always": Calendar((Version(zone, ROUND_THE_CLOCK),))})
    lengths = {}
    for day, hours in ((spring, 23), (autumn, 25), (autumn + DAY, 24)):
        begin, end = (
            datetime(d.year, d.month, d.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
            for d in (day, day + DAY)
        )
        lengths[world.add_span("always", begin, end).no] = hours * 3600
    measured = clocked(connect(world))
    assert {no: business for no, (_, business, _) in measured.items()} == lengths


def test_a_night_shift_is_an_hour_shorter_or_longer_when_clocks_change() -> None:
    night = week(*range(7), hours=(21 * 60, 29 * 60))
    world = World({"night": Calendar((Version("Europe/London", night),))})
    for evening in (date(2021, 3, 27), date(2021, 10, 30), date(2021, 6, 1)):
        noon = datetime(evening.year, evening.month, evening.day, 12, tzinfo=UTC)
        world.add_span("night", noon, noon + DAY)
    measured = [business for _, business, _ in clocked(connect(world)).values()]
    assert measured == [7 * 3600, 9 * 3600, 8 * 3600]


def test_a_holiday_takes_out_its_own_local_date_and_nothing_else() -> None:
    shift = week(*range(7), hours=(21 * 60, 26 * 60))
    holiday = date(2021, 5, 3)
    world = World({"shift": Calendar((Version("Asia/Shanghai", shift),), frozenset({holiday}))})
    midnight = datetime(2021, 5, 3, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    before = world.add_span("shift", midnight - DAY, midnight)
    on_it = world.add_span("shift", midnight, midnight + DAY)
    after = world.add_span("shift", midnight + DAY, midnight + 2 * DAY)
    measured = clocked(connect(world))
    assert [measured[span.no][1] for span in (before, on_it, after)] == [5 * 3600, 0, 5 * 3600]


def test_a_change_of_hours_leaves_everything_before_it_as_it_was() -> None:
    changed_at = datetime(2021, 6, 16, 4, tzinfo=UTC)
    old, new = week(1, 2, 3, 4, 5, hours=(540, 1080)), week(1, 2, 3, 4, 5, hours=(480, 600))
    world = World(
        {
            "edited": Calendar(
                (
                    Version("Asia/Shanghai", old, valid_to=changed_at),
                    Version("Asia/Shanghai", new, valid_from=changed_at),
                )
            ),
            "old": Calendar((Version("Asia/Shanghai", old),)),
        }
    )
    random = Random(7)
    for _ in range(200):
        from_at = random_instant(random, FIRST, changed_at)
        to_at = random_instant(random, from_at, changed_at)
        world.add_span("edited", from_at, to_at)
        world.add_span("old", from_at, to_at)
    on_the_day = world.add_span("edited", changed_at - 4 * timedelta(hours=1), changed_at + DAY)
    measured = [business for _, business, _ in clocked(connect(world)).values()]
    assert measured[:-1:2] == measured[1:-1:2]
    # 09:00-12:00 of the old hours, then 08:00-10:00 of the new ones on the next day.
    assert measured[on_the_day.no] == 5 * 3600


def test_a_ticket_whose_calendar_was_not_exported_has_no_business_time() -> None:
    world = World({"known": Calendar((Version("UTC", ROUND_THE_CLOCK),))})
    kept = world.add_span("known", FIRST + DAY, FIRST + 2 * DAY)
    lost = world.add_span("lost", FIRST + DAY, FIRST + 2 * DAY)
    measured = clocked(connect(world))
    assert measured[kept.no] == (86400, 86400, 86400)
    assert measured[lost.no] == (86400, None, None)


def test_a_span_without_an_end_has_no_length_even_across_a_change_of_calendar() -> None:
    always = Calendar((Version("UTC", ROUND_THE_CLOCK),))
    world = World({"first": always, "second": always})
    ticket = Ticket("t", ((BEGINNING, "first"), (FIRST + 3 * DAY, "second")))
    world.tickets.append(ticket)
    world.add_to(ticket, FIRST + DAY, FIRST + 5 * DAY)
    con = connect(world)
    con.execute(
        "insert into int_ticket_spans"
        " select * replace (null as to_at, 1 as span_no) from int_ticket_spans"
    )
    materialise(con, "int_ticket_spans__clocked")
    assert clocked(con) == {0: (4 * 86400,) * 3, 1: (None, None, None)}


def test_the_clock_read_backwards_finds_the_instant_plain_python_finds() -> None:
    random = Random(8)
    world = random_world(seed=8, calendars=100, spans_each=0)
    starts = []
    for number, name in enumerate(world.calendars):
        for _ in range(10):
            from_at = random_instant(random, FIRST, LAST - 90 * DAY)
            starts.append((number, name, from_at, random.choice((0, 1, 3600, 28800, 200_000))))
    world.add_span("c0", FIRST, LAST)
    con = connect(world)
    con.execute(
        "create table starts (no int, calendar_id text, from_at timestamp,"
        " remaining_seconds bigint, in_business_hours boolean)"
    )
    rows = [(no, name, at.replace(tzinfo=None), left, True) for no, name, at, left in starts]
    insert(con, "starts", rows)
    con.execute(
        "create table keyed_starts as select starts.*, calendar_key from starts"
        " inner join int_calendars__dates using (calendar_id)"
    )
    found = con.execute(
        "select no, calendar_id, from_at, remaining_seconds, reached_at"
        f" from ({rendered_macro('reached_instants', 'keyed_starts')})"
    ).fetchall()
    assert len(found) == len(starts)
    for _, name, from_at, left, reached in found:
        limit = LAST + 401 * DAY
        expected = reached_at(world.calendars[name], from_at.replace(tzinfo=UTC), left, limit)
        assert reached == (expected and expected.replace(tzinfo=None))
