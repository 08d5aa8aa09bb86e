"""KPIs of resolution: facts against plain Python from raw files, cells against facts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.company_world import CompanyWorld, Row, cells_of, differences
from tests.integration.kpi_cells import compare, percentile
from tests.integration.kpi_quotients import TICKET_GRAINS, Side, both, members, quotients
from tests.reference import resolution
from tests.reference.tickets import Desk

pytestmark = pytest.mark.xdist_group("company")


@pytest.fixture(scope="module")
def topics(company: CompanyWorld) -> dict[str, str]:
    rows = company.build(
        "select ticket_id, topic from intermediate.int_ticket_topics"
        " inner join intermediate.int_tickets__unioned using (ticket_key)"
        " where source_system = 'zendesk'"
    )
    return {row["ticket_id"]: row["topic"] for row in rows}


def test_every_outcome_of_a_ticket_is_what_its_history_tells(
    company: CompanyWorld, company_desk: Desk, topics: dict[str, str]
) -> None:
    found = {
        row["ticket_id"]: row
        for row in company.published(
            "select * from published.fct_ticket_outcomes where source_system = 'zendesk'"
        )
    }
    expected = list(resolution.outcomes(company_desk, topics))
    assert {row["ticket_id"] for row in expected} == found.keys()
    differing = [
        (row["ticket_id"], name, found[row["ticket_id"]][name], value)
        for row in expected
        for name, value in row.items()
        if found[row["ticket_id"]][name] != value
    ]
    assert differing == []
    for name in ("is_complex", "is_escalated", "is_repeated_early", "is_reopened_early"):
        assert {row[name] for row in expected} == {True, False}, name
    assert any(row["other_department_seconds"] for row in expected)


def test_every_contact_episode_is_what_the_messages_tell(
    company: CompanyWorld, company_desk: Desk, topics: dict[str, str]
) -> None:
    begun_by = {
        row["message_id"]: row["contact_key"]
        for row in company.build(
            "select contact_key, message_id from intermediate.int_contacts"
            " where source_system = 'zendesk'"
        )
    }
    facts = {
        row["contact_key"]: row
        for row in company.published(
            "select * from published.fct_episodes where source_system = 'zendesk'"
        )
    }
    expected = list(resolution.episodes(company_desk, topics))
    assert len(expected) == len(facts) > 500
    differing = []
    for row in expected:
        fact = facts[begun_by[str(row.pop("message_no"))]]
        differing += [
            (row["ticket_id"], name) for name, value in row.items() if fact[name] != value
        ]
    assert differing == []
    assert {row["is_first_contact_7d"] for row in expected} == {True, False}
    assert {row["is_repeat"] for row in expected} == {row["is_return"] for row in expected}


def told(population: str, column: str, *, count: bool = False) -> Side:
    def side(row: Row) -> float:
        if not row[population] or row[column] is None:
            return 0
        return 1 if count else row[column]

    return side


OUTCOMES: dict[str, tuple[str, Side, Side, str | None]] = {
    "tsr_complex": (
        "created_date",
        both("in_p3", "is_complex", "in_p5", "is_solve_by_human"),
        both("in_p3", "is_complex"),
        "assignee_id",
    ),
    "tsr_complex_matured": (
        "created_date",
        both("in_p3", "is_complex", "is_resolution_matured", "is_resolved_in_window"),
        both("in_p3", "is_complex", "is_resolution_matured"),
        "assignee_id",
    ),
    "total_resolution_time": (
        "last_solved_date",
        told("in_p5", "unsolved_calendar_seconds"),
        told("in_p5", "unsolved_calendar_seconds", count=True),
        "closer_id",
    ),
    "total_resolution_time_business": (
        "last_solved_date",
        told("in_p5", "unsolved_business_seconds"),
        told("in_p5", "unsolved_business_seconds", count=True),
        "closer_id",
    ),
    "single_teammate_close_rate": (
        "last_solved_date",
        told("in_p5", "is_closed_by_one"),
        told("in_p5", "is_closed_by_one", count=True),
        "closer_id",
    ),
    "durable_resolution_rate": (
        "first_solved_date",
        lambda row: float(
            row["in_p5"]
            and row["is_durable_matured"]
            and not (row["is_reopened_early"] or row["is_repeated_early"])
        ),
        both("in_p5", "is_durable_matured"),
        "closer_id",
    ),
    "escalation_rate": (
        "created_date",
        both("in_p3", "is_history_complete", "is_escalated"),
        both("in_p3", "is_history_complete"),
        "assignee_id",
    ),
    "cross_department_time": (
        "last_solved_date",
        told("in_p5", "other_department_seconds"),
        told("in_p5", "other_department_seconds", count=True),
        None,
    ),
    "cross_department_time_involved": (
        "last_solved_date",
        told("in_p5", "other_department_seconds"),
        both("in_p5", "other_department_seconds"),
        None,
    ),
    "merge_rate": ("created_date", both("in_p1", "is_merged"), both("in_p1"), "assignee_id"),
    "followup_coverage_rate": (
        "last_solved_date",
        both("in_p5", "is_follow_up_selected", "is_follow_up_matured", "is_followed_up"),
        both("in_p5", "is_follow_up_selected", "is_follow_up_matured"),
        "closer_id",
    ),
    "sla_coverage": ("created_date", both("in_p2", "has_sla_target"), both("in_p2"), "assignee_id"),
}
EPISODES: dict[str, tuple[Side, Side]] = {
    "repeat_inquiry_rate": (both("is_repeat"), lambda _: 1),
    "fcr_rate_topic_unknown": (
        lambda row: float(row["in_p6"] and row["is_matured_7d"] and not row["is_topic_known"]),
        both("in_p6", "is_matured_7d"),
    ),
    **{
        name: (
            both("in_p6", f"is_matured_{days}d", f"is_first_contact_{days}d"),
            both("in_p6", f"is_matured_{days}d"),
        )
        for name, days in (
            ("fcr_rate", 7), ("fcr_rate_1d", 1), ("fcr_rate_3d", 3), ("fcr_rate_14d", 14),
        )
    },
}  # fmt: skip


def persons(company: CompanyWorld) -> dict[tuple[str, str, str], str]:
    rows = company.published(
        "select source_system, account_id, agent_id, person_key from published.dim_agents"
    )
    return {
        (row["source_system"], row["account_id"], row["agent_id"]): row["person_key"]
        for row in rows
    }


def test_every_cell_of_the_outcomes_comes_from_its_tickets(company: CompanyWorld) -> None:
    rows = company.published("select * from published.fct_ticket_outcomes")
    of_agent, total = persons(company), 0
    for kpi_id, (day, part, whole, agent) in OUTCOMES.items():
        grains = members("topic")
        if agent is not None:
            grains["agent"] = lambda row, agent=agent: of_agent[
                row["source_system"], row["account_id"], row[agent]
            ]
        cells = cells_of(rows, lambda row, day=day: row[day], grains)
        compared, differing = differences(
            company, kpi_id, quotients(cells, part, whole), grains, "facts"
        )
        assert differing == [], kpi_id
        total += compared
    durations = [
        {"day": row["last_solved_date"], "seconds": row["unsolved_calendar_seconds"]}
        | {grain: row[column] for grain, column in TICKET_GRAINS.items()}
        | {"topic": row["topic"]}
        for row in rows
        if row["in_p5"]
    ]
    grains = {name: lambda row, name=name: row[name] for name in (*TICKET_GRAINS, "topic")}
    kpis = {
        f"total_resolution_time_p{points}": percentile("seconds", points / 100)
        for points in (50, 90, 95)
    }
    total += compare(company, durations, kpis, grains, "facts")
    print(f"{total} cells of outcomes compared")
    assert total > 20_000


def test_every_cell_of_first_contact_comes_from_its_episodes(company: CompanyWorld) -> None:
    rows = company.published("select * from published.fct_episodes")
    grains = members("topic")
    cells = cells_of(rows, lambda row: row["started_date"], grains)
    total = 0
    for kpi_id, (part, whole) in EPISODES.items():
        compared, differing = differences(
            company, kpi_id, quotients(cells, part, whole), grains, "facts"
        )
        assert differing == [], kpi_id
        total += compared
    print(f"{total} cells of first contact compared")
    assert total > 5_000


def test_customers_who_return_are_counted_once_a_period(company: CompanyWorld) -> None:
    rows = company.published("select * from published.fct_episodes where is_customer_known")
    expected: dict[Any, float | None] = {}
    for cell, found in cells_of(rows, lambda row: row["started_date"], members("topic")).items():
        customers = {row["customer_key"] for row in found}
        returned = {row["customer_key"] for row in found if row["is_return"]}
        expected[cell] = len(returned) / len(customers)
    compared, differing = differences(
        company, "customer_return_rate", expected, members("topic").keys(), "facts"
    )
    assert differing == []
    assert compared > 500


def test_every_way_of_crediting_adds_up_to_the_kpi(company: CompanyWorld) -> None:
    rows = company.published(
        "select kpi_id, mode, month_start, sum(numerator) as numerator,"
        " sum(denominator) as denominator from published.kpi_attribution_monthly group by all"
    )
    assert len({row["mode"] for row in rows}) == 6
    for row in rows:
        cell = company.cells[row["kpi_id"]]["month", row["month_start"], "total", "total"]
        value = row["numerator"]
        if row["denominator"] is not None:
            assert row["denominator"] == pytest.approx(cell["denominator"], rel=1e-9)
            value /= row["denominator"]
        assert value == pytest.approx(cell["value"], rel=1e-9), row
