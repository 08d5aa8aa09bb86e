"""Human QA, people, training and scorecards of a small company equal the plain references."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.company_world import CompanyWorld
from tests.integration.kpi_cells import compare, mean, persons, quotient
from tests.integration.kpi_proofs import record
from tests.reference import people, scorecards
from tests.reference.quality import Card, judged_reviews, kappa, verdicts

pytestmark = pytest.mark.xdist_group("company")

ZONE = ZoneInfo("Asia/Shanghai")
CARD = Card(
    categories={
        "业务知识错误": "knowledge",
        "服务态度": "attitude",
        "响应不及时": "timeliness",
        "未使用规范话术": "script",
        "未核实客户信息": "verification",
        "泄露客户信息": "privacy",
    },
    judged=frozenset(["attitude", "knowledge", "privacy", "script", "timeliness", "verification"]),
    information=frozenset(["knowledge"]),
    errors=frozenset(["knowledge", "privacy", "verification"]),
    critical=frozenset(["privacy"]),
    pass_mark=85,
    dispute_days=30,
    disputed={"无": False, "申诉驳回": True, "申诉成功": True},
    overturned=frozenset(["申诉成功"]),
)
EFFECTS = {
    "qa_score": "training_effect",
    "csat": "training_effect_csat",
    "handle_time": "training_effect_handle_time",
    "mastery": "training_effect_mastery",
}
LADDER = ((0, 0), (0.5, 30), (0.6, 45), (0.7, 60), (0.8, 70), (0.9, 85), (1.0, 100))
BY_REVIEW = {
    "qa_score": mean("score"),
    "qa_pass_rate": quotient("passed", "one"),
    "critical_fail_rate": quotient("critical", "one"),
    "service_error_rate": quotient("error", "one"),
    "information_accuracy_rate": quotient("accurate", "one"),
    "qa_dispute_rate": quotient("disputed", "matured"),
    "qa_dispute_rate_overturned": quotient("overturned", "disputed"),
}


def _reviews(company: CompanyWorld) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return (
        company.build("select * from intermediate.int_qa_reviews__unioned"),
        company.build("select * from intermediate.int_qa_items__unioned"),
    )


def _roster(company: CompanyWorld) -> defaultdict[str, list[dict[str, Any]]]:
    """The versions of each employee."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in company.build("select * from intermediate.int_roster__versioned"):
        found[row["employee_key"]].append(row)
    return found


def test_every_cell_of_human_quality_equals_the_reference(company: CompanyWorld) -> None:
    reviews, items = _reviews(company)
    (as_of,) = company.build(
        "select as_of_date from intermediate.int_accounts__as_of where source_system = 'quality'"
    )
    records = judged_reviews(reviews, items, CARD, ZONE, as_of["as_of_date"])
    second = verdicts(reviews, items, CARD, ZONE)
    known, roster = persons(company), _roster(company)
    for row in [*records, *second]:
        day = row.get("reviewed_day", row["day"])
        row["person"] = known.get(row["agent"], "unknown")
        row["team"] = people.team_of(roster[row["person"]], row["person"], day, until_left=False)
    by_team = {"team": lambda row: row["team"]}
    grains = by_team | {"agent": lambda row: row["person"]}
    compared = compare(company, records, BY_REVIEW, grains | {"category": lambda row: row["area"]})
    by_category = {"category": lambda row: row["category"]}
    judged = [
        row | {"category": category, "kept": int(not failed)}
        for row in records
        for category, failed in row["verdicts"].items()
    ]
    kpis = {"qa_score_category": quotient("kept", "one")}
    compared += compare(company, judged, kpis, grains | by_category)
    kpis = {"reviewer_agreement": kappa, "reviewer_agreement_share": quotient("same", "one")}
    compared += compare(company, second, kpis, by_team | by_category)
    print(f"{compared} cells of human quality compared")
    assert compared > 3_000


