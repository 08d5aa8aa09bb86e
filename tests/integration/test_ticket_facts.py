"""Each rule of the ticket fact on one hand-written ticket, through the real load and models."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.integration.desk import AGENT, COLLEAGUE, CUSTOMER, Desk, Ticket

ACCOUNT = "facts"
SYSTEM = -1
BOT = 13
LEAVER = 14
DAY = 86400


def _asks(ticket: Ticket, when: str, text: str = "where is my parcel?") -> Ticket:
    ticket.says(CUSTOMER, when)
    ticket.comments[-1]["body"] = text
    return ticket


def desk() -> Desk:
    """One account whose newest stamp is 2024-06-30 00:00; ticket numbers are the tests' names."""
    account = Desk(ACCOUNT)
    account.others["users"] = [
        {"id": BOT, "name": "Answer Bot", "role": "agent"},
        {"id": LEAVER, "role": "end-user"},
    ]
    _answers(account)
    _reopens(account)
    _histories(account)
    _merges(account)
    _exclusions(account)
    account.ticket("2024-06-30 00:00", id=99)
    return account


def _answers(account: Desk) -> None:
    plain = _asks(account.ticket("2024-03-04 10:00", id=1, status="new"), "2024-03-04 10:00")
    plain.says(AGENT, "2024-03-04 10:10", public=False).becomes("open", "2024-03-04 10:20")
    plain.says(AGENT, "2024-03-04 10:30").becomes("pending", "2024-03-04 10:30")
    plain.becomes("solved", "2024-03-04 12:30").becomes("closed", "2024-03-08 12:30", SYSTEM)

    _asks(account.ticket("2024-03-04 10:00", id=2), "2024-03-04 10:00")
    thanks = account.ticket("2024-03-04 10:00", id=3)
    _asks(thanks, "2024-03-04 10:00", " Thanks, got it! ")

    called = account.ticket("2024-03-04 10:00", id=4, submitter_id=AGENT)
    called.says(AGENT, "2024-03-04 10:00")
    _asks(called, "2024-03-04 10:30").says(COLLEAGUE, "2024-03-04 11:00")

    botted = _asks(account.ticket("2024-03-04 10:00", id=5), "2024-03-04 10:00")
    botted.says(BOT, "2024-03-04 10:01").becomes("solved", "2024-03-04 10:02", BOT)

    returned = _asks(account.ticket("2024-03-04 10:00", id=6), "2024-03-04 10:00")
    returned.says(BOT, "2024-03-04 10:01").becomes("solved", "2024-03-04 10:02", BOT)
    _asks(returned, "2024-03-09 10:00").becomes("open", "2024-03-09 10:00", CUSTOMER)
    returned.says(AGENT, "2024-03-09 10:10").becomes("solved", "2024-03-09 10:10")

    acknowledged = _asks(account.ticket("2024-03-04 10:00", id=7), "2024-03-04 10:00")
    acknowledged.says(SYSTEM, "2024-03-04 10:00")

    left = _asks(account.ticket("2024-03-04 10:00", id=8), "2024-03-04 10:00")
    left.changes("assignee_id", LEAVER, "2024-03-04 10:05").says(LEAVER, "2024-03-04 10:06")
    left.becomes("solved", "2024-03-04 10:07", SYSTEM)

    chat = account.ticket("2024-03-04 10:00", id=9, via={"channel": "chat"})
    _asks(chat, "2024-03-04 10:00").says(AGENT, "2024-03-04 10:02", via="chat")
    chat.says(AGENT, "2024-03-04 10:04", via="chat").becomes("solved", "2024-03-04 10:05")


def _reopens(account: Desk) -> None:
    flips = _asks(account.ticket("2024-03-04 10:00", id=11), "2024-03-04 10:00")
    flips.says(AGENT, "2024-03-04 10:30").becomes("solved", "2024-03-04 11:00")
    for minute in (0, 4, 8):
        flips.becomes("open", f"2024-03-05 11:{minute:02}", CUSTOMER)
        flips.becomes("solved", f"2024-03-05 11:{minute + 1:02}", SYSTEM)
    flips.becomes("open", "2024-03-06 09:00", COLLEAGUE)

    late = _asks(account.ticket("2024-03-04 10:00", id=12), "2024-03-04 10:00")
    late.changes("assignee_id", AGENT, "2024-03-04 10:10").says(AGENT, "2024-03-04 10:30")
    late.changes("assignee_id", COLLEAGUE, "2024-03-05 10:00")
    late.becomes("solved", "2024-03-06 10:00", SYSTEM)
    late.changes("assignee_id", AGENT, "2024-03-07 10:00")
    late.becomes("open", "2024-05-06 10:00", CUSTOMER).becomes("solved", "2024-05-07 10:00", AGENT)

    parent = _asks(account.ticket("2024-03-04 10:00", id=13), "2024-03-04 10:00")
    parent.says(AGENT, "2024-03-04 10:30").becomes("solved", "2024-03-04 11:00")
    via = {"channel": "email", "source": {"from": {"ticket_id": 13}, "rel": "follow_up"}}
    _asks(account.ticket("2024-03-20 10:00", id=14, via=via), "2024-03-20 10:00")


