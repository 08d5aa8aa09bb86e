"""KPIs of backlog and service levels: recounted from raw history, and cell by cell from facts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.integration.company_world import (
    Cell,
    CompanyWorld,
    Row,
    cells_of,
    differences,
)
from tests.integration.kpi_cells import Grains
from tests.integration.kpi_proofs import record
from tests.integration.kpi_quotients import Side, both, members, quotients
from tests.reference.tickets import UNSOLVED, Desk, Ticket

pytestmark = pytest.mark.xdist_group("company")

ZONE = ZoneInfo("Asia/Shanghai")
STALE_DAYS, PACE_DAYS = 5, 10

TARGETS: dict[str, tuple[str, Side, Side]] = {
    "sla_attainment_rate": (
        "deadline_date",
        both("in_p2", "is_decided", "is_achieved"),
        both("in_p2", "is_decided"),
    ),
    "sla_attainment_rate_completion": (
        "completed_date",
        both("in_p2", "is_completed", "is_achieved"),
        both("in_p2", "is_completed"),
    ),
    "sla_breach_excess": (
        "breached_date",
        lambda row: (
            row["elapsed_seconds"] - row["target_seconds"]
            if row["in_p2"] and row["is_breached"]
            else 0
        ),
        both("in_p2", "is_breached"),
    ),
}


def test_every_cell_of_service_levels_comes_from_its_targets(company: CompanyWorld) -> None:
    rows = company.published("select * from published.fct_sla_targets")
    grains = members()
    grains["policy"] = lambda row: row["policy_name"]
    for kpi_id, (day, part, whole) in TARGETS.items():
        cells = cells_of(rows, lambda row, day=day: row[day], grains)
        compared, differing = differences(
            company, kpi_id, quotients(cells, part, whole), grains, "facts"
        )
        assert differing == [], kpi_id
        assert compared > 500


def test_a_policy_passes_on_a_ticket_only_if_every_target_does(company: CompanyWorld) -> None:
    targets: dict[tuple[str, str], list[Row]] = {}
    for row in company.published("select * from published.fct_sla_targets"):
        if row["sla_status"] != "cancelled" and row["in_p2"]:
            targets.setdefault((row["ticket_key"], row["policy_id"]), []).append(row)
    judged = [
        group[0]
        | {
            "deadline_date": max(row["deadline_date"] for row in group),
            "is_passed": not any(row["is_breached"] for row in group),
        }
        for group in targets.values()
        if all(row["is_decided"] for row in group)
    ]
    cells = cells_of(judged, lambda row: row["deadline_date"], members())
    expected = quotients(cells, both("is_passed"), lambda _: 1)
    compared, differing = differences(
        company, "sla_attainment_rate_policy", expected, members().keys(), "facts"
    )
    assert differing == []
    assert compared > 500


def end_of(period_type: str, start: date) -> date:
    """The last day of a period."""
    if period_type in {"month", "quarter"}:
        months = start.year * 12 + start.month - 1 + {"month": 1, "quarter": 3}[period_type]
        return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
    return start + timedelta(days={"day": 0, "week": 6}[period_type])


def closing(company: CompanyWorld, rows: list[Row], grains: Grains) -> dict[Cell, list[Row]]:
    """By cell, what stands at the end of the period, or at the as-of of its account before that."""
    as_of = {
        (row["source_system"], row["account_id"]): row["as_of_date"]
        for row in company.published("select * from published.dim_accounts")
    }
    found = {}
    for cell, own in cells_of(rows, lambda row: row["local_date"], grains).items():
        end = end_of(*cell[:2])
        last = [
            row
            for row in own
            if row["local_date"] == min(end, as_of[row["source_system"], row["account_id"]])
        ]
        if last:
            found[cell] = last
    return found


def open_days(desk: Desk, ticket: Ticket) -> list[date]:
    """Local days at whose end, or at the as-of, the ticket was open."""
    last = desk.as_of.astimezone(ZONE).date()
    found, day = [], ticket.created_at.astimezone(ZONE).date()
    while day <= last:
        end = datetime.combine(day + timedelta(days=1), time.min, ZONE)
        states = [move.value for move in ticket.statuses if move.at < end and move.at <= desk.as_of]
        if states and states[-1] in UNSOLVED:
            found.append(day)
        day += timedelta(days=1)
    return found


def working_days(company: CompanyWorld) -> set[date]:
    """Days on which the main calendar of the account has hours, by the clock's own intervals."""
    rows = company.build(
        "select local_date from intermediate.int_account_days__working"
        " where source_system = 'zendesk' and is_working"
    )
    return {row["local_date"] for row in rows}