def test_every_cell_of_attrition_and_surveys_equals_the_reference(company: CompanyWorld) -> None:
    (reach,) = company.build(
        "select min(first_date) as first, max(as_of_date) as last"
        " from intermediate.int_accounts__as_of"
    )
    roster = company.build("select * from intermediate.int_roster__versioned")
    events = company.build("select * from intermediate.int_hr_events__unioned")
    records = people.headcounts(roster, events, reach["first"], reach["last"])
    by_team = {"team": lambda row: row["team"]}
    compared = compare(
        company,
        records,
        {
            "agent_attrition_rate": people.attrition,
            "agent_attrition_rate_opening": lambda rows: people.attrition(rows, base="opening"),
            "agent_attrition_rate_voluntary": lambda rows: people.attrition(rows, "voluntary"),
            "agent_attrition_rate_involuntary": lambda rows: people.attrition(rows, "involuntary"),
            "agent_attrition_rate_annualised": people.annualised,
        },
        by_team,
    )
    compared += compare(
        company,
        [row | {"hours": 0.0} for row in records] + _hours(company),
        {"training_hours": people.hours_a_head},
        by_team,
    )
    answers = company.build("select * from intermediate.int_employee_survey__unioned")
    told = [
        row | {"category": "response"}
        for row in people.responses(
            company.build("select * from intermediate.int_employee_survey__placed"), roster, 5
        )
    ]
    kpis = {"employee_satisfaction_response_rate": quotient("answered", "invited")}
    compared += compare(company, told, kpis, by_team)
    groups = people.survey_groups(answers, 5)
    scored = [row for row in groups if row["score"] is not None]
    grains = by_team | {"category": lambda row: row["category"]}
    compared += compare(company, scored, {"employee_satisfaction": mean("score")}, grains)
    asked = [row for row in groups if row["recommends"] is not None]
    compared += compare(
        company, asked, {"enps": lambda rows: 100 * (mean("recommends")(rows) or 0)}, grains
    )
    print(f"{compared} cells of attrition and surveys compared")
    assert compared > 300


def _hours(company: CompanyWorld) -> list[dict[str, Any]]:
    """Hours of training, by the day on which the course was completed."""
    roster = _roster(company)
    return [
        {"day": row["completed_date"], "hours": float(row["hours"] or 0), "headcount": None}
        | {"team": people.team_of(roster[key], key, row["completed_date"])}
        for row in company.build("select * from intermediate.int_training__unioned")
        for key in [row["employee_key"]]
    ]


def test_every_cell_of_exams_and_training_equals_the_reference(company: CompanyWorld) -> None:
    known, roster = persons(company), _roster(company)
    exams = company.build("select *, sat_date as day from intermediate.int_exams__unioned")
    for exam in exams:
        key = exam["employee_key"]
        exam["team"] = people.team_of(roster[key], key, exam["day"])
    grains = {
        "course": lambda row: row["course_id"],
        "team": lambda row: row["team"],
        "agent": lambda row: known[row["source_system"], row["account_id"], row["employee_no"]],
    }
    after = [e for e in exams if e["exam_kind"] == "after"]
    passed = [e | {"one": 1, "good": int(e["is_passed"])} for e in exams if _is_judged(e)]
    before = [e for e in exams if e["exam_kind"] == "before"]
    answered = quotient("correct_count", "question_count")
    compared = compare(company, after, {"knowledge_mastery_rate": answered}, grains)
    compared += compare(company, before, {"knowledge_mastery_rate_before": answered}, grains)
    compared += compare(company, passed, {"exam_pass_rate": quotient("good", "one")}, grains)
    first = [
        e | {"one": 1, "good": int(e["is_passed"])} for e in before if e["is_passed"] is not None
    ]
    compared += compare(company, first, {"exam_pass_rate_before": quotient("good", "one")}, grains)
    print(f"{compared} cells of exams compared")
    assert compared > 100


def _is_judged(exam: dict[str, Any]) -> bool:
    return exam["exam_kind"] in ("after", "retest") and exam["is_passed"] is not None


def test_the_effect_of_a_course_equals_the_reference(company: CompanyWorld) -> None:
    changes = company.build(
        "select course_id, kpi, arm, before_mean as before, after_mean as after"
        " from marts.fct_training_changes where before_count > 0 and after_count > 0"
    )
    effects = company.published("select * from published.fct_training_effects")
    known = 0
    for row in effects:
        own = [c for c in changes if (c["course_id"], c["kpi"]) == (row["course_id"], row["kpi"])]
        found = people.effect(own)
        if found is None:
            assert row["effect_low"] is None
            continue
        assert row["effect"] == pytest.approx(found[0])
        name = EFFECTS.get(row["kpi"])
        if name is not None:
            month = row["completed_date"].replace(day=1)
            course = ("month", month, "course", row["course_id"])
            assert company.cells[name][course]["value"] == pytest.approx(found[0])
            record("facts", name, [course])
        assert row["effect_high"] == pytest.approx(found[0] + 1.959963984540054 * found[1])
        known += 1
    assert known > 0


