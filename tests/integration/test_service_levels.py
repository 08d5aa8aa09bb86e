"""SLA targets through the real load and models: what decides, when, and by which clock.

The desk works Monday to Friday, 09:00 to 17:00 UTC; 2024-03-04 is a Monday, 2024-05-01 a holiday.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pytest

from tests.integration.desk import AGENT, COLLEAGUE, CUSTOMER, Desk, Ticket

HOUR = 3600
DAY = 86400
ACCOUNT = "levels"
AS_OF = "2024-06-28 12:00"


@dataclass(frozen=True)
class Target:
    """What one row of fct_sla_targets must say."""

    metric: str
    status: str
    seconds: int | None
    elapsed: int
    deadline: str | None
    instance: int = 1
    is_decided: bool = True


@dataclass(frozen=True)
class Case:
    """A ticket's story and the targets that come of it."""

    name: str
    story: Callable[[Desk], Ticket]
    targets: tuple[Target, ...]


def _asked(desk: Desk, when: str, **fields: str) -> Ticket:
    return desk.ticket(when, **fields).says(CUSTOMER, when)


CASES = (
    Case(
        "a reply within the target achieves it",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("first_reply_time", HOUR, "2024-03-04 10:00")
            .says(AGENT, "2024-03-04 10:59")
        ),
        (Target("first_reply_time", "achieved", HOUR, 59 * 60, "2024-03-04 11:00"),),
    ),
    Case(
        "a reply on the very second of the deadline is in time",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("first_reply_time", HOUR, "2024-03-04 10:00")
            .says(AGENT, "2024-03-04 11:00")
        ),
        (Target("first_reply_time", "achieved", HOUR, HOUR, "2024-03-04 11:00"),),
    ),
    Case(
        "a late reply breaches when the target fell due, not when the reply came",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("first_reply_time", HOUR, "2024-03-04 10:00")
            .says(AGENT, "2024-03-04 13:00")
        ),
        (Target("first_reply_time", "breached", HOUR, 3 * HOUR, "2024-03-04 11:00"),),
    ),
    Case(
        "an internal note is no reply",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("first_reply_time", HOUR, "2024-03-04 10:00")
            .says(AGENT, "2024-03-04 10:05", public=False)
            .says(AGENT, "2024-03-04 12:00")
        ),
        (Target("first_reply_time", "breached", HOUR, 2 * HOUR, "2024-03-04 11:00"),),
    ),
    Case(
        "business hours stand still from closing time to opening",
        lambda desk: (
            _asked(desk, "2024-03-08 16:30")
            .target("first_reply_time", HOUR, "2024-03-08 16:30", business=True)
            .says(AGENT, "2024-03-11 09:20")
        ),
        (Target("first_reply_time", "achieved", HOUR, 50 * 60, "2024-03-11 09:30"),),
    ),
    Case(
        "a target used up exactly at closing time is not breached by the night",
        lambda desk: (
            _asked(desk, "2024-03-04 05:00")
            .target("first_reply_time", 8 * HOUR, "2024-03-04 05:00", business=True)
            .says(AGENT, "2024-03-05 08:00")
        ),
        (Target("first_reply_time", "achieved", 8 * HOUR, 8 * HOUR, "2024-03-04 17:00"),),
    ),
    Case(
        "a holiday moves the deadline to the next working day",
        lambda desk: (
            _asked(desk, "2024-04-30 16:00")
            .target("first_reply_time", 2 * HOUR, "2024-04-30 16:00", business=True)
            .says(AGENT, "2024-05-02 10:01")
        ),
        (Target("first_reply_time", "breached", 2 * HOUR, 2 * HOUR + 60, "2024-05-02 10:00"),),
    ),
    Case(
        "a higher priority that finds its time used up is breached at the change",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("first_reply_time", 8 * HOUR, "2024-03-04 10:00")
            .changes("priority", "urgent", "2024-03-04 13:00")
            .target("first_reply_time", HOUR, "2024-03-04 13:00")
            .says(AGENT, "2024-03-04 14:00")
        ),
        (Target("first_reply_time", "breached", HOUR, 4 * HOUR, "2024-03-04 13:00"),),
    ),
    Case(
        "a lower priority gives more time if it comes before the deadline",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("first_reply_time", HOUR, "2024-03-04 10:00")
            .target("first_reply_time", 8 * HOUR, "2024-03-04 10:30")
            .says(AGENT, "2024-03-04 15:00")
        ),
        (Target("first_reply_time", "achieved", 8 * HOUR, 5 * HOUR, "2024-03-04 18:00"),),
    ),
    Case(
        "a lower priority after the deadline undoes no breach",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("first_reply_time", HOUR, "2024-03-04 10:00")
            .target("first_reply_time", 8 * HOUR, "2024-03-04 11:30")
            .says(AGENT, "2024-03-04 12:00")
        ),
        (Target("first_reply_time", "breached", HOUR, 2 * HOUR, "2024-03-04 11:00"),),
    ),
    Case(
        "time before the target was set counts",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("first_reply_time", HOUR, "2024-03-04 10:40")
            .says(AGENT, "2024-03-04 11:10")
        ),
        (Target("first_reply_time", "breached", HOUR, 70 * 60, "2024-03-04 11:00"),),
    ),
    Case(
        "a solve ends the wait for a first reply",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("first_reply_time", HOUR, "2024-03-04 10:00")
            .becomes("solved", "2024-03-04 10:30")
        ),
        (Target("first_reply_time", "achieved", HOUR, 30 * 60, "2024-03-04 11:00"),),
    ),
    Case(
        "each later turn is an instance of the next reply",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("next_reply_time", HOUR, "2024-03-04 10:00")
            .says(AGENT, "2024-03-04 10:10")
            .says(CUSTOMER, "2024-03-04 11:00")
            .says(CUSTOMER, "2024-03-04 11:50")
            .says(COLLEAGUE, "2024-03-04 12:30")
            .says(CUSTOMER, "2024-03-04 13:00")
            .says(AGENT, "2024-03-04 13:20")
        ),
        (
            Target("next_reply_time", "breached", HOUR, 90 * 60, "2024-03-04 12:00", 1),
            Target("next_reply_time", "achieved", HOUR, 20 * 60, "2024-03-04 14:00", 2),
        ),
    ),
    Case(
        "agent work pauses in pending and on hold, requester wait in pending only",
        lambda desk: (
            _asked(desk, "2024-03-04 09:00", status="new")
            .target("agent_work_time", 3 * HOUR, "2024-03-04 09:00", business=True)
            .target("requester_wait_time", 4 * HOUR, "2024-03-04 09:00", business=True)
            .becomes("open", "2024-03-04 10:00")
            .becomes("pending", "2024-03-04 11:00")
            .becomes("on-hold", "2024-03-04 14:00")
            .becomes("open", "2024-03-05 10:00")
            .becomes("solved", "2024-03-05 10:30")
        ),
        (
            # 2 h new and open, half an hour the next day; the third hour would end at 11:00.
            Target("agent_work_time", "achieved", 3 * HOUR, 9000, "2024-03-05 11:00"),
            # 2 h, then on hold 14:00-16:00 reaches the fourth hour.
            Target("requester_wait_time", "breached", 4 * HOUR, 23400, "2024-03-04 16:00"),
        ),
    ),
    Case(
        "resolution time adds up over a reopening and skips the time solved",
        lambda desk: (
            _asked(desk, "2024-03-04 09:00")
            .target("total_resolution_time", DAY, "2024-03-04 09:00")
            .becomes("solved", "2024-03-04 21:00")
            .becomes("open", "2024-03-10 00:00", CUSTOMER)
            .becomes("solved", "2024-03-10 10:00")
        ),
        (Target("total_resolution_time", "achieved", DAY, 22 * HOUR, "2024-03-10 12:00"),),
    ),
    Case(
        "a pausable update waits for the customer, a periodic one does not",
        lambda desk: (
            _asked(desk, "2024-03-04 09:00")
            .target("periodic_update_time", 2 * HOUR, "2024-03-04 09:00")
            .target("pausable_update_time", 2 * HOUR, "2024-03-04 09:00")
            .says(AGENT, "2024-03-04 10:00")
            .becomes("pending", "2024-03-04 10:00")
            .becomes("open", "2024-03-04 13:00", CUSTOMER)
            .says(AGENT, "2024-03-04 14:00")
            .becomes("solved", "2024-03-04 14:00")
        ),
        # The second message solves the ticket too: no further update is due.
        (
            Target("pausable_update_time", "achieved", 2 * HOUR, HOUR, "2024-03-04 15:00", 1),
            Target("periodic_update_time", "breached", 2 * HOUR, 4 * HOUR, "2024-03-04 12:00", 1),
        ),
    ),
    Case(
        "a target taken away before it was decided is cancelled",
        lambda desk: (
            _asked(desk, "2024-03-04 10:00")
            .target("first_reply_time", HOUR, "2024-03-04 10:00")
            .target("first_reply_time", None, "2024-03-04 10:30")
            .says(AGENT, "2024-03-04 12:00")
        ),
        (Target("first_reply_time", "cancelled", None, 2 * HOUR, None, is_decided=False),),
    ),
    Case(
        "a ticket deleted without an answer has its target cancelled",
        lambda desk: (
            _asked(desk, "2024-06-28 11:00")
            .target("first_reply_time", 8 * HOUR, "2024-06-28 11:00")
            .becomes("deleted", "2024-06-28 11:30")
        ),
        (
            Target(
                "first_reply_time",
                "cancelled",
                8 * HOUR,
                HOUR,
                "2024-06-28 19:00",
                is_decided=False,
            ),
        ),
    ),
    Case(
        "a ticket that waits at the as-of is active",
        lambda desk: _asked(desk, "2024-06-28 11:00").target(
            "first_reply_time", 8 * HOUR, "2024-06-28 11:00", business=True
        ),
        (
            Target(
                "first_reply_time", "active", 8 * HOUR, HOUR, "2024-07-01 11:00", is_decided=False
            ),
        ),
    ),
    Case(
        "a target met early waits for its deadline before it counts",
        lambda desk: (
            _asked(desk, "2024-06-28 11:00")
            .target("first_reply_time", 8 * HOUR, "2024-06-28 11:00")
            .says(AGENT, "2024-06-28 11:10")
        ),
        (
            Target(
                "first_reply_time",
                "achieved",
                8 * HOUR,
                600,
                "2024-06-28 19:00",
                is_decided=False,
            ),
        ),
    ),
    Case(
        "a deadline is moved by a change of calendar",
        lambda desk: (
            _asked(desk, "2024-03-04 16:00")
            .target("first_reply_time", 3 * HOUR, "2024-03-04 16:00", business=True)
            .moves_to_schedule(1, 2, "2024-03-04 16:30")
            .says(AGENT, "2024-03-04 18:00")
        ),
        (Target("first_reply_time", "achieved", 3 * HOUR, 2 * HOUR, "2024-03-04 19:00"),),
    ),
)


