"""The efficiency KPIs of a whole small company equal the plain reference, cell by cell."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest

from tests.integration.company_world import CompanyWorld, Row
from tests.integration.kpi_cells import (
    Grains,
    compare,
    mean,
    percentile,
    persons,
    quotient,
    total,
)
from tests.integration.kpi_proofs import record
from tests.reference.efficiency import (
    open_stretches,
    proficiency,
    session_hours,
    touched_seconds,
)
from tests.reference.phone import local_day

pytestmark = pytest.mark.xdist_group("company")

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 4)
PERSON: Grains = {"agent": itemgetter("person")}
TEAM: Grains = {"team": itemgetter("team")}
TICKET_GRAINS: Grains = TEAM | {name: itemgetter(name) for name in ("channel", "shop", "priority")}
Agent = tuple[str, str, str]


def test_every_cell_of_handling_and_concurrency_equals_the_reference(
    company: CompanyWorld,
) -> None:
    people = persons(company)
    tickets = _tickets(company)
    stretches = _stretches(company, tickets)
    handling = [
        _work(tickets[key], people[agent], sum(_seconds(span) for span in spans))
        for (key, agent), spans in stretches.items()
    ] + [
        _work(tickets[key], people[agent], touched_seconds(moments))
        for (key, agent), moments in _touches(company, tickets).items()
    ]
    handling = [row for row in handling if row["in_p5"]]
    kpis = {"handling_time": mean("seconds")}
    for points in (50, 90, 95):
        kpis[f"handling_time_p{points}"] = percentile("seconds", points / 100)
    compared = compare(company, handling, kpis, TICKET_GRAINS)
    compared += compare(company, handling, {"handling_time": mean("seconds")}, PERSON)

    teams = _teams(company)
    by_agent: dict[Agent, list[tuple[datetime, datetime]]] = defaultdict(list)
    for (_, agent), spans in stretches.items():
        by_agent[agent] += spans
    hours = [
        {"day": local_day(hour, ZONE), "person": people[agent], "summed": summed, "busy": busy}
        | {"team": teams[agent]}
        for agent, spans in by_agent.items()
        for hour, (summed, busy) in session_hours(spans).items()
    ]
    compared += compare(company, hours, {"concurrency": quotient("summed", "busy")}, PERSON | TEAM)
    print(f"{compared} cells of handling and concurrency compared")
    assert compared > 5_000


def test_every_cell_of_shifts_and_solves_equals_the_reference(company: CompanyWorld) -> None:
    shifts = _shifts(company)
    compared = compare(company, shifts, {"worked_hours": total("hours")}, TEAM | PERSON)
    people = persons(company)
    solves = [
        {"day": local_day(row["last_solved_at"], ZONE), "team": row["team_name"], "solved": 1}
        | {"person": people.get((row["source_system"], row["account_id"], row["closer_id"]))}
        | {"ticket_hours": 0.0}
        for row in company.build("select * from intermediate.int_tickets__classified where in_p5")
    ]
    together = solves + [row | {"solved": 0} for row in shifts]
    kpis = {"solves_per_hour": quotient("solved", "ticket_hours")}
    compared += compare(company, together, kpis, TEAM | PERSON)
    kpis = {
        "adherence": quotient("adherent", "presence_paid"),
        "resource_utilisation": quotient("productive", "logged_paid"),
    }
    logged = company.published("select * from published.fct_shifts where is_worked")
    for row in logged:
        row["day"], row["team"] = row["shift_date"], row["team_name"]
        known = row["productive_seconds"] is not None
        row["productive"], row["logged_paid"] = (
            row["productive_seconds"],
            row["paid_seconds"] * known,
        )
        known = row["adherent_seconds"] is not None
        row["adherent"], row["presence_paid"] = row["adherent_seconds"], row["paid_seconds"] * known
        agent = (row["source_system"], row["account_id"], row["agent_id"])
        row["person"] = people.get(agent, "unknown")
    compared += compare(company, logged, kpis, TEAM | PERSON, "facts")
    print(f"{compared} cells of shifts compared")
    assert compared > 2_000


def test_every_reply_on_a_solved_ticket_counts_once(company: CompanyWorld) -> None:
    records, people = [], persons(company)
    for row in company.build(
        "select tickets.*, channels.is_session from intermediate.int_tickets__classified as tickets"
        " join seeds.channels as channels on channels.channel = tickets.channel"
        " where in_p5 and public_agent_reply_count is not null"
    ):
        replies = row["public_agent_reply_count"]
        records.append(
            {"day": local_day(row["last_solved_at"], ZONE), "team": row["team_name"]}
            | {name: row[name] for name in ("channel", "shop", "priority")}
            | {"replies": min(replies, 1) if row["is_session"] else replies}
            | {
                "person": people.get(
                    (row["source_system"], row["account_id"], row["closer_id"]), "unknown"
                )
            }
        )
    grains = TICKET_GRAINS | PERSON
    compared = compare(company, records, {"replies_per_solve": mean("replies")}, grains)
    print(f"{compared} cells of replies compared")
    assert compared > 1_000


def test_reported_presence_gives_the_occupancy(company: CompanyWorld) -> None:
    days: dict[tuple[Agent, str], Row] = defaultdict(dict)
    for row in company.build(
        "select * from intermediate.int_agent_day_reports__unioned"
        " where metric_code in ('login_seconds', 'reception_seconds') and not is_estimated"
    ):
        agent = (row["source_system"], row["account_id"], row["agent_id"])
        key = (agent, str(row["local_date"]))
        days[key] |= {row["metric_code"]: float(row["value"]), "day": row["local_date"]}
    people, teams = persons(company), _teams(company)
    records = [
        {"day": day["day"], "served": int(day["reception_seconds"]), "person": people[agent]}
        | {"team": teams[agent]}
        | {"present": max(int(day["login_seconds"]), int(day["reception_seconds"]))}
        for (agent, _), day in days.items()
    ]
    kpis = {"occupancy": quotient("served", "present")}
    assert compare(company, records, kpis, PERSON | TEAM) > 200


def test_proficiency_weighs_what_there_is(company: CompanyWorld) -> None:
    people = persons(company)
    rows = company.published("select * from published.fct_agent_proficiency_months")
    for row in rows:
        parts = ("exam", "knowledge", "accuracy")
        row["score"] = proficiency({part: row[f"{part}_score"] for part in parts})
        row["day"], row["team"] = row["month_date"], row["team_name"]
        row["person"] = people[row["source_system"], row["account_id"], row["agent_id"]]
        row["one"] = 1
        row["reweighted"] = int(any(row[f"{part}_score"] is None for part in parts))
    kpis = {
        "agent_proficiency": mean("score"),
        "agent_proficiency_reweighted_rate": quotient("reweighted", "one"),
    }
    assert compare(company, rows, kpis, TEAM | PERSON, "facts") > 200
    gaps = company.published("select * from published.fct_skill_gap_quarters")
    for row in gaps:
        row["gap"] = row["target_score"] - row["assessed_score"]
        assert row["gap_points"] == pytest.approx(row["gap"])
        row["day"], row["team"] = row["quarter_date"], row["team_name"]
        row["person"] = people[row["source_system"], row["account_id"], row["agent_id"]]
    skills: Grains = {"skill": itemgetter("skill")}
    kpis = {"agent_skill_gap": mean("gap")}
    assert compare(company, gaps, kpis, TEAM | PERSON | skills, "facts") > 50
    assert len({row["skill"] for row in gaps}) == 4


def test_a_missing_part_is_left_out_of_the_score() -> None:
    assert proficiency({"exam": 80.0, "knowledge": 100.0, "accuracy": 90.0}) == pytest.approx(89.0)
    assert proficiency({"exam": 80.0, "knowledge": None, "accuracy": 100.0}) == pytest.approx(
        (0.4 * 80 + 0.3 * 100) / 0.7
    )
    assert proficiency({"exam": None, "knowledge": None, "accuracy": None}) is None


def test_touches_half_an_hour_apart_are_one_piece_of_work() -> None:
    assert touched_seconds([NOON]) == 0
    assert touched_seconds([NOON, NOON + timedelta(minutes=30)]) == 1_800
    assert touched_seconds([NOON, NOON + timedelta(minutes=30, seconds=1)]) == 0


def test_two_sessions_at_a_time_are_two_and_an_hour_ends_at_the_hour() -> None:
    half_past = NOON + timedelta(minutes=30)
    hours = session_hours(
        [(NOON, half_past), (NOON, half_past), (half_past, half_past + timedelta(hours=1))]
    )
    assert hours == {NOON: (5_400, 3_600), NOON + timedelta(hours=1): (1_800, 1_800)}


def _tickets(company: CompanyWorld) -> dict[str, Row]:
    rows = company.build(
        "select tickets.*, channels.is_session from intermediate.int_tickets__classified as tickets"
        " join seeds.channels as channels on channels.channel = tickets.channel where in_p2"
    )
    return {row["ticket_key"]: row for row in rows}


def _stretches(
    company: CompanyWorld, tickets: dict[str, Row]
) -> dict[tuple[str, Agent], list[tuple[datetime, datetime]]]:
    """By session ticket and human agent, when it was open and with the agent."""
    holders, states = defaultdict(list), defaultdict(list)
    for row in company.build(
        "select * from intermediate.int_ticket_field_intervals where field = 'assignee'"
    ):
        holders[row["ticket_key"]].append(row)
    for row in company.build("select * from intermediate.int_ticket_status_intervals"):
        states[row["ticket_key"]].append(row)
    humans = _humans(company)
    found = {}
    for key, ticket in tickets.items():
        if ticket["is_session"]:
            spans = open_stretches(holders[key], states[key], ticket["as_of_at"])
            for holder, own in spans.items():
                agent = (ticket["source_system"], ticket["account_id"], holder)
                if agent in humans:
                    found[key, agent] = own
    return found


def _touches(
    company: CompanyWorld, tickets: dict[str, Row]
) -> dict[tuple[str, Agent], list[datetime]]:
    """By ticket that is no session and human agent, when the agent did something."""
    humans = _humans(company)
    found: dict[tuple[str, Agent], list[datetime]] = defaultdict(list)
    moments = company.build(
        "select ticket_key, author_id as agent_id, sent_at as at"
        " from intermediate.int_messages__attributed where author_type = 'agent'"
        " union all select ticket_key, actor_id, event_at"
        " from intermediate.int_ticket_events__unioned where not is_derived"
        " and event_type in ('status', 'assignee', 'team', 'priority')"
    )
    for row in moments:
        ticket = tickets.get(row["ticket_key"])
        if ticket is not None and not ticket["is_session"]:
            agent = (ticket["source_system"], ticket["account_id"], row["agent_id"])
            if agent in humans:
                found[row["ticket_key"], agent].append(row["at"])
    return found


def _teams(company: CompanyWorld) -> dict[Agent, str]:
    """The team of an agent; where the account has none, that of the person."""
    rows = company.published(
        "select agents.source_system, agents.account_id, agents.agent_id,"
        " agents.team_name, people.team_name as own_team_name from published.dim_agents as agents"
        " left join published.dim_people as people using (person_key)"
    )
    return {
        (row["source_system"], row["account_id"], row["agent_id"]): row["own_team_name"]
        if row["team_name"] == "unknown"
        else row["team_name"]
        for row in rows
    }


def _humans(company: CompanyWorld) -> set[Agent]:
    rows = company.build("select * from intermediate.int_agents__unioned where not is_bot")
    return {(row["source_system"], row["account_id"], row["agent_id"]) for row in rows}


def _shifts(company: CompanyWorld) -> list[Row]:
    """Shifts up to now with their paid hours, those of staff with a ticket system apart."""
    (newest,) = company.published("select max(as_of_date) as day from published.dim_accounts")
    roster = defaultdict(list)
    for row in company.build("select * from intermediate.int_roster__versioned"):
        roster[row["employee_key"]].append(row)
    ticket_staff = {
        row["employee_key"]
        for row in company.build("select * from intermediate.int_agent_logins__unioned")
        if row["login_system"] in {"zendesk", "qiyu"}
    }
    found = []
    for shift in company.build("select * from intermediate.int_shifts__unioned"):
        if shift["is_rest"] or shift["local_date"] > newest["day"]:
            continue
        hours, key = shift["paid_seconds"] / 3600, shift["employee_key"]
        teams = [
            row["team_name"]
            for row in roster[key]
            if row["valid_from"] <= shift["local_date"] < row["valid_to"]
        ]
        found.append(
            {"day": shift["local_date"], "team": teams[0] if teams else "unknown", "hours": hours}
            | {"person": key, "ticket_hours": hours if key in ticket_staff else 0.0}
        )
    return found


def _work(ticket: Row, person: str, seconds: int) -> Row:
    solved = ticket["last_solved_at"]
    return {
        "day": None if solved is None else local_day(solved, ZONE),
        "team": ticket["team_name"],
        "person": person,
        "seconds": seconds,
    } | {name: ticket[name] for name in ("channel", "shop", "priority", "in_p5")}


def _seconds(span: tuple[datetime, datetime]) -> int:
    return int((span[1] - span[0]).total_seconds())


def test_eft_is_its_two_factors_multiplied(company: CompanyWorld) -> None:
    compared = 0
    for cell, row in company.cells["eft"].items():
        factors = [
            company.cells[kpi_id].get(cell, {}).get("value")
            for kpi_id in ("orders_handled", "worked_hours", "avg_customer_spend")
        ]
        orders, hours, spend = factors
        expected = None if None in factors or not hours else orders / hours * spend
        assert row["value"] == (None if expected is None else pytest.approx(expected)), cell
        if expected is not None:
            compared += 1
            record("cells", "eft", [cell])
    print(f"{compared} cells of eft equal the product of its factors")
    assert compared > 0