def test_every_score_and_attainment_equals_the_reference(company: CompanyWorld) -> None:
    directions = {kpi_id: kpi.direction for kpi_id, kpi in company.kpis.items()}
    periods = company.published("select * from published.fct_target_periods")
    reached: defaultdict[Any, dict[str, float | None]] = defaultdict(dict)
    for row in periods:
        found = scorecards.attainment(row["value"], row["target_value"], directions[row["kpi_id"]])
        assert row["attainment"] == (None if found is None else pytest.approx(found)), row
        member = (row["period_type"], row["period_start"], row["grain"], row["unit_value"])
        reached[member][row["kpi_id"]] = found
    weights: defaultdict[Any, dict[str, float]] = defaultdict(dict)
    for row in company.published(
        "select * from published.fct_scorecard_items where scorecard = 'performance'"
    ):
        member = (row["period_type"], row["period_start"], row["grain"], row["unit_value"])
        weights[member][row["kpi_id"]] = row["weight"]
    cells = company.cells["weighted_score"]
    scored = set()
    for member, own in weights.items():
        assert sum(own.values()) == pytest.approx(100)
        score = scorecards.weighted(reached[member], own, LADDER)
        if score is not None:
            assert cells[member]["value"] == pytest.approx(score), member
            scored.add(member)
    assert set(cells) == scored
    record("cells", "weighted_score", scored)
    print(f"{len(periods) + len(cells)} attainments and scores compared")
    assert len(cells) > 100


def test_kappa_knows_chance_and_refuses_where_nothing_is_left_to_chance() -> None:
    both = {"first": True, "second": True}
    neither = {"first": False, "second": False}
    apart = {"first": True, "second": False}
    assert kappa([both, neither]) == 1
    assert kappa([both, neither, apart, {"first": False, "second": True}]) == 0
    assert kappa([neither, neither]) is None
    assert kappa([]) is None


def test_a_review_counts_as_the_catalogue_says() -> None:
    def review(**other: Any) -> dict[str, Any]:
        return {
            "review_key": "r", "source_system": "q", "account_id": "a", "agent_id": "1",
            "question_type": None, "is_deleted": False, "is_fatal": None, "total_score": 45,
            "max_score": 50, "appeal_state": None, "reviewed_at": datetime(2026, 3, 1, 17),
        } | other  # fmt: skip

    def judged(*items: str, **other: Any) -> dict[str, Any]:
        rows = [{"review_key": "r", "item_kind": "deduction", "item": item} for item in items]
        (record,) = judged_reviews([review(**other)], rows, CARD, ZONE, date(2026, 4, 1))
        return record

    assert (judged()["score"], judged()["passed"], judged()["day"]) == (90, 1, date(2026, 3, 2))
    assert judged(total_score=60)["score"] == 100
    assert judged("泄露客户信息")["score"] == 0
    assert judged(is_fatal=True)["passed"] == 0
    assert judged("业务知识错误")["accurate"] == 0
    assert judged("服务态度")["error"] == 0
    assert judged(appeal_state="复核中")["disputed"] == 1
    assert judged(reviewed_at=datetime(2026, 3, 3))["matured"] == 0
    assert judged_reviews([review(is_deleted=True)], [], CARD, ZONE, date(2026, 4, 1)) == []


def test_attrition_and_effects_by_hand() -> None:
    stays = {"day": date(2026, 1, 1), "headcount": 1.0, "opening": 1, "left": 0}
    leaves = {"day": date(2026, 1, 1), "headcount": 0.5, "opening": 1, "left": 1}
    assert people.attrition([stays, leaves]) == pytest.approx(1 / 1.5)
    assert people.attrition([stays, leaves], base="opening") == pytest.approx(1 / 2)
    later = stays | {"day": date(2026, 1, 1) + timedelta(days=31)}
    assert people.attrition([stays, leaves, later]) == pytest.approx(1 / 1.25)
    rows = [
        {"arm": "trained", "before": 1, "after": 4},
        {"arm": "trained", "before": 2, "after": 3},
        {"arm": "control", "before": 5, "after": 5},
        {"arm": "control", "before": 5, "after": 5},
    ]
    assert people.effect(rows) == (2, 1)
    assert people.effect(rows[:3]) is None


def test_attainment_and_scores_by_hand() -> None:
    assert scorecards.attainment(45, 90, "up") == 0.5
    assert scorecards.attainment(45, 90, "down") == 1.5
    assert scorecards.attainment(None, 90, "up") is None
    assert scorecards.attainment(45, None, "up") is None
    assert scorecards.points(0.89, LADDER) == 70
    score = scorecards.weighted(
        {"a": 1.0, "b": None, "c": 0.5}, {"a": 60, "b": 20, "c": 20}, LADDER
    )
    assert score == pytest.approx((60 * 100 + 20 * 30) / 80)
    assert scorecards.weighted({"a": None}, {"a": 100}, LADDER) is None
