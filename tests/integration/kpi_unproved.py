"""KPIs that nothing independent tells at some grain, each with the reason.

What belongs here: the exceptions of `test_kpi_proofs.py`, which fails both when a KPI lacks a proof
without being named here and when one is named that needs no exception any more.
"""

from __future__ import annotations

# Recomputed in plain Python, but from the rows of their own fact or from other published values.
DERIVED: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        (
            "sla_attainment_rate_completion",
            "sla_breach_excess",
            "sla_attainment_rate_policy",
            "sla_at_risk",
        ),
        "the rows that they sum are compared field by field with what happened: every promise of"
        " three simulated worlds in test_truth_marts, and walks through lives in"
        " test_service_level_agreement",
    ),
    (
        ("sla_coverage",),
        "the reference does not match tickets to the conditions of policies, which is compared"
        " case by case in test_service_level_policies",
    ),
    (
        ("stale_rate", "unassigned_unsolved", "days_to_clear"),
        "the days of the desk that has a backlog are recounted from its raw files; channels, teams"
        " and totals are sums of such days",
    ),
    (
        ("customer_return_rate",),
        "whether an episode is a return is recomputed from raw messages row by row in"
        " test_kpi_resolution; here its customers are counted",
    ),
    (
        (
            "first_assignment_time_business",
            "unassigned_time_business",
            "assignment_to_reply_business",
        ),
        "the spans are those of the calendar clock, which have a reference; the business clock is"
        " compared with a reference on the spans of tickets and turns",
    ),
    (
        (
            "adherence",
            "resource_utilisation",
            "agent_proficiency",
            "agent_proficiency_reweighted_rate",
            "agent_skill_gap",
        ),
        "how reports, logs, exams and reviews meet in a row is told by unit tests of the fact; the"
        " formula over its rows is plain Python",
    ),
    (
        (
            "order_loss_by_delay",
            "order_loss_by_delay_30s",
            "order_loss_by_delay_60s",
            "order_loss_by_delay_180s",
            "order_loss_by_delay_over_180s",
            "service_order_value",
        ),
        "inquiries and what they led to have a reference in inquiry_conversion_rate; classes of"
        " waiting and sales are read from the same rows",
    ),
    (
        (
            "churn_rate_contacted",
            "churn_rate_not_contacted",
            "repeat_purchase_rate_contacted",
            "repeat_purchase_rate_not_contacted",
            "segment_mix",
        ),
        "the months of customers have a reference in churn_rate and repeat_purchase_rate; who was"
        " contacted and which band a customer is in is told by unit tests",
    ),
    (
        (
            "satisfaction_loyalty_link",
            "satisfaction_loyalty_link_low",
            "satisfaction_loyalty_link_middle",
            "satisfaction_loyalty_link_high",
        ),
        "ratings and orders have references; the line through the quarters of customers is fitted"
        " in plain Python",
    ),
    (
        ("reconcile_diff_rate", "reconcile_unknown_rate"),
        "what the helpdesk states is compared with ours by unit tests of every cause",
    ),
    (
        ("training_roi", "training_payback_days"),
        "the effects that they value are recomputed by person in test_kpi_people",
    ),
    (
        ("cost_per_contact", "cost_per_resolution", "eft"),
        "quotients of published values that have references themselves",
    ),
    (
        (
            "balance_alert",
            "baseline_gap",
            "bsc_score",
            "csf_status",
            "target_attainment",
            "top20_gap",
            "weighted_score",
        ),
        "made of published values and of targets: the reference makes the same of them",
    ),
)

# Compared at these grains by MetricFlow, or by nothing.
UNCOMPARED: dict[str, tuple[tuple[str, ...], str]] = {
    "days_to_clear": (("day total", "month total"), "teams are compared day by day"),
    "regulator_complaints": (
        ("day total", "month agent", "month team", "month total"),
        "no complaint of the company went to a regulator: all cells are zero",
    ),
    **dict.fromkeys(
        (
            "training_effect",
            "training_effect_csat",
            "training_effect_handle_time",
            "training_effect_mastery",
        ),
        (("day total", "month total"), "courses are compared one by one"),
    ),
    "workload_per_agent": (("month team",), "people are compared; a day's team is its login's"),
}

# Without any value in the small company.
NO_VALUE: dict[str, str] = {
    "complaint_handling_time_business": "no register of complaints has a calendar; unit tests",
    "complaint_handling_time_business_p90": "no register of complaints has a calendar; unit tests",
    "customer_ltv": "no customer's first year is over, as the reference finds too",
    "dq_pass_rate": "the gates run when a build is published; unit tests",
    "dq_pass_rate_weighted": "the gates run when a build is published; unit tests",
    "restatement_rate": "nothing was published before; unit tests",
    "review_completion_half_year": "no half-year is over",
}