def test_stale_and_unassigned_tickets_are_what_counting_tickets_gives(
    company: CompanyWorld, company_desk: Desk
) -> None:
    working = working_days(company)
    counted: dict[date, list[int]] = {}
    for ticket in company_desk.tickets():
        if not ticket.in_p2:
            continue
        spoken = [ticket.created_at, *(m.at for m in ticket.messages if m.is_public)]
        days = sorted(at.astimezone(ZONE).date() for at in spoken)
        owners = ticket.changes("assignee_id")
        for day in open_days(company_desk, ticket):
            end = datetime.combine(day + timedelta(days=1), time.min, ZONE)
            last = max(each for each in days if each <= day)
            quiet = sum(1 for each in working if last < each <= day)
            values = [owners[0][1] if owners else ticket.record.get("assignee_id")]
            values += [new for at, _, new, _ in owners if at < end]
            sums = counted.setdefault(day, [0, 0, 0])
            sums[0] += 1
            sums[1] += quiet >= STALE_DAYS
            sums[2] += values[-1] is None
    rows = company.published(
        "select local_date, sum(open_tickets) as opened, sum(stale_tickets) as stale,"
        " sum(unassigned_tickets) as unassigned from published.fct_backlog_days"
        " where source_system = 'zendesk' group by local_date"
    )
    found = {row["local_date"]: [row["opened"], row["stale"], row["unassigned"]] for row in rows}
    assert found == counted
    assert sum(sums[1] for sums in counted.values()) > 0
    assert sum(sums[2] for sums in counted.values()) > 0


def test_every_cell_of_the_unattended_backlog_comes_from_its_days(company: CompanyWorld) -> None:
    days = closing(
        company, company.published("select * from published.fct_backlog_days"), members()
    )
    stale: dict[Cell, float | None] = {}
    unassigned: dict[Cell, float | None] = {}
    for cell, rows in days.items():
        described = sum(row["described_tickets"] for row in rows)
        stale[cell] = sum(row["stale_tickets"] for row in rows) / described if described else None
        unassigned[cell] = sum(row["unassigned_tickets"] for row in rows)
    for kpi_id, expected in (("stale_rate", stale), ("unassigned_unsolved", unassigned)):
        compared, differing = differences(company, kpi_id, expected, members(), "facts")
        assert differing == [], kpi_id
        assert compared > 500


def test_days_to_clear_are_open_tickets_by_the_pace_of_ten_working_days(
    company: CompanyWorld,
) -> None:
    working = sorted(working_days(company))
    solved = company.published(
        "select team_name, last_solved_date from published.fct_tickets"
        " where in_p5 and source_system = 'zendesk' and last_solved_date is not null"
    )
    opened = company.published(
        "select local_date, team_name, sum(open_tickets) as opened from published.fct_backlog_days"
        " where source_system = 'zendesk' group by all"
    )
    cells, compared = company.cells["days_to_clear"], 0
    for row in opened:
        day, team = row["local_date"], row["team_name"]
        if team == "unknown" or day < working[PACE_DAYS]:
            continue
        window = [each for each in working if each <= day][-PACE_DAYS:]
        done = sum(
            each["team_name"] == team and window[0] <= each["last_solved_date"] <= day
            for each in solved
        )
        cell = cells.get(("day", day, "team", team))
        expected = row["opened"] * len(window) / done if done else None
        value = None if cell is None else cell["value"]
        assert (value is None) == (expected is None), (day, team)
        assert expected is None or value == pytest.approx(expected, rel=1e-9), (day, team)
        compared += 1
        month = ("month", day.replace(day=1), "team", team)
        if end_of("month", month[1]) == day and expected is not None:
            assert cells[month]["value"] == value
            record("facts", "days_to_clear", [month])
    assert compared > 100


def test_targets_at_risk_are_neither_over_nor_cancelled(company: CompanyWorld) -> None:
    rows = company.published(
        "select local_date, source_system, sum(cast(is_at_risk as integer)) as risky"
        " from published.fct_sla_risk_days group by all"
    )
    cells = company.cells["sla_at_risk"]
    for row in rows:
        cell = cells["day", row["local_date"], "source", row["source_system"]]
        assert cell["value"] == row["risky"]
    risks = company.published("select * from published.fct_sla_risk_days")
    grains = members() | {"policy": lambda row: row["policy_name"]}
    expected = {
        cell: float(sum(row["is_at_risk"] for row in own))
        for cell, own in closing(company, risks, grains).items()
    }
    compared, differing = differences(company, "sla_at_risk", {**expected}, grains, "facts")
    assert differing == []
    assert compared > 500
    overdue = company.published(
        "select * from published.fct_sla_risk_days as risks"
        " inner join published.fct_sla_targets as targets using (sla_target_key)"
        " where targets.sla_status = 'cancelled' or risks.local_date > targets.breached_date"
        " or risks.local_date > targets.completed_date"
    )
    assert overdue == []
    assert sum(row["risky"] for row in rows) > 0
