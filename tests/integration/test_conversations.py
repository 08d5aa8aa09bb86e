"""Turns, contact episodes and surveys through the real load and models."""

from __future__ import annotations

from typing import Any

import duckdb

from tests.integration.desk import AGENT, COLLEAGUE, CUSTOMER, Desk, stamp

ACCOUNT = "conversations"
OTHER_CUSTOMER = 22


def _rating(desk: Desk, ticket: int, score: str, created: str, updated: str | None = None) -> None:
    desk.add(
        "satisfaction_ratings",
        ticket_id=ticket,
        score=score,
        assignee_id=COLLEAGUE,
        created_at=f"{created}:00Z".replace(" ", "T"),
        updated_at=f"{updated or created}:00Z".replace(" ", "T"),
    )


def desk() -> Desk:
    """Tickets 1 to 4 for turns and contacts, 5 to 8 for surveys."""
    account = Desk(ACCOUNT)
    (
        account.ticket("2024-03-04 10:00", id=1)
        .says(CUSTOMER, "2024-03-04 10:00")
        .says(CUSTOMER, "2024-03-04 10:05")
        .says(-1, "2024-03-04 10:06")
        .says(AGENT, "2024-03-04 10:07", public=False)
        .says(AGENT, "2024-03-04 10:30")
        .says(AGENT, "2024-03-04 10:31")
        .says(CUSTOMER, "2024-03-05 10:31")
    )
    (
        account.ticket("2024-03-05 20:00", id=2)
        .says(CUSTOMER, "2024-03-05 20:00")
        .says(COLLEAGUE, "2024-03-05 20:00")
        .says(CUSTOMER, "2024-03-06 19:59")
        .says(CUSTOMER, "2024-03-07 20:00", via="email")
        .says(CUSTOMER, "2024-03-08 20:01")
    )
    (
        account.ticket("2024-03-10 10:00", id=3, submitter_id=AGENT, requester_id=OTHER_CUSTOMER)
        .says(AGENT, "2024-03-10 10:00")
        .says(OTHER_CUSTOMER, "2024-03-10 11:00")
        .says(AGENT, "2024-03-10 11:10")
    )
    account.ticket("2024-03-11 10:00", id=4, status="deleted").says(CUSTOMER, "2024-03-11 10:00")
    for number in (5, 6, 7, 8):
        account.ticket("2024-04-01 10:00", id=number)
    _rating(account, 5, "offered", "2024-04-02 10:00")
    _rating(account, 5, "good", "2024-04-03 10:00")
    _rating(account, 5, "bad", "2024-04-04 10:00")
    _rating(account, 5, "offered", "2024-05-02 10:00")
    _rating(account, 6, "good_with_comment", "2024-04-02 10:00", "2024-04-05 10:00")
    _rating(account, 7, "offered", "2024-04-02 17:00")
    _rating(account, 8, "bad", "2024-04-02 10:00")
    return account


def test_turns_open_with_the_first_unanswered_question_and_close_with_a_human_reply(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = published.execute(
        "select ticket_id, turn_no, agent_id, opened_at, wait_calendar_seconds, is_answered,"
        " is_first_turn, customer_message_count from fct_turns where account_id = $1"
        " and ticket_id in ('1', '2', '3') order by ticket_id, turn_no",
        [ACCOUNT],
    ).fetchall()
    assert [_with_stamps(row) for row in rows] == [
        ("1", 1, "11", "2024-03-04T10:00:00Z", 1800, True, True, 2),
        ("1", 2, "unknown", "2024-03-05T10:31:00Z", None, False, False, 1),
        ("2", 1, "12", "2024-03-05T20:00:00Z", 0, True, True, 1),
        ("2", 2, "unknown", "2024-03-06T19:59:00Z", None, False, False, 3),
        ("3", 1, "11", "2024-03-10T11:00:00Z", 600, True, True, 1),
    ]


def test_a_contact_is_a_new_ticket_or_a_day_of_silence_on_the_channel(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = published.execute(
        "select ticket_id, channel, started_at, started_date, started_hour, started_weekday,"
        " is_first_of_ticket from fct_contacts where account_id = $1 order by started_at",
        [ACCOUNT],
    ).fetchall()
    assert [_with_stamps(row) for row in rows] == [
        ("1", "web", "2024-03-04T10:00:00Z", "2024-03-04", 18, 1, True),
        # More than a day after the customer's message of 10:05; the mail below is the first on
        # its channel and no new ticket, hence no contact.
        ("1", "web", "2024-03-05T10:31:00Z", "2024-03-05", 18, 2, False),
        ("2", "web", "2024-03-05T20:00:00Z", "2024-03-06", 4, 3, True),
        ("2", "web", "2024-03-08T20:01:00Z", "2024-03-09", 4, 6, False),
        ("3", "web", "2024-03-10T11:00:00Z", "2024-03-10", 19, 7, True),
    ]


def test_a_survey_is_an_invitation_with_the_last_rating_before_the_next(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = published.execute(
        "select ticket_id, sentiment, is_answered, invited_at, invited_date, answered_at, agent_id"
        " from fct_surveys where account_id = $1"
        " order by ticket_id, coalesce(invited_at, answered_at)",
        [ACCOUNT],
    ).fetchall()
    assert [_with_stamps(row) for row in rows] == [
        ("5", "bad", True, "2024-04-02T10:00:00Z", "2024-04-02", "2024-04-04T10:00:00Z", "12"),
        ("5", None, False, "2024-05-02T10:00:00Z", "2024-05-02", None, "12"),
        # One record that began as an offer and was rated later.
        ("6", "good", True, "2024-04-02T10:00:00Z", "2024-04-02", "2024-04-05T10:00:00Z", "12"),
        # 17:00 UTC is the next day in the reporting zone.
        ("7", None, False, "2024-04-02T17:00:00Z", "2024-04-03", None, "12"),
        # A rating without any invitation answers none.
        ("8", "bad", True, None, None, "2024-04-02T10:00:00Z", "12"),
    ]


def _with_stamps(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        stamp(value) if hasattr(value, "hour") else str(value) if hasattr(value, "year") else value
        for value in row
    )
