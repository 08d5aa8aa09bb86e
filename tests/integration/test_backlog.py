"""The backlog of every day, recounted ticket by ticket in plain Python from the export's audits."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from tests.integration.desk import AGENT, CUSTOMER, Desk

ACCOUNT = "backlog"
ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2022, 1, 3, tzinfo=UTC)
AS_OF = datetime(2024, 2, 10, 9, 30, tzinfo=UTC)
BUCKETS = (1, 3, 7, 14, 30)
STATES = ("new", "open", "pending", "on-hold", "solved", "closed", "deleted")
TEAMS = (501, 502, None)
PRIORITIES = ("low", "normal", "urgent", None)
Cell = tuple[date, str, str, str, int]


def desk() -> Desk:
    """Lives of days and of two years; some changes fall on midnights of the reporting zone."""
    random = Random(20)
    account = Desk(ACCOUNT)
    for number in range(1, 161):
        now = _instant(random, FIRST, FIRST + timedelta(days=60))
        ticket = account.ticket(
            now, id=number, status="new", group_id=random.choice(TEAMS), priority="normal"
        )
        for _ in range(random.randrange(7)):
            days = random.choice((0, 0.3, 2, 10, 400))
            now = min(_instant(random, now, now + timedelta(days=days, seconds=5)), AS_OF)
            match random.randrange(4):
                case 0:
                    ticket.changes("group_id", random.choice(TEAMS), now)
                case 1:
                    ticket.changes("priority", random.choice(PRIORITIES), now)
                case _:
                    ticket.becomes(random.choice(STATES[:6] * 3 + STATES[6:]), now)
    for number, (created, solved) in enumerate(
        (
            ("2022-01-10 16:00", "2022-01-11 16:00"),
            ("2022-01-10 15:59", "2022-01-13 15:59"),
            ("2022-01-10 10:00", "2022-01-10 11:00"),
        ),
        start=201,
    ):
        account.ticket(created, id=number).becomes("solved", solved, CUSTOMER)
    account.ticket(FIRST, id=300).becomes("solved", AS_OF, AGENT)
    return account


def test_every_cell_of_every_day_is_what_counting_tickets_gives(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = published.execute(
        "select local_date, status, team_id, priority, age_bucket_no, open_tickets,"
        " open_age_seconds_sum from fct_backlog_days where account_id = $1",
        [ACCOUNT],
    ).fetchall()
    counted, ages = _recount(desk())
    assert {tuple(row[:5]): row[5] for row in rows} == dict(counted)
    assert {tuple(row[:5]): row[6] for row in rows} == dict(ages)
    assert max(row[0] for row in rows) == AS_OF.astimezone(ZONE).date()
    assert len(rows) > 5_000


def test_the_last_snapshot_is_the_tickets_open_now(published: duckdb.DuckDBPyConnection) -> None:
    (backlog,) = published.execute(
        "select sum(open_tickets) from fct_backlog_days where account_id = $1 and local_date = $2",
        [ACCOUNT, AS_OF.astimezone(ZONE).date()],
    ).fetchone() or (None,)
    (unsolved,) = published.execute(
        "select count(*) from fct_tickets where account_id = $1 and in_p2 and not is_solved",
        [ACCOUNT],
    ).fetchone() or (None,)
    assert backlog == unsolved


def _recount(account: Desk) -> tuple[Counter[Cell], Counter[Cell]]:
    counted: Counter[Cell] = Counter()
    ages: Counter[Cell] = Counter()
    for ticket in account.tickets:
        if ticket.record["status"] == "deleted":
            continue
        changes = [a for a in account.audits if a["ticket_id"] == ticket.record["id"]]
        day = ticket.created_at.astimezone(ZONE).date()
        while day <= AS_OF.astimezone(ZONE).date():
            end = datetime.combine(day + timedelta(days=1), time.min, ZONE)
            state = _state_before(ticket.record, changes, end)
            if state["status"] not in ("solved", "closed", "deleted"):
                age = int((min(end, AS_OF) - ticket.created_at).total_seconds())
                bucket = 1 + sum(age >= days * 86400 for days in BUCKETS)
                cell = (
                    day,
                    state["status"].replace("on-hold", "hold"),
                    str(state["group_id"] or "unknown"),
                    state["priority"] or "none",
                    bucket,
                )
                counted[cell] += 1
                ages[cell] += age
            day += timedelta(days=1)
    return counted, ages


def _state_before(
    record: dict[str, Any], changes: list[dict[str, Any]], end: datetime
) -> dict[str, Any]:
    """What held just before `end`: undo, from the newest back, what happened later."""
    state = {name: record.get(name) for name in ("status", "group_id", "priority")}
    for audit in reversed(changes):
        if datetime.fromisoformat(audit["created_at"]) >= end:
            (event,) = audit["events"]
            state[event["field_name"]] = event["previous_value"]
    return state


def _instant(random: Random, from_at: datetime, to_at: datetime) -> datetime:
    """A second in from..to, one time in eight the local midnight after it."""
    instant = from_at + timedelta(seconds=random.randrange(int((to_at - from_at).total_seconds())))
    if random.randrange(8):
        return instant
    tomorrow = instant.astimezone(ZONE).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, ZONE).astimezone(UTC)
