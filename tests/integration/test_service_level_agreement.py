"""SLA targets of random tickets against a plain-Python walk through their lives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import duckdb

from tests.integration.desk import AGENT, CUSTOMER, Desk, Ticket
from tests.reference.clocks import BEGINNING, Calendar, Version
from tests.reference.service_levels import Life, Target, Verdict, verdicts

ACCOUNT = "random_levels"
FIRST = datetime(2024, 3, 1, tzinfo=UTC)
AS_OF = datetime(2024, 5, 31, 12, tzinfo=UTC)
METRICS = (
    "first_reply_time",
    "next_reply_time",
    "requester_wait_time",
    "agent_work_time",
    "total_resolution_time",
    "periodic_update_time",
    "pausable_update_time",
)
OFFICE = tuple((day * 1440 + 540, day * 1440 + 1020) for day in range(1, 6))
NIGHTS = tuple((day * 1440 + 1200, day * 1440 + 1680) for day in range(7))
CALENDARS = {
    1: Calendar((Version("Europe/London", OFFICE),)),
    2: Calendar((Version("America/New_York", NIGHTS),)),
}


def _tickets() -> tuple[Desk, dict[int, Life]]:
    """The same random lives twice: as an export, and as plain facts."""
    random = Random(31)
    account = Desk(ACCOUNT)
    account.add_schedule(1, list(OFFICE), "London")
    account.add_schedule(2, list(NIGHTS), "Eastern Time (US & Canada)")
    lives = {}
    for number in range(1, 201):
        now = FIRST + timedelta(seconds=random.randrange(60 * 86400))
        ticket = account.ticket(now, id=number, status="new").says(CUSTOMER, now)
        life = Life(
            now, AS_OF, [(now, "new")], [(BEGINNING, CALENDARS[1])], messages=[(now, False)]
        )
        _live(random, ticket, life)
        lives[number] = life
    account.ticket(AS_OF, id=999)
    return account, lives


def _live(random: Random, ticket: Ticket, life: Life) -> None:
    now, status, schedule = life.created_at, "new", 1
    for _ in range(random.randrange(2, 16)):
        hours = random.choice((0.1, 1, 5, 30, 200))
        now = min(now + timedelta(seconds=random.randrange(1, int(hours * 3600))), AS_OF)
        match random.randrange(8):
            case 0 | 1:
                by_agent = bool(random.randrange(2))
                ticket.says(AGENT if by_agent else CUSTOMER, now)
                life.messages.append((now, by_agent))
            case 2 | 3:
                status = random.choice(
                    [s for s in ("open", "pending", "hold", "solved") if s != status]
                )
                ticket.becomes(status, now)
                life.statuses.append((now, status))
            case 4:
                ticket.moves_to_schedule(schedule, 3 - schedule, now)
                schedule = 3 - schedule
                life.calendars.append((now, CALENDARS[schedule]))
            case _:
                _set_target(random, ticket, life, now)


def _set_target(random: Random, ticket: Ticket, life: Life, now: datetime) -> None:
    metric = random.choice(METRICS)
    seconds = random.choice((None, 600, 3600, 14400, 28800, 86400))
    business = bool(random.randrange(2)) if seconds else False
    ticket.target(metric, seconds, now, business=business)
    life.targets.setdefault(metric, []).append((now, Target(seconds, business)))


def desk() -> Desk:
    return _tickets()[0]


def test_every_target_ends_as_a_walk_through_the_tickets_life_says(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = published.execute(
        "select ticket_id, metric, instance_no, sla_status, elapsed_seconds, deadline_at"
        " from fct_sla_targets where account_id = $1 order by metric, instance_no",
        [ACCOUNT],
    ).fetchall()
    _, lives = _tickets()
    found: dict[int, list[Verdict]] = {number: [] for number in lives}
    for ticket, metric, instance, status, elapsed, deadline in rows:
        instant = deadline and deadline.replace(tzinfo=UTC)
        found[int(ticket)].append(Verdict(metric, instance, status, elapsed, instant))

    assert found == {number: verdicts(life) for number, life in lives.items()}
    assert {verdict.status for ticket in found.values() for verdict in ticket} == {
        "achieved",
        "breached",
        "active",
        "cancelled",
    }
    assert len(rows) > 300
