"""Workforce, reviews, surveys, costs and targets as the later figures need them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tests.integration.canonical import Canonical

FOREVER = date(9999, 12, 31)


def test_a_roster_whose_day_is_in_its_name_has_a_history(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select employee_no, team_name, level, valid_from, valid_to
        from int_roster__versioned
        order by employee_no, valid_from
    """)

    assert rows == [
        ("0017", "售后一组", "P4", date(2026, 1, 1), date(2026, 3, 1)),
        ("0017", "售前组", "P5", date(2026, 3, 1), FOREVER),
        ("0018", "售前组", "P3", date(2026, 1, 1), FOREVER),
        ("0019", "售后一组", "P2", date(2026, 1, 1), date(2026, 2, 11)),
    ]


def test_an_employee_is_an_agent_in_the_team_of_now(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select agent_id, agent_name, team_id, is_active
        from int_agents__unioned
        where source_system = 'workforce'
        order by agent_id
    """)

    assert rows == [
        ("0017", "王芳", "售前组", True),
        ("0018", "李雷", "售前组", True),
        ("0019", "李雷", "售后一组", False),
    ]


def test_the_agents_of_other_systems_are_one_employee_by_their_logins(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select logins.employee_no, agents.source_system, agents.agent_id, logins.valid_to
        from int_agent_logins__unioned as logins
        inner join int_agents__unioned as agents on agents.agent_key = logins.agent_key
        order by agents.source_system, agents.agent_id
    """)

    assert rows == [
        ("0017", "amazon_connect", "ada", date(2026, 4, 1)),
        ("0017", "chitu", "小美", FOREVER),
        ("0017", "chitu", "旗舰店:小美", FOREVER),
    ]


def test_shifts_over_midnight_rest_days_and_names_that_two_people_have(
    canonical: Canonical,
) -> None:
    rows = canonical.rows("""
        select full_name, employee_no, local_date, shift_no, is_rest, planned_seconds,
            planned_start_at
        from int_shifts__unioned
        order by full_name, local_date, shift_no
    """)

    assert rows == [
        ("李雷", None, date(2026, 2, 1), 1, False, 32400, datetime(2026, 2, 1, 1)),
        ("李雷", "0018", date(2026, 3, 2), 1, False, 32400, datetime(2026, 3, 2, 1)),
        ("王芳", "0017", date(2026, 3, 2), 1, False, 32400, datetime(2026, 3, 2, 1)),
        ("王芳", "0017", date(2026, 3, 2), 2, False, 14400, datetime(2026, 3, 2, 14)),
        ("王芳", "0017", date(2026, 3, 3), 1, True, None, None),
        ("韩梅梅", None, date(2026, 3, 2), 1, False, 32400, datetime(2026, 3, 2, 1)),
    ]


def test_training_and_exams_before_and_after(canonical: Canonical) -> None:
    trained = canonical.rows("select employee_no, course_id, hours from int_training__unioned")
    exams = canonical.rows("""
        select employee_no, exam_kind, score, correct_count, question_count, is_passed
        from int_exams__unioned
        order by employee_no, exam_kind
    """)

    assert trained == [("0017", "T1", Decimal("12.50"))]
    assert exams == [
        ("0017", "after", Decimal("89.00"), 44, 50, True),
        ("0017", "before", Decimal("62.00"), 31, 50, False),
        ("0018", "retest", Decimal("70.00"), 35, 50, True),
    ]


def test_answers_of_employees_are_nobodys(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select dimension, score, scale_min, scale_max, length(respondent_id)
        from int_employee_survey__unioned
        order by dimension
    """)

    assert rows == [("enps", 9, 0, 10, 32), ("环境", 4, 1, 5, 32)]


def test_joining_and_leaving(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select employee_no, event_type, is_voluntary, event_date
        from int_hr_events__unioned
        order by employee_no
    """)

    assert rows == [
        ("0018", "hired", None, date(2025, 1, 2)),
        ("0019", "left", True, date(2026, 2, 10)),
    ]


def test_an_appeal_changes_the_score_and_the_items(canonical: Canonical) -> None:
    reviews = canonical.rows("""
        select review_id, first_total_score, total_score, is_score_changed, is_deleted, appeal_state
        from int_qa_reviews__unioned
        order by review_id
    """)
    items = canonical.rows("""
        select reviews.review_id, items.item_kind, items.item_no, items.item, items.score
        from int_qa_items__unioned as items
        inner join int_qa_reviews__unioned as reviews on reviews.review_key = items.review_key
        order by all
    """)

    assert reviews == [
        ("R1", 85, 95, True, False, "通过"),
        ("R2", 95, 95, False, True, None),
    ]
    assert items == [
        ("R1", "deduction", 2, "语气生硬", -5),
        ("R2", "bonus", 1, "主动跟进", 2),
        ("R2", "deduction", 1, "漏答", -5),
    ]


def test_surveys_have_one_scale_and_reminders_are_no_invitations(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select survey_id, kind, round(score_norm, 3), sentiment, is_invitation, invited_at
        from int_surveys__unioned
        where source_system = 'surveys'
        order by survey_id
    """)

    sent = datetime(2026, 3, 1, 10)
    assert rows == [
        ("1", "csat", 0.75, "good", False, sent),
        ("2", "csat", 0.25, "bad", False, None),
        ("3", "ces", 0.833, None, False, sent),
        ("4", "csat", None, None, True, sent),
        ("5", "csat", 1.0, "good", False, sent),
        ("n6", "nps", 0.6, "bad", False, sent),
        ("n8", "nps", 0.8, "neutral", False, sent),
        ("n9", "nps", 0.9, "good", False, sent),
    ]


def test_a_survey_names_the_ticket_of_another_system(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select survey_id, ticket_id, ticket_key is not null
        from int_surveys__unioned
        where source_system = 'surveys' and kind = 'csat'
        order by survey_id
    """)

    assert rows == [
        ("1", "42", True),
        ("2", None, False),
        ("4", "43", True),
        ("5", None, False),
    ]


def test_costs_have_a_currency_and_no_sums(canonical: Canonical) -> None:
    rows = canonical.rows("""
        select entry_id, is_service, amount, currency from int_costs__unioned order by entry_id
    """)

    assert rows == [
        ("1", True, Decimal("120000.5000"), "CNY"),
        ("2", False, Decimal("80000.0000"), "CNY"),
    ]
    assert canonical.files("costs")["costs.csv", "entries"]["summary_row"] == 1


def test_a_target_holds_until_the_next_one(canonical: Canonical) -> None:
    targets = canonical.rows("""
        select kpi_id, unit_value, target_value, valid_from, valid_to
        from int_targets__unioned
        order by kpi_id, valid_from
    """)
    benchmarks = canonical.rows("select kpi_id, member, value from int_benchmarks__unioned")

    assert targets == [
        ("avg_response_time", "售前组", 30.0, date(2026, 1, 1), date(2026, 4, 1)),
        ("csat_score", "total", 0.9, date(2026, 1, 1), date(2026, 4, 1)),
        ("csat_score", "total", 0.92, date(2026, 4, 1), FOREVER),
    ]
    assert benchmarks == [("csat_score", "A", 0.95)]
