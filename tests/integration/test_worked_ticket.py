"""The published case: one ticket, two schedules, through the real load and the real models."""

from __future__ import annotations

import duckdb

from tests.integration.desk import AGENT, CUSTOMER, Desk

ACCOUNT = "worked"
EVERY_DAY_NOON_TO_TWO = [(day * 1440 + 720, day * 1440 + 1560) for day in range(7)]
WEEKDAYS_LATER = [(2340, 2910), (3780, 4350), (5220, 5790), (6660, 7230), (8100, 8670)]


def desk() -> Desk:
    """The ticket, moved from the first schedule to the second just before its first reply."""
    account = Desk(ACCOUNT)
    account.add_schedule(1, EVERY_DAY_NOON_TO_TWO)
    account.add_schedule(2, WEEKDAYS_LATER)
    (
        account.ticket("2020-09-29 17:01:38")
        .says(CUSTOMER, "2020-09-29 17:01:38")
        .moves_to_schedule(1, 2, "2020-09-30 19:01:25")
        .says(AGENT, "2020-09-30 19:01:46")
    )
    return account


def test_a_ticket_moved_between_schedules_is_clocked_by_each_while_it_was_in_force(
    published: duckdb.DuckDBPyConnection,
) -> None:
    first_response = published.execute(
        "select first_response_calendar_seconds, first_response_business_seconds,"
        " first_response_business_last_seconds from fct_tickets where account_id = $1",
        [ACCOUNT],
    ).fetchall()
    turn = published.execute(
        "select wait_calendar_seconds, wait_business_seconds, wait_business_last_seconds"
        " from fct_turns where account_id = $1",
        [ACCOUNT],
    ).fetchall()

    assert first_response == [(93_608, 57_608, 41_408)]
    assert turn == first_response
