"""Complaints, reviews, actions, success factors and returns on training equal the references."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.integration.company_world import Cell, CompanyWorld, differences
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
from tests.reference import complaints, plans, scorecards
from tests.reference.commerce import local_day
from tests.reference.scorecards import weighted

pytestmark = pytest.mark.xdist_group("company")

CAUSES = {"快递公司": "logistics", "仓库": "warehouse", "供应商": "product"}
LADDER = ((0, 0), (0.5, 30), (0.6, 45), (0.7, 60), (0.8, 70), (0.9, 85), (1.0, 100))


def by(*names: str) -> Grains:
    return {name: lambda row, name=name: row[name] for name in names}  # type: ignore[misc]


def as_of(company: CompanyWorld) -> date:
    (row,) = company.build("select max(as_of_date) as last from intermediate.int_accounts__as_of")
    last: date = row["last"]
    return last


def test_every_cell_of_complaints_equals_the_reference(company: CompanyWorld) -> None:
    now = {
        (row["source_system"], row["account_id"]): row["as_of_at"]
        for row in company.build("select * from intermediate.int_accounts__as_of")
    }
    rows = company.build(
        "select complaints.*, orders.shop, orders.customer_id as person"
        " from intermediate.int_complaints__unioned as complaints"
        " left join intermediate.int_orders__unioned as orders using (order_key)"
    )
    records = complaints.complaints(rows, CAUSES, now)
    # None of these cases is a ticket, so nobody's team holds one.
    known = persons(company)
    grains = by("shop", "cause", "source") | {
        "team": lambda row: "unknown",
        "agent": lambda row: known.get((*row["where"], "unknown"), "unknown"),
    }
    assert not company.published("select 1 from published.fct_complaints where kind = 'ticket'")
    kpis = {
        "complaint_count": total("one"),
        "complaint_resolution_rate": quotient("in_time", "matured"),
        "complaint_recurrence": quotient("returned", "solved_known"),
    }
    compared = compare(company, records, kpis, grains)
    solved = [row | {"day": row["solved_day"]} for row in records if row["solved_day"]]
    kpis = {
        "complaint_handling_time": mean("seconds"),
        "complaint_handling_time_p90": percentile("seconds", 0.9),
    }
    compared += compare(company, solved, kpis, grains)
    contacts = [
        row | {"day": local_day(row["started_at"]), "team": row["team_name"], "asked": 1, "one": 0}
        for row in company.build(
            "select contacts.started_at, tickets.shop, tickets.team_name"
            " from intermediate.int_contacts as contacts"
            " inner join intermediate.int_tickets__classified as tickets using (ticket_key)"
            " where tickets.in_p1"
        )
    ]
    complained = [row | {"asked": 0, "team": "unknown"} for row in records]
    together, kpis = contacts + complained, {"complaint_rate": quotient("one", "asked")}
    compared += compare(company, together, kpis, by("shop", "team"))
    print(f"{compared} cells of complaints compared")
    assert compared > 700
    assert solved


def test_every_cell_of_negative_reviews_equals_the_reference(company: CompanyWorld) -> None:
    mentions = company.build("select * from intermediate.int_mentions__unioned")
    topics = company.build("select topic from seeds.review_topics where is_service_linked")
    bad = complaints.negative_reviews(mentions, {row["topic"] for row in topics})
    grains = by("shop", "platform", "source")
    compared = compare(company, bad, {"negative_reviews": total("one")}, grains)
    (span,) = company.build(
        "select * from intermediate.int_accounts__as_of where source_system = 'mentions'"
    )
    feeds = {
        (row["source_system"], row["account_id"], row["platform"] or "unknown") for row in mentions
    }
    records = complaints.avoided_reviews(feeds, bad, span["first_date"], span["as_of_date"])
    compared += compare(company, records, {"negative_reviews_avoided": total("avoided")}, grains)
    print(f"{compared} cells of negative reviews compared")
    assert compared > 1_000
    assert {row["avoided"] > 0 for row in records} == {True, False}


def test_every_cell_of_reviews_and_actions_equals_the_reference(company: CompanyWorld) -> None:
    last = as_of(company)
    reviews = company.build("select * from intermediate.int_performance_reviews__unioned")
    roster = company.build("select * from intermediate.int_roster__versioned")
    grains = by("team") | {"agent": lambda row: row["employee"]}
    names = {"month": "review_completion", "quarter": "review_completion_quarter"}
    compared = 0
    for kind, kpi_id in names.items():
        records = plans.reviews_due(reviews, roster, kind, last)
        compared += compare(company, records, {kpi_id: quotient("signed", "due")}, grains)
    actions = plans.actions_due(
        company.build("select * from intermediate.int_actions__unioned"), last
    )
    kpis = {"action_closure_rate": quotient("closed", "due")}
    compared += compare(company, actions, kpis, by("team", "segment"))
    print(f"{compared} cells of reviews and actions compared")
    assert compared > 1_000


def test_a_success_factor_is_as_good_as_its_worst_kpi(company: CompanyWorld) -> None:
    factors = defaultdict(list)
    for row in company.build("select success_factor, kpi_id from seeds.success_factors"):
        factors[row["success_factor"]].append(row["kpi_id"])
    directions = {kpi_id: kpi.direction for kpi_id, kpi in company.kpis.items()}
    reached: dict[Any, dict[str, float | None]] = defaultdict(dict)
    for row in company.published("select * from published.fct_target_periods"):
        if row["grain"] == "total":
            reached[row["period_type"], row["period_start"]][row["kpi_id"]] = scorecards.attainment(
                row["value"], row["target_value"], directions[row["kpi_id"]]
            )
    expected: dict[Cell, float | None] = {}
    for (period_type, start), own in reached.items():
        found = {name: plans.worst(own, kpi_ids) for name, kpi_ids in factors.items()}
        known = {name: value for name, value in found.items() if value is not None}
        for name, value in known.items():
            expected[period_type, start, "category", name] = value
        if known:
            expected[period_type, start, "total", "total"] = min(known.values())
    compared, differing = differences(company, "csf_status", expected, ("category",), "cells")
    assert differing == []
    assert expected.keys() == company.cells["csf_status"].keys()
    assert compared > 20


def test_every_alert_of_balance_equals_the_reference(company: CompanyWorld) -> None:
    sides = {
        row["kpi_id"]: row["side"] for row in company.build("select * from seeds.balance_kpis")
    }
    history: dict[Any, dict[str, dict[date, float]]] = defaultdict(lambda: defaultdict(dict))
    for kpi_id in sides:
        for (period_type, start, grain, member), row in company.cells[kpi_id].items():
            if period_type == "month" and grain in {"total", "team"} and row["value"] is not None:
                history[grain, member][kpi_id][start] = row["value"]
    expected: dict[Cell, float | None] = {}
    for (grain, member), kpis in history.items():
        for month in {month for values in kpis.values() for month in values}:
            found: dict[str, list[float | None]] = {"speed": [], "quality": []}
            for kpi_id, values in kpis.items():
                if month in values:
                    direction = company.kpis[kpi_id].direction
                    found[sides[kpi_id]].append(plans.deviations(values, month, direction))
            alert = plans.alert(found["speed"], found["quality"])
            if alert is not None:
                expected["month", month, grain, member] = alert
    found_cells = {cell: row["value"] for cell, row in company.cells["balance_alert"].items()}
    assert found_cells == expected
    record("cells", "balance_alert", expected)
    assert len(expected) > 10


def test_every_balanced_score_is_the_weighted_attainment(company: CompanyWorld) -> None:
    directions = {kpi_id: kpi.direction for kpi_id, kpi in company.kpis.items()}
    reached: dict[Any, dict[str, float | None]] = defaultdict(dict)
    for row in company.published("select * from published.fct_target_periods"):
        member = (row["period_type"], row["period_start"], row["grain"], row["unit_value"])
        reached[member][row["kpi_id"]] = scorecards.attainment(
            row["value"], row["target_value"], directions[row["kpi_id"]]
        )
    weights: dict[Any, dict[str, float]] = defaultdict(dict)
    for row in company.published(
        "select * from published.fct_scorecard_items where scorecard = 'balanced'"
    ):
        member = (row["period_type"], row["period_start"], row["grain"], row["unit_value"])
        weights[member][row["kpi_id"]] = row["weight"]
    scores = {member: weighted(reached[member], own, LADDER) for member, own in weights.items()}
    expected = {member: score for member, score in scores.items() if score is not None}
    assert expected
    assert {cell: row["value"] for cell, row in company.cells["bsc_score"].items()} == {
        member: pytest.approx(score) for member, score in expected.items()
    }
    record("cells", "bsc_score", expected)


def test_every_attainment_and_gap_comes_from_its_target(company: CompanyWorld) -> None:
    """A unit attains the mean of what its KPIs do; gaps are told of each KPI of the company."""
    directions = {kpi_id: kpi.direction for kpi_id, kpi in company.kpis.items()}
    attained: dict[Cell, list[float]] = defaultdict(list)
    gaps: dict[str, dict[Cell, float]] = {"baseline_gap": {}, "top20_gap": {}}
    for row in company.published("select * from published.fct_target_periods"):
        when, value = (row["period_type"], row["period_start"]), row["value"]
        own = scorecards.attainment(value, row["target_value"], directions[row["kpi_id"]])
        if own is not None:
            attained[(*when, row["grain"], row["unit_value"])].append(own)
        for name, column in (("baseline_gap", "baseline_value"), ("top20_gap", "benchmark_value")):
            if row["grain"] == "total" and None not in (value, row[column]):
                gaps[name][(*when, "kpi", row["kpi_id"])] = value - row[column]
    cells = company.cells["target_attainment"]
    assert {cell: row["value"] for cell, row in cells.items()} == {
        cell: pytest.approx(sum(own) / len(own)) for cell, own in attained.items()
    }
    record("cells", "target_attainment", attained)
    for name, expected in gaps.items():
        found = {cell: row["value"] for cell, row in company.cells[name].items()}
        assert found == {cell: pytest.approx(gap) for cell, gap in expected.items()}, name
        record("cells", name, expected)


def test_returns_on_training_equal_the_reference(company: CompanyWorld) -> None:
    last = as_of(company)
    lines = {row["kpi"]: row for row in company.build("select * from seeds.training_benefit_lines")}
    known = persons(company)
    trained = defaultdict(set)
    for row in company.published("select * from published.fct_training"):
        trained[row["course_id"]].add(row["person_key"])
    closed = [
        (known.get((row["source_system"], row["account_id"], row["agent_id"])), row["closed_date"])
        for row in company.published("select * from published.fct_qa_conversations")
    ]
    costs = defaultdict(float)
    for row in company.build("select * from intermediate.int_costs__unioned"):
        costs[row["course_id"]] += float(row["amount"])
    courses: dict[str, dict[str, Any]] = defaultdict(lambda: {"amount": 0.0, "a_day": 0.0})
    for effect in company.published("select * from published.fct_training_effects"):
        course, completed = effect["course_id"], effect["completed_date"]
        if effect["kpi"] not in lines or effect["effect"] is None:
            continue
        records = effect["trained_after_record_count"]
        if effect["kpi"] == "qa_error":
            until = completed + timedelta(plans.AFTER_DAYS)
            records = sum(
                person in trained[course] and completed <= day < until for person, day in closed
            )
        worth = lines[effect["kpi"]]["unit_value"]
        found = plans.benefit(effect["effect"], worth, records, completed, last)
        for name, value in found.items():
            courses[course][name] += value
        courses[course] |= {"day": completed, "course": course, "cost": costs[course]}
    records = [row for row in courses.values() if row["cost"]]
    assert records

    def payback(rows: list[dict[str, Any]]) -> float | None:
        daily = sum(row["a_day"] for row in rows)
        return math.ceil(sum(row["cost"] for row in rows) / daily) if daily > 0 else None

    def returned(rows: list[dict[str, Any]]) -> float:
        cost = sum(row["cost"] for row in rows)
        return float((sum(row["amount"] for row in rows) - cost) / cost)

    kpis = {"training_roi": returned, "training_payback_days": payback}
    assert compare(company, records, kpis, by("course"), "facts") >= 16


def test_every_cell_of_reviewed_conversations_equals_the_reference(company: CompanyWorld) -> None:
    reviewed = {
        (row["account_id"], row["conversation_id"])
        for row in company.build("select * from intermediate.int_qa_reviews__unioned")
        if not row["is_deleted"]
    }
    ends = {
        (row["source_system"], row["account_id"]): row["as_of_date"]
        for row in company.build("select * from intermediate.int_accounts__as_of")
    }
    talks = [
        row | {"id": row["ticket_id"], "agent": row["closer_id"], "team": row["team_name"]}
        | {"closed_at": row["last_solved_at"] or row["closed_at"]}
        for row in company.build(
            "select * from intermediate.int_tickets__classified where in_p3 and in_p5"
        )
    ]  # fmt: skip
    last_legs: dict[str, dict[str, Any]] = {}
    for row in company.build(
        "select * from intermediate.int_calls__unioned"
        " where answered_at is not null and ended_at is not null"
    ):
        kept = last_legs.get(row["contact_key"])
        if kept is None or row["leg_no"] > kept["leg_no"]:
            last_legs[row["contact_key"]] = row
    talks += [
        row | {"id": row["contact_id"], "agent": row["agent_id"], "closed_at": row["ended_at"]}
        | {"team": "unknown", "channel": "phone"}
        for row in last_legs.values()
    ]  # fmt: skip
    people = persons(company)
    records = []
    for row in talks:
        day = local_day(row["closed_at"]) if row["closed_at"] else None
        where = (row["source_system"], row["account_id"])
        matured = day is not None and day + timedelta(7) <= ends[where]
        is_reviewed = (row["account_id"], row["id"]) in reviewed
        records.append(
            {"day": day, "team": row["team"], "channel": row["channel"]}
            | {"source": row["source_system"], "matured": int(matured)}
            | {"reviewed": int(matured and is_reviewed)}
            | {"agent": people.get((*where, row["agent"]), "unknown")}
        )
    kpis = {"qa_coverage": quotient("reviewed", "matured")}
    compared = compare(company, records, kpis, by("team", "channel", "source", "agent"))
    print(f"{compared} cells of reviewed conversations compared")
    assert compared > 1_000


def test_a_complaint_counts_as_the_catalogue_says() -> None:
    noon = datetime(2026, 1, 10, 4)

    def case(key: str, day: int, closed: int | None, **other: Any) -> dict[str, Any]:
        return {
            "complaint_key": key, "source_system": "s", "account_id": "a", "shop": None,
            "person": "anna", "cause": "仓库", "status": "closed" if closed is not None else "open",
            "received_at": noon + timedelta(day),
            "closed_at": None if closed is None else noon + timedelta(closed),
        } | other  # fmt: skip

    rows = [
        case("first", 0, 30),
        case("again", 90, 121),
        case("other_cause", 91, 92, cause="供应商"),
        case("without_a_time", 100, 101, closed_at=None),
        case("open", 170, None, person=None),
    ]
    found = {
        row["key"]: row
        for row in complaints.complaints(rows, CAUSES, {("s", "a"): noon + timedelta(190)})
    }
    assert [row["in_time"] for row in found.values()] == [1, 0, 1, 1, 0]
    assert [row["matured"] for row in found.values()] == [1, 1, 1, 1, 0]
    assert [row["returned"] for row in found.values()] == [1, 1, 0, 0, 0]
    assert [row["solved_known"] for row in found.values()] == [1, 1, 1, 1, 0]
    assert found["first"]["seconds"] == 30 * 86_400
    assert found["without_a_time"]["seconds"] is None
    assert found["open"]["shop"] == "a"


def test_plans_by_hand() -> None:
    assert [plans.status(value) for value in (1.0, 0.95, 0.9, 0.89)] == [2, 1, 1, 0]
    assert plans.worst({"a": 1.2, "b": 0.5, "c": None}, ["a", "c"]) == 2
    assert plans.worst({"a": None}, ["a"]) is None
    values = {date(2026, month, 1): value for month, value in enumerate((10, 12, 14, 16), 1)}
    assert plans.deviations(values, date(2026, 4, 1), "down") == pytest.approx(-2)
    assert plans.deviations(values, date(2026, 3, 1), "down") is None
    assert plans.alert([1.0, -3], [-1.0, 2]) == 1
    assert plans.alert([0.9], [-1.0]) == 0
    assert plans.alert([], [-1.0]) is None
    # Ten seconds less, two yuan each, a hundred records in 56 days, known for 70 days.
    found = plans.benefit(-10, 2, 112, date(2026, 1, 1), date(2026, 3, 11))
    assert found == {"amount": pytest.approx(40 * 70), "a_day": pytest.approx(40)}
