"""The bots' KPIs of a whole small company equal the plain reference, cell by cell."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.company_world import CompanyWorld, Row
from tests.integration.kpi_cells import Grains, compare, mean, percentile, persons, quotient
from tests.reference.bots import counted, observed_end, stated_ends
from tests.reference.phone import local_day

pytestmark = pytest.mark.xdist_group("company")

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 4)
RATES = {
    "bot_resolution_rate": quotient("resolved", "matured"),
    "bot_handoff_rate": quotient("handed_over", "conversations"),
    "bot_silent_close_rate": quotient("silent", "conversations"),
}
WAITS = {
    "post_bot_frt": mean("wait"),
    "post_bot_frt_p50": percentile("wait", 0.5),
    "post_bot_frt_p90": percentile("wait", 0.9),
    "post_bot_frt_p95": percentile("wait", 0.95),
}


def test_every_cell_of_the_bots_equals_the_reference(company: CompanyWorld) -> None:
    conversations = _conversations(company)
    grains: Grains = {name: itemgetter(name) for name in ("channel", "shop", "team")}
    compared = compare(company, conversations, RATES, grains)
    for row in conversations:
        row["day"] = row["handed_over_day"]
    compared += compare(company, conversations, WAITS, grains)
    people: Grains = {"agent": itemgetter("person")}
    compared += compare(company, conversations, {"post_bot_frt": mean("wait")}, people)
    print(f"{compared} cells of the bots compared")
    assert compared > 5_000


def test_a_close_by_silence_is_never_a_resolution() -> None:
    silent = counted(_end(is_silent=True), [], NOON + timedelta(days=9))
    assert (silent["silent"], silent["resolved"], silent["matured"]) == (1, 0, 1)


def test_whoever_asks_again_within_three_days_was_not_helped() -> None:
    late = NOON + timedelta(days=9)
    assert counted(_end(), [NOON + timedelta(hours=72)], late)["resolved"] == 0
    assert counted(_end(), [NOON + timedelta(hours=72, seconds=1)], late)["resolved"] == 1
    assert counted(_end(), [NOON], late)["resolved"] == 1


def test_a_conversation_counts_when_its_window_has_passed() -> None:
    young = counted(_end(), [], NOON + timedelta(hours=71))
    assert (young["conversations"], young["matured"], young["resolved"]) == (1, 0, 0)


def test_a_hand_over_without_an_answer_has_no_wait() -> None:
    unanswered = counted(_end(handed_over_at=NOON), [], NOON + timedelta(days=9))
    assert (unanswered["handed_over"], unanswered["wait"], unanswered["resolved"]) == (1, None, 0)


def _end(**changes: Any) -> Row:
    return {
        "ended_at": NOON,
        "handed_over_at": None,
        "human_replied_at": None,
        "is_silent": False,
        "is_solved": True,
    } | changes


def _conversations(company: CompanyWorld) -> list[Row]:
    """All conversations with bots of the company, with what they add and where they count."""
    tickets = company.build(
        "select tickets.*, channels.is_session from intermediate.int_tickets__classified as tickets"
        " join seeds.channels as channels on channels.channel = tickets.channel"
    )
    asked: dict[str, list[datetime]] = defaultdict(list)
    customers = {}
    for ticket in tickets:
        customers[ticket["ticket_key"]] = ticket["customer_key"]
        if ticket["in_p2"]:
            asked[ticket["customer_key"]].append(ticket["created_at"])
    for contact in company.build("select * from intermediate.int_contacts"):
        asked[customers[contact["ticket_key"]]].append(contact["started_at"])
    people, ends = persons(company), _ends(company, tickets)
    found = []
    for ticket in tickets:
        end = ends.get(ticket["ticket_key"])
        if end is None or not ticket["in_p2"]:
            continue
        account = (ticket["source_system"], ticket["account_id"])
        handed_over = end["handed_over_at"]
        found.append(
            counted(end, asked[ticket["customer_key"]], ticket["as_of_at"])
            | {
                "channel": ticket["channel"],
                "shop": ticket["shop"],
                "team": ticket["team_name"],
                "person": people.get((*account, end["human"] or "unknown"), "unknown"),
                "day": local_day(end["started_at"], ZONE),
                "handed_over_day": None if handed_over is None else local_day(handed_over, ZONE),
            }
        )
    return found


def _ends(company: CompanyWorld, tickets: list[Row]) -> dict[str, Row]:
    """How each conversation with a bot ended, by ticket."""
    stated = stated_ends(company.build("select * from staging.stg_qiyu__sessions"))
    bots = {
        row["agent_id"]
        for row in company.build("select * from intermediate.int_agents__unioned")
        if row["is_bot"]
    }
    messages = _by_ticket(
        company.build(
            "select * from intermediate.int_messages__attributed where is_public"
            " order by ticket_key, message_no"
        )
    )
    holders = _by_ticket(
        company.build(
            "select * from intermediate.int_ticket_field_intervals where field = 'assignee'"
        )
    )
    states = _by_ticket(
        company.build(
            "select * from intermediate.int_ticket_status_intervals"
            " order by ticket_key, interval_no"
        )
    )
    found = {}
    for ticket in tickets:
        key = ticket["ticket_key"]
        end = None
        if ticket["source_system"] == "qiyu":
            end = stated.get((ticket["account_id"], ticket["ticket_id"]))
        elif ticket["is_session"]:
            end = observed_end(ticket, messages[key], holders[key], states[key], bots)
        if end is not None:
            found[key] = end
    return found


def _by_ticket(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["ticket_key"]].append(row)
    return found