def desk() -> Desk:
    """All cases as tickets of one account, the case's number as the ticket's id."""
    account = Desk(ACCOUNT)
    account.add_schedule(1, [(day * 1440 + 540, day * 1440 + 1020) for day in range(1, 6)])
    account.add_schedule(2, [(day * 1440, day * 1440 + 1440) for day in range(1, 6)])
    account.others["holidays"] = [
        {
            "id": 1,
            "name": "May",
            "start_date": "2024-05-01",
            "end_date": "2024-05-01",
            "schedule_id": 1,
        }
    ]
    for number, case in enumerate(CASES):
        ticket = case.story(account)
        _renumber(account, ticket, number + 1)
    account.ticket(AS_OF)
    return account


def _renumber(account: Desk, ticket: Ticket, number: int) -> None:
    for audit in account.audits:
        if audit["ticket_id"] == ticket.record["id"]:
            audit["ticket_id"] = number
    ticket.record["id"] = number


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.name for case in CASES])
def test_sla_targets(published: duckdb.DuckDBPyConnection, number: int) -> None:
    rows = published.execute(
        "select metric, sla_status, target_seconds, elapsed_seconds, deadline_at, instance_no,"
        " is_decided from fct_sla_targets where account_id = $1 and ticket_id = $2"
        " order by metric, instance_no",
        [ACCOUNT, str(number + 1)],
    ).fetchall()
    assert [
        Target(metric, status, seconds, elapsed, _text(deadline), instance, decided)
        for metric, status, seconds, elapsed, deadline, instance, decided in rows
    ] == list(CASES[number].targets)


def test_a_breach_has_its_deadline_as_instant_and_local_date(
    published: duckdb.DuckDBPyConnection,
) -> None:
    wrong = published.execute(
        "select * from fct_sla_targets where account_id = $1 and ("
        " is_breached != (breached_at is not null)"
        " or breached_at != deadline_at or breached_date != deadline_date"
        " or deadline_date != cast(deadline_at + interval 8 hour as date))",
        [ACCOUNT],
    ).fetchall()
    assert wrong == []


def _text(instant: datetime | None) -> str | None:
    return instant and instant.strftime("%Y-%m-%d %H:%M")
