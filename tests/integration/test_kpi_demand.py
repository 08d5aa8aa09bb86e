"""Demand and responsiveness of a whole company equal the plain reference, cell by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from fractions import Fraction
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest

from tests.integration.company_world import Cell, CompanyWorld, Row, cells_of, differences
from tests.integration.kpi_cells import compare, mean, persons
from tests.reference.demand import Desk, Records, conversations, customers_served
from tests.reference.export import seed
from tests.reference.kpis import PERCENTILES, percentile
from tests.reference.peaks import peak_hours
from tests.reference.responsiveness import (
    answered_turns,
    assignments,
    contacts,
    first_responses,
    seconds_inside,
)
from tests.reference.workload import orders, workload

pytestmark = pytest.mark.xdist_group("company")

GRAINS = ("channel", "team", "priority", "shop", "source", "agent")
# By KPI: its fact, population, seconds by the business clock, day and agent.
CLOCKED = {
    "first_assignment_time_business": (
        "fct_ticket_responses",
        "in_p2",
        "first_assignment_business_seconds",
        "created_date",
        "first_assignee_id",
    ),
    "unassigned_time_business": (
        "fct_ticket_responses",
        "in_p5",
        "unassigned_business_seconds",
        "last_solved_date",
        "closer_id",
    ),
    "assignment_to_reply_business": (
        "fct_ticket_agents",
        "in_p2",
        "reply_business_seconds",
        "replied_date",
        "agent_id",
    ),
}
WITH_PERCENTILES = frozenset(
    {
        "first_response_time_zendesk",
        "first_response_time_platform",
        "first_assignment_time",
        "unassigned_time",
        "assignment_to_reply",
        "avg_response_time_platform",
    }
)


@pytest.fixture(scope="module")
def desk(company: CompanyWorld) -> Desk:
    published, build = company.published, company.build
    records = build(
        "select ticket_key, external_ref, is_history_complete, has_messages, is_response_stated,"
        " assignee_id as own_assignee_id from intermediate.int_tickets__unioned"
    )
    accounts = build(
        "select source_system, account_id, first_date, as_of_date"
        " from intermediate.int_accounts__as_of"
    )
    more = {row["ticket_key"]: row for row in records}
    dates = {(row["source_system"], row["account_id"]): row for row in accounts}
    tickets = [
        row | more[row["ticket_key"]] | dates[row["source_system"], row["account_id"]]
        for row in published("select * from published.fct_tickets order by ticket_key")
    ]
    return Desk(
        zone=ZoneInfo(company.settings.reporting_zone),
        tickets=tickets,
        messages=build("select * from intermediate.int_messages__attributed"),
        contacts=published(
            "select contact_key, ticket_key, customer_key, channel, source_system, account_id,"
            " started_at from published.fct_contacts"
        ),
        solves=published("select * from published.fct_status_intervals where is_solve"),
        agents=published("select * from published.dim_agents"),
        shifts=build("select * from intermediate.int_shifts__unioned"),
        orders=_orders(company),
        customers=build(
            "select customer_key, identity_hash from intermediate.int_customers__unioned"
        ),
        holidays=build("select * from intermediate.int_calendar_special_days__unioned"),
        open_stretches=build(
            "select dates.source_system, dates.account_id, hours.starts_at, hours.ends_at"
            " from intermediate.int_calendar_intervals__utc as hours"
            " inner join intermediate.int_calendars__dates as dates using (calendar_key)"
        ),
        campaigns=seed("campaign_days"),
    )


def _orders(company: CompanyWorld) -> list[Row]:
    keys = {
        (row["source_system"], row["account_id"], row["customer_id"]): row["customer_key"]
        for row in company.build("select * from intermediate.int_customers__unioned")
    }
    rows = company.build("select * from intermediate.int_orders__unioned")
    for row in rows:
        row["customer_key"] = keys.get(
            (row["source_system"], row["account_id"], row["customer_id"])
        )
    return rows


def compared(world: CompanyWorld, records: Records, grains: tuple[str, ...] = GRAINS) -> None:
    """Every cell of every KPI in `records`, for the total and those grains."""
    wrong = {}
    for kpi_id, rows in records.items():
        members = {grain: (lambda row, grain=grain: row[grain]) for grain in grains}
        cells = cells_of(rows, lambda row: row["day"], members)
        for name, expected in _expected(kpi_id, cells):
            count, differing = differences(world, name, expected, grains)
            print(f"{name}: {count} cells")
            assert count > 0, name
            if differing:
                wrong[name] = (len(differing), differing[:3])
    assert wrong == {}


def _expected(
    kpi_id: str, cells: dict[Cell, list[Row]]
) -> Iterator[tuple[str, dict[Cell, float | None]]]:
    yield kpi_id, {cell: _value(rows) for cell, rows in cells.items()}
    if kpi_id in WITH_PERCENTILES:
        for percent in PERCENTILES:
            values = {
                cell: float(percentile([row["part"] for row in rows], percent))
                for cell, rows in cells.items()
                if cell[2] != "agent"
            }
            yield f"{kpi_id}_p{percent}", values


def _value(rows: list[Row]) -> float | None:
    if "key" in rows[0]:
        return len({row["key"] for row in rows} - {None})
    part = sum(Fraction(row["part"]) for row in rows)
    if "whole" not in rows[0]:
        return float(part)
    whole = sum(Fraction(row["whole"]) for row in rows)
    return float(part / whole) if whole else None


def test_turns_messages_and_sessions_equal_the_reference(company: CompanyWorld, desk: Desk) -> None:
    compared(company, conversations(desk))


def test_customers_served_are_counted_once_a_cell(company: CompanyWorld, desk: Desk) -> None:
    records = customers_served(desk)
    compared(company, records)
    cells = company.cells["unique_customers_served"]
    days = sum(row["value"] for cell, row in cells.items() if cell[0::2] == ("day", "total"))
    quarters = sum(
        row["value"] for cell, row in cells.items() if cell[0::2] == ("quarter", "total")
    )
    assert quarters < days


def test_answers_to_contacts_and_turns_equal_the_reference(
    company: CompanyWorld, desk: Desk
) -> None:
    compared(company, contacts(desk))
    compared(company, answered_turns(desk))


def test_first_responses_by_other_clocks_equal_the_reference(
    company: CompanyWorld, desk: Desk
) -> None:
    compared(company, first_responses(desk))


def test_assignments_equal_the_reference(company: CompanyWorld, desk: Desk) -> None:
    events = company.build(
        "select * from intermediate.int_ticket_events__unioned where event_type = 'assignee'"
    )
    unsolved: dict[str, list[Row]] = defaultdict(list)
    for row in company.published("select * from published.fct_status_intervals where is_unsolved"):
        unsolved[row["ticket_key"]].append(row)
    compared(company, assignments(desk, events, unsolved))


def test_business_clocks_of_assignments_come_from_their_tickets(company: CompanyWorld) -> None:
    people = persons(company)
    for kpi_id, (table, population, seconds, day, agent) in CLOCKED.items():
        rows = company.published(
            f"select *, {day} as day, {seconds} as seconds, team_name as team,"
            f" source_system as source from published.{table} where {population}"
        )
        for row in rows:
            row["agent"] = people.get(
                (row["source_system"], row["account_id"], row[agent]), "unknown"
            )
        grains = {grain: itemgetter(grain) for grain in GRAINS}
        assert compare(company, rows, {kpi_id: mean("seconds")}, grains, "facts") > 500


def test_workload_and_orders_equal_the_reference(company: CompanyWorld, desk: Desk) -> None:
    compared(company, workload(desk), ("agent",))
    found = orders(desk)
    assert any(row["part"] for row in found["orders_handled"])
    compared(company, {"contact_rate_per_order": found.pop("contact_rate_per_order")}, ())
    compared(company, found, ("shop", "agent"))


def test_peak_hours_equal_the_reference(company: CompanyWorld, desk: Desk) -> None:
    compared(company, peak_hours(desk), ("channel", "source"))


def test_the_daily_tables_add_up_to_the_values(company: CompanyWorld) -> None:
    for table, measure, kpi_id in [
        ("kpi_demand_daily", "turns_opened", "conversation_turns"),
        ("kpi_demand_daily", "messages_public", "messages_in_out"),
        ("kpi_demand_daily", "valid_sessions", "valid_sessions"),
        ("kpi_orders_daily", "orders_handled", "orders_handled"),
    ]:
        rows = company.published(
            f"select date_trunc('month', local_date)::date as month, sum({measure}) as total"
            f" from published.{table} group by 1 having total is not null"
        )
        cells = company.cells[kpi_id]
        assert rows
        for row in rows:
            assert cells["month", row["month"], "total", "total"]["value"] == row["total"]


def tiny(**lists: list[Row]) -> Desk:
    """A desk of a few hand-made rows."""
    empty: dict[str, list[Row]] = {each.name: [] for each in fields(Desk) if each.init}
    return Desk(**(empty | lists | {"zone": ZoneInfo("Asia/Shanghai")}))


def test_the_platform_clock_stands_still_at_night() -> None:
    desk, hours = tiny(), (9 * 3600, 23 * 3600)
    evening, morning = datetime(2024, 3, 4, 14, 59), datetime(2024, 3, 5, 1, 2)
    assert seconds_inside(desk, hours, evening, morning) == 60 + 120
    assert seconds_inside(desk, hours, evening, datetime(2024, 3, 6, 1, 2)) == 60 + 120 + 14 * 3600


def test_the_peak_is_measured_against_open_hours() -> None:
    ticket = {"source_system": "s", "account_id": "a", "ticket_key": "t"}
    ticket |= {"first_date": date(2024, 1, 1), "as_of_date": date(2024, 2, 25)}
    mondays = [datetime(2024, 1, day, 2) for day in (1, 8, 15, 22, 29)]
    episodes = [*mondays, mondays[0], datetime(2024, 1, 2, 2)]
    rows = [{**ticket, "channel": "chat", "started_at": at} for at in episodes]
    stretch = {"starts_at": datetime(2024, 1, 1, 2), "ends_at": datetime(2024, 1, 1, 3, 30)}
    desk = tiny(tickets=[ticket], contacts=rows, open_stretches=[ticket | stretch])
    (found,) = peak_hours(desk)["peak_hour_index"]
    assert (found["day"], found["part"], found["whole"]) == (date(2024, 2, 25), 6 / 8, 2 / 2)
