"""Rows of the marts in which everything is right, and the changes that break their row rules."""

from __future__ import annotations

# table: {column: SQL} where the value that the column's type or rule implies would not be sound
ROWS: dict[str, dict[str, str]] = {
    "dim_kpi_tree": {"driver_kpi_id": "'driver'"},
    "dim_people": {"is_employee": "true"},
    "fct_auto_qa_reviews": {"is_reviewed": "true", "unreviewed_reason": "null"},
    "fct_bot_sessions": {"is_handed_over": "true"},
    "fct_calls": {"handle_seconds": "3", "is_queued": "true"},
    "fct_contact_forecasts": {"absolute_error": "0.0"},
    "fct_costs": {
        "cost_date": "unnest(range(date '2026-10-01', date '2026-11-01', interval 1 day))::date"
    },
    "fct_customer_voice_months": {"is_served": "true"},
    "fct_cx_scores": {"is_scored": "true"},
    "fct_employee_survey": {"promoter_count": "0", "detractor_count": "0"},
    "fct_forecast_periods": {"origin_week": "date '2026-10-01'"},
    "fct_handling": {"ticket_key": "'t1'"},
    "fct_load_files": {"seen": "4"},
    "fct_message_sentiments": {"is_scored": "true"},
    "fct_paid_orders": {"is_handled": "true"},
    "fct_performance_reviews": {"is_held": "true"},
    "fct_qa_double_reviews": {
        "is_agreed": "true",
        "second_review_key": "'second'",
        "second_reviewer_id": "'second'",
    },
    "fct_qa_items": {"is_failed": "true"},
    "fct_queue_half_hours": {
        "answered_count": "1",
        "abandoned_count": "0",
        "short_abandoned_count": "0",
    },
    "fct_reconciliations": {"cause": "'none'", "is_reconciled": "true"},
    "fct_restatements": {"cause": "'none'"},
    "fct_scorecards": {"is_reweighted": "true", "is_ranked": "true"},
    "fct_shifts": {"planned_end_at": "timestamp '2026-10-01 16:00'"},
    "fct_skill_gap_quarters": {"gap_points": "0.0"},
    "fct_sla_risk_days": {"is_at_risk": "true"},
    "fct_staffing_half_hours": {"gap_agents": "0.0"},
    "fct_success_factors": {"status": "'amber'"},
    "fct_target_periods": {"baseline_gap": "0.0", "top20_gap": "0.0"},
    "fct_ticket_agents": {"has_replied": "true"},
    "fct_ticket_outcomes": {"is_complex": "true"},
    "fct_ticket_sentiments": {"is_scored": "true"},
    "kpi_ladders": {"attainment_to": "2.0"},
    "kpi_targets": {"kpi_id": "'csat_score'", "valid_to": "date '9999-12-31'"},
    "kpi_weights": {"valid_to": "date '9999-12-31'"},
    "kpi_change_drivers": {"total_effect": "4.0"},
    "kpi_changes": {"residual": "0.0"},
    "kpi_agent_standings": {"is_ranked": "true"},
    "kpi_highlights": {"size": "-1.0"},
    "kpi_response_satisfaction": {"channel_ratings": "30"},
    "kpi_retention_cohorts": {"customers": "10"},
}