def _histories(account: Desk) -> None:
    held = account.ticket("2024-03-04 10:00", id=21)
    for hour, spelling in ((11, "hold"), (13, "On-hold"), (15, "on-hold")):
        held.becomes(spelling, f"2024-03-04 {hour}:00")
        held.becomes("open", f"2024-03-04 {hour + 1}:00")
    held.becomes("solved", "2024-03-04 18:00")
    same_second = account.ticket("2024-03-04 10:00", id=22, status="new")
    same_second.becomes("open", "2024-03-04 11:00").becomes("solved", "2024-03-04 11:00")
    account.ticket("2024-03-04 10:00", id=23, status="solved")
    metrics = {"solved_at": "2024-03-05T10:00:00Z"}
    account.ticket("2024-03-04 10:00", id=24, status="solved", metric_set={"id": 1, **metrics})
    gone = account.ticket("2024-03-04 10:00", id=25, status="new")
    gone.becomes("open", "2024-03-04 11:00").record["status"] = "deleted"
    gone.record["updated_at"] = "2024-03-05T10:00:00Z"


def _merges(account: Desk) -> None:
    first = _asks(account.ticket("2024-03-01 10:00", id=31), "2024-03-01 10:00")
    middle = _asks(account.ticket("2024-03-02 10:00", id=32), "2024-03-02 10:00")
    stays = _asks(account.ticket("2024-03-03 10:00", id=33), "2024-03-03 10:00")
    for source, target, when in ((31, middle, "2024-03-04 09:00"), (32, stays, "2024-03-04 10:00")):
        target.says(AGENT, when)
        target.comments[-1]["via"] = {
            "channel": "web",
            "source": {"from": {"ticket_ids": [source]}, "rel": "merge"},
        }
    first.record["tags"] = middle.record["tags"] = ["closed_by_merge"]
    stays.says(AGENT, "2024-03-04 11:00").becomes("solved", "2024-03-04 12:00")


def _exclusions(account: Desk) -> None:
    account.ticket("2024-03-04 10:00", id=41, tags=["spam"])
    account.ticket("2024-03-04 10:00", id=42, tags=["test"])


def fact(published: duckdb.DuckDBPyConnection, ticket: int, *columns: str) -> tuple[Any, ...]:
    row = published.execute(
        f"select {', '.join(columns)} from fct_tickets where account_id = $1 and ticket_id = $2",
        [ACCOUNT, str(ticket)],
    ).fetchone()
    assert row is not None
    return tuple(row)


def populations(published: duckdb.DuckDBPyConnection, ticket: int) -> set[int]:
    flags = fact(published, ticket, *(f"in_p{number}" for number in range(1, 7)))
    return {number for number, flag in enumerate(flags, start=1) if flag}


Published = duckdb.DuckDBPyConnection


def test_a_plain_ticket_is_timed_from_creation_to_reply_and_solve(published: Published) -> None:
    assert populations(published, 1) == {1, 2, 3, 4, 5, 6}
    seconds = ("first_response", "first_resolution", "full_resolution", "new_status", "open_status")
    waits = ("requester_wait", "agent_work", "agent_wait", "on_hold")
    columns = [f"{name}_calendar_seconds" for name in (*seconds, *waits)]
    hour = 3600
    assert fact(published, 1, *columns) == (
        1800, 2.5 * hour, 2.5 * hour, 1200, 600, 1800, 1800, 2 * hour, 0,
    )  # fmt: skip
    assert fact(
        published, 1, "status", "is_one_touch", "is_resolved_in_window", "reopen_count"
    ) == ("closed", True, True, 0)


def test_a_business_time_without_a_calendar_is_unknown(published: Published) -> None:
    assert fact(published, 1, "first_response_business_seconds", "on_hold_business_seconds") == (
        None,
        None,
    )


def test_a_ticket_never_answered_has_no_response_time(published: Published) -> None:
    assert fact(published, 2, "is_unreplied", "first_response_calendar_seconds") == (True, None)
    assert fact(published, 2, "is_response_matured", "is_response_in_time") == (True, False)


def test_a_mere_thank_you_asks_for_no_answer(published: Published) -> None:
    assert populations(published, 3) == {1, 2, 3, 4}
    assert fact(published, 3, "is_unreplied") == (False,)


def test_the_message_by_which_an_agent_opens_a_ticket_is_no_reply(published: Published) -> None:
    assert populations(published, 4) == {1, 2, 3}
    assert fact(
        published, 4, "is_agent_initiated", "public_agent_reply_count", "first_response_agent_id",
        "first_response_calendar_seconds",
    ) == (True, 1, str(COLLEAGUE), 3600)  # fmt: skip


def test_a_ticket_that_a_bot_settled_alone_leaves_the_human_populations(
    published: Published,
) -> None:
    assert populations(published, 5) == {1, 2, 5}
    assert fact(published, 5, "is_bot_only", "has_human", "is_resolved_in_window") == (
        True, False, False,
    )  # fmt: skip