# table: {rule: the assignment, executed on every row, that breaks it}
CHANGES: dict[str, dict[str, str]] = {
    "dim_kpi_tree": {
        "nothing_drives_itself": "driver_kpi_id = kpi_id",
    },
    "dim_people": {
        "employment_is_that_of_employees": "is_employee = false",
    },
    "dim_sla_metrics": {
        "named_in_both_languages": "name_zh = ''",
    },
    "fct_actions": {
        "in_time_means_closed": "is_closed_in_time = true",
        "closed_means_decided": "is_closed = true",
    },
    "fct_agent_days": {
        "counts_nested": "tickets_solved_count = 2",
        "days_of_work_have_a_reason": "is_agent_day = true",
    },
    "fct_agent_proficiency_months": {
        "missing_parts_are_told": "exam_score = null",
    },
    "fct_auto_qa_reviews": {
        "judged_or_told_why_not": "unreviewed_reason = 'no_text'",
        "found_within_required": "required_found_count = 2",
    },
    "fct_balance_months": {
        "alerts_have_two_sides": "is_alert = true",
    },
    "fct_bot_sessions": {
        "flags_follow_the_outcome": "is_silent = true",
        "resolved_means_settled": "is_resolved = true",
        "moments_in_order": "ended_at = started_at - interval 1 second",
    },
    "fct_calls": {
        "handle_time_is_its_parts": "handle_seconds = 1",
        "calls_have_one_end": "is_handled = true, is_abandoned = true",
        "moments_in_order": "ended_at = started_at - interval 1 second",
    },
    "fct_complaint_causes": {
        "parts_within_the_whole": "complaint_count = 2",
        "causes_add_up": "complaint_count = 0",
    },
    "fct_complaints": {
        "in_time_means_solved": "is_solved_in_time = true",
        "recurrence_needs_customer_and_cause": "has_recurred = true",
    },
    "fct_composite_cells": {
        "ratios_equal_their_parts": "value = 2",
    },
    "fct_contact_forecasts": {
        "error_is_the_difference": "absolute_error = 1",
        "days_within_their_week": "local_date = week_start - 1",
    },
    "fct_contact_needs": {
        "exclusions_have_a_reason": "in_p2 = true",
    },
    "fct_costs": {
        "days_of_the_month_booked": "month_date = date '2026-09-01'",
        "entries_fill_their_month": "amount = 2 where cost_date = date '2026-10-02'",
    },
    "fct_customer_cohorts": {
        "margin_is_its_share": "margin_amount = 2",
    },
    "fct_customer_months": {
        "windows_hold_the_month": "month_order_count = 2",
        "who_repeats_is_a_buyer": "is_repeat_buyer = true",
        "churned_were_active_and_left": "is_churned = true",
    },
    "fct_customer_segments": {
        "parts_within_the_whole": "customer_count = 2",
        "segments_add_up": "customer_count = 0",
    },
    "fct_customer_voice_months": {
        "served_or_rated": "is_served = false",
        "satisfied_have_rated": "is_satisfied = true",
    },
    "fct_cx_scores": {
        "scores_are_flagged": "is_scored = false",
    },
    "fct_employee_survey": {
        "small_groups_show_nothing": "is_suppressed = true",
        "recommendations_within_answers": "promoter_count = 2",
    },
    "fct_episodes": {
        "settled_at_once_means_solved": "is_first_contact_1d = true",
        "longer_windows_settle_less": "is_first_contact_3d = true, is_first_contact_1d = false",
        "neighbours_in_order": "next_related_at = started_at - interval 1 second",
    },
    "fct_exams": {
        "before_is_not_after_the_course": "is_after_course = true",
    },
    "fct_forecast_periods": {
        "weeks_ahead_count_from_the_origin": "horizon_week = 2",
    },
    "fct_handled_orders": {
        "handled_are_paid": "order_key = 'other'",
    },
    "fct_handling": {
        "tickets_exist": "ticket_key = 'other'",
    },
    "fct_headcount_months": {
        "leavers_leave_in_one_way": "is_voluntary_leaver = true",
    },
    "fct_inquiries": {
        "short_window_within_the_long_one": "is_converted = true",
        "answers_have_a_wait": "wait_seconds = null",
    },
    "fct_issues": {
        "contacts_in_order": "last_contact_at = started_at - interval 1 second",
    },
    "fct_load_files": {
        "records_accounted_for": "seen = 9",
    },
    "fct_mentions": {
        "negative_means_classified": "is_negative = true",
        "counts_not_negative": "like_count = -1",
    },
    "fct_message_sentiments": {
        "scores_are_flagged": "is_scored = false",
    },
    "fct_orders": {
        "paid_orders_are_dated": "is_paid = true, paid_at = null",
        "cancellations_are_never_paid": "is_cancellation = true, is_paid = true",
    },
    "fct_paid_orders": {
        "handled_orders_have_their_account": "agent_account_id = null",
        "tickets_of_handled_orders_alone": "is_handled = false, agent_account_id = null",
    },
    "fct_peak_hours": {
        "mean_is_its_parts": "mean_episodes = 2",
    },
    "fct_performance_reviews": {
        "held_reviews_are_dated": "is_held = false",
        "signed_means_held": "is_signed = true, is_held = false",
    },
    "fct_phrase_checks": {
        "met_follows_from_found": "is_met = true",
    },
    "fct_qa_double_reviews": {
        "two_people_reviewed": "second_reviewer_id = first_reviewer_id",
        "agreement_is_both_or_neither": "is_agreed = false",
    },
    "fct_qa_items": {
        "failed_means_deducted": "is_failed = false",
        "reviews_exist": "review_key = 'other'",
    },
    "fct_qa_reviews": {
        "critical_failures_fail": "is_critical_failed = true, is_passed = true",
        "overturned_were_disputed": "is_overturned = true",
    },
    "fct_queue_half_hours": {
        "parts_within_the_offered": "answered_count = 2",
        "calls_equal_the_facts": "offered_count = 2",
    },
    "fct_reconciliations": {
        "cause_exactly_for_differences": "is_reconciled = false",
    },
    "fct_restatements": {
        "cause_exactly_for_restatements": "is_restated = true",
    },
    "fct_review_days": {
        "expected_is_the_base": "expected_count = 2",
    },
    "fct_scorecard_items": {
        "missing_means_no_points": "points = null",
    },
    "fct_scorecards": {
        "scores_equal_their_parts": "score = 2",
        "missing_parts_are_told": "is_reweighted = false",
        "ranks_for_the_ranked": "is_ranked = false",
    },
    "fct_session_hours": {
        "busy_within_sessions_and_hour": "busy_seconds = 3601",
    },
    "fct_shifts": {
        "days_off_are_free": "is_rest = true",
        "shifts_run_forward": "planned_end_at = planned_start_at - interval 1 hour",
        "work_not_negative": "productive_seconds = -1",
    },
    "fct_skill_gap_quarters": {
        "gap_is_target_less_assessed": "gap_points = 1",
    },
    "fct_sla_policy_tickets": {
        "breached_within_targets": "breached_count = 2",
        "passed_means_none_breached": "is_passed = true",
    },
    "fct_sla_risk_days": {
        "quiet_days_are_told_apart": "is_at_risk = false",
    },
    "fct_solving_pace_days": {
        "pace_is_tickets_by_days": "solved_per_day = 2",
    },
    "fct_staffing_half_hours": {
        "gap_is_the_difference": "gap_agents = 1",
        "agents_not_negative": "required_agents = -1, gap_agents = -2",
    },
    "fct_success_factors": {
        "status_has_its_number": "status_no = 2",
    },
    "fct_target_periods": {
        "gaps_are_differences": "baseline_gap = 1",
    },
    "fct_ticket_agents": {
        "replies_have_their_moment": "has_replied = false",
        "replies_after_assignments": "replied_at = assigned_at - interval 1 second",
        "business_within_calendar": "reply_business_seconds = 2",
    },
    "fct_ticket_credits": {
        "credits_add_up_to_the_ticket": "weight = 0.5",
    },
    "fct_ticket_outcomes": {
        "complexity_has_its_rule": "is_complex = false",
        "time_within_time": "other_department_seconds = 2",
        "resolved_means_solved": "is_resolved_in_window = true, first_solved_at = null",
    },
    "fct_ticket_responses": {
        "valid_sessions_have_both_sides": "is_valid_session = true",
        "waits_not_negative": "wait_excess_seconds = -1",
        "business_within_calendar": "unassigned_business_seconds = 2",
    },
    "fct_ticket_sentiments": {
        "lowest_within_the_mean": "sentiment_min = 1, sentiment_mean = 0.5",
        "scores_are_flagged": "is_scored = false",
    },
    "fct_training_benefits": {
        "worth_a_day_adds_up": "amount_a_day = 2",
        "ends_hold_their_amount": "amount_low = amount + 1",
    },
    "fct_training_effects": {
        "intervals_hold_their_effect": "effect_low = effect + 1",
        "effects_need_both_groups": "control_count = 0",
    },
    "kpi_ladders": {
        "steps_lead_upwards": "attainment_to = attainment_from",
    },
    "kpi_targets": {
        "targets_hold_for_some_time": "valid_to = valid_from",
        "kpis_known": "kpi_id = 'csat'",
    },
    "kpi_weights": {
        "weights_hold_for_some_time": "valid_to = valid_from",
    },
    "kpi_change_drivers": {
        "effects_add_up_to_the_member": "mix_effect = 2",
    },
    "kpi_agent_standings": {
        "ranks_are_of_the_ranked": "is_ranked = false",
    },
    "kpi_scorecard_quarters": {
        "scores_on_their_scale": "process = 101",
    },
    "kpi_highlights": {
        "kinds_follow_the_direction_of_good": "size = 1",
    },
    "kpi_changes": {
        "parts_add_up": "residual = 1e-6",
    },
    "kpi_qa_agents_daily": {
        "no_more_in_order_than_judged": "qa_categories_in_order = qa_categories_judged + 1",
    },
    "kpi_repeat_topics": {
        "no_more_repeats_than_contacts": "repeated_contacts = contacts + 1",
    },
    "kpi_relations": {
        "slopes_lie_in_their_interval": "slope = 3",
    },
}

# table: {rule: the statements that break it}
STATEMENTS: dict[str, dict[str, str]] = {
    "fct_message_sentiments": {
        "no_text_published": (
            "alter table published.fct_message_sentiments add column body varchar"
        ),
    },
    "fct_peak_hours": {
        "one_peak_a_week": (
            "insert into published.fct_peak_hours from published.fct_peak_hours;"
            " update published.fct_peak_hours set is_peak = true"
        ),
    },
    "kpi_complaint_causes": {
        "one_place_a_cause": (
            "insert into published.kpi_complaint_causes select * replace (position + 1 as position)"
            " from published.kpi_complaint_causes"
        ),
    },
    "kpi_sla_breach_causes": {
        "one_place_a_cause": (
            "insert into published.kpi_sla_breach_causes"
            " select * replace (position + 1 as position)"
            " from published.kpi_sla_breach_causes"
        ),
    },
    "kpi_bot_stages": {
        "a_stage_keeps_a_part_of_the_one_before": (
            "insert into published.kpi_bot_stages select * replace (stage_no + 1 as stage_no,"
            " conversations + 1 as conversations) from published.kpi_bot_stages"
        ),
    },
}