def test_after_a_bot_the_first_human_reply_is_timed_from_the_reopen(published: Published) -> None:
    assert fact(published, 6, "first_response_calendar_seconds") == (600,)


def test_an_acknowledgement_by_the_system_answers_nothing(published: Published) -> None:
    assert fact(published, 7, "is_bot_only", "in_p6", "is_unreplied") == (False, True, True)


def test_who_owned_the_ticket_was_staff_then_whatever_the_list_says_today(
    published: Published,
) -> None:
    assert fact(published, 8, "first_response_agent_id", "has_human") == (str(LEAVER), True)


def test_several_replies_in_a_chat_are_one_touch(published: Published) -> None:
    assert fact(published, 9, "channel", "is_one_touch", "response_target_seconds") == (
        "chat", True, 180,
    )  # fmt: skip


def test_flips_within_five_minutes_are_one_reopen_by_the_customer(published: Published) -> None:
    assert fact(published, 11, "reopen_count", "customer_reopen_count", "is_solved") == (
        4, 1, False,
    )  # fmt: skip
    assert fact(published, 11, "full_resolution_calendar_seconds", "is_reopened_in_window") == (
        None, True,
    )  # fmt: skip
    assert fact(published, 11, "first_resolution_calendar_seconds") == (3600,)


def test_a_late_reopen_moves_the_full_resolution_only(published: Published) -> None:
    assert fact(
        published, 12, "first_resolution_calendar_seconds", "full_resolution_calendar_seconds",
        "is_reopen_matured", "is_reopened_in_window", "is_resolved_in_window",
    ) == (2 * DAY, 64 * DAY, True, False, True)  # fmt: skip


def test_a_ticket_handed_over_counts_owners_and_stations(published: Published) -> None:
    assert fact(
        published, 12, "is_transferred", "human_owner_count", "assignee_station_count", "closer_id"
    ) == (True, 2, 3, str(AGENT))


def test_a_solve_by_the_system_is_credited_to_the_owner_at_that_moment(
    published: Published,
) -> None:
    assert fact(published, 11, "closer_id") == ("unknown",)
    assert fact(published, 8, "closer_id") == (str(LEAVER),)


def test_a_follow_up_ticket_is_a_reopen_of_its_parent(published: Published) -> None:
    assert fact(published, 13, "reopen_count", "is_reopened_in_window") == (0, True)


def test_all_spellings_of_hold_are_one_state(published: Published) -> None:
    assert fact(published, 21, "on_hold_calendar_seconds", "open_status_calendar_seconds") == (
        3 * 3600, 5 * 3600,
    )  # fmt: skip


def test_events_of_one_second_keep_the_order_of_the_audits(published: Published) -> None:
    rows = published.execute(
        "select intervals.status, intervals.calendar_seconds from fct_status_intervals as intervals"
        " join fct_tickets as tickets on tickets.ticket_key = intervals.ticket_key"
        " where tickets.account_id = $1 and tickets.ticket_id = '22' order by interval_no",
        [ACCOUNT],
    ).fetchall()
    assert rows == [("new", 3600), ("open", 0), ("solved", None)]


def test_a_solve_without_any_history_has_no_time_but_the_helpdesks_own(
    published: Published,
) -> None:
    columns = ("is_solved", "first_resolution_calendar_seconds", "open_status_calendar_seconds")
    assert fact(published, 23, *columns) == (True, None, None)
    assert fact(published, 24, *columns) == (True, DAY, None)


def test_a_deletion_that_no_event_tells_ends_the_history(published: Published) -> None:
    assert populations(published, 25) == set()
    assert fact(published, 25, "status", "exclusion_reason", "open_status_calendar_seconds") == (
        "deleted", "deleted", 23 * 3600,
    )  # fmt: skip


def test_the_end_of_a_chain_of_merges_inherits_messages_and_creation(published: Published) -> None:
    assert [populations(published, ticket) for ticket in (31, 32)] == [{1}, {1}]
    assert fact(published, 31, "merged_into_id", "exclusion_reason") == ("33", "merged")
    assert fact(
        published, 33, "merged_source_count", "customer_message_count", "public_agent_reply_count",
        "first_response_calendar_seconds", "full_resolution_calendar_seconds",
    ) == (2, 3, 1, 3 * DAY + 3600, 3 * DAY + 7200)  # fmt: skip


@pytest.mark.parametrize(("ticket", "reason"), [(41, "spam"), (42, "test")])
def test_a_tagged_ticket_is_left_out_with_its_reason(
    published: Published, ticket: int, reason: str
) -> None:
    assert populations(published, ticket) == set()
    assert fact(published, ticket, "exclusion_reason") == (reason,)


def test_every_agent_of_a_fact_is_a_member_of_the_dimension(published: Published) -> None:
    strangers = published.execute(
        "select distinct closer_id from fct_tickets as tickets anti join dim_agents as agents"
        " on agents.account_id = tickets.account_id and agents.agent_id = tickets.closer_id"
    ).fetchall()
    assert strangers == []
